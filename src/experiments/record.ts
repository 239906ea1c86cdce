import { bufferRows } from '../accelerator/buffer-rows.ts';
import { requireImages } from '../datasets/first-images.ts';
import { requireSameSize } from '../datasets/same-size.ts';
import { createOrderedMapping } from '../dram/address-mapping.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { openMemory } from '../inputs/open-memory.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readAnyNetwork } from '../inputs/read-network.ts';
import { createInputRecorder, type Remark } from '../inputs/recorder.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { createTraceFile } from '../inputs/trace-files.ts';
import { weightRowRuns } from '../mapping/weight-rows.ts';
import { RECORD, type RecordInput } from '../settings/jobs/record.ts';
import { completeJob } from '../settings/parse-job.ts';
import { weightBits } from '../snn/weight-format.ts';
import { ADDRESS_ORDER } from '../sparkxd/dram-windows.ts';
import { fetchesOf } from '../sparkxd/inference-traffic.ts';
import { requireRecordable } from '../sparkxd/memory-rules.ts';
import { refuseLayeredSettings } from './layers/layered-job.ts';
import { type RecordedAccesses, recordLayers } from './layers/record-layers.ts';
import { type Recording, recordingMap, recordingMetadata } from './recording/recording-metadata.ts';
import { writeFetches } from './recording/write-fetches.ts';

export type RecordOutcome = RecordedAccesses;

/**
 * Records the reads of real inference with the weights mapped as the job says, as fast as accepted: the trace that
 * `replay` takes to other voltages, devices and timings. Throws InputError for input that cannot serve.
 */
export async function runRecord(input: RecordInput, remark?: Remark): Promise<RecordOutcome> {
  const job = completeJob(RECORD, input);
  requireRecordable(job.mapping);
  const recorder = createInputRecorder(remark);
  const accelerator = await loadAccelerator(job.accelerator, recorder.models);
  const stored = await readAnyNetwork(job.weights, recorder.note);
  if (stored.kind === 'layered') return recordLayers(job, stored, accelerator, recorder);
  refuseLayeredSettings(job, stored.file);
  const dataset = await readDataset(job.dataset);
  requireSameSize(stored, dataset);
  requireImages(dataset.test, job.images, `test images of ${dataset.name}`);
  const memory = await openMemory({ ...job, repair: 'none' }, stored, recorder, async () => dataset);

  const { device } = memory;
  await timingAt(device, job.supply, job, recorder.models);
  const { organisation } = device;
  const addresses = createOrderedMapping(organisation, ADDRESS_ORDER);
  const placement = memory.place(memory.at(job.chip, job.supply, job.mapping));
  const runs = weightRowRuns(memory.stored.layout, placement, organisation, addresses);
  const fetches = fetchesOf(job.workload, memory.stored, accelerator, dataset.test, job.images, job.seed);

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
  return { inferences: job.images, ...(await writeFetches(trace, fetches, runs, organisation)) };
}
