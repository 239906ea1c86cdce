import type { Numbers } from '../../engine/timeline.ts';
import { type BankLevels, subarrayOfRow } from '../../hardware/bank-index.ts';
import { cyclesOf, type ResolvedTiming } from '../../hardware/resolved-timing.ts';
import type { Cycles } from '../../units/flavours.ts';
import { CONDITIONS } from '../core/layout.ts';

/** What closed a row: a command, a precharge that a column held, or the end of the simulation. */
export type ClosedBy = 'PRE' | 'PREA' | 'RDA' | 'WRA' | 'end';

/** Takes a row that was open from cycle `from` (its ACT) up to `to`, on a track by its number. */
export type TakesRow = (track: number, row: number, from: Cycles, to: Cycles, numbers: () => Numbers) => void;

/** The rows that are open in a channel, from ACT to precharge. */
export interface OpenRows {
  /** How many tracks a bank has: one, or one a subarray where subarrays are used apart. */
  readonly tracksPerBank: number;
  /** The track of a row: that of its bank, flat in the channel, or of its subarray, flat again. */
  trackOf(rank: number, bank: number, row: number): number;
  activate(cycle: Cycles, rank: number, bank: number, row: number): void;
  /** Columns of an open row; `condition` is what the first of them took. */
  columns(rank: number, bank: number, row: number, write: boolean, count: number, condition: number): void;
  precharge(cycle: Cycles, rank: number, bank: number, row: number): void;
  /** Closes all rows of a rank. */
  prechargeAll(cycle: Cycles, rank: number): void;
  /** An RDA or WRA at `cycle` closes its row when its precharge begins. */
  autoPrecharge(cycle: Cycles, command: 'RDA' | 'WRA', rank: number, bank: number, row: number): void;
  /** Closes all that is open. */
  end(cycle: Cycles): void;
}

const NONE = -1;

/** Rows are handed over as they close. */
export function createOpenRows(levels: BankLevels, timing: ResolvedTiming, take: TakesRow): OpenRows {
  const { ranks, banks, subarrays } = levels;
  const tracksPerBank = timing.subarrays === undefined ? 1 : subarrays;
  const tracksPerRank = banks * tracksPerBank;
  const tracks = ranks * tracksPerRank;
  const { autoPrecharge } = timing.rules;
  const tRAS = cyclesOf(timing, 'tRAS');
  const open = new Int32Array(tracks).fill(NONE);
  const since = new Float64Array(tracks);
  const reads = new Float64Array(tracks);
  const writes = new Float64Array(tracks);
  const condition = new Uint8Array(tracks);

  const trackOf = (rank: number, bank: number, row: number): number =>
    (rank * banks + bank) * tracksPerBank + (tracksPerBank === 1 ? 0 : subarrayOfRow(levels, row));

  function close(track: number, cycle: Cycles, by: ClosedBy): void {
    const row = open[track]!;
    if (row === NONE) return;
    open[track] = NONE;
    take(track, row, since[track]!, cycle, () => ({
      cycle: since[track]!,
      subarray: subarrayOfRow(levels, row),
      reads: reads[track]!,
      writes: writes[track]!,
      ...(condition[track] === CONDITIONS.HIT ? {} : { opened_for: named(condition[track]!) }),
      closed_by: by,
    }));
  }

  return {
    tracksPerBank,
    trackOf,
    activate(cycle, rank, bank, row) {
      const track = trackOf(rank, bank, row);
      open[track] = row;
      since[track] = cycle;
      reads[track] = 0;
      writes[track] = 0;
      condition[track] = CONDITIONS.HIT;
    },
    columns(rank, bank, row, write, count, first) {
      const track = trackOf(rank, bank, row);
      if (write) writes[track]! += count;
      else reads[track]! += count;
      if (first !== CONDITIONS.HIT && condition[track] === CONDITIONS.HIT) condition[track] = first;
    },
    precharge: (cycle, rank, bank, row) => close(trackOf(rank, bank, row), cycle, 'PRE'),
    prechargeAll(cycle, rank) {
      for (let i = 0; i < tracksPerRank; i++) close(rank * tracksPerRank + i, cycle, 'PREA');
    },
    autoPrecharge(cycle, command, rank, bank, row) {
      const track = trackOf(rank, bank, row);
      const begins = cycle + (autoPrecharge?.[command] ?? 0);
      close(track, autoPrecharge?.waitsForTRAS ? Math.max(begins, since[track]! + tRAS) : begins, command);
    },
    end(cycle) {
      for (let track = 0; track < tracks; track++) close(track, Math.max(cycle, since[track]!), 'end');
    },
  };
}

const named = (condition: number): string => (condition === CONDITIONS.MISS ? 'miss' : 'conflict');
