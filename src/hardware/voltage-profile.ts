import { log10 } from '../elementary/logarithm.ts';
import { pow10 } from '../elementary/power.ts';
import type { Nanoseconds, Volts } from '../units/flavours.ts';
import type { ModelPlaces } from './model-places.ts';
import type { Provenance } from './provenance.ts';

/**
 * Bit error rate against supply as measured (or fitted) on one module. log10 of the rate is interpolated linearly
 * between its points; at and above `errorFree` the rate is exactly zero; below the first point nothing is known.
 */
export interface ErrorCurve {
  /**
   * Ascending. The last one is `errorFree`, and the rate beside it is the limit from below. A voltage that stands twice is
   * a step: the first rate is the limit from below, the second one holds at the voltage itself.
   */
  readonly voltages: readonly Volts[];
  /** Non-increasing. */
  readonly log10Ber: readonly number[];
  readonly errorFree: Volts;
}

/** What a test at one supply found: the bit error rate, or that there were too many errors for the measurement to count. */
export interface TestedPoint {
  readonly supply: Volts;
  readonly ber: number | 'saturated';
}

/** A measured rate below that of a higher supply, and the higher rate that the curve has instead. */
export interface LevelledPoint {
  readonly supply: Volts;
  readonly measured: number;
  readonly taken: number;
}

/** The modules behind the mean rate at one supply. */
export interface ModulesAt {
  readonly supply: Volts;
  readonly ber: number;
  readonly modules: readonly string[];
}

/** One module of the measured population, and how its errors are spread over its banks. */
export interface ProfileMember {
  readonly name: string;
  readonly curve: ErrorCurve;
  /** Relative bit error rate of each bank, mean 1; a device with more banks repeats them. Absent: all alike. */
  readonly bankWeights?: readonly number[];
  /** What was tested, falling in supply; absent where the curve is not of points. */
  readonly tests?: readonly TestedPoint[];
  /** The measured rates that the curve raises; absent where there are none. */
  readonly levelled?: readonly LevelledPoint[];
  /** Of a mean: the modules that were tested at each supply, falling. */
  readonly modules?: readonly ModulesAt[];
  /** Clustering and retention of a module that comes from another profile; by default those of the profile. */
  readonly structure?: SubarrayStructure;
  readonly retention?: RetentionTable;
}

/** How weak cells cluster over subarrays: the spread of the natural logarithm of a subarray's relative error rate. */
export interface SubarrayStructure {
  readonly spread: number;
  /** Share of that variance which all banks have in common (the same row band is weak in every bank), 0 to 1. */
  readonly commonToBanks: number;
}

/** Measured retention errors at one supply and one temperature, against the refresh interval. */
export interface RetentionSeries {
  readonly supply: Volts;
  readonly temperature: number;
  /** Milliseconds, ascending, with the bit error rate at each, non-decreasing; zero where no error was seen. */
  readonly intervals: readonly number[];
  readonly ber: readonly number[];
}

export interface RetentionTable {
  /** Rate that stands at the end of the error-free intervals: the least that the measurement could have seen. */
  readonly detectionLimit: number;
  readonly series: readonly RetentionSeries[];
}

/** What supply voltage does to the cells of a chip population, as `hw-models/voltage/*.yaml` describes it. */
export interface VoltageProfile {
  readonly name: string;
  readonly description: string;
  /** Names of the standards on whose devices it was measured, and of those for which its source uses it. */
  readonly measuredOn: readonly string[];
  readonly publishedFor: readonly string[];
  /** The supply to which a device's own nominal supply corresponds. */
  readonly nominal: Volts;
  /** tRCD and tRP at which the errors were measured; absent: errors are taken as independent of latency. */
  readonly testLatency?: Nanoseconds;
  readonly members: readonly ProfileMember[];
  /** Whether the members are measured modules of a population, so that results count modules; by default they are not. */
  readonly population?: boolean;
  readonly structure: SubarrayStructure;
  readonly retention?: RetentionTable;
  readonly provenance: readonly Provenance[];
  /** Where its file gives what; absent for a profile that was not read from a file. */
  readonly places?: ModelPlaces;
}

/** log10 of the bit error rate at a supply from the curve's first voltage upwards; -Infinity where there are no errors. */
export function log10BerAt({ voltages, log10Ber, errorFree }: ErrorCurve, supply: Volts): number {
  if (supply >= errorFree) return Number.NEGATIVE_INFINITY;
  let right = 1;
  while (voltages[right]! <= supply) right++;
  const left = right - 1;
  const share = (supply - voltages[left]!) / (voltages[right]! - voltages[left]!);
  return log10Ber[left]! + share * (log10Ber[right]! - log10Ber[left]!);
}

/**
 * Bit error rate at a supply of the profile's scale, from the curve's first voltage upwards. The caller has checked
 * the range (`profileSupply`); below it the answer would be an extrapolation.
 */
export const berAt = (curve: ErrorCurve, supply: Volts): number => pow10(log10BerAt(curve, supply));

/**
 * The highest supply below which the bit error rate is at least `ber`: the failure voltage of the cell that fails as
 * soon as the rate reaches `ber`. Undefined when the curve never gets there in its range.
 */
export function supplyAtBer({ voltages, log10Ber, errorFree }: ErrorCurve, ber: number): Volts | undefined {
  const wanted = log10(ber);
  const last = voltages.length - 1;
  if (wanted <= log10Ber[last]!) return errorFree;
  let left = last - 1;
  while (left >= 0 && log10Ber[left]! < wanted) left--;
  if (left < 0) return undefined;
  const share = (wanted - log10Ber[left]!) / (log10Ber[left + 1]! - log10Ber[left]!);
  return voltages[left]! + share * (voltages[left + 1]! - voltages[left]!);
}
