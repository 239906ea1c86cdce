import { scheduleOfBatch } from '../../accelerator/schedule.ts';
import { createTurn } from '../../files/turn.ts';
import type { ChannelActivity } from '../../hardware/activity.ts';
import { copyOfSpikes } from '../../snn/encoder.ts';
import { createInput } from '../../snn/infer.ts';
import { createClassifier } from '../../snn/vote.ts';
import { createRowSpikes } from '../../sparkxd/row-spikes.ts';
import { requireResponses } from '../../weights/network-file.ts';
import type { OpenSimulation } from './open-simulation.ts';
import { runBatch, type SimulatedBatch, type SimulatedLoad } from './simulated-system.ts';

/** What became of the images of a simulation. */
export interface SimulatedImages {
  /** By image: the class, and the wrong bits of the rows that were fetched for it. */
  readonly predictions: Uint8Array;
  readonly flipped: readonly number[];
  readonly batches: readonly SimulatedBatch[];
  readonly batchesAlone: readonly SimulatedBatch[];
  readonly loads: readonly SimulatedLoad[];
  /** Of the memory over all that was simulated. */
  readonly activity: ChannelActivity;
}

/** Runs all images through a simulation, and ends its files; they are given up where it fails. */
export async function simulateImages(
  simulation: OpenSimulation,
  onImage: (done: number) => void,
): Promise<SimulatedImages> {
  const { job, accelerator, stored, dataset, memory, plan, system, alone, followed } = simulation;
  const { inference, cells, wrong, recording, timeline, watch } = simulation;
  const { layout } = memory.stored;
  const spikesOf = createInput(stored.network, dataset.test, job.seed);
  const rowSpikes = createRowSpikes(memory.stored);
  const classify = createClassifier(requireResponses(stored.network, stored.file), job.vote);
  const predictions = new Uint8Array(job.images);
  const flipped: number[] = [];
  const batches: SimulatedBatch[] = [];
  const batchesAlone: SimulatedBatch[] = [];
  const loads: SimulatedLoad[] = [];
  const load = (): void => {
    loads.push(system.load());
    watch?.settle(system);
    alone?.load();
  };
  try {
    if (job.load) load();
    const turn = createTurn();
    for (let image = 0; image < job.images; image += job.batch) {
      // All that an inference requests has arrived when it ends: no read of it is served after the rewriting.
      if (job.rewriteEvery !== undefined && image > 0 && image % job.rewriteEvery === 0) {
        cells.rewrites.count++;
        if (job.load) load();
      }
      const images = Math.min(job.batch, job.images - image);
      const together = Array.from({ length: images }, (_, i) => {
        const spikes = rowSpikes(spikesOf(image + i));
        return images === 1 ? spikes : copyOfSpikes(spikes);
      });
      const schedule = scheduleOfBatch(job.workload, layout.rows, together);
      batches.push(await runBatch(system, plan, schedule, job.format, accelerator, turn));
      watch?.settle(system);
      if (alone) batchesAlone.push(await runBatch(alone, plan, schedule, job.format, accelerator, turn));
      for (const [i, spikes] of together.entries()) {
        const { counts, flippedBits } = inference.respond(spikes);
        predictions[image + i] = classify(counts);
        flipped.push(followed ? flippedBits : wrong.bits / images);
        onImage(1);
      }
      wrong.bits = 0;
      cells.watched?.reads.keepLatest();
      await turn();
    }
    const activity = system.finish();
    recording?.end();
    timeline?.end(activity.cycles);
    return { predictions, flipped, batches, batchesAlone, loads, activity };
  } catch (error) {
    recording?.abandon();
    timeline?.abandon();
    throw error;
  } finally {
    simulation.traffic.close();
  }
}
