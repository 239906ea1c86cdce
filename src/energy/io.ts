import type { Megahertz, Nanoseconds, Picojoules, Volts } from '../units/flavours.ts';

/**
 * Energy of the data pins, which the core currents do not hold: DRAMPower 4.1's optional term (`io_term_power`). Per
 * pin and in mW; a write also terminates, where the standard terminates at all (LPDDR3 by default does not).
 */
export interface IoModel {
  /** Load of one data or strobe pin, driven on reads. */
  readonly capacitance_pF: number;
  /** Rail of the pins, at nominal supply. */
  readonly voltage: Volts;
  /** Whether that rail follows the supply knob. */
  readonly scaled: boolean;
  /** Power of one terminated pin during a write; 0 without on-die termination. */
  readonly writeTermination_mW: number;
}

/** 1/2 * C * V^2 * f, pF x V^2 x MHz = uW, as mW */
export const drivePower = (C: number, V: Volts, f: Megahertz): number => (0.5 * C * V * V * f) / 1000;

/** N * BL * (tCK / data rate) * P * pins, ns x mW = pJ */
export const pinEnergy = (N: number, busTime: Nanoseconds, P: number, pins: number): Picojoules =>
  N * busTime * P * pins;

/** Data and strobe pins of a device, one strobe a byte; a write adds one data mask a byte. */
export const readPins = (width: number): number => width + width / 8;
export const writePins = (width: number): number => width + width / 4;
