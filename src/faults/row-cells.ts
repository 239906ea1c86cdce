import { InputError } from '../errors/input-error.ts';
import { bankLevels, rowIndex } from '../hardware/bank-index.ts';
import { createRowTable } from '../hardware/row-table.ts';
import { counterHash, wordsBelow } from '../random/counter-hash.ts';
import type { Volts } from '../units/flavours.ts';
import { derivedKey } from './chip.ts';
import { keyOfCell } from './inject.ts';
import { type Chip, weakCellsAt } from './weak-cells-at.ts';

/** The weak cells of one row, by ascending bit of the row (bit b is bit b mod 8, least significant first, of byte b / 8). */
export interface RowCells {
  readonly bits: Uint32Array;
  /**
   * Words (of 2^32) of a draw that flip what each stores, as one number where it is the same for all; NaN where that depends
   * on data that is not known.
   */
  readonly below: number | Float64Array;
  /** The row's hash under the chip's key for flips, from which its cells draw. */
  readonly hash: number;
}

/** What is stored in a bit of a row (hardware/bank-index.ts has the row's index); undefined where that is not known. */
export type StoredBit = (rowIndex: number, bit: number) => 0 | 1 | undefined;

/** Which bits of a memory a chip gives back wrong at one supply, row by row. */
export interface WrongBits {
  /** Whether every weak cell flips at every read, whatever it stores. */
  readonly alwaysFlips: boolean;
  readonly rowBits: number;
  /** Writes the weak cells of a row into `bits` (of at least `rowBits`), in no order, and answers how many there are. */
  list(channel: number, rank: number, bank: number, row: number, bits: Uint32Array): number;
  /** The weak cells of a row, which are kept for the next time. */
  of(channel: number, rank: number, bank: number, row: number): RowCells;
  /**
   * Writes into `flipped` which of the cells `from` to before `to` of a row draw number `draw` flips, ascending, and answers
   * how many they are. Throws InputError where that depends on data that is not known.
   */
  flips(cells: RowCells, from: number, to: number, draw: number, flipped: Uint32Array): number;
}

function refuseUnknown(): never {
  throw new InputError('whether a weak cell flips depends on what it stores, which the trace does not say', {
    remedy: 'choose --error-model 0, 1 or 2',
  });
}

const CERTAIN = 2 ** 32;

const NONE: RowCells = { bits: new Uint32Array(0), below: CERTAIN, hash: 0 };

/** Weak cells that are kept; beyond it all are forgotten and looked up anew. */
const MOST_KEPT = 2 ** 25;
const SLAB_WORDS = 2 ** 14;

/** The same draws as `injectErrors`, looked up row by row; rows are kept as long as they take a bounded memory. */
export function wrongBits(chip: Chip, supply: Volts, stored?: StoredBit): WrongBits {
  const weak = weakCellsAt(chip, supply);
  const levels = bankLevels(chip.organisation);
  const [key0, key1] = derivedKey(chip.key, 'flip');
  const bits = new Uint32Array(weak.rowBits);
  const marks = new Int32Array(Math.ceil(weak.rowBits / 32));
  const flips = weak.alwaysFlips ? undefined : new Float64Array(2 * weak.rowBits);
  const kept = createRowTable<RowCells>(levels);
  const newWords = createSlab();
  let cellsKept = 0;

  function lookUp(channel: number, rank: number, bank: number, row: number, index: number): RowCells {
    const count = weak.ofRow(channel, rank, bank, row, bits, flips);
    if (count === 0) return NONE;
    const sorted = newWords(count);
    sortBits(bits, count, marks, sorted);
    if (!flips) return { bits: sorted, below: CERTAIN, hash: 0 };
    const hash = counterHash(key0, key1, index);
    const first = flips[0]!;
    let alike = true;
    for (let i = 0; i < 2 * count && alike; i++) alike = flips[i] === first;
    if (alike) return { bits: sorted, below: wordsBelow(first), hash };
    const at = new Map(Array.from(bits.subarray(0, count), (bit, i) => [bit, i]));
    const below = Float64Array.from(sorted, (bit) => {
      const i = at.get(bit)!;
      const [ofZero, ofOne] = [flips[2 * i]!, flips[2 * i + 1]!];
      if (ofZero === ofOne) return wordsBelow(ofZero);
      const data = stored?.(index, bit);
      return data === undefined ? Number.NaN : wordsBelow(data === 1 ? ofOne : ofZero);
    });
    return { bits: sorted, below, hash };
  }

  return {
    alwaysFlips: weak.alwaysFlips,
    rowBits: weak.rowBits,
    list: (channel, rank, bank, row, into) => weak.ofRow(channel, rank, bank, row, into),
    of(channel, rank, bank, row) {
      const index = rowIndex(levels, channel, rank, bank, row);
      let cells = kept.get(index);
      if (cells === undefined) {
        cells = lookUp(channel, rank, bank, row, index);
        if (cellsKept > MOST_KEPT) {
          kept.clear();
          cellsKept = 0;
        }
        kept.set(index, cells);
        // A row takes some room without cells, too.
        cellsKept += cells.bits.length + 1;
      }
      return cells;
    },
    flips({ bits: own, below, hash }, from, to, draw, flipped) {
      let count = 0;
      if (below === CERTAIN) for (let i = from; i < to; i++) flipped[count++] = i;
      // `count` moves without a branch: which way a draw goes is not to be guessed.
      else if (typeof below === 'number')
        for (let i = from; i < to; i++) {
          flipped[count] = i;
          count += Number(counterHash(keyOfCell(hash, own[i]!), key1, draw) < below);
        }
      else
        for (let i = from; i < to; i++) {
          flipped[count] = i;
          if (Number.isNaN(below[i]!)) refuseUnknown();
          count += Number(counterHash(keyOfCell(hash, own[i]!), key1, draw) < below[i]!);
        }
      return count;
    },
  };
}

/** Writes the bits of a row in ascending order; `marks` has a bit for each, all clear before and after. */
function sortBits(bits: Uint32Array, count: number, marks: Int32Array, sorted: Uint32Array): void {
  for (let i = 0; i < count; i++) marks[bits[i]! >>> 5]! |= 1 << (bits[i]! & 31);
  let size = 0;
  for (let word = 0; size < count; word++) {
    let left = marks[word]!;
    if (left === 0) continue;
    marks[word] = 0;
    for (; left !== 0; left &= left - 1) sorted[size++] = word * 32 + 31 - Math.clz32(left & -left);
  }
}

/** Hands out arrays of words cut from large ones, since each array of its own costs more than the few words of a row. */
function createSlab(): (length: number) => Uint32Array {
  let slab = new Uint32Array(0);
  let used = 0;
  return (length) => {
    if (used + length > slab.length) {
      slab = new Uint32Array(Math.max(length, SLAB_WORDS));
      used = 0;
    }
    used += length;
    return slab.subarray(used - length, used);
  };
}

/** The first place in ascending bits that is not below `bit`. */
export function firstFrom(bits: Uint32Array, bit: number): number {
  let low = 0;
  let high = bits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bits[middle]! < bit) low = middle + 1;
    else high = middle;
  }
  return low;
}
