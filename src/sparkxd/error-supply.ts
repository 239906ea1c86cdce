import { isoSlackSupply } from '../faults/iso-slack.ts';
import type { Device } from '../hardware/device.ts';
import { requireCurve, stretchAt } from '../hardware/resolve-timing.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import type { Volts } from '../units/flavours.ts';

/**
 * The supply whose errors the cells show when the device runs at `supply` under a timing mode: `paper` takes the
 * errors of the supply whatever the latency; the others grant the cells the latency they run with (iso-slack rule).
 */
export function errorSupply(
  device: Device,
  profile: VoltageProfile,
  supply: Volts,
  timing: TimingMode,
): Volts {
  if (timing === 'paper') return supply;
  // Errors that know no latency need no circuit curve.
  if (profile.testLatency === undefined) return supply;
  const { tRCD, tRP } = device.timing as { tRCD: number; tRP: number };
  const stretch = timing === 'stretched' ? stretchAt(device, supply) : { tRCD: 1, tRP: 1 };
  return isoSlackSupply(
    profile,
    requireCurve(device, 'choose --timing paper or a profile without test latency'),
    device.supply.nominal,
    supply,
    {
      tRCD: tRCD * stretch.tRCD,
      tRP: tRP * stretch.tRP,
    },
  );
}
