import type { Volts } from '../units/flavours.ts';

/** How the memory is refreshed: each row once an interval (64 ms as standardised), at a temperature. */
export interface RetentionConditions {
  readonly refreshInterval_ms: number;
  readonly temperature_C: number;
  /**
   * Supply (volts of the device's knob) at which cells must keep their charge; by default the one whose errors they show,
   * from which it differs where latency makes up for the supply.
   */
  readonly supply?: Volts;
}
