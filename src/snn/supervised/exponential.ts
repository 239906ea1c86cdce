/**
 * e^x for x <= 0 by additions, multiplications and one division alone, whose results IEEE 754 fixes: the same bits on every engine,
 * which `Math.exp` does not promise. Relative error below 1e-15; 0 below -700. The `exp` of src/elementary is nearer to e^x, but other bits would train other networks.
 */
export function exponential(x: number): number {
  if (x < SMALLEST) return 0;
  const halvings = Math.floor(-x * PER_LN2 + 0.5);
  const r = x + halvings * LN2_HIGH + halvings * LN2_LOW;
  let sum = 1;
  // The series of e^r for |r| <= ln 2 / 2, from its last term that counts.
  for (let n = TERMS; n > 0; n--) sum = 1 + (r * sum) / n;
  return sum * POWERS_OF_HALF[halvings]!;
}

const SMALLEST = -700;
const TERMS = 16;
/** ln 2 in two parts, the first with so few bits that its multiples here are exact (Cody and Waite). */
const LN2_HIGH = 0.693_147_180_369_123_8;
const LN2_LOW = 1.908_214_929_270_587_7e-10;
const PER_LN2 = Math.LOG2E;
const POWERS_OF_HALF = new Float64Array(1100);
POWERS_OF_HALF[0] = 1;
for (let k = 1; k < POWERS_OF_HALF.length; k++) POWERS_OF_HALF[k] = POWERS_OF_HALF[k - 1]! / 2;
