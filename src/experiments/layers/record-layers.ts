import { createOrderedMapping } from '../../dram/address-mapping.ts';
import type { Accelerator } from '../../hardware/accelerator.ts';
import { openLayers } from '../../inputs/open-layers.ts';
import { openLayeredMemory } from '../../inputs/open-memory.ts';
import type { StoredLayers } from '../../inputs/read-network.ts';
import type { InputRecorder } from '../../inputs/recorder.ts';
import { timingAt } from '../../inputs/timing-at.ts';
import { createTraceFile } from '../../inputs/trace-files.ts';
import { weightRowRuns } from '../../mapping/weight-rows.ts';
import type { RecordJob } from '../../settings/jobs/record.ts';
import { weightTensors } from '../../snn/layers/layered-network.ts';
import { ADDRESS_ORDER } from '../../sparkxd/dram-windows.ts';
import { createLayerReads } from '../../sparkxd/layer-reads.ts';
import { createLayerFetches } from '../../sparkxd/layer-traffic.ts';
import { createSampleInput } from '../../sparkxd/layered-samples.ts';
import { requireLimitUse } from '../../sparkxd/memory-rules.ts';
import { writeFetches } from '../recording/write-fetches.ts';
import { remarkEvents } from './layered-job.ts';
import { type LayeredRecording, layeredMap, layeredMetadata } from './layered-recording.ts';

/** What a recorded trace holds. */
export interface RecordedAccesses {
  readonly inferences: number;
  readonly accesses: number;
  readonly bytes: number;
}

/**
 * `sparkxd record` of a layered network: the reads of the network as trained, whose spikes ask for the rows of the workload `event`. Throws
 * InputError for input that cannot serve.
 */
export async function recordLayers(
  job: RecordJob,
  stored: StoredLayers,
  accelerator: Accelerator,
  recorder: InputRecorder,
): Promise<RecordedAccesses> {
  requireLimitUse(job.tensorLimits, [job.mapping]);
  const open = await openLayers({ ...job, split: 'test' }, stored, recorder);
  const { runnable, samples } = open;
  remarkEvents(open, samples, recorder.remark);
  const memory = await openLayeredMemory({ ...job, repair: 'none' }, weightTensors(stored.network), recorder);
  const { device } = memory;
  await timingAt(device, job.supply, job, recorder.models);
  const { organisation } = device;
  const addresses = createOrderedMapping(organisation, ADDRESS_ORDER);
  const placement = memory.place(memory.at(job.chip, job.supply, job.mapping));
  const runs = weightRowRuns(memory.stored.layout, placement, organisation, addresses);
  const recording: LayeredRecording = { open, accelerator, memory, runs, supply: job.supply, job };

  const input = createSampleInput(runnable, samples, job.seed);
  const fetches = createLayerFetches(job.workload, memory.stored, accelerator);
  const reads = createLayerReads(runnable);
  const rowsOf = (sample: number): Uint32Array =>
    fetches(job.workload === 'stream' ? [] : reads(input(sample)).tensors);
  const trace = createTraceFile(job.out, layeredMetadata(recording), layeredMap(recording));
  const accesses = await writeFetches(trace, fetchesOf(job.images, rowsOf), runs, organisation);
  return { inferences: job.images, ...accesses };
}

function* fetchesOf(inferences: number, rowsOf: (sample: number) => Uint32Array): Iterable<Uint32Array> {
  for (let sample = 0; sample < inferences; sample++) yield rowsOf(sample);
}
