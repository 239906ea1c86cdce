import type { Workload } from '../accelerator/workload.ts';
import { requireImages } from '../datasets/first-images.ts';
import { createOrderedMapping } from '../dram/address-mapping.ts';
import { subarrayBer } from '../faults/subarray-ber.ts';
import { bytesPerBurst } from '../hardware/device.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { openChip } from '../inputs/open-chip.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { createTraceFile } from '../inputs/trace-files.ts';
import { type MappingPolicy, placeWeights, policyOf } from '../mapping/policy.ts';
import { weightReads } from '../mapping/requests.ts';
import { weightRowRuns } from '../mapping/weight-rows.ts';
import { ADDRESS_ORDER } from '../sparkxd/dram-windows.ts';
import { fetchesOf } from '../sparkxd/inference-traffic.ts';
import { placementRequest } from '../sparkxd/placing.ts';
import { storeWeights } from '../sparkxd/stored-weights.ts';
import { emptyRun } from '../trace/access-run.ts';
import type { Volts } from '../units/flavours.ts';
import { recordingMetadata } from './recording-metadata.ts';
import { requireSameSize } from './run-evaluation.ts';

/** What `sparkxd record` is asked for. */
export interface RecordJob {
  readonly weights: string;
  readonly dataset: string;
  readonly device: string;
  readonly accelerator: string;
  readonly workload: Workload;
  /** Test images whose inference is recorded. */
  readonly images: number;
  readonly mapping: MappingPolicy;
  /** The chip and supply whose errors the mapping avoids. */
  readonly profile: string;
  readonly supply: Volts;
  readonly chip: number;
  readonly berLimit: number;
  /** Share of the subarrays that other data holds. */
  readonly occupied: number;
  readonly seed: number;
  readonly out: string;
}

export interface RecordOutcome {
  readonly inferences: number;
  readonly accesses: number;
  readonly bytes: number;
}

/**
 * Records the reads of real inference with the weights mapped as asked, as fast as accepted: the trace that
 * `replay` takes to other voltages, devices and timings. Throws InputError for input that cannot serve.
 */
export async function runRecord(job: RecordJob): Promise<RecordOutcome> {
  const [device, accelerator, stored, dataset] = await Promise.all([
    loadDevice(job.device, modelFiles),
    loadAccelerator(job.accelerator, modelFiles),
    readNetwork(job.weights),
    readDataset(job.dataset),
  ]);
  requireSameSize(stored, dataset);
  requireImages(dataset.test, job.images, `test images of ${dataset.name}`);

  const { network } = stored;
  const { organisation } = device;
  const burst = bytesPerBurst(organisation);
  const inDram = storeWeights(network, { format: 'fp32', ecc: 'none' }, device);
  const { layout } = inDram;
  const placement = placeWeights(job.mapping, placementRequest(inDram, organisation, await berOf(job), job));
  const runs = weightRowRuns(
    layout,
    placement,
    organisation,
    createOrderedMapping(organisation, ADDRESS_ORDER),
  );
  const fetches = fetchesOf(job.workload, inDram, accelerator, dataset.test, job.images, job.seed);
  const reads = weightReads(fetches, runs, burst);

  const trace = createTraceFile(job.out, recordingMetadata(network, dataset, device, accelerator, job));
  const request = { address: 0, bursts: 0, write: false, arrival: 0 };
  const run = emptyRun();
  let accesses = 0;
  try {
    while (reads.next(request)) {
      run.address = request.address;
      run.bytes = request.bursts * burst;
      trace.append(run);
      accesses += request.bursts;
    }
    trace.end();
  } catch (error) {
    trace.abandon();
    throw error;
  }
  return { inferences: job.images, accesses, bytes: accesses * burst };
}

/** Error rates of the subarrays; none where the mapping does not ask, so that a device without a profile serves. */
async function berOf(job: RecordJob): Promise<Float64Array> {
  if (!policyOf(job.mapping).needsErrorRates) return new Float64Array(0);
  const { chip } = await openChip({ ...job, model: 0, modelOptions: {} });
  return subarrayBer(chip, job.supply);
}
