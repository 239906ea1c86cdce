import { commandEnergies } from '../energy/command-energies.ts';
import { createChip, membersBy, weakShare } from '../faults/chip.ts';
import type { Device } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { resolveTiming, timesAt } from '../hardware/resolve-timing.ts';
import { cyclesOf } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { openProfile } from '../inputs/open-profile.ts';
import type { Remark } from '../inputs/recorder.ts';
import type { SupplyRow } from '../results/tables.ts';
import {
  SUPPLY_EFFECTS,
  type SupplyEffectsInput,
  type SupplyEffectsJob,
} from '../settings/jobs/supply-effects.ts';
import { completeJob } from '../settings/parse-job.ts';
import { curveInUse } from '../sparkxd/curve-use.ts';
import { errorSupply } from '../sparkxd/error-supply.ts';
import type { Volts } from '../units/flavours.ts';

export interface SupplyEffectsOutcome {
  readonly device: Device;
  /** One row a supply, in the order of the job. */
  readonly rows: readonly SupplyRow[];
}

/**
 * What each supply does to a device: its latencies, the energy of its commands, and with a profile its bit error rate.
 * Nothing is simulated. `remark` gets a line about each thing that is assumed. Throws InputError for a device or a profile
 * that cannot be read, and for a supply outside the device's range or its circuit curve's.
 */
export async function runSupplyEffects(
  input: SupplyEffectsInput,
  remark: Remark = () => {},
): Promise<SupplyEffectsOutcome> {
  const job = completeJob(SUPPLY_EFFECTS, input);
  const device = await loadDevice(job.device, modelFiles, job.latencyCurve);
  const profile =
    job.profile === undefined
      ? undefined
      : await openProfile(job.profile, device, { models: modelFiles, remark });
  if (device.energyDoubt !== undefined) remark(`energy in doubt: ${device.energyDoubt}`);
  const rows: SupplyRow[] = [];
  for (const supply of job.supplies) rows.push(await rowAt(supply, device, profile, job));
  return { device, rows };
}

async function rowAt(
  supply: Volts,
  device: Device,
  profile: VoltageProfile | undefined,
  { timing, law, energyModel }: SupplyEffectsJob,
): Promise<SupplyRow> {
  const times = timesAt(device, supply, timing);
  const resolved = await resolveTiming(device, supply, timing);
  const cycles = (name: string): number => cyclesOf(resolved, name);
  const energies =
    device.energyUnknown === undefined
      ? commandEnergies(device, { supply, law, model: energyModel })
      : undefined;
  return {
    device: device.name,
    supply_V: supply,
    supply_share: supply / device.supply.nominal,
    timing,
    latency_curve: curveInUse(device, { timing, latencies: true, profile }),
    energy_model: energies && energyModel,
    tRCD_ns: times['tRCD']!,
    tRCD_cycles: cycles('tRCD'),
    tRAS_ns: times['tRAS']!,
    tRAS_cycles: cycles('tRAS'),
    tRP_ns: times['tRP']!,
    tRP_cycles: cycles('tRP'),
    tRC_ns: times['tRC']!,
    tRC_cycles: cycles('tRC'),
    energy_act_pJ: energies?.ACT,
    energy_pre_pJ: energies?.PRE,
    energy_rd_pJ: energies?.RD,
    energy_wr_pJ: energies?.WR,
    energy_ref_pJ: energies?.REFab,
    ...(profile && errorsAt(supply, device, profile, timing)),
  };
}

/** The bit error rates of the modules of a profile that are known at a supply. */
function errorsAt(
  supply: Volts,
  device: Device,
  profile: VoltageProfile,
  timing: SupplyEffectsJob['timing'],
): Pick<SupplyRow, 'voltage_profile' | 'modules_known' | 'ber_least' | 'ber_greatest'> {
  const felt = errorSupply(device, profile, supply, timing);
  const { known } = membersBy(profile, device.supply.nominal, felt);
  const rates = known.map((member) => weakShare(createChip(profile, device, { seed: 1, member }), felt));
  return {
    voltage_profile: profile.name,
    modules_known: known.length,
    ...(rates.length > 0 && { ber_least: Math.min(...rates), ber_greatest: Math.max(...rates) }),
  };
}
