import { type DoubleDouble, divide, exactly, multiply, polynomial } from './double-double.ts';

const TURN: DoubleDouble = { hi: 6.283185307179586, lo: 2.4492935982947064e-16 };
const TERMS = 14;
/** Whole turns are left out of numbers up to here exactly; a larger one has none but whole quarters. */
const QUARTERS = 4;

/** (-1)^n / (2 n)! and (-1)^n / (2 n + 1)!: cos and sin of an eighth of a turn, the next terms below 2^-107. */
const COSINE: DoubleDouble[] = [];
const SINE: DoubleDouble[] = [];
let factor = exactly(1);
for (let n = 0; n < TERMS; n++) {
  COSINE.push(factor);
  SINE.push((factor = divide(factor, exactly(2 * n + 1))));
  factor = divide(factor, exactly(-2 * n - 2));
}

/** cos(2 pi turns) for a finite number of turns: the angle is exact, unlike that of `Math.cos(2 * Math.PI * turns)`. */
export const cosOfTurns = (turns: number): number => ofQuarters(turns, 0);

/** sin(2 pi turns) for a finite number of turns. */
export const sinOfTurns = (turns: number): number => ofQuarters(turns, 3);

/** cos(2 pi (turns + quarters / 4)). */
function ofQuarters(turns: number, quarters: number): number {
  const inTurn = turns % 1;
  const nearest = Math.floor(inTurn * QUARTERS + 0.5);
  const rest = inTurn - nearest / QUARTERS;
  const quarter = (((nearest + quarters) % QUARTERS) + QUARTERS) % QUARTERS;
  if (rest === 0) return quarter === 0 ? 1 : quarter === 2 ? -1 : 0;
  const angle = multiply(TURN, exactly(rest));
  const square = multiply(angle, angle);
  const along = quarter % 2 === 0;
  const value = along ? polynomial(square, COSINE).hi : multiply(angle, polynomial(square, SINE)).hi;
  return quarter === 0 || quarter === 3 ? value : -value;
}
