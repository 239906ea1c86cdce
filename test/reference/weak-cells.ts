import { derivedKey, failureVoltage, type GeneratedChip } from '../../src/faults/chip.ts';
import { flipProbability } from '../../src/faults/error-model.ts';
import { banksPerRank, bytesPerRow, subarraysPerBank } from '../../src/hardware/device.ts';
import { exponentialOf } from '../../src/random/exponential.ts';

/** One cell of the obvious map: every cell of a row is listed, weak or not. */
export interface ReferenceCell {
  readonly bit: number;
  /** Undefined for a cell that does not fail in the known range. */
  readonly failureVoltage: number | undefined;
  /** Flip probability when it stores 0 and when it stores 1. */
  readonly flips: readonly [number, number];
}

const WORD = 2n ** 32n;
const word = (x: bigint): bigint => ((x % WORD) + WORD) % WORD;

/** The hash in plain arithmetic over whole numbers, as its definition reads. */
function mix(x0: bigint): bigint {
  let x = word(x0);
  x ^= x >> 16n;
  x = word(x * 0x21f0aaadn);
  x ^= x >> 15n;
  x = word(x * 0xd35a2d97n);
  return x ^ (x >> 15n);
}
const hash = (key0: bigint, key1: bigint, counter: bigint): bigint =>
  mix(mix(word(counter) ^ word(key0)) + word(key1));

/** The permutation, round by round; what falls outside goes through once more. */
function permuted(index: number, size: number, key0: bigint, key1: bigint): number {
  let width = 0n;
  while (2n ** width < BigInt(size)) width++;
  const range = 2n ** width;
  const low = (x: bigint): bigint => x % range;
  // Half the width, rounded up for odd widths' sake by the program's own rule: at least one place.
  const shift = width / 2n > 0n ? width / 2n : 1n;
  const [k0, k1] = [word(key0), word(key1)];
  let x = BigInt(index);
  do {
    x = low(low(x ^ k0) * (k1 | 1n));
    x ^= x >> shift;
    x = low(low(x ^ (k1 >> 16n)) * 0x2c1b3c6dn);
    x ^= x >> shift;
    x = low((x + (k0 >> 16n)) * ((k1 >> 9n) | 1n));
    x ^= x >> shift;
    x = low(x * 0x297a2d39n);
    x ^= x >> shift;
  } while (x >= BigInt(size));
  return Number(x);
}

/**
 * All cells of one row with their fate, the slow way: each list of cells (all of the row, or one grade of bitlines) is
 * walked from its weakest cell to its strongest, and every cell is asked for its failure voltage.
 */
export function referenceRow(
  chip: GeneratedChip,
  channel: number,
  rank: number,
  bank: number,
  row: number,
): ReferenceCell[] {
  const { organisation, model, grades } = chip;
  const banks = banksPerRank(organisation);
  const rowBits = bytesPerRow(organisation) * 8;
  const bankIndex = (channel * organisation.ranks + rank) * banks + bank;
  const subarray =
    bankIndex * subarraysPerBank(organisation) + Math.floor(row / organisation.rowsPerSubarray);
  const [rowKey0, rowKey1] = derivedKey(chip.key, 'row').map(BigInt) as [bigint, bigint];
  const key0 = hash(rowKey0, rowKey1, BigInt(bankIndex * organisation.rows + row));
  const key1 = mix(key0 ^ BigInt(chip.key[2]!));
  const [lineBase0, lineBase1] = derivedKey(chip.key, 'bitlines').map(BigInt) as [bigint, bigint];
  const line0 = hash(lineBase0, lineBase1, BigInt(2 * subarray));
  const line1 = hash(lineBase0, lineBase1, BigInt(2 * subarray + 1));
  const flips = [flipProbability(model, row, 0), flipProbability(model, row, 1)] as const;

  let rowFactor = chip.factors[subarray]!;
  if (model.id === 2) {
    const rankOfRow = permuted(
      row % organisation.rowsPerSubarray,
      organisation.rowsPerSubarray,
      line0,
      line1,
    );
    const grade = grades.start.findLastIndex((start) => start <= rankOfRow);
    rowFactor *= grades.factor[grade]!;
  }
  const lists =
    model.id === 1
      ? Array.from(grades.factor, (factor, g) => ({
          first: grades.start[g]!,
          cells: grades.start[g + 1]! - grades.start[g]!,
          factor: rowFactor * factor,
        }))
      : [{ first: 0, cells: rowBits, factor: rowFactor }];

  const cells: ReferenceCell[] = [];
  lists.forEach(({ first, cells: size, factor }, g) => {
    let hazard = 0;
    for (let k = 0; k < size; k++) {
      hazard += exponentialOf(Number(hash(key0, key1, BigInt(first + k)))) / (size - k);
      const place = permuted(k, size, key0 + BigInt(g) * 0x9e3779b9n, key1);
      const bit = lists.length === 1 ? place : permuted(first + place, rowBits, line0, line1);
      cells.push({ bit, failureVoltage: failureVoltage(chip, hazard, factor), flips });
    }
  });
  return cells.sort((a, b) => a.bit - b.bit);
}
