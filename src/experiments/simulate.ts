import { sliceImages } from '../datasets/dataset.ts';
import { InputError } from '../errors/input-error.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { networkName, readAnyNetwork } from '../inputs/read-network.ts';
import { createInputRecorder, type Remark } from '../inputs/recorder.ts';
import { SIMULATE, type SimulateInput, type SimulateJob } from '../settings/jobs/simulate.ts';
import { completeJob } from '../settings/parse-job.ts';
import { requireTimeline } from '../settings/timeline.ts';
import { inputCount } from '../snn/network.ts';
import { marksOf, scoreMarks } from '../sparkxd/accuracy.ts';
import { requireRecordable } from '../sparkxd/memory-rules.ts';
import { mean } from '../stats/moments.ts';
import { refuseLayeredSettings } from './layers/layered-job.ts';
import { overTimeRows, requirePersistence, writeOverTime } from './over-time.ts';
import { type OpenSimulation, openSimulation } from './simulate/open-simulation.ts';
import { simulateImages } from './simulate/simulate-images.ts';
import { simulateLayers } from './simulate/simulate-layers.ts';
import { type SimulateOutcome, sourcesOfRun } from './simulate/simulate-outcome.ts';
import { simulationRow } from './simulate/simulation-row.ts';

/**
 * Inference on an accelerator whose weights come from DRAM, both in one loop: accuracy with the chip's errors, time and
 * energy of both sides. Throws InputError for input that cannot serve.
 */
export async function runSimulate(
  input: SimulateInput,
  onImage: (done: number) => void = () => {},
  remark?: Remark,
): Promise<SimulateOutcome> {
  const job = completeJob(SIMULATE, input);
  if (job.record !== undefined) requireRecordable(job.mapping);
  requirePersistence(job);
  requireTimeline(job.timeline, job.timelineWindow);
  const recorder = createInputRecorder(remark);
  const accelerator = await loadAccelerator(job.accelerator, recorder.models);
  const stored = await readAnyNetwork(job.weights, recorder.note);
  if (stored.kind === 'layered') return simulateLayers(job, accelerator, stored, recorder, onImage);
  refuseLayeredSettings(job, stored.file);
  if (job.layerSchedule !== undefined)
    throw new InputError('--layer-schedule is of layered networks: this one has one layer', {
      place: { file: stored.file },
      remedy: 'leave out --layer-schedule',
    });
  return simulateMatrix(job, await openSimulation(job, accelerator, stored, recorder), onImage);
}

/** Of a Diehl & Cook network. */
async function simulateMatrix(
  job: SimulateJob,
  simulation: OpenSimulation,
  onImage: (done: number) => void,
): Promise<SimulateOutcome> {
  const { stored, dataset, memory, held, supply, plan, system, accelerator } = simulation;
  const images = await simulateImages(simulation, onImage);
  const { predictions, flipped, batches, batchesAlone, loads, activity } = images;

  const { device } = memory;
  const marks = marksOf(predictions, sliceImages(dataset.test, 0, job.images));
  const { sources, alone } = sourcesOfRun({
    ...{ job, device, supply, plan, joined: simulation, activity, batches, batchesAlone },
  });
  const row = simulationRow({
    ...{ job, memory, held, supply, plan, system, accelerator, activity, batches, loads, sources },
    words: {
      network: networkName(stored),
      dataset: dataset.name,
      format: job.format,
      vote: job.vote,
    },
    prunedInputs: inputCount(stored.network) - memory.stored.inputs.length,
    ...(alone && { alone }),
    accuracy: scoreMarks(marks),
    flippedBits: mean(flipped),
  });
  const overTime =
    job.draw === 'persistent' && simulation.cells.uncertain
      ? overTimeRows({ marks, wrongBits: flipped }, job.rewriteEvery, row)
      : undefined;
  if (job.overTime !== undefined) await writeOverTime(job.overTime, overTime!);
  return {
    row,
    sources,
    ...simulation.watch?.end(system, activity.cycles),
    ...(simulation.hash && { hash: simulation.hash.digest() }),
    ...(overTime && { over_time: overTime }),
  };
}
