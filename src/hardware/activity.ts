import type { Cycles } from '../units/flavours.ts';

/**
 * What a run did to one rank, in counts and cycles: all that an energy model needs to know, and all that it may
 * know. Durations partition the window: active + precharged + the power-down states + self-refresh = cycles.
 */
export interface RankActivity {
  /** Length of the observed window. */
  readonly cycles: Cycles;
  /** Per bank: activations. */
  readonly act: Float64Array;
  /** Per bank: precharges of an open bank, be it by PRE, by PREA (one for each open bank) or by auto-precharge. */
  readonly pre: Float64Array;
  /** Per bank: column reads and writes, with or without auto-precharge; one burst each. */
  readonly rd: Float64Array;
  readonly wr: Float64Array;
  /** Per bank: per-bank refreshes. */
  readonly refPerBank: Float64Array;
  /** All-bank refreshes of the rank. */
  readonly refAllBank: number;
  /** Per bank: cycles with a row open (the bank's share of "active"). */
  readonly bankActiveCycles: Float64Array;
  /** Cycles out of power-down and self-refresh with at least one bank open, and with none open. */
  readonly activeCycles: Cycles;
  readonly prechargedCycles: Cycles;
  /** Cycles in power-down, by the state it was entered from and by how the DLL is kept (fast or slow exit). */
  readonly activePowerDownFastCycles: Cycles;
  readonly activePowerDownSlowCycles: Cycles;
  readonly prechargePowerDownFastCycles: Cycles;
  readonly prechargePowerDownSlowCycles: Cycles;
  readonly selfRefreshCycles: Cycles;
  readonly selfRefreshEntries: number;
}

/** Activity of one channel: its ranks side by side, all over the same window. */
export interface ChannelActivity {
  readonly cycles: Cycles;
  readonly ranks: readonly RankActivity[];
}
