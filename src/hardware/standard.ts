import type { Cycles } from '../units/flavours.ts';

/** Levels of a DRAM system that a constraint can speak of, outermost first. */
export const LEVELS = ['channel', 'rank', 'bankgroup', 'bank', 'subarray'] as const;
export type Level = (typeof LEVELS)[number];

/** The commands that the simulator knows, in JEDEC's names (REFab and REFpb as LPDDR writes them). */
export const COMMANDS = [
  'ACT',
  'PRE',
  'PREA',
  'RD',
  'RDA',
  'WR',
  'WRA',
  'REFab',
  'REFpb',
  'PDE',
  'PDX',
  'SRE',
  'SRX',
  'SASEL',
] as const;
export type CommandName = (typeof COMMANDS)[number];

/**
 * "After one of `preceding`, one of `following` to the same `level` must wait `latency` cycles."
 * `latency` is a formula over the device's parameters, each already rounded up to whole cycles, and BL (the burst
 * length in transfers). `window` n counts back: the n-th last preceding command (tFAW is ACT to ACT, window 4).
 * `sibling` turns it round: the constraint holds between *different* members of the level (rank to rank).
 */
export interface Constraint {
  readonly level: Level;
  readonly preceding: readonly CommandName[];
  readonly following: readonly CommandName[];
  readonly latency: string;
  readonly window: number;
  readonly sibling: boolean;
}

/** A constraint with its latency worked out for one device at one supply voltage. */
export interface ResolvedConstraint extends Omit<Constraint, 'latency'> {
  /** The formula, for messages ("tRCD", "WL + BL/2 + tWR"). */
  readonly name: string;
  readonly latency: Cycles;
}

/** A DRAM standard: data, never code. */
export interface Standard {
  readonly name: string;
  readonly commands: readonly CommandName[];
  /** Timing parameters that a device of this standard must give. */
  readonly parameters: readonly string[];
  readonly constraints: readonly Constraint[];
}
