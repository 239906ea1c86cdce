import type { Cycles } from '../units/flavours.ts';

/**
 * What a run did to one rank, in counts and cycles: all that an energy model needs to know, and all that it may
 * know. The states partition the window: active + precharged + the four power-down states + self-refresh + the
 * refresh that self-refresh begins with (inside it and after its exit) = cycles.
 *
 * Counting is DRAMPower 4.1's (src/CommandAnalysis.cc, CmdHandlers.cc), for whoever counts, the controller core or
 * `src/energy/activity-from-commands.ts`:
 * - A bank is active from ACT to its precharge (PRE, PREA, or the cycle in which an auto-precharge begins); the rank
 *   is active while any of its banks is. tRP after a precharge is precharged time.
 * - An all-bank refresh makes the rank and each of its banks active for tRFC - tRP, then precharged. A per-bank
 *   refresh makes each bank that it refreshes active for tRAS + tRP and leaves the rank's state alone.
 * - Power-down takes the time from entry to exit out of the state it was entered from; the exit's tXP belongs to
 *   that state again.
 * - Self-refresh begins with a refresh: tRFC - tRP active and tRP precharged, counted apart; what an early exit
 *   leaves of it runs after the exit, counted apart too. The rest of the stay is `selfRefreshCycles`.
 * - A window that ends inside a refresh holds only the part before its end.
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
  /** Per bank: per-bank refreshes, each counted once, at the bank that the command names. */
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
  /** Self-refresh without the refresh that it begins with. */
  readonly selfRefreshCycles: Cycles;
  /** The refresh that self-refresh begins with, while in self-refresh ... */
  readonly entryRefreshActiveCycles: Cycles;
  readonly entryRefreshPrechargedCycles: Cycles;
  /** ... and what is left of it after an early exit. */
  readonly exitRefreshActiveCycles: Cycles;
  readonly exitRefreshPrechargedCycles: Cycles;
  readonly selfRefreshEntries: number;
  /** The same window as DRAMPower 6 counts it. */
  readonly bankwise: BankwiseStates;
}

/**
 * The time of one rank as DRAMPower 6 counts it (src/DRAMPower/DRAMPower/standards/{ddr4,lpddr4}/*Core.cpp). The states of the
 * rank partition the window, too.
 * - A bank is active from ACT to its precharge, outside power-down; an all-bank refresh makes each bank active for tRFC, a
 *   per-bank refresh makes its own bank active for tRFCpb. The rank is active while any of its banks is.
 * - Power-down begins at the latest of PDE, the last ACT + tRCD, the last precharge + tRP, and the end of the last refresh;
 *   until then the state is what it was. DRAMPower 6 takes the end of a power-down with open banks for an ACT.
 * - Self-refresh begins with an all-bank refresh, which is active time like any other, even after an early exit. The rest of
 *   the stay is `selfRefreshCycles`.
 */
export interface BankwiseStates {
  /** Per bank. */
  readonly bankActiveCycles: Float64Array;
  readonly activeCycles: Cycles;
  readonly prechargedCycles: Cycles;
  /** Cycles in power-down with a bank open, and with none open. */
  readonly activePowerDownCycles: Cycles;
  readonly prechargePowerDownCycles: Cycles;
  readonly selfRefreshCycles: Cycles;
}

/** Activity of one channel: its ranks side by side, all over the same window. */
export interface ChannelActivity {
  readonly cycles: Cycles;
  readonly ranks: readonly RankActivity[];
}
