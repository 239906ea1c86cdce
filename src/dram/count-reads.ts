import { grown } from '../bytes/grown.ts';
import { bankCount, bankLevels, rowAt, rowIndex } from '../hardware/bank-index.ts';
import { burstsPerRow, type Organisation } from '../hardware/device.ts';
import { createRowTable } from '../hardware/row-table.ts';

/** A part of a run that was sent to a channel: `count` bursts of one row from `column` (in bursts) on. */
export type SentPiece = (
  channel: number,
  rank: number,
  bank: number,
  row: number,
  column: number,
  count: number,
  write: boolean,
) => void;

/** Takes the reads of one row; `reads` answers how often each of its bursts was read, in an array that is used again. */
export type RowReadCounts = (
  channel: number,
  rank: number,
  bank: number,
  row: number,
  reads: () => Float64Array,
) => void;

/** Counts how often each burst is read. */
export interface ReadCounts {
  readonly sent: SentPiece;
  /** Hands over all counts that are left. */
  settle(): void;
}

/** Words of the counts that are kept before rows are handed over. */
const MOST_WORDS = 2 ** 25;
/** Rows of a memory up to which reads of whole rows are counted apart. */
const MOST_TABLED = 2 ** 24;

/**
 * Counts reads row by row in bounded memory: when the counts grow too many, rows are handed to `take` and counted anew, so
 * that a row may be handed over several times. `mostWords` bounds the counts.
 */
export function countReads(
  organisation: Organisation,
  take: RowReadCounts,
  mostWords = MOST_WORDS,
): ReadCounts {
  const levels = bankLevels(organisation);
  const columns = burstsPerRow(organisation);
  // Differences: a run of reads adds one where it begins and takes it away behind its end.
  const width = columns + 1;
  const pages = createRowTable<number>(levels);
  const mostPages = Math.max(1, Math.floor(mostWords / width));
  let differences = new Int32Array(width * Math.min(64, mostPages));
  const rowOf: number[] = [];
  const reads = new Float64Array(columns);
  /** Reads of whole rows, which streams are made of: one number a row. */
  const size = bankCount(levels) * levels.rows;
  const whole = size <= MOST_TABLED ? new Int32Array(size) : undefined;

  function settle(): void {
    for (const [page, index] of rowOf.entries()) {
      let count = whole?.[index] ?? 0;
      hand(index, () => {
        for (let column = 0; column < columns; column++) {
          count += differences[page * width + column]!;
          reads[column] = count;
        }
        return reads;
      });
      if (whole) whole[index] = 0;
    }
    pages.clear();
    differences.fill(0, 0, rowOf.length * width);
    rowOf.length = 0;
  }

  function hand(index: number, readsOf: () => Float64Array): void {
    const { channel, rank, bank, row } = rowAt(levels, index);
    let found: Float64Array | undefined;
    take(channel, rank, bank, row, () => {
      found ??= readsOf();
      return found;
    });
  }

  function newPage(index: number): number {
    if (rowOf.length === mostPages) settle();
    const page = rowOf.length;
    rowOf.push(index);
    if (rowOf.length * width > differences.length)
      differences = grown(differences, width * Math.min(mostPages, rowOf.length * 2));
    pages.set(index, page);
    return page;
  }

  return {
    sent(channel, rank, bank, row, column, count, write) {
      if (write) return;
      const index = rowIndex(levels, channel, rank, bank, row);
      if (count === columns && whole) {
        whole[index]!++;
        return;
      }
      const page = pages.get(index) ?? newPage(index);
      const at = page * width + column;
      differences[at]!++;
      differences[at + count]!--;
    },
    settle() {
      settle();
      if (!whole) return;
      for (let index = 0; index < size; index++)
        if (whole[index]! > 0) hand(index, () => reads.fill(whole[index]!));
      whole.fill(0);
    },
  };
}
