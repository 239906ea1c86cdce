import type { DataPins } from '../hardware/device.ts';
import type { Megahertz, Nanoseconds, Picojoules, Volts } from '../units/flavours.ts';

/**
 * Energy of the data pins: DRAMPower 4.1's optional term (`io_term_power`). Per pin and in mW; a write also terminates,
 * where the standard terminates at all (LPDDR3 by default does not).
 */

/** 1/2 * C * V^2 * f, pF x V^2 x MHz = uW, as mW */
export const drivePower = (C: number, V: Volts, f: Megahertz): number => (0.5 * C * V * V * f) / 1000;

/** N * BL * (tCK / data rate) * P * pins, ns x mW = pJ */
export const pinEnergy = (N: number, busTime: Nanoseconds, P: number, pins: number): Picojoules =>
  N * busTime * P * pins;

/** Data and strobe pins of a device, one strobe a byte; a write adds one data mask a byte. */
export const readPins = (width: number): number => width + width / 8;
export const writePins = (width: number): number => width + width / 4;

/** What energy without data pins says of them. */
export const NO_PINS = 'none';

/** The data pins that an energy holds, as results name them: `none`, or "1.8 pF at 1.2 V". */
export function pinsLabel(pins: DataPins | undefined): string {
  if (pins === undefined) return NO_PINS;
  const terminated =
    pins.writeTermination_mW === 0 ? '' : ` and ${pins.writeTermination_mW} mW terminated in writes`;
  return `${pins.capacitance_pF} pF at ${pins.voltage} V${terminated}`;
}

/** What a saving holds, by `pinsLabel`: said wherever one is shown. */
export const pinsInWords = (label: string): string =>
  label === NO_PINS ? 'core currents only, no pins' : `with pins: ${label}, unscaled`;
