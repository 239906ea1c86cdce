import { flipUniformly } from '../faults/uniform-flips.ts';
import {
  decodeWeights,
  encodeWeights,
  packCodes,
  unpackCodes,
  type WeightFormat,
  weightBits,
} from '../snn/weight-format.ts';
import { neighbourMeans, type ReceptiveFields } from './repair-field.ts';

/** Another trained network, whose weights show what weights look like beside which neighbours. */
export interface WeightPrior {
  readonly fields: ReceptiveFields;
  readonly weights: Float32Array;
}

/**
 * Tables that turn a code as read, and the mean of the weight's neighbours, into the expected weight. One table a
 * pass; the first knows no neighbours. At most 4 096 codes x 12 means: 98 kB a pass at 16 bits an entry.
 */
export interface ContextTables {
  readonly format: WeightFormat;
  /** Scale of an integer format: that of the codes as read. */
  readonly ceiling: number;
  readonly passes: readonly Float32Array[];
}

/** Leading bits of a code that the tables look at: sign, exponent and three bits of the fraction in FP32. */
const LEADING_BITS = 12;
/** Neighbour means are graded evenly in their square root, since most are near 0. */
const GRADES = 12;
/** Refinements after the first estimate. */
const REFINEMENTS = 2;
/** Weights below this are as good as 0. How small exactly differs between networks: it is no knowledge to learn. */
const NEGLIGIBLE = 2 ** -10;
/** Share of the negligible weights that is taken as any negligible code, instead of those that the prior has. */
const SPREAD = 0.5;
/** How far the weight as read may lie from the expected one, as a share: one step of three fraction bits. */
const AGREEMENT = 1 / 8;
/** Weight of what weights look like anywhere, against what they look like beside such neighbours. */
const ANYWHERE = 1e-3;

const ERROR_SEED = 1;

/**
 * Learns the tables for independent bit errors at rate `ber` (above 0), of codes that `ceiling` scales, from a prior: its weights are damaged at this
 * rate and repaired pass by pass, so that each table knows neighbours as they are in that pass. Per pass and grade,
 * expected weight = sum over codes c of P(c) P(read | c) weight(c) / sum over codes c of P(c) P(read | c).
 */
export function learnContextTables(
  { fields, weights }: WeightPrior,
  format: WeightFormat,
  ber: number,
  ceiling: number,
): ContextTables {
  const bits = weightBits(format);
  const stored = encodeWeights(weights, format, ceiling);
  const image = packCodes(stored, bits);
  flipUniformly(image, ber, ERROR_SEED);
  const read = unpackCodes(image, bits, stored.length);
  const exact = decodeWeights(stored, format, ceiling);

  const coding = { format, ceiling };
  const passes = [learnPass(stored, exact, new Uint8Array(stored.length), 1, coding, ber)];
  for (let pass = 1; pass <= REFINEMENTS; pass++) {
    const grades = gradesOf(repairByContext(read, { ...coding, passes }, fields), fields);
    passes.push(learnPass(stored, exact, grades, GRADES, coding, ber));
  }
  return { ...coding, passes };
}

/**
 * Expected weights for codes as read, inputs x neurons. Where the leading bits as read are what is expected, the weight
 * as read stands with all its bits.
 */
export function repairByContext(
  read: Uint32Array,
  { format, ceiling, passes }: ContextTables,
  fields: ReceptiveFields,
): Float32Array {
  const bits = weightBits(format);
  const shift = bits - leadingBits(bits);
  const codes = 2 ** leadingBits(bits);
  const asRead = decodeWeights(read, format, ceiling);
  const resolution = bits > LEADING_BITS ? AGREEMENT : 0;
  let estimate = new Float32Array(read.length);
  for (const [pass, table] of passes.entries()) {
    const grades = pass === 0 ? undefined : gradesOf(estimate, fields);
    const next = new Float32Array(read.length);
    for (let k = 0; k < read.length; k++) {
      const expected = table[(grades?.[k] ?? 0) * codes + (read[k]! >>> shift)]!;
      // An infinite or undefined weight as read fails the comparison, as it should.
      next[k] = Math.abs(asRead[k]! - expected) <= resolution * expected ? asRead[k]! : expected;
    }
    estimate = next;
  }
  return estimate;
}

function learnPass(
  stored: Uint32Array,
  exact: Float32Array,
  grades: Uint8Array,
  gradeCount: number,
  { format, ceiling }: Omit<ContextTables, 'passes'>,
  ber: number,
): Float32Array {
  const bits = weightBits(format);
  const leading = leadingBits(bits);
  const codes = 2 ** leading;
  const shift = bits - leading;
  const counts = new Float64Array(gradeCount * codes);
  const sums = new Float64Array(gradeCount * codes);
  const anywhereCounts = new Float64Array(codes);
  const anywhereSums = new Float64Array(codes);
  for (let k = 0; k < stored.length; k++) {
    const code = stored[k]! >>> shift;
    counts[grades[k]! * codes + code]!++;
    sums[grades[k]! * codes + code]! += exact[k]!;
    anywhereCounts[code]! += ANYWHERE;
    anywhereSums[code]! += ANYWHERE * exact[k]!;
  }

  const table = new Float32Array(gradeCount * codes);
  const negligible = negligibleCodes(codes, shift, { format, ceiling });
  for (let grade = 0; grade < gradeCount; grade++) {
    const at = grade * codes;
    const likelihood = counts.subarray(at, at + codes).map((count, code) => count + anywhereCounts[code]!);
    spreadNegligible(likelihood, negligible);
    const weighted = sums.subarray(at, at + codes).map((sum, code) => sum + anywhereSums[code]!);
    sendThroughErrors(likelihood, leading, ber);
    sendThroughErrors(weighted, leading, ber);
    for (let code = 0; code < codes; code++) table[at + code] = weighted[code]! / likelihood[code]!;
  }
  return table;
}

/** Leading codes of weights from 0 to `NEGLIGIBLE`. */
function negligibleCodes(
  codes: number,
  shift: number,
  { format, ceiling }: Omit<ContextTables, 'passes'>,
): readonly number[] {
  const leading = Uint32Array.from({ length: codes }, (_, code) => (code << shift) >>> 0);
  const weights = decodeWeights(leading, format, ceiling);
  return [...leading.keys()].filter((code) => weights[code]! >= 0 && weights[code]! < NEGLIGIBLE);
}

function spreadNegligible(counts: Float64Array, negligible: readonly number[]): void {
  let sum = 0;
  for (const code of negligible) sum += counts[code]!;
  for (const code of negligible)
    counts[code] = (1 - SPREAD) * counts[code]! + (SPREAD * sum) / negligible.length;
}

/** What a distribution over codes becomes when each bit flips with probability `ber`: bit by bit, as the bits are independent. */
function sendThroughErrors(distribution: Float64Array, bits: number, ber: number): void {
  for (let bit = 1; bit < 2 ** bits; bit *= 2)
    for (let code = 0; code < distribution.length; code++) {
      if (code & bit) continue;
      const zero = distribution[code]!;
      const one = distribution[code + bit]!;
      distribution[code] = zero * (1 - ber) + one * ber;
      distribution[code + bit] = one * (1 - ber) + zero * ber;
    }
}

function gradesOf(weights: Float32Array, fields: ReceptiveFields): Uint8Array {
  return Uint8Array.from(neighbourMeans(weights, fields), (mean) =>
    Math.min(Math.floor(Math.sqrt(mean) * GRADES), GRADES - 1),
  );
}

function leadingBits(bits: number): number {
  return Math.min(bits, LEADING_BITS);
}
