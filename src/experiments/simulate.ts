import type { System } from '../accelerator/system.ts';
import { sliceImages } from '../datasets/dataset.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import { networkName } from '../inputs/read-network.ts';
import type { Remark } from '../inputs/recorder.ts';
import type { ActivityRow, OverTimeRow, SimulateRow, SourceRow, WaitRow } from '../results/tables.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import { SIMULATE, type SimulateInput } from '../settings/jobs/simulate.ts';
import { completeJob } from '../settings/parse-job.ts';
import { requireTimeline } from '../settings/timeline.ts';
import { marksOf, scoreMarks } from '../sparkxd/accuracy.ts';
import { requireRecordable } from '../sparkxd/memory-rules.ts';
import { mean } from '../stats/moments.ts';
import { overTimeRows, requirePersistence, writeOverTime } from './over-time.ts';
import { openSimulation } from './simulate/open-simulation.ts';
import { simulateImages } from './simulate/simulate-images.ts';
import type { SimulatedBatch } from './simulate/simulated-system.ts';
import { simulationRow } from './simulate/simulation-row.ts';
import { sourceNames, sourceRows } from './simulate/source-rows.ts';

export interface SimulateOutcome {
  readonly row: SimulateRow;
  /** Who asked the memory, and what none of them has alone. */
  readonly sources: readonly SourceRow[];
  /** What sources and cores did over time, and for whom each core waited, where the job gives a window (`activityWindow`). */
  readonly activity?: readonly ActivityRow[];
  readonly waits?: readonly WaitRow[];
  /** Of all DRAM commands, if the job wants it; `replay --hash` gives the same for the recording. */
  readonly hash?: string;
  /** By the inferences since the weights were written, where flips persist and are not certain. */
  readonly over_time?: readonly OverTimeRow[];
}

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
  const simulation = await openSimulation(job, remark);
  const { stored, dataset, memory, held, supply, plan, system, alone, accelerator, names } = simulation;
  const images = await simulateImages(simulation, onImage);
  const { predictions, flipped, batches, batchesAlone, loads, activity } = images;

  const { device } = memory;
  const options = { supply, law: job.law, model: job.energyModel, io: dataPinsOf(job, device) };
  const sourcesOf = (
    of: System,
    named: readonly string[],
    done: readonly SimulatedBatch[],
    did: ChannelActivity,
  ): SourceRow[] =>
    sourceRows({
      ...{ system: of, names: named, device, activity: did, options },
      timings: done.map(({ timing }) => timing),
    });
  const marks = marksOf(predictions, sliceImages(dataset.test, 0, job.images));
  const sources = sourcesOf(system, names, batches, activity);
  const row = simulationRow({
    ...{ job, memory, held, supply, plan, system, accelerator, activity, batches, loads, sources },
    network: networkName(stored),
    dataset: dataset.name,
    ...(alone && {
      alone: {
        batches: batchesAlone,
        sources: sourcesOf(alone, sourceNames(plan, [], job.load), batchesAlone, alone.finish()),
      },
    }),
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
