import { FUNCTIONS } from './expression.ts';

/** A value while an expression is worked out: a number in the base unit of its dimension, or a plain number. */
export interface PlainValue<Dimension extends string> {
  readonly value: number;
  readonly dimension: Dimension | 'number';
}

/** What names stand for; undefined for a name that means nothing there. */
export interface Names<Dimension extends string> {
  value(name: string): PlainValue<Dimension> | undefined;
  /** One of a unit; only with a number before it. */
  unit(name: string): PlainValue<Dimension> | undefined;
}

/**
 * Thrown for an expression that is not plain: it may be wrong, or it may be right and need all of mathjs. It is never a
 * verdict on the expression.
 */
export class NotPlain extends Error {}

/** No longer expression is a quantity. */
const LONGEST = 200;
const TOKEN = /[ \t]*((?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|[+\-*/(),])/y;
const NOT_DECIMAL = /(?<![\w.])0[xob]/i;
const CALLED: ReadonlySet<string> = new Set(FUNCTIONS);
const NUMBER = /^[\d.]/;
const NAME = /^[A-Za-z_]/;
/** What may stand behind a value. */
const BEHIND: ReadonlySet<string> = new Set(['+', '-', '*', '/', ')', ',']);
/** Names that are operators or constants in mathjs, whatever else they are called. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['mod', 'to', 'in', 'and', 'or', 'xor', 'not', 'end'],
  ...['true', 'false', 'null', 'undefined', 'NaN', 'Infinity', ...FUNCTIONS],
]);
/** How near two numbers must be for mathjs to take them for one: relative to the larger one, and at all. */
const NEAR = { relative: 1e-12, absolute: 1e-15 } as const;
/** Beyond these, rounding is left to mathjs, which takes 2.9999999999999 for 3. */
const ROUNDED = { largest: 1e6, clear: 1e-6 } as const;

/**
 * Works out arithmetic over numbers, names, units, + - * / and the functions of quantities, in the order and with the roundings
 * of mathjs, so that the result is the same to the last bit. It saves loading mathjs, which takes longer than most commands run.
 * Throws NotPlain for everything else.
 */
export function plainArithmetic<Dimension extends string>(
  text: string,
  names: Names<Dimension>,
): PlainValue<Dimension> {
  type Value = PlainValue<Dimension>;
  const tokens = tokensOf(text);
  let next = 0;

  const take = (token: string): boolean => {
    if (tokens[next] !== token) return false;
    next++;
    return true;
  };
  const need = (token: string): void => {
    if (!take(token)) throw new NotPlain();
  };

  function sum(): Value {
    let left = product();
    for (;;) {
      const sign = take('+') ? 1 : take('-') ? -1 : 0;
      if (sign === 0) return left;
      const right = product();
      if (right.dimension !== left.dimension) throw new NotPlain();
      left = { ...left, value: sign > 0 ? left.value + right.value : left.value - right.value };
    }
  }

  function product(): Value {
    let left = signed();
    for (;;) {
      const times = take('*');
      if (!times && !take('/')) return left;
      const start = next;
      const right = signed();
      // In mathjs "1/2 ns" is half a nanosecond, and "x/2 ns" a number by a time: neither is plain.
      if (!times && (right.dimension !== 'number' || hasUnit(start))) throw new NotPlain();
      if (times && left.dimension !== 'number' && right.dimension !== 'number') throw new NotPlain();
      left = times
        ? {
            value: left.value * right.value,
            dimension: left.dimension === 'number' ? right.dimension : left.dimension,
          }
        : { ...left, value: left.value / right.value };
    }
  }

  /** Whether the operand that begins at `start` and has just been read is a number with a name behind it. */
  function hasUnit(start: number): boolean {
    let first = start;
    while (tokens[first] === '-' || tokens[first] === '+') first++;
    return NUMBER.test(tokens[first]!) && next > first + 1;
  }

  function signed(): Value {
    if (take('-')) {
      const { value, dimension } = signed();
      return { value: -value, dimension };
    }
    if (take('+')) return signed();
    return operand();
  }

  function operand(): Value {
    const token = tokens[next++];
    if (token === undefined) throw new NotPlain();
    if (token === '(') {
      const inner = sum();
      need(')');
      return followed(inner);
    }
    if (NAME.test(token))
      return followed(tokens[next] === '(' ? called(token) : known(token, names.value(token)));
    if (!NUMBER.test(token)) throw new NotPlain();
    const number = Number(token);
    if (!Number.isFinite(number)) throw new NotPlain();
    const unit = tokens[next];
    if (unit === undefined || !NAME.test(unit)) return followed({ value: number, dimension: 'number' });
    next++;
    const { value, dimension } = known(unit, names.value(unit) ?? names.unit(unit));
    return followed({ value: value * number, dimension });
  }

  /** The value, behind which no other may stand without an operator. */
  function followed(value: Value): Value {
    const token = tokens[next];
    if (token !== undefined && !BEHIND.has(token)) throw new NotPlain();
    return value;
  }

  function known(name: string, value: Value | undefined): Value {
    if (value === undefined || RESERVED.has(name)) throw new NotPlain();
    return value;
  }

  function called(name: string): Value {
    if (!CALLED.has(name)) throw new NotPlain();
    need('(');
    const values = [sum()];
    while (take(',')) values.push(sum());
    need(')');
    const [first, ...others] = values;
    const { dimension } = first!;
    if (others.some((other) => other.dimension !== dimension)) throw new NotPlain();
    const numbers = values.map(({ value }) => value);
    if (name === 'max' || name === 'min')
      return { value: extreme(numbers, name === 'max' ? 1 : -1), dimension };
    if (others.length > 0 || dimension !== 'number') throw new NotPlain();
    return { value: rounded(name, numbers[0]!), dimension };
  }

  const result = sum();
  if (next < tokens.length || !Number.isFinite(result.value)) throw new NotPlain();
  return result;
}

function tokensOf(text: string): string[] {
  const end = text.trimEnd().length;
  if (text.length > LONGEST || end === 0 || NOT_DECIMAL.test(text)) throw new NotPlain();
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (found === null) throw new NotPlain();
    tokens.push(found[1]!);
  }
  return tokens;
}

/** The largest (sign 1) or least (sign -1); of numbers that are almost one, the first. */
function extreme(numbers: readonly number[], sign: 1 | -1): number {
  let found = numbers[0]!;
  for (const number of numbers) {
    if (!Number.isFinite(number)) throw new NotPlain();
    if ((sign > 0 ? number > found : number < found) && !areNear(number, found)) found = number;
  }
  return found;
}

const areNear = (a: number, b: number): boolean =>
  Math.abs(a - b) <= Math.max(NEAR.relative * Math.max(Math.abs(a), Math.abs(b)), NEAR.absolute);

/** The number as `name` rounds it, where nothing but the number itself decides. */
function rounded(name: string, number: number): number {
  if (Number.isInteger(number)) return number;
  const size = Math.abs(number);
  const share = size - Math.floor(size);
  const clear = (edge: number): boolean => Math.abs(share - edge) > ROUNDED.clear;
  if (!(size < ROUNDED.largest) || !clear(0) || !clear(1)) throw new NotPlain();
  if (name === 'ceil') return Math.ceil(number);
  if (name === 'floor') return Math.floor(number);
  if (share !== 0.5 && !clear(0.5)) throw new NotPlain();
  // Halves go away from zero.
  return Math.sign(number) * Math.floor(size + 0.5);
}
