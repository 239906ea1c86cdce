import { planSystem } from '../../accelerator/build-system.ts';
import { requireImages } from '../../datasets/first-images.ts';
import { requireSameSize } from '../../datasets/same-size.ts';
import { createOrderedMapping } from '../../dram/address-mapping.ts';
import { kilohertzOf } from '../../engine/clock-crossing.ts';
import type { Accelerator } from '../../hardware/accelerator.ts';
import { openMemory } from '../../inputs/open-memory.ts';
import { readDataset } from '../../inputs/read-dataset.ts';
import { networkName, type StoredNetwork } from '../../inputs/read-network.ts';
import type { InputRecorder } from '../../inputs/recorder.ts';
import { remarkDoubt } from '../../inputs/remark-doubt.ts';
import { timingAt } from '../../inputs/timing-at.ts';
import { policyOf } from '../../mapping/policy.ts';
import { uniformRowRuns } from '../../mapping/weight-rows.ts';
import { dataPinsOf } from '../../settings/data-pins.ts';
import type { SimulateJob } from '../../settings/jobs/simulate.ts';
import { weightBits } from '../../snn/weight-format.ts';
import { ADDRESS_ORDER } from '../../sparkxd/dram-windows.ts';
import { createFetchedInference } from '../../sparkxd/fetched-inference.ts';
import { drawnCells, uncertainCells, watchCells } from '../../sparkxd/read-draws.ts';
import { remarkPersistence } from '../over-time.ts';
import { joinSystem } from './join-system.ts';
import { openRecording } from './open-recording.ts';
import { isFollowed, requireSystem } from './system-rules.ts';

/** All that a simulation needs, before the first image. */
export type OpenSimulation = Awaited<ReturnType<typeof openSimulation>>;

/**
 * Opens the inputs of a simulation, places the weights, and builds the system with all that watches it; the last thing that may
 * refuse the job. Throws InputError for input that cannot serve.
 */
export async function openSimulation(
  job: SimulateJob,
  accelerator: Accelerator,
  stored: StoredNetwork,
  recorder: InputRecorder,
) {
  const { remark } = recorder;
  const dataset = await readDataset(job.dataset);
  requireSameSize(stored, dataset);
  requireImages(dataset.test, job.images, `test images of ${dataset.name}`);
  const { network } = stored;
  const choice = { ...job, modelOptions: { flipCharged: job.flipProbability } };
  const memory = await openMemory(choice, stored, recorder, async () => dataset);
  const { device, stored: inMemory } = memory;
  dataPinsOf(job, device);
  remarkDoubt(device, remark);
  const { organisation } = device;
  const supply = job.supply ?? device.supply.nominal;
  const timing = await timingAt(device, supply, job, recorder.models);
  const place = memory.at(job.chip, supply, job.mapping);
  const held = memory.hold(place);
  const cells = openCells();
  const reads = memory.reads(cells.cells, cells.uncertain, cells.draw);
  const addresses = createOrderedMapping(organisation, ADDRESS_ORDER);
  const runs = uniformRowRuns(inMemory.layout, held.placement, organisation, addresses);
  const dramClock = kilohertzOf(device.clock);
  const plan = planSystem(
    accelerator,
    {
      neurons: network.neurons,
      // Check bits are fetched, but what the buffer holds is corrected weights.
      bitsPerWeight: weightBits(job.format),
      runs,
      inOrder: job.ecc === 'none' && policyOf(job.mapping).bitLayout === 'rows',
    },
    dramClock,
    organisation,
    addresses,
    job.cores,
  );
  requireSystem(accelerator, plan, job, cells.uncertain);
  const followed = isFollowed(plan, job.batch);
  const inference = createFetchedInference(
    { ...network, weights: held.weights },
    reads,
    inMemory.inputs,
    job.workload,
  );

  const recording = openRecording(job.record, {
    stored,
    dataset,
    accelerator,
    bufferRows: plan.shape.store.capacity,
    memory,
    runs,
    supply,
    vote: job.vote,
    job,
    reading: { repair: job.repair, flipProbability: job.flipProbability },
  });
  /** Wrong bits of the rows that a batch has fetched, where they are not followed read by read. */
  const wrong = { bits: 0 };
  const joined = await joinSystem({
    ...{ job, accelerator, device, timing, addresses, runs, plan, remark: recorder.remark },
    network: networkName(stored),
    fetched(core, row, cycle, item) {
      if (followed) inference.fetch(item);
      // Cores with buffers of their own fetch their parts of the same rows.
      else if (core === 0 || plan.shape.store.shared) wrong.bits += reads.flippedBits(row, 0);
      recording?.fetched(core, row, cycle, item);
    },
    observer: cells.watched?.reads.observer,
  });

  /** The weak cells of the placed weights, and how those draw that do not flip for certain. */
  function openCells() {
    const { placement } = held;
    const weak = memory.cells(place, placement);
    const uncertain = uncertainCells(weak).length > 0;
    remarkPersistence(job, uncertain, remark);
    /** How often the weights have been written anew. */
    const rewrites = { count: 0 };
    // Draws at activation follow the commands; where every cell flips for certain, nothing is drawn.
    const watched =
      job.draw === 'read' || !uncertain
        ? undefined
        : watchCells(
            weak,
            placement,
            organisation,
            job.rewriteEvery === undefined ? undefined : () => rewrites.count,
          );
    return { ...drawnCells(weak, job.draw, watched), uncertain, rewrites, watched };
  }

  return {
    ...joined,
    ...{ job, accelerator, stored, dataset, memory, held, supply, plan, followed },
    ...{ inference, cells, wrong, recording },
  };
}
