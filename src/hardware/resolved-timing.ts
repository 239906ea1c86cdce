import { InputError } from '../errors/input-error.ts';
import type { Cycles, Megahertz, Volts } from '../units/flavours.ts';
import { type ModelPlaces, placeIn } from './model-places.ts';
import type { ClosedBanks, CommandCycles, CommandName, ResolvedConstraint } from './standard.ts';

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
  readonly rules: ResolvedRules;
  /** Set where subarrays of a bank are used apart (SALP, MASA). */
  readonly subarrays?: SubarrayRules;
  /** Where the files of the device and its standard give what, as far as they come from files. */
  readonly places?: { readonly device?: ModelPlaces; readonly standard?: ModelPlaces };
}

/** What a standard says beside its constraints (see `Standard`), in cycles. */
export interface ResolvedRules {
  readonly commandCycles: CommandCycles;
  /** From a column command to its first data. */
  readonly firstData: { readonly read: Cycles; readonly write: Cycles };
  /** From RDA and WRA to the precharge that each holds, which may also have to wait for tRAS. */
  readonly autoPrecharge:
    | { readonly RDA: Cycles; readonly WRA: Cycles; readonly waitsForTRAS: boolean }
    | undefined;
  readonly closedBanks: ClosedBanks;
  readonly postponedRefreshes: number;
  readonly perBankRefreshInterval: Cycles | undefined;
  /** Banks that one REFpb refreshes, a divisor of the banks of a rank. */
  readonly banksPerREFpb: number;
}

/** What a scheme of subarray-level parallelism allows. */
export interface SubarrayRules {
  readonly scheme: string;
  /** Subarrays of a bank that may be open at once; with 2, the older is closed before a column of the newer. */
  readonly openSubarrays: 1 | 2 | 'all';
  /** A column needs its subarray selected, by its activation or by SASEL. */
  readonly select: boolean;
}

/** A parameter in cycles. Throws InputError where the timing does not give it. */
export function cyclesOf({ standard, parameters, places }: ResolvedTiming, name: string): Cycles {
  const cycles = parameters[name];
  if (cycles === undefined)
    throw new InputError(
      `${standard} gives no ${name}, which simulating it needs`,
      placeIn(places?.standard, 'parameters'),
    );
  return cycles;
}
