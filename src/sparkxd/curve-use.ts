import type { Device } from '../hardware/device.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';

/** What a result is made of, so far as it may depend on a circuit curve. */
export interface CurveReaders {
  readonly timing: TimingMode;
  /** Whether latencies are simulated; they follow the curve unless timing is nominal. */
  readonly latencies: boolean;
  /**
   * Profile of the errors, undefined where none are looked at. Errors that were measured at a latency follow the curve, except
   * those of `paper`, which are of the supply alone (error-supply.ts).
   */
  readonly profile: Pick<VoltageProfile, 'testLatency'> | undefined;
}

/** Whether a result depends on a circuit curve. */
export const readsCurve = ({ timing, latencies, profile }: CurveReaders): boolean =>
  (latencies && timing !== 'nominal') || (timing !== 'paper' && profile?.testLatency !== undefined);

/** The name of the circuit curve that a result depends on; undefined if on none. */
export const curveInUse = ({ supply }: Device, readers: CurveReaders): string | undefined =>
  readsCurve(readers) ? supply.curve?.name : undefined;
