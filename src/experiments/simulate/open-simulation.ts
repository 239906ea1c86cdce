import { planSystem, weightsOfSources } from '../../accelerator/build-system.ts';
import type { CoreLog } from '../../accelerator/core.ts';
import type { PortMemory } from '../../accelerator/dram-port.ts';
import { cutIntoPieces } from '../../accelerator/row-pieces.ts';
import { createSystem, type SystemShape } from '../../accelerator/system.ts';
import { requireImages } from '../../datasets/first-images.ts';
import { createOrderedMapping } from '../../dram/address-mapping.ts';
import { createCommandHash } from '../../dram/command-hash.ts';
import type { CoreObserver } from '../../dram/core/open-core.ts';
import { bothObservers } from '../../dram/replay.ts';
import { kilohertzOf } from '../../engine/clock-crossing.ts';
import { EQUAL_WEIGHTS } from '../../hardware/accelerator.ts';
import { openMemory } from '../../inputs/open-memory.ts';
import { openTraffic } from '../../inputs/open-traffic.ts';
import { readInference } from '../../inputs/read-inference.ts';
import { networkName } from '../../inputs/read-network.ts';
import { createInputRecorder, type Remark } from '../../inputs/recorder.ts';
import { remarkDoubt } from '../../inputs/remark-doubt.ts';
import { timingAt } from '../../inputs/timing-at.ts';
import { policyOf } from '../../mapping/policy.ts';
import { uniformRowRuns } from '../../mapping/weight-rows.ts';
import { activityWindow } from '../../settings/activity.ts';
import { controllerOptions } from '../../settings/controller-settings.ts';
import { dataPinsOf } from '../../settings/data-pins.ts';
import type { SimulateJob } from '../../settings/jobs/simulate.ts';
import { weightBits } from '../../snn/weight-format.ts';
import { ADDRESS_ORDER } from '../../sparkxd/dram-windows.ts';
import { createFetchedInference } from '../../sparkxd/fetched-inference.ts';
import { drawnCells, uncertainCells, watchCells } from '../../sparkxd/read-draws.ts';
import { remarkPersistence } from '../over-time.ts';
import { openRecording } from './open-recording.ts';
import { openTimeline } from './open-timeline.ts';
import { sourceNames } from './source-rows.ts';
import { isFollowed, requireSystem } from './system-rules.ts';
import { watchActivity } from './watch-activity.ts';

/** All that a simulation needs, before the first image. */
export type OpenSimulation = Awaited<ReturnType<typeof openSimulation>>;

/**
 * Opens the inputs of a simulation, places the weights, and builds the system with all that watches it; the last thing that may
 * refuse the job. Throws InputError for input that cannot serve.
 */
export async function openSimulation(job: SimulateJob, remark?: Remark) {
  const window = activityWindow(job.activityWindow);
  const recorder = createInputRecorder(remark);
  const { accelerator, stored, dataset } = await readInference(job, recorder);
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
  const timeline = openTimeline(job, plan, device, timing, {
    network: networkName(stored),
    accelerator: accelerator.name,
    device: device.name,
  });
  const traffic = await openTraffic(
    job.traffic ?? [],
    { device, timing, mapping: addresses, runs, seed: job.seed },
    recorder.remark,
  );
  /** Wrong bits of the rows that a batch has fetched, where they are not followed read by read. */
  const wrong = { bits: 0 };
  const hash = job.hash ? createCommandHash() : undefined;
  const names = sourceNames(plan, job.traffic ?? [], job.load);
  const watch = window === undefined ? undefined : watchActivity(window, plan, device, timing, names);

  const shape: SystemShape = {
    ...plan.shape,
    ...(job.load
      ? {
          loader: {
            pieces: cutIntoPieces(runs, organisation, addresses),
            outstanding: accelerator.timing.outstanding,
          },
        }
      : {}),
  };
  const weights = (flows: number): number[] =>
    weightsOfSources(accelerator.system?.memoryWeights ?? EQUAL_WEIGHTS, plan.shape.cores.length, flows);
  const port: PortMemory = {
    organisation,
    timing,
    options: controllerOptions(job.controller),
    ...(accelerator.system ? { arbiter: accelerator.system.memoryArbiter } : {}),
  };
  const observers = [cells.watched?.reads.observer, timeline?.observer];
  const system = createSystem(
    { ...shape, traffic: traffic.flows, weights: weights(traffic.flows.length) },
    dramClock,
    {
      ...port,
      ...(hash ? { log: hash.log } : {}),
      ...(watch ? { transferred: watch.transferred } : {}),
      observer: (channel) =>
        observers.reduce<CoreObserver | undefined>(
          (all, one) => bothObservers(all, one?.(channel)),
          undefined,
        ),
    },
    {
      fetched(core, row, cycle, item) {
        if (followed) inference.fetch(item);
        // Cores with buffers of their own fetch their parts of the same rows.
        else if (core === 0 || plan.shape.store.shared) wrong.bits += reads.flippedBits(row, 0);
        recording?.fetched(core, row, cycle, item);
      },
      ...(timeline || watch ? { core: (core) => bothLogs(timeline?.core(core), watch?.core(core)) } : {}),
    },
  );
  /** The same without the traffic, which shows what that costs. */
  const alone =
    traffic.flows.length === 0 ? undefined : createSystem({ ...shape, weights: weights(0) }, dramClock, port);

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
    ...{ job, accelerator, stored, dataset, memory, held, supply, plan, system, alone, names, followed },
    ...{ inference, cells, wrong, traffic, recording, timeline, watch, hash },
  };
}

/** The log of a core that two want to hear. */
function bothLogs(a: CoreLog | undefined, b: CoreLog | undefined): CoreLog {
  return (kind, from, to, row) => {
    a?.(kind, from, to, row);
    b?.(kind, from, to, row);
  };
}
