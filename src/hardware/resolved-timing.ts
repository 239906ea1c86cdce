import type { Cycles, Megahertz, Volts } from '../units/flavours.ts';
import type { CommandName, ResolvedConstraint } from './standard.ts';

/** What happens to latencies when the supply falls (see docs/modelling.md): keep them, or stretch them by the circuit curve. */
export const TIMING_MODES = ['nominal', 'stretched', 'paper'] as const;
export type TimingMode = (typeof TIMING_MODES)[number];

/** How the subarrays of a bank may be used apart: schemes shipped in `hw-models/subarrays/`. */
export const SUBARRAY_SCHEMES = ['salp-1', 'salp-2', 'masa'] as const;
export type SubarrayScheme = (typeof SUBARRAY_SCHEMES)[number];

/**
 * A device's timing at one supply voltage, in whole cycles: everything that the controller and the checker need.
 * Plain data, so that it can be handed to a worker.
 */
export interface ResolvedTiming {
  readonly standard: string;
  readonly supply: Volts;
  readonly mode: TimingMode;
  readonly clock: Megahertz;
  readonly commands: readonly CommandName[];
  /** Parameters by JEDEC name, in cycles (BL in transfers). */
  readonly parameters: Readonly<Record<string, Cycles>>;
  readonly constraints: readonly ResolvedConstraint[];
  /** Set where subarrays of a bank are used apart (SALP, MASA). */
  readonly subarrays?: SubarrayRules;
}

/** What a scheme of subarray-level parallelism allows. */
export interface SubarrayRules {
  readonly scheme: string;
  /** Subarrays of a bank that may be open at once; with 2, the older is closed before a column of the newer. */
  readonly openSubarrays: 1 | 2 | 'all';
  /** A column needs its subarray selected, by its activation or by SASEL. */
  readonly select: boolean;
}
