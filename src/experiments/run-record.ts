import type { Workload } from '../accelerator/workload.ts';
import { createOrderedMapping } from '../dram/address-mapping.ts';
import { InputError } from '../errors/input-error.ts';
import { bytesPerBurst } from '../hardware/device.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { placeWeights } from '../mapping/policy.ts';
import { weightReads } from '../mapping/requests.ts';
import { layoutWeights } from '../mapping/weight-image.ts';
import { weightRowRuns } from '../mapping/weight-rows.ts';
import { inputCount } from '../snn/network.ts';
import { fetchesOf } from '../sparkxd/inference-traffic.ts';
import { emptyRun } from '../trace/access-run.ts';
import { ADDRESS_ORDER } from './dram-window.ts';
import { modelFiles } from './model-files.ts';
import { readDataset } from './read-dataset.ts';
import { readNetwork } from './read-network.ts';
import { requireSameSize } from './run-evaluation.ts';
import { createTraceFile } from './trace-files.ts';

/** What `sparkxd record` is asked for. */
export interface RecordJob {
  readonly weights: string;
  readonly dataset: string;
  readonly device: string;
  readonly accelerator: string;
  readonly workload: Workload;
  /** Test images whose inference is recorded. */
  readonly images: number;
  readonly seed: number;
  readonly out: string;
}

export interface RecordOutcome {
  readonly inferences: number;
  readonly accesses: number;
  readonly bytes: number;
}

/**
 * Records the reads of real inference with the weights in the baseline mapping, as fast as accepted: the trace that
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
  if (job.images > dataset.test.count)
    throw new InputError(
      `${job.images} images are asked for, the test images of ${dataset.name} are ${dataset.test.count}`,
    );

  const { network } = stored;
  const { organisation } = device;
  const burst = bytesPerBurst(organisation);
  const layout = layoutWeights(inputCount(network), network.neurons, 32, burst);
  const placement = placeWeights('baseline', {
    imageBytes: layout.imageBytes,
    organisation,
    subarrayBer: new Float64Array(0),
    berLimit: 0,
  });
  const runs = weightRowRuns(
    layout,
    placement,
    organisation,
    createOrderedMapping(organisation, ADDRESS_ORDER),
  );
  const fetches = fetchesOf(job.workload, network, layout, accelerator, dataset.test, job.images, job.seed);
  const reads = weightReads(fetches, runs, burst);

  const trace = createTraceFile(job.out, {
    network: `n${network.neurons}-${dataset.name}`,
    dataset: dataset.name,
    workload: job.workload,
    inferences: job.images,
    device: device.name,
    accelerator: accelerator.name,
    mapping: 'baseline',
    seed: job.seed,
  });
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
