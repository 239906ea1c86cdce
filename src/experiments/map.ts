import { streamFetches } from '../accelerator/workload.ts';
import { DEFAULT_CONTROLLER } from '../dram/controller-options.ts';
import { pinsLabel } from '../energy/io.ts';
import { bankLevels, bankOfSubarray } from '../hardware/bank-index.ts';
import type { Placement } from '../hardware/placement.ts';
import {
  type OpenLayeredMemory,
  type OpenMemory,
  openLayeredMemory,
  openMemory,
} from '../inputs/open-memory.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readAnyNetwork } from '../inputs/read-network.ts';
import { createInputRecorder, type InputRecorder, type Remark } from '../inputs/recorder.ts';
import { remarkDoubt } from '../inputs/remark-doubt.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { placedBytes } from '../mapping/placed-bytes.ts';
import { subarrayUse } from '../mapping/subarray-use.ts';
import { type DramCells, dramCells } from '../results/dram-columns.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import { MAP, type MapInput, type MapJob } from '../settings/jobs/map.ts';
import { completeJob } from '../settings/parse-job.ts';
import { weightTensors } from '../snn/layers/layered-network.ts';
import { createDramWindows } from '../sparkxd/dram-windows.ts';
import { expectedBer } from '../sparkxd/held-weights.ts';
import { requireLimitUse } from '../sparkxd/memory-rules.ts';
import { dramRows, type PlacedTensorRow, placedTensors } from '../sparkxd/placed-tensors.ts';
import { mean } from '../stats/moments.ts';

/** Where the weights go and how good that place is. */
export interface MapOutcome {
  readonly weightBytes: number;
  readonly paddedBytes: number;
  readonly dramRows: number;
  readonly banks: number;
  readonly subarrays: number;
  readonly safeSubarrays: number;
  readonly allSubarrays: number;
  /** Subarrays that hold weights and are above the limit. */
  readonly subarraysAboveLimit: number;
  /** Safe subarrays that are left: they hold neither weights nor other data. */
  readonly safeSubarraysLeft: number;
  /** Bytes that the loader must know beside the data to undo the policy's order of bits. */
  readonly sideBytes: number;
  /** Expected bit error rates: of the whole chip, and of the places of the weights (their mean, and the worst). */
  readonly ber_chip: number;
  readonly ber_placed: number;
  readonly ber_worst_placed: number;
  /** What the energies hold of the data pins (`pinsLabel`). */
  readonly data_pins: string;
  /** What one inference costs that fetches every weight once, through the controller. */
  readonly traffic: MapTraffic;
  /** The same with the baseline mapping at the same supply. */
  readonly baselineTraffic: MapTraffic;
  /** Where each tensor of a layered network lies. */
  readonly tensors?: readonly PlacedTensorRow[];
}

/** One inference's cells of results, under the names that all results have. */
export type MapTraffic = Pick<
  DramCells,
  'row_hits' | 'row_misses' | 'row_conflicts' | 'cycles' | 'bandwidth_GBps'
> & { readonly dram_energy_per_inference_nJ: number };

/**
 * Places a network's weights on one chip at one supply; `remark` gets what is assumed of the inputs. Throws InputError when they do not fit.
 */
export async function runMap(input: MapInput, remark?: Remark): Promise<MapOutcome> {
  const job = completeJob(MAP, input);
  const recorder = createInputRecorder(remark);
  const network = await readAnyNetwork(job.weights, recorder.note);
  const choice = { ...job, repair: 'none', needsCurrents: true } as const;
  if (network.kind === 'layered') {
    const layers = await openLayeredMemory(choice, weightTensors(network.network), recorder);
    return mapLayers(job, layers, recorder);
  }
  const dataset = () => readDataset(job.dataset);
  return mapPlaced(job, await openMemory(choice, network, recorder, dataset), recorder);
}

/**
 * The same for the tensors of a layered network, which `openLayeredMemory` has stored: with `tensors` one row for each of them.
 * Throws InputError when they do not fit.
 */
export async function mapLayers(
  job: MapJob,
  memory: OpenLayeredMemory,
  recorder: InputRecorder,
): Promise<MapOutcome> {
  requireLimitUse(job.tensorLimits, [job.mapping]);
  const outcome = await mapPlaced(job, memory, recorder);
  const place = memory.at(job.chip, job.supply, job.mapping);
  const subarrayBer = memory.errorRates(memory.chip(job.chip), job.supply);
  const request = { ...memory.request(place), subarrayBer };
  const placement = memory.place(place);
  return {
    ...outcome,
    dramRows: dramRows(placement, memory.device.organisation),
    tensors: placedTensors(memory.stored, placement, memory.device, request),
  };
}

async function mapPlaced(
  job: MapJob,
  memory: OpenMemory | OpenLayeredMemory,
  { models, remark }: InputRecorder,
): Promise<MapOutcome> {
  const { device, stored } = memory;
  remarkDoubt(device, remark);
  const { organisation } = device;
  const io = dataPinsOf(job, device);
  const { layout } = stored;
  const place = memory.at(job.chip, job.supply, job.mapping);
  const ber = memory.errorRates(memory.chip(job.chip), job.supply);
  const placement = memory.place(place);
  const windows = createDramWindows(device, layout, [streamFetches(layout.rows)], DEFAULT_CONTROLLER);
  const timing = await timingAt(device, job.supply, job, models);
  const trafficOf = (where: Placement): MapTraffic => {
    const window = windows.run(where, timing);
    const cells = dramCells(device, window, {
      supply: job.supply,
      law: 'quadratic',
      model: job.energyModel,
      io,
    });
    const { row_hits, row_misses, row_conflicts, cycles, bandwidth_GBps } = cells;
    const energy = cells.dram_energy_total_nJ;
    return {
      row_hits,
      row_misses,
      row_conflicts,
      cycles,
      dram_energy_per_inference_nJ: energy,
      bandwidth_GBps,
    };
  };

  const used = [...placedBytes(placement, organisation).keys()];
  const use = subarrayUse(
    placement,
    { ...memory.request(place), subarrayBer: ber },
    memory.limits(job.mapping),
  );
  const levels = bankLevels(organisation);
  return {
    weightBytes: layout.parts.reduce((sum, { rows, rowBytes }) => sum + rows * rowBytes, 0),
    paddedBytes: layout.imageBytes,
    dramRows: placement.stretches,
    banks: new Set(used.map((subarray) => bankOfSubarray(levels, subarray))).size,
    subarrays: used.length,
    safeSubarrays: use.safe,
    allSubarrays: ber.length,
    subarraysAboveLimit: use.aboveLimit,
    safeSubarraysLeft: use.safeLeft,
    sideBytes: Math.ceil(memory.bitLayout(place, placement).sideBits / 8),
    ber_chip: mean(ber),
    ber_placed: expectedBer(placement, device, ber),
    ber_worst_placed: Math.max(...used.map((subarray) => ber[subarray]!)),
    data_pins: pinsLabel(io),
    traffic: trafficOf(placement),
    baselineTraffic: trafficOf(memory.place({ ...place, mapping: 'baseline' })),
  };
}
