import { planSystem } from '../accelerator/build-system.ts';
import type { CoreLog } from '../accelerator/core.ts';
import type { PortMemory } from '../accelerator/dram-port.ts';
import { cutIntoPieces } from '../accelerator/row-pieces.ts';
import { scheduleOfBatch } from '../accelerator/schedule.ts';
import { createSystem, type System, type SystemShape } from '../accelerator/system.ts';
import { sliceImages } from '../datasets/dataset.ts';
import { requireImages } from '../datasets/first-images.ts';
import { createOrderedMapping } from '../dram/address-mapping.ts';
import { createCommandHash } from '../dram/command-hash.ts';
import type { CoreObserver } from '../dram/core/open-core.ts';
import { bothObservers } from '../dram/replay.ts';
import { kilohertzOf } from '../engine/clock-crossing.ts';
import { createTurn } from '../files/turn.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import { openMemory } from '../inputs/open-memory.ts';
import { openTraffic } from '../inputs/open-traffic.ts';
import { readInference } from '../inputs/read-inference.ts';
import { networkName } from '../inputs/read-network.ts';
import { createInputRecorder, type Remark } from '../inputs/recorder.ts';
import { remarkDoubt } from '../inputs/remark-doubt.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { policyOf } from '../mapping/policy.ts';
import { weightRowRuns } from '../mapping/weight-rows.ts';
import type { ActivityRow, OverTimeRow, SimulateRow, SourceRow, WaitRow } from '../results/tables.ts';
import { activityWindow } from '../settings/activity.ts';
import { controllerOptions } from '../settings/controller-settings.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import { SIMULATE, type SimulateInput } from '../settings/jobs/simulate.ts';
import { completeJob } from '../settings/parse-job.ts';
import { requireTimeline } from '../settings/timeline.ts';
import { copyOfSpikes } from '../snn/encoder.ts';
import { createInput } from '../snn/infer.ts';
import { createClassifier } from '../snn/vote.ts';
import { weightBits } from '../snn/weight-format.ts';
import { marksOf, scoreMarks } from '../sparkxd/accuracy.ts';
import { ADDRESS_ORDER } from '../sparkxd/dram-windows.ts';
import { createFetchedInference } from '../sparkxd/fetched-inference.ts';
import { requireRecordable } from '../sparkxd/memory-rules.ts';
import { drawnCells, uncertainCells, watchCells } from '../sparkxd/read-draws.ts';
import { createRowSpikes } from '../sparkxd/row-spikes.ts';
import { mean } from '../stats/moments.ts';
import { requireResponses } from '../weights/network-file.ts';
import { overTimeRows, remarkPersistence, requirePersistence, writeOverTime } from './over-time.ts';
import type { Recording } from './recording/recording-metadata.ts';
import { openRecording } from './simulate/open-recording.ts';
import { openTimeline } from './simulate/open-timeline.ts';
import { runBatch, type SimulatedBatch, type SimulatedLoad } from './simulate/simulated-system.ts';
import { simulationRow } from './simulate/simulation-row.ts';
import { sourceNames, sourceRows } from './simulate/source-rows.ts';
import { isFollowed, requireSystem } from './simulate/system-rules.ts';
import { watchActivity } from './simulate/watch-activity.ts';

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
  const window = activityWindow(job.activityWindow);
  const recorder = createInputRecorder(remark);
  const { accelerator, stored, dataset } = await readInference(job, recorder);
  requireImages(dataset.test, job.images, `test images of ${dataset.name}`);
  const { network } = stored;
  const choice = { ...job, modelOptions: { flipCharged: job.flipProbability } };
  const memory = await openMemory(choice, stored, recorder, async () => dataset);
  const { device } = memory;
  dataPinsOf(job, device);
  remarkDoubt(device, remark);
  const { organisation } = device;
  const supply = job.supply ?? device.supply.nominal;
  const timing = await timingAt(device, supply, job, recorder.models);

  const { layout, inputs } = memory.stored;
  const place = memory.at(job.chip, supply, job.mapping);
  const held = memory.hold(place);
  const weak = memory.cells(place, held.placement);
  const uncertain = uncertainCells(weak).length > 0;
  remarkPersistence(job, uncertain, remark);
  const { rewriteEvery } = job;
  let rewrites = 0;
  // Draws at activation follow the commands; where every cell flips for certain, nothing is drawn.
  const watched =
    job.draw === 'read' || !uncertain
      ? undefined
      : watchCells(
          weak,
          held.placement,
          organisation,
          rewriteEvery === undefined ? undefined : () => rewrites,
        );
  const { cells, draw } = drawnCells(weak, job.draw, watched);
  const reads = memory.reads(cells, uncertain, draw);
  const addresses = createOrderedMapping(organisation, ADDRESS_ORDER);
  const runs = weightRowRuns(layout, held.placement, organisation, addresses);
  const hash = job.hash ? createCommandHash() : undefined;
  // Check bits are fetched, but what the buffer holds is corrected weights.
  const bitsPerWeight = weightBits(job.format);
  const dramClock = kilohertzOf(device.clock);
  const inOrder = job.ecc === 'none' && policyOf(job.mapping).bitLayout === 'rows';
  const plan = planSystem(
    accelerator,
    { neurons: network.neurons, bitsPerWeight, runs, inOrder },
    dramClock,
    organisation,
    addresses,
    job.cores,
  );
  requireSystem(accelerator, plan, job, uncertain);
  const followed = isFollowed(plan, job.batch);
  const inference = createFetchedInference(
    { ...network, weights: held.weights },
    reads,
    inputs,
    job.workload,
  );
  const spikesOf = createInput(network, dataset.test, job.seed);
  const rowSpikes = createRowSpikes(memory.stored);
  const classify = createClassifier(requireResponses(network, stored.file), job.vote);
  const predictions = new Uint8Array(job.images);
  const batches: SimulatedBatch[] = [];
  const loads: SimulatedLoad[] = [];
  const flipped: number[] = [];

  const recording: Recording = {
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
  };
  const recorded = openRecording(job.record, recording);
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
  let wrongBits = 0;
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
  const names = sourceNames(plan, job.traffic ?? [], shape.loader !== undefined);
  const watch = window === undefined ? undefined : watchActivity(window, plan, device, timing, names);
  const port: PortMemory = {
    organisation,
    timing,
    options: controllerOptions(job.controller),
    ...(accelerator.system ? { arbiter: accelerator.system.memoryArbiter } : {}),
  };
  const observers = [watched?.reads.observer, timeline?.observer];
  const system = createSystem(
    { ...shape, traffic: traffic.flows },
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
        else if (core === 0 || plan.shape.store.shared) wrongBits += reads.flippedBits(row, 0);
        recorded?.fetched(core, row, cycle, item);
      },
      ...(timeline || watch ? { core: (core) => bothLogs(timeline?.core(core), watch?.core(core)) } : {}),
    },
  );
  // The same without the traffic, which shows what that costs.
  const alone = traffic.flows.length === 0 ? undefined : createSystem(shape, dramClock, port);
  const batchesAlone: SimulatedBatch[] = [];
  let activity: ChannelActivity;
  try {
    const load = (): void => {
      loads.push(system.load());
      watch?.settle(system);
      alone?.load();
    };
    if (job.load) load();
    const turn = createTurn();
    for (let image = 0; image < job.images; image += job.batch) {
      // All that an inference requests has arrived when it ends: no read of it is served after the rewriting.
      if (rewriteEvery !== undefined && image > 0 && image % rewriteEvery === 0) {
        rewrites++;
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
        flipped.push(followed ? flippedBits : wrongBits / images);
        onImage(1);
      }
      wrongBits = 0;
      watched?.reads.keepLatest();
      await turn();
    }
    activity = system.finish();
    recorded?.end();
    timeline?.end(activity.cycles);
  } catch (error) {
    recorded?.abandon();
    timeline?.abandon();
    throw error;
  } finally {
    traffic.close();
  }
  const sourcesOf = (
    of: System,
    named: readonly string[],
    done: readonly SimulatedBatch[],
    did: ChannelActivity,
  ): SourceRow[] =>
    sourceRows({
      system: of,
      names: named,
      timings: done.map(({ timing }) => timing),
      device,
      activity: did,
      options: { supply, law: job.law, model: job.energyModel, io: dataPinsOf(job, device) },
    });
  const sources = sourcesOf(system, names, batches, activity);

  const marks = marksOf(predictions, sliceImages(dataset.test, 0, job.images));
  const row = simulationRow({
    job,
    network: networkName(stored),
    dataset: dataset.name,
    memory,
    held,
    supply,
    plan,
    system,
    accelerator,
    activity,
    batches,
    loads,
    sources,
    ...(alone
      ? {
          alone: {
            batches: batchesAlone,
            sources: sourcesOf(
              alone,
              sourceNames(plan, [], shape.loader !== undefined),
              batchesAlone,
              alone.finish(),
            ),
          },
        }
      : {}),
    accuracy: scoreMarks(marks),
    flippedBits: mean(flipped),
  });
  const overTime =
    job.draw === 'persistent' && uncertain
      ? overTimeRows({ marks, wrongBits: flipped }, rewriteEvery, row)
      : undefined;
  if (job.overTime !== undefined) await writeOverTime(job.overTime, overTime!);
  return {
    row,
    sources,
    ...watch?.end(system, activity.cycles),
    ...(hash && { hash: hash.digest() }),
    ...(overTime && { over_time: overTime }),
  };
}

/** The log of a core that two want to hear. */
function bothLogs(a: CoreLog | undefined, b: CoreLog | undefined): CoreLog {
  return (kind, from, to, row) => {
    a?.(kind, from, to, row);
    b?.(kind, from, to, row);
  };
}
