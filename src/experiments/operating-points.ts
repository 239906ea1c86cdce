import type { ImageSet } from '../datasets/dataset.ts';
import { InputError } from '../errors/input-error.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { ModelSource } from '../hardware/model-source.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import type { OpenMemory } from '../inputs/open-memory.ts';
import { timingAt } from '../inputs/timing-at.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import { dramCells } from '../results/dram-columns.ts';
import { controllerOptions } from '../settings/controller-settings.ts';
import { type DATA_PINS, dataPinsOf } from '../settings/data-pins.ts';
import type { OptimiseJob } from '../settings/jobs/optimise.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import { createDramWindows } from '../sparkxd/dram-windows.ts';
import { fetchesOf } from '../sparkxd/inference-traffic.ts';
import type { RunRepair } from '../sparkxd/repair-on-load.ts';
import { mean } from '../stats/moments.ts';
import type { Volts } from '../units/flavours.ts';
import { weightsKey } from './accuracy/classify-held.ts';

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
  /** Bit error rates: expected over the chip and where the weights lie, and observed in the weights. */
  readonly berChip: number;
  readonly berPlaced: number;
  readonly berObserved: number;
  /** Key of the weights as each chip gives them back; choices that share one classify alike. */
  readonly loaded: readonly string[];
}

/** The axes of one network and format. */
export interface CostedAxes {
  readonly supplies: readonly Volts[];
  readonly mappings: readonly MappingPolicy[];
  readonly repairs: readonly RunRepair[];
  readonly timings: readonly TimingMode[];
}

/** What costing is done with: the network in its memory, and the traffic of its inferences. */
export interface CostingInputs {
  readonly memory: OpenMemory;
  readonly chips: number;
  readonly accelerator: Accelerator;
  readonly images: ImageSet;
  readonly job: Pick<
    OptimiseJob,
    | 'inferences'
    | 'workload'
    | 'law'
    | 'energyModel'
    | keyof typeof DATA_PINS
    | 'seed'
    | 'controller'
    | 'temperature'
  >;
  readonly models: ModelSource;
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
  format: WeightFormat,
  axes: CostedAxes,
  { memory, chips, accelerator, images, job, models }: CostingInputs,
): Promise<Costing> {
  const { device, stored } = memory;
  const io = dataPinsOf(job, device);
  const inferences = Math.min(job.inferences, images.count);
  const fetches = fetchesOf(job.workload, stored, accelerator, images, inferences, job.seed);
  const windows = createDramWindows(device, stored.layout, fetches, controllerOptions(job.controller));
  const choices: CostedChoice[] = [];
  const refused: (OperatingChoice & { why: string })[] = [];
  const recipes = new Map<string, () => Float32Array>();
  for (const timing of axes.timings)
    for (const supply of axes.supplies) {
      const cycles = await timingAt(device, supply, { timing, temperature: job.temperature }, models);
      for (const mapping of axes.mappings)
        for (const repair of axes.repairs) {
          const choice = { network, format, repair, supply, mapping, timing };
          const own = memory.under({ timing, repair });
          try {
            const costs = Array.from({ length: memory.measured ? 1 : chips }, (_, i) => {
              const place = memory.at(i + 1, supply, mapping);
              const held = own.hold(place);
              const key = weightsKey(held.weights);
              if (!recipes.has(key)) recipes.set(key, () => own.hold(place).weights);
              const cells = dramCells(device, windows.run(held.placement, cycles), {
                supply,
                law: job.law,
                model: job.energyModel,
                io,
              });
              const { berChip, berPlaced, berObserved } = held;
              const rates = { berChip, berPlaced, berObserved };
              return { key, rates, energy: cells.dram_energy_total_nJ, time: cells.time_ns };
            });
            choices.push({
              ...choice,
              energy_nJ: mean(costs.map(({ energy }) => energy / inferences)),
              latency_ns: mean(costs.map(({ time }) => time / inferences)),
              berChip: mean(costs.map(({ rates }) => rates.berChip)),
              berPlaced: mean(costs.map(({ rates }) => rates.berPlaced)),
              berObserved: mean(costs.map(({ rates }) => rates.berObserved)),
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
