import type { Numbers } from '../../engine/timeline.ts';
import type { Cycles } from '../../units/flavours.ts';

/** Takes transfers that follow one another without a gap: `name` is RD or WR, the time from `from` up to `to`. */
export type TakesTransfers = (name: 'RD' | 'WR', from: Cycles, to: Cycles, numbers: () => Numbers) => void;

/** Joins the bursts of consecutive columns that fill the bus without a gap. */
export interface DataBus {
  /** `count` bursts of one row, the first from cycle `from` on, each `step` cycles and a column after the one before. */
  transfer(
    write: boolean,
    from: Cycles,
    step: Cycles,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
  ): void;
  /** Hands over the last ones. */
  end(): void;
}

/** `burst`: cycles of one burst. Bursts are handed over in their order on the bus. */
export function createDataBus(burst: Cycles, take: TakesTransfers): DataBus {
  let bursts = 0;
  let since: Cycles = 0;
  let until: Cycles = 0;
  let isWrite = false;
  let at = { rank: 0, bank: 0, row: 0, column: 0 };

  function handOver(): void {
    if (bursts > 0) take(isWrite ? 'WR' : 'RD', since, until, () => ({ bursts, ...at }));
    bursts = 0;
  }

  function join(
    write: boolean,
    from: Cycles,
    rank: number,
    bank: number,
    row: number,
    column: number,
    count: number,
  ): void {
    const follows =
      bursts > 0 &&
      from === until &&
      write === isWrite &&
      rank === at.rank &&
      bank === at.bank &&
      row === at.row &&
      column === at.column + bursts;
    if (!follows) {
      handOver();
      since = from;
      isWrite = write;
      at = { rank, bank, row, column };
    }
    bursts += count;
    until = from + count * burst;
  }

  return {
    transfer(write, from, step, rank, bank, row, column, count) {
      if (step === burst) join(write, from, rank, bank, row, column, count);
      else for (let i = 0; i < count; i++) join(write, from + i * step, rank, bank, row, column + i, 1);
    },
    end: handOver,
  };
}
