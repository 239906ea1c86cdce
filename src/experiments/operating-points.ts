import type { Workload } from '../accelerator/workload.ts';
import type { ImageSet } from '../datasets/dataset.ts';
import { InputError } from '../errors/input-error.ts';
import { createChip } from '../faults/chip.ts';
import { errorModel } from '../faults/error-model.ts';
import { sha256 } from '../files/sha256.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { Device } from '../hardware/device.ts';
import { resolveTiming } from '../hardware/resolve-timing.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import type { StoredNetwork } from '../inputs/read-network.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import { dramColumns } from '../results/dram-columns.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import { createDramWindows } from '../sparkxd/dram-windows.ts';
import { errorSupply } from '../sparkxd/error-supply.ts';
import { holdWeights } from '../sparkxd/held-weights.ts';
import { fetchesOf } from '../sparkxd/inference-traffic.ts';
import type { RunRepair } from '../sparkxd/repair-on-load.ts';
import { storeWeights } from '../sparkxd/stored-weights.ts';
import { mean } from '../stats/moments.ts';
import type { Volts } from '../units/flavours.ts';

/** One choice on every axis. */
export interface OperatingChoice {
  readonly network: string;
  readonly format: WeightFormat;
  readonly repair: RunRepair;
  readonly supply: Volts;
  readonly mapping: MappingPolicy;
  readonly timing: TimingMode;
}

/** A choice with what it costs (means over the chips, of one inference), before anything is classified. */
export interface CostedChoice extends OperatingChoice {
  readonly energy_nJ: number;
  readonly latency_ns: number;
  /** Key of the weights as each chip gives them back; choices that share one classify alike. */
  readonly loaded: readonly string[];
}

/** What costing is done with. */
export interface CostingInputs {
  readonly device: Device;
  readonly profile: VoltageProfile;
  readonly accelerator: Accelerator;
  readonly images: ImageSet;
  readonly chips: number;
  readonly inferences: number;
  readonly workload: Workload;
  readonly berLimit: number;
  readonly occupied: number;
  /** Inputs whose weights are stored, ascending; all unless told. */
  readonly kept?: Uint32Array;
  readonly seed: number;
}

/** The axes of one network and format. */
export interface CostedAxes {
  readonly supplies: readonly Volts[];
  readonly mappings: readonly MappingPolicy[];
  readonly repairs: readonly RunRepair[];
  readonly timings: readonly TimingMode[];
}

/** A network's choices in one format, and its loaded weights by key, to be made again when they are classified. */
export interface Costing {
  readonly choices: readonly CostedChoice[];
  /** The choices that cannot be made (weights that do not fit), with the reason. */
  readonly refused: readonly (OperatingChoice & { readonly why: string })[];
  load(key: string): Float32Array;
}

/** Costs every choice of one network in one format: placement, weak cells, controller and energy, but no inference. */
export async function costChoices(
  network: string,
  { network: trained }: StoredNetwork,
  format: WeightFormat,
  axes: CostedAxes,
  inputs: CostingInputs,
): Promise<Costing> {
  const { device, profile, images, berLimit, occupied, seed } = inputs;
  const inferences = Math.min(inputs.inferences, images.count);
  const stored = storeWeights(trained, { format, ecc: 'none' }, device, inputs.kept);
  const { layout } = stored;
  const fetches = fetchesOf(inputs.workload, stored, inputs.accelerator, images, inferences, seed);
  const windows = createDramWindows(device, layout, fetches);
  const chips = Array.from({ length: inputs.chips }, (_, i) =>
    createChip(profile, device, { seed, chip: i + 1, model: errorModel(0) }),
  );
  const choices: CostedChoice[] = [];
  const refused: (OperatingChoice & { why: string })[] = [];
  const recipes = new Map<string, () => Float32Array>();
  for (const timing of axes.timings)
    for (const supply of axes.supplies) {
      const cycles = await resolveTiming(device, supply, timing);
      const cells = errorSupply(device, profile, supply, timing);
      for (const mapping of axes.mappings)
        for (const repair of axes.repairs) {
          const choice = { network, format, repair, supply, mapping, timing };
          const hold = (chip: (typeof chips)[number]) =>
            holdWeights(stored, device, chip, { supply: cells, mapping, berLimit, occupied, repair });
          try {
            const costs = chips.map((chip) => {
              const { placement, weights } = hold(chip);
              const key = sha256(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength));
              if (!recipes.has(key)) recipes.set(key, () => hold(chip).weights);
              const row = dramColumns(device, windows.run(placement, cycles), { supply, law: 'quadratic' });
              return { key, energy: row.dram_energy_total_nJ as number, time: row.time_ns as number };
            });
            choices.push({
              ...choice,
              energy_nJ: mean(costs.map(({ energy }) => energy / inferences)),
              latency_ns: mean(costs.map(({ time }) => time / inferences)),
              loaded: costs.map(({ key }) => key),
            });
          } catch (error) {
            if (!(error instanceof InputError)) throw error;
            refused.push({ ...choice, why: error.message });
          }
        }
    }
  return { choices, refused, load: (key) => recipes.get(key)!() };
}
