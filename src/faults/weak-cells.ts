import { exp } from '../elementary/exponential.ts';
import { bankLevels, rowIndex, subarrayIndex } from '../hardware/bank-index.ts';
import { bytesPerRow, type Organisation } from '../hardware/device.ts';
import { counterHash, mix32, permutationMask, permutationShift, permute } from '../random/counter-hash.ts';
import { exponentialOf } from '../random/exponential.ts';
import type { Volts } from '../units/flavours.ts';
import { derivedKey, failureVoltage, type GeneratedChip, hazardLimit, levelAt } from './chip.ts';
import { flipProbability } from './error-model.ts';

/** The weak cells of a memory at one supply voltage, row by row. */
export interface WeakCells {
  readonly organisation: Organisation;
  /** Cells of a row: the length that the array given to `ofRow` must have. */
  readonly rowBits: number;
  /** Every weak cell flips at every read, whatever it stores. */
  readonly alwaysFlips: boolean;
  /**
   * Writes the weak cells of a row into `bits` (bit b is bit b mod 8, least significant first, of the row's byte
   * b / 8 as the channel sees it) and answers how many there are. The order is arbitrary but fixed. With `flips`, the
   * flip probability of cell i when it stores 0 goes to flips[2 i], when it stores 1 to flips[2 i + 1]; with
   * `failures`, its failure voltage goes to failures[i] (a cell that fails at any supply has an infinite one).
   */
  ofRow(
    channel: number,
    rank: number,
    bank: number,
    row: number,
    bits: Uint32Array,
    flips?: Float64Array,
    failures?: Float64Array,
  ): number;
}

/** Relative width of the band around a limit in which the fast comparison leaves the decision to the exact one. */
const BAND = 1e-9;
/** Words by which a gate is opened wider than exact, far more than the rounding of its exponential. */
const GATE_MARGIN = 4;
/** Odd number near 2^32 / golden ratio: keeps the permutations of a row's grades apart. */
const GRADE_STEP = 0x9e3779b9;

/**
 * The weak cells of a generated chip. A row's cells stand in order of weakness: the k-th weakest has the k-th order
 * statistic of the row's quantiles, made one after the other from independent exponentials (Renyi 1953: the hazard
 * -ln(1 - u) grows by X / (cells left) from one to the next), and its place is a random permutation of k. So the time
 * is that of the weak cells, a higher supply sees a shorter beginning of the same list, and no row knows of another.
 *
 * With graded bitlines (model 1) each grade is such a list of its own; graded rows (model 2) only change the limit.
 */
export function generatedWeakCells(chip: GeneratedChip, supply: Volts): WeakCells {
  const { organisation, model, grades, factors } = chip;
  const level = levelAt(chip, supply);
  const { rowsPerSubarray } = organisation;
  const levels = bankLevels(organisation);
  const rowBits = bytesPerRow(organisation) * 8;
  const bitlineGrades = model.id === 1 ? grades.factor.length : 1;
  const rowGrades = model.id === 2 ? grades.factor.length : 1;
  const parts = grades.factor.length;
  const stratum = strataOf(bitlineGrades === 1 ? Uint32Array.of(0, rowBits) : grades.start);

  // Per subarray and grade: the hazard below which a cell is surely weak, above which it surely is not, and the word
  // that the row's first draw must reach for any cell to be weak.
  const sure = new Float64Array(factors.length * parts);
  const never = new Float64Array(factors.length * parts);
  const gate = new Uint32Array(factors.length * parts);
  for (let i = 0; i < sure.length; i++) {
    const limit = hazardLimit(level, factors[Math.floor(i / parts)]! * grades.factor[i % parts]!);
    sure[i] = limit * (1 - BAND);
    never[i] = limit * (1 + BAND);
    const cells = stratum.size[bitlineGrades === 1 ? 0 : i % parts]!;
    gate[i] = Math.max(0, Math.floor(exp(-limit * cells) * 2 ** 32) - GATE_MARGIN);
  }
  const [rowKey0, rowKey1] = derivedKey(chip.key, 'row');
  const rowKey2 = chip.key[2]!;
  const lineKeys = bitlineKeys(chip);
  const rankOfRow = rowRanks(chip);
  const bitlineMask = permutationMask(rowBits);
  const bitlineShift = permutationShift(bitlineMask);
  const last = new Float64Array(1);
  const silent = level === 0;

  function failureOf(hazard: number, part: number): Volts | undefined {
    return failureVoltage(chip, hazard, factors[Math.floor(part / parts)]! * grades.factor[part % parts]!);
  }
  function isWeakInBand(hazard: number, part: number): boolean {
    const failure = failureOf(hazard, part);
    return failure !== undefined && failure > supply;
  }

  function ofRow(
    channel: number,
    rank: number,
    bank: number,
    row: number,
    bits: Uint32Array,
    flips?: Float64Array,
    failures?: Float64Array,
  ): number {
    if (silent) return 0;
    const subarray = subarrayIndex(levels, channel, rank, bank, row);
    const key0 = counterHash(rowKey0, rowKey1, rowIndex(levels, channel, rank, bank, row));
    const key1 = mix32(key0 ^ rowKey2);
    const rowGrade = rowGrades === 1 ? 0 : rankOfRow(subarray, row % rowsPerSubarray);
    let count = 0;
    for (let grade = 0; grade < bitlineGrades; grade++) {
      const part = subarray * parts + grade + rowGrade;
      const start = stratum.start[grade]!;
      if (counterHash(key0, key1, start) < gate[part]!) continue;
      const cells = stratum.size[grade]!;
      const mask = stratum.mask[grade]!;
      const shift = stratum.shift[grade]!;
      const first = count;
      count += weakestCount(key0, key1, start, cells, sure[part]!, last);
      if (last[0]! <= never[part]!) {
        // A hazard in the band: count on, one by one, with the exact comparison. Once in a hundred million rows.
        for (let k = count - first; k < cells; k++) {
          const hazard = hazardOfRank(key0, key1, start, cells, k);
          if (hazard > never[part]! || !isWeakInBand(hazard, part)) break;
          count++;
        }
      }
      if (failures) {
        let hazard = 0;
        for (let i = first; i < count; i++) {
          const k = i - first;
          hazard += exponentialOf(counterHash(key0, key1, start + k)) / (cells - k);
          failures[i] = failureOf(hazard, part)!;
        }
      }
      const placeKey = (key0 + grade * GRADE_STEP) | 0;
      placeCells(bits, first, count - first, cells, mask, shift, placeKey, key1);
      if (bitlineGrades > 1) {
        const lineKey0 = lineKeys[2 * subarray]!;
        const lineKey1 = lineKeys[2 * subarray + 1]!;
        for (let i = first; i < count; i++)
          bits[i] = permute(start + bits[i]!, rowBits, bitlineMask, bitlineShift, lineKey0, lineKey1);
      }
    }
    if (flips) {
      const storing0 = flipProbability(model, row, 0);
      const storing1 = flipProbability(model, row, 1);
      for (let i = 0; i < count; i++) {
        flips[2 * i] = storing0;
        flips[2 * i + 1] = storing1;
      }
    }
    return count;
  }

  return {
    organisation,
    rowBits,
    alwaysFlips: model.flipCharged === 1 && model.flipDischarged === 1,
    ofRow,
  };
}

/**
 * How many cells of a list have a hazard of at most `limit`; the first hazard beyond it goes to last[0] (infinity when
 * all are within). Kept apart from its caller, and in whole numbers, because everything else waits for this loop.
 */
function weakestCount(
  key0: number,
  key1: number,
  start: number,
  cells: number,
  limit: number,
  last: Float64Array,
): number {
  let hazard = 0;
  for (let k = 0; k < cells; k++) {
    hazard += exponentialOf(counterHash(key0, key1, start + k)) / (cells - k);
    if (hazard > limit) {
      last[0] = hazard;
      return k;
    }
  }
  last[0] = Number.POSITIVE_INFINITY;
  return cells;
}

/** Hazard of the cell of a list that is weaker than all but `rank` others. */
function hazardOfRank(key0: number, key1: number, start: number, cells: number, rank: number): number {
  let hazard = 0;
  for (let k = 0; k <= rank; k++) hazard += exponentialOf(counterHash(key0, key1, start + k)) / (cells - k);
  return hazard;
}

/** The places of the first `count` cells of a list. */
function placeCells(
  bits: Uint32Array,
  first: number,
  count: number,
  cells: number,
  mask: number,
  shift: number,
  key0: number,
  key1: number,
): void {
  for (let k = 0; k < count; k++) bits[first + k] = permute(k, cells, mask, shift, key0, key1);
}

/** Grades of a row's bitlines as flat columns: first rank, size, and what the permutation of that size needs. */
function strataOf(start: Uint32Array) {
  const size = Int32Array.from({ length: start.length - 1 }, (_, g) => start[g + 1]! - start[g]!);
  const mask = size.map(permutationMask);
  return { start: Int32Array.from(start), size, mask, shift: mask.map(permutationShift) };
}

/** Model 1: the two words per subarray that key the permutation from ranks to bitlines. */
export function bitlineKeys({ model, key, factors }: GeneratedChip): Uint32Array {
  if (model.id !== 1) return new Uint32Array(0);
  const [key0, key1] = derivedKey(key, 'bitlines');
  return Uint32Array.from({ length: 2 * factors.length }, (_, i) => counterHash(key0, key1, i));
}

/** Model 2: the grade of a row of a subarray. */
export function rowRanks({ model, key, grades, organisation }: GeneratedChip) {
  const rows = organisation.rowsPerSubarray;
  const mask = permutationMask(rows);
  const shift = permutationShift(mask);
  const [key0, key1] = derivedKey(key, 'bitlines');
  const gradeOfRank = new Uint8Array(model.id === 2 ? rows : 0);
  if (model.id === 2)
    for (let g = 0; g < grades.factor.length; g++)
      gradeOfRank.fill(g, grades.start[g]!, grades.start[g + 1]!);
  return (subarray: number, row: number): number =>
    gradeOfRank[
      permute(
        row,
        rows,
        mask,
        shift,
        counterHash(key0, key1, 2 * subarray),
        counterHash(key0, key1, 2 * subarray + 1),
      )
    ]!;
}
