import type { Cycles } from '../units/flavours.ts';
import type { CurrentName } from './currents.ts';
import type { ModelPlaces } from './model-places.ts';

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

/** Times that every standard has and that cannot be nothing; any other parameter may be 0. */
export const LASTING_TIMES: ReadonlySet<string> = new Set([
  'tRCD',
  'tRP',
  'tRAS',
  'tRC',
  'tWR',
  'tREFI',
  'tRFCab',
  'tRFCpb',
]);

/** Delays of the circuit that grow when the supply falls, as the circuit curves give them. */
export const CIRCUIT_DELAYS = ['tRCD', 'tRAS', 'tRP'] as const;
export type CircuitDelay = (typeof CIRCUIT_DELAYS)[number];

/** Commands that may need closed banks. */
export const CLOSING_COMMANDS = ['REFab', 'REFpb', 'SRE', 'PDE'] as const;
export type ClosingCommand = (typeof CLOSING_COMMANDS)[number];

/** Which banks of the rank must be closed for a command: all of them, the command's own, or none. */
export const CLOSED_BANKS = ['all', 'own', 'none'] as const;
export type ClosedBanks = {
  readonly [command in ClosingCommand]?: (typeof CLOSED_BANKS)[number] | undefined;
};

/** Cycles of the command bus that each command of a standard takes. */
export type CommandCycles = { readonly [command in CommandName]?: Cycles | undefined };

/** What energy models must know of a standard's per-bank refresh. */
export interface PerBankRefreshEnergy {
  /** Rails that DRAMPower 4.1's model charges it to: the device's first rail, or every rail. */
  readonly rails: 'first' | 'all';
  /** For a rail without IDD5PB: one activation's energy, or the current is refused as missing. */
  readonly withoutIDD5PB: 'activation' | 'refused';
}

/** Up to a temperature (degC) tREFI, and with it the refresh window, is this share of the one at normal temperature. */
export interface RefreshStep {
  readonly upTo: number;
  readonly tREFI: number;
}

/**
 * A DRAM standard: data, never code; docs/standards.md says what each key of its file means. Latencies are formulas over
 * the device's parameters in cycles and BL (the burst length in transfers).
 */
export interface Standard {
  readonly name: string;
  readonly title: string;
  /** Short names of the sources of its facts, and what they stand for. */
  readonly sources: Readonly<Record<string, string>>;
  readonly commands: readonly CommandName[];
  readonly commandCycles: CommandCycles;
  /** Timing parameters that a device of this standard must give. */
  readonly parameters: readonly string[];
  /** Parameters that are longest times: they round down to whole cycles, all others up. */
  readonly roundedDown: readonly string[];
  /** The circuit delay that a parameter is, or the several that it contains. Other parameters never stretch. */
  readonly circuitDelays: Readonly<Record<string, readonly CircuitDelay[]>>;
  readonly constraints: readonly Constraint[];
  /** From a column command to its first data. */
  readonly firstData: { readonly read: string; readonly write: string };
  /** From RDA and WRA to the precharge that each holds; undefined for a standard without them. */
  readonly autoPrecharge:
    | { readonly RDA: string; readonly WRA: string; readonly waitsForTRAS: boolean }
    | undefined;
  readonly closedBanks: ClosedBanks;
  readonly refresh: {
    /** Refreshes that a controller may owe. */
    readonly postponed: number;
    /** Between two per-bank refreshes of a rank, over `banks` too; undefined for a standard without REFpb. */
    readonly perBankInterval: string | undefined;
    /** Banks that one REFpb refreshes (refreshed-banks.ts says which). */
    readonly banksPerREFpb: number;
    /** Milliseconds in which every row is refreshed once at normal temperature; undefined where it is not given. */
    readonly window_ms: number | undefined;
    /** How tREFI shrinks with temperature; undefined where it is not given. */
    readonly temperatures: readonly RefreshStep[] | undefined;
  };
  /** Currents that a device of this standard can give. */
  readonly currents: readonly CurrentName[];
  /** Banks that are open while IDD3N is measured. */
  readonly openBanksOfIDD3N: 'one' | 'all';
  /** Undefined for a standard without REFpb. */
  readonly perBankRefreshEnergy: PerBankRefreshEnergy | undefined;
  /** Where its file says what; absent for a standard that was not read from a file. */
  readonly places?: ModelPlaces;
}
