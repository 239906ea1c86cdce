import { loadAccelerator } from '../../hardware/load-accelerator.ts';
import { openLayers } from '../../inputs/open-layers.ts';
import { openLayeredMemory } from '../../inputs/open-memory.ts';
import { networkName, type StoredLayers } from '../../inputs/read-network.ts';
import type { InputRecorder } from '../../inputs/recorder.ts';
import type { RunJob } from '../../settings/jobs/run.ts';
import { weightTensors } from '../../snn/layers/layered-network.ts';
import { layerFetches } from '../../sparkxd/layered-fetches.ts';
import { requireLimitUse } from '../../sparkxd/memory-rules.ts';
import type { StoredTensors } from '../../sparkxd/stored-tensors.ts';
import { classifyLayers } from '../accuracy/classify-held.ts';
import { checkDevice, type RunSubject } from '../run-inputs.ts';
import { remarkEvents } from './layered-job.ts';

/** The subject of a run of a layered network. Throws InputError for input that cannot serve. */
export async function layersSubject(
  job: RunJob,
  stored: StoredLayers,
  recorder: InputRecorder,
): Promise<RunSubject<StoredTensors, readonly Float32Array[]>> {
  const accelerator = await loadAccelerator(job.accelerator, recorder.models);
  const open = await openLayers(job, stored, recorder);
  const { runnable, samples, dataset } = open;
  remarkEvents(open, samples, recorder.remark);
  requireLimitUse(job.tensorLimits, job.mappings);
  const tensors = weightTensors(stored.network);
  const memory = await openLayeredMemory({ ...job, needsCurrents: true }, tensors, recorder);
  await checkDevice(job, memory.device, recorder);
  const sound = tensors.map(({ weights }) => weights);
  return {
    network: networkName(stored),
    dataset,
    vote: runnable.presentation.readout,
    images: samples.set.count,
    memory,
    prunedInputs: 0,
    recorder,
    // Which rows hidden layers ask for follows from their spikes: those of the weights as trained.
    fetches: (weights, inferences) =>
      layerFetches(job.workload, weights, accelerator, { runnable, samples, seed: job.seed }, inferences),
    classify: (held, known, threads, monitor) =>
      classifyLayers(sound, held, { runnable, samples, seed: job.seed }, known, threads, monitor),
  };
}
