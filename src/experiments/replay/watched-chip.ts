import type { ReplayWatch } from '../../dram/replay.ts';
import type { RewritesBefore } from '../../dram/row-rewrites.ts';
import type { WrongBits } from '../../faults/row-cells.ts';
import type { SideEcc } from '../../faults/side-ecc.ts';
import { bankLevels, subarrayCount } from '../../hardware/bank-index.ts';
import type { Organisation } from '../../hardware/device.ts';
import type { ReadDraw } from '../../sparkxd/read-draws.ts';

/** A read that came back wrong. `bank` is flat in its rank, `column` counts bursts. */
export interface ListedRead {
  /** Number of the access in the trace, from 0: each burst is one. */
  readonly access: number;
  /** Cycle of its read command. */
  readonly cycle: number;
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly row: number;
  readonly column: number;
  /** Wrong bits of the burst, ascending: as DRAM gave them, and after the check bits beside the data. */
  readonly bits: readonly number[];
  readonly left: readonly number[];
}

/** Wrong reads of one chip at one supply, by subarray index (hardware/bank-index.ts). */
export interface WrongReads {
  readonly readsWrong: Float64Array;
  readonly bitsWrong: Float64Array;
}

export const noWrongReads = (organisation: Organisation): WrongReads => {
  const subarrays = subarrayCount(bankLevels(organisation));
  return { readsWrong: new Float64Array(subarrays), bitsWrong: new Float64Array(subarrays) };
};

/** A chip at a supply, and what is found of its reads. */
export interface WatchedChip {
  readonly wrong: WrongBits;
  readonly found: WrongReads;
}

export interface WatchOptions {
  readonly ecc: SideEcc;
  readonly draw: ReadDraw;
  /** Whether reads may be answered by the write queue, which are not of DRAM. */
  readonly forwarded: boolean;
  /** Where flips persist: when the weights were written anew. */
  readonly rewritesBefore?: RewritesBefore | undefined;
  /** Takes each wrong read of the first chip. */
  readonly list?: ((read: ListedRead) => void) | undefined;
}

/** What a replay must tell for its wrong reads to be found; `settle` when it is done. */
export interface WrongReadWatch extends ReplayWatch {
  settle(): void;
}
