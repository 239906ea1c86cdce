import { InputError } from '../errors/input-error.ts';
import type { Device } from './device.ts';
import { placeIn } from './model-places.ts';

/**
 * tREFI at a temperature (degC) over that which the device's file gives. Throws InputError beyond the last step of the
 * standard, and for a standard that says nothing of temperature.
 */
export function refreshIntervalFactor(device: Device, temperature: number): number {
  const { refreshUpTo } = device;
  return stepAt(device, temperature) / (refreshUpTo === undefined ? 1 : stepAt(device, refreshUpTo));
}

/**
 * Milliseconds in which every row is refreshed once at a temperature (degC); undefined where the standard does not give it.
 * Throws InputError as `refreshIntervalFactor` does.
 */
export function refreshWindowAt(device: Device, temperature: number): number | undefined {
  const { window_ms } = device.standard.refresh;
  return window_ms === undefined ? undefined : window_ms * stepAt(device, temperature);
}

/** tREFI at a temperature over that at normal temperature. */
function stepAt({ name, standard }: Pick<Device, 'name' | 'standard'>, temperature: number): number {
  const { temperatures } = standard.refresh;
  if (temperatures === undefined)
    throw new InputError(
      `the standard ${standard.name} does not say how ${name} is refreshed at ${temperature} C`,
      {
        ...placeIn(standard.places, 'refresh'),
        remedy: 'leave out --temperature, or give the standard refresh.temperature (docs/standards.md)',
      },
    );
  const step = temperatures.find(({ upTo }) => temperature <= upTo);
  if (step !== undefined) return step.tREFI;
  throw new InputError(
    `${temperature} C is too hot for ${name}: ${standard.name} says how to refresh up to ${temperatures.at(-1)?.upTo} C`,
    {
      ...placeIn(standard.places, 'refresh', 'temperature'),
      remedy: `choose a --temperature of at most ${temperatures.at(-1)?.upTo} C`,
    },
  );
}
