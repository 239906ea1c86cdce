import type { Device } from '../hardware/device.ts';
import { resolveTiming } from '../hardware/resolve-timing.ts';
import type { ResolvedTiming, SubarrayScheme, TimingMode } from '../hardware/resolved-timing.ts';
import { withSubarrays } from '../hardware/with-subarrays.ts';
import type { Volts } from '../units/flavours.ts';
import { modelFiles } from './model-files.ts';

/** A device's timing at a supply, with its subarrays used apart if a scheme is given. Throws InputError as both do. */
export async function timingAt(
  device: Device,
  supply: Volts,
  { timing, subarrays }: { readonly timing: TimingMode; readonly subarrays?: SubarrayScheme | undefined },
): Promise<ResolvedTiming> {
  const resolved = await resolveTiming(device, supply, timing);
  if (subarrays === undefined) return resolved;
  return withSubarrays(resolved, device.organisation, subarrays, modelFiles);
}
