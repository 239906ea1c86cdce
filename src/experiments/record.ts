import { bufferRows } from '../accelerator/buffer-rows.ts';
import { requireImages } from '../datasets/first-images.ts';
import { createOrderedMapping } from '../dram/address-mapping.ts';
import { createTurn } from '../files/turn.ts';
import { bytesPerBurst } from '../hardware/device.ts';
import { openMemory } from '../inputs/open-memory.ts';
import { readInference } from '../inputs/read-inference.ts';
import { createInputRecorder, type Remark } from '../inputs/recorder.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { createTraceFile } from '../inputs/trace-files.ts';
import { weightReads } from '../mapping/requests.ts';
import { weightRowRuns } from '../mapping/weight-rows.ts';
import { RECORD, type RecordInput } from '../settings/jobs/record.ts';
import { completeJob } from '../settings/parse-job.ts';
import { weightBits } from '../snn/weight-format.ts';
import { ADDRESS_ORDER } from '../sparkxd/dram-windows.ts';
import { fetchesOf } from '../sparkxd/inference-traffic.ts';
import { requireRecordable } from '../sparkxd/memory-rules.ts';
import { emptyRun } from '../trace/access-run.ts';
import { type Recording, recordingMap, recordingMetadata } from './recording/recording-metadata.ts';

export interface RecordOutcome {
  readonly inferences: number;
  readonly accesses: number;
  readonly bytes: number;
}

/** Runs that are written between two looks at the clock. */
const RUNS_A_TURN = 1024;

/**
 * Records the reads of real inference with the weights mapped as the job says, as fast as accepted: the trace that
 * `replay` takes to other voltages, devices and timings. Throws InputError for input that cannot serve.
 */
export async function runRecord(input: RecordInput, remark?: Remark): Promise<RecordOutcome> {
  const job = completeJob(RECORD, input);
  requireRecordable(job.mapping);
  const recorder = createInputRecorder(remark);
  const { accelerator, stored, dataset } = await readInference(job, recorder);
  requireImages(dataset.test, job.images, `test images of ${dataset.name}`);
  const memory = await openMemory({ ...job, repair: 'none' }, stored, recorder, async () => dataset);

  const { device } = memory;
  await timingAt(device, job.supply, job, recorder.models);
  const { organisation } = device;
  const burst = bytesPerBurst(organisation);
  const addresses = createOrderedMapping(organisation, ADDRESS_ORDER);
  const placement = memory.place(memory.at(job.chip, job.supply, job.mapping));
  const runs = weightRowRuns(memory.stored.layout, placement, organisation, addresses);
  const fetches = fetchesOf(job.workload, memory.stored, accelerator, dataset.test, job.images, job.seed);
  const reads = weightReads(fetches, runs, burst);

  const recording: Recording = {
    stored,
    dataset,
    accelerator,
    bufferRows: bufferRows(accelerator, stored.network.neurons, weightBits(job.format)),
    memory,
    runs,
    supply: job.supply,
    vote: job.vote,
    job,
  };
  const trace = createTraceFile(job.out, recordingMetadata(recording), recordingMap(recording));
  const request = { address: 0, bursts: 0, write: false, arrival: 0 };
  const run = emptyRun();
  const turn = createTurn();
  let accesses = 0;
  try {
    for (let taken = 0; reads.next(request); taken++) {
      if (taken % RUNS_A_TURN === 0) await turn();
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
