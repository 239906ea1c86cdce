import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import { writeWhole } from '../../files/write-file.ts';
import { bytesPerBurst } from '../../hardware/device.ts';
import { loadDevice } from '../../hardware/load-device.ts';
import { openLayers } from '../../inputs/open-layers.ts';
import { openLayeredMemory } from '../../inputs/open-memory.ts';
import type { StoredLayers } from '../../inputs/read-network.ts';
import { createInputRecorder, type InputRecorder } from '../../inputs/recorder.ts';
import type { EvaluateRow } from '../../results/tables.ts';
import type { EvaluateJob } from '../../settings/jobs/evaluate.ts';
import { type LayeredNetwork, weightTensors } from '../../snn/layers/layered-network.ts';
import { scorePredictions } from '../../sparkxd/accuracy.ts';
import { curveInUse } from '../../sparkxd/curve-use.ts';
import { layeredErrors } from '../../sparkxd/layered-damage.ts';
import { createEvaluationPool } from '../accuracy/evaluate-pool.ts';
import type { PhaseMonitor } from '../monitor.ts';
import { refuseFlags, remarkEvents } from './layered-job.ts';
import { recordSpikes } from './spike-record.ts';

/** Weights as loaded, and what was wrong with them in memory. */
type Damaged = Pick<
  EvaluateRow,
  'flipped_bits' | 'ber_observed' | 'ber_chip' | 'ber_placed' | 'module' | 'latency_curve'
> & { readonly weights: readonly Float32Array[] };

/** `sparkxd evaluate` of a layered network. Throws InputError for input that cannot serve. */
export async function evaluateLayers(
  job: EvaluateJob,
  stored: StoredLayers,
  threads: number,
  monitor: PhaseMonitor,
): Promise<EvaluateRow> {
  const { file, network } = stored;
  refuseFlags(
    [
      ...(job.relabel ? ['--relabel'] : []),
      ...(job.adapt === undefined ? [] : ['--adapt']),
      ...(job.optimiseThreshold === undefined ? [] : ['--optimise-threshold']),
    ],
    'of Diehl & Cook networks, whose neurons are labelled after training: a layered network has its classes as outputs',
    file,
  );
  if (job.spikes !== undefined && !job.spikes.toLowerCase().endsWith('.npz'))
    throw new InputError(`${quoted(job.spikes)} does not end in .npz, as which --spikes is written`, {
      remedy: 'name it .npz',
    });
  const recorder = createInputRecorder(monitor.remark);
  const open = await openLayers(job, stored, recorder);
  const { runnable, samples } = open;
  remarkEvents(open, samples, recorder.remark);
  const { weights, ...errors } =
    job.supply === undefined
      ? await flippedAnywhere(network, job, recorder)
      : await readFromChip(network, { ...job, supply: job.supply }, recorder);
  if (job.spikes !== undefined)
    await writeWhole(job.spikes, recordSpikes(runnable, weights, samples, job.seed, job.spikes));
  const pool = await createEvaluationPool(threads);
  try {
    monitor.begin('evaluating', samples.set.count);
    const [predicted] = await pool.predictLayers(runnable, [weights], samples, job.seed, monitor.advance);
    const { accuracy, low, high, images, correct } = scorePredictions(predicted!, samples.set);
    return {
      split: job.split,
      vote: runnable.presentation.readout,
      accuracy,
      accuracy_low: low,
      accuracy_high: high,
      images,
      correct,
      ...errors,
    };
  } finally {
    await pool.close();
  }
}

async function flippedAnywhere(
  network: LayeredNetwork,
  job: EvaluateJob,
  recorder: InputRecorder,
): Promise<Damaged> {
  const { organisation } = await loadDevice(job.device, recorder.models);
  const tensors = weightTensors(network);
  const errors = layeredErrors(tensors, { ...job, burstBytes: bytesPerBurst(organisation) });
  const { weights, flippedBits, storedBits } = errors(
    tensors.map(() => job.ber),
    job.seed,
  );
  return { weights, flipped_bits: flippedBits, ber_observed: flippedBits / storedBits };
}

async function readFromChip(
  network: LayeredNetwork,
  job: EvaluateJob & { readonly supply: number },
  recorder: InputRecorder,
): Promise<Damaged> {
  const memory = await openLayeredMemory(job, weightTensors(network), recorder);
  const held = memory.hold(memory.at(job.chip, job.supply, job.mapping));
  const { timing } = job;
  return {
    weights: held.weights,
    flipped_bits: held.flippedBits,
    ber_chip: held.berChip,
    ber_placed: held.berPlaced,
    ber_observed: held.berObserved,
    module: memory.module(job.chip),
    latency_curve: curveInUse(memory.device, { timing, latencies: false, profile: memory.profile }),
  };
}
