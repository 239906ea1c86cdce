import type { Device, Rail } from '../hardware/device.ts';
import type { Volts } from '../units/flavours.ts';

/**
 * How a rail's energy follows its voltage: `quadratic` (current follows voltage, E ~ V^2; fits the published savings
 * within 0.3 points), `linear` (currents stay, E ~ V), or any exponent (2.3 is what a circuit simulation of one
 * activation gives).
 */
export type VoltageLaw = 'quadratic' | 'linear' | { readonly exponent: number };

/** Energy of a rail at `supply` over its energy at nominal supply; 1 for a rail that the supply knob leaves alone. */
export function voltageFactor(device: Device, rail: Rail, supply: Volts, law: VoltageLaw): number {
  if (!rail.scaled) return 1;
  const ratio = supply / device.supply.nominal;
  if (law === 'quadratic') return ratio * ratio;
  return law === 'linear' ? ratio : ratio ** law.exponent;
}
