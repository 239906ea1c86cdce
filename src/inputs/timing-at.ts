import type { Device } from '../hardware/device.ts';
import type { ModelSource } from '../hardware/model-source.ts';
import { resolveTiming } from '../hardware/resolve-timing.ts';
import type { ResolvedTiming, SubarrayScheme, TimingMode } from '../hardware/resolved-timing.ts';
import { withSubarrays } from '../hardware/with-subarrays.ts';
import type { Volts } from '../units/flavours.ts';

/** What a job says of its timing. */
export interface TimingChoice {
  readonly timing: TimingMode;
  /** How the subarrays of a bank are used apart; not at all if undefined. */
  readonly subarrays?: SubarrayScheme | undefined;
  /** Temperature (degC) that decides how often is refreshed; by default the data sheet's tREFI holds. */
  readonly temperature?: number | undefined;
}

/** A device's timing at a supply, with its subarrays used apart if a scheme is given. Throws InputError as both do. */
export async function timingAt(
  device: Device,
  supply: Volts,
  { timing, subarrays, temperature }: TimingChoice,
  models: ModelSource,
): Promise<ResolvedTiming> {
  const resolved = await resolveTiming(device, supply, timing, temperature);
  return subarrays === undefined ? resolved : withSubarrays(resolved, device.organisation, subarrays, models);
}
