import { type LayerPlan, planLayers } from '../../accelerator/build-layers.ts';
import { type LayerOrder, layerOrder } from '../../accelerator/layer-order.ts';
import { pipelineOf, sequenceOf } from '../../accelerator/layer-schedule.ts';
import type { Schedule } from '../../accelerator/schedule.ts';
import { createOrderedMapping } from '../../dram/address-mapping.ts';
import { kilohertzOf } from '../../engine/clock-crossing.ts';
import { InputError } from '../../errors/input-error.ts';
import { createTurn } from '../../files/turn.ts';
import type { Accelerator } from '../../hardware/accelerator.ts';
import { type OpenLayers, openLayers } from '../../inputs/open-layers.ts';
import { type OpenLayeredMemory, openLayeredMemory } from '../../inputs/open-memory.ts';
import { networkName, type StoredLayers } from '../../inputs/read-network.ts';
import type { InputRecorder } from '../../inputs/recorder.ts';
import { remarkDoubt } from '../../inputs/remark-doubt.ts';
import { timingAt } from '../../inputs/timing-at.ts';
import { policyOf } from '../../mapping/policy.ts';
import { weightRowRuns } from '../../mapping/weight-rows.ts';
import { dataPinsOf } from '../../settings/data-pins.ts';
import type { SimulateJob } from '../../settings/jobs/simulate.ts';
import { formatInWords } from '../../settings/tensor-settings.ts';
import { weightTensors } from '../../snn/layers/layered-network.ts';
import { weightBits } from '../../snn/weight-format.ts';
import { marksOf, scoreMarks } from '../../sparkxd/accuracy.ts';
import { ADDRESS_ORDER } from '../../sparkxd/dram-windows.ts';
import type { HeldWeights } from '../../sparkxd/held-weights.ts';
import { createLayerReads, type LayerReads } from '../../sparkxd/layer-reads.ts';
import { createSampleInput } from '../../sparkxd/layered-samples.ts';
import { requireLimitUse } from '../../sparkxd/memory-rules.ts';
import { uncertainCells } from '../../sparkxd/read-draws.ts';
import { mean } from '../../stats/moments.ts';
import { remarkEvents } from '../layers/layered-job.ts';
import { type LayeredRecording, layeredMap, layeredMetadata } from '../layers/layered-recording.ts';
import { remarkPersistence } from '../over-time.ts';
import { type JoinedSystem, joinSystem } from './join-system.ts';
import { chipEnergyOfLayers, type SimulatedTensor } from './layer-energy.ts';
import { beginRecording } from './open-recording.ts';
import { type SimulateOutcome, sourcesOfRun } from './simulate-outcome.ts';
import { runSchedule, type SimulatedBatch, type SimulatedLoad } from './simulated-system.ts';
import { simulationRow } from './simulation-row.ts';
import { requireSystem } from './system-rules.ts';

/**
 * `sparkxd simulate` of a layered network: the rows that the spikes of its layers ask for, with the weights as the chip gives them back. Throws
 * InputError for input that cannot serve.
 */
export async function simulateLayers(
  job: SimulateJob,
  accelerator: Accelerator,
  stored: StoredLayers,
  recorder: InputRecorder,
  onImage: (done: number) => void,
): Promise<SimulateOutcome> {
  const order = layerOrder(stored.network);
  requireSimulated(job, order, stored.file);
  const open = await openLayers({ ...job, split: 'test' }, stored, recorder);
  remarkEvents(open, open.samples, recorder.remark);
  const choice = { ...job, modelOptions: { flipCharged: job.flipProbability } };
  const memory = await openLayeredMemory(choice, weightTensors(stored.network), recorder);
  const { device } = memory;
  dataPinsOf(job, device);
  remarkDoubt(device, recorder.remark);
  const { organisation } = device;
  const supply = job.supply ?? device.supply.nominal;
  const timing = await timingAt(device, supply, job, recorder.models);
  const place = memory.at(job.chip, supply, job.mapping);
  const held = memory.hold(place);
  const cells = memory.cells(place, held.placement);
  requireCertain(uncertainCells(cells).length > 0);
  remarkPersistence(job, false, recorder.remark);
  const reads = memory.under({ repair: 'none' }).reads(cells, false);

  const addresses = createOrderedMapping(organisation, ADDRESS_ORDER);
  const runs = weightRowRuns(memory.stored.layout, held.placement, organisation, addresses);
  const tensors = tensorsOf(memory, open);
  const plan = planLayers(
    accelerator,
    {
      order,
      tensors,
      runs,
      inOrder: job.ecc === 'none' && policyOf(job.mapping).bitLayout === 'rows',
    },
    job.layerSchedule ?? 'sequence',
    kilohertzOf(device.clock),
    organisation,
    addresses,
    job.cores,
  );
  requireSystem(accelerator, plan, job, false);
  requireRecorded(job, held, open);

  const reading = { repair: job.repair, flipProbability: job.flipProbability };
  const recorded: LayeredRecording = { open, accelerator, memory, runs, supply, job, reading };
  const recording =
    job.record === undefined
      ? undefined
      : beginRecording(job.record, device, runs, layeredMetadata(recorded), layeredMap(recorded));
  const eachOwn = plan.stages !== undefined || plan.shape.store.shared;
  const tensorOfRow = rowTensors(tensors);
  const fetched = plan.shape.cores.map(() => new Uint32Array(tensors.length));
  const wrong = { bits: 0 };
  const joined = await joinSystem({
    ...{ job, accelerator, device, timing, addresses, runs, plan, remark: recorder.remark },
    network: networkName(stored),
    fetched(core, row, cycle, item) {
      fetched[core]![tensorOfRow[row]!]!++;
      // In sequence, cores with buffers of their own fetch their parts of the same rows.
      if (core === 0 || eachOwn) wrong.bits += reads.flippedBits(row, 0);
      recording?.fetched(core, row, cycle, item);
    },
  });

  const { samples, runnable } = open;
  const input = createSampleInput(runnable, samples, job.seed);
  const answer = createLayerReads(runnable, held.weights);
  const predictions = new Uint16Array(job.images);
  const flipped: number[] = [];
  const batches: SimulatedBatch[] = [];
  const batchesAlone: SimulatedBatch[] = [];
  const loads: SimulatedLoad[] = [];
  const load = (): void => {
    loads.push(joined.system.load());
    joined.watch?.settle(joined.system);
    joined.alone?.load();
  };
  try {
    if (job.load) load();
    const turn = createTurn();
    for (let image = 0; image < job.images; image++) {
      if (job.load && job.rewriteEvery !== undefined && image > 0 && image % job.rewriteEvery === 0) load();
      const inference = answer(input(image));
      predictions[image] = inference.response.class;
      const schedules = schedulesOf(job, plan, order, tensors, inference);
      batches.push(await run(joined.system, schedules));
      joined.watch?.settle(joined.system);
      if (joined.alone) batchesAlone.push(await run(joined.alone, schedules));
      for (const counts of fetched) counts.fill(0);
      flipped.push(wrong.bits);
      wrong.bits = 0;
      onImage(1);
      await turn();
    }

    async function run(
      system: JoinedSystem['system'],
      schedules: readonly Schedule[],
    ): Promise<SimulatedBatch> {
      const timing = await runSchedule(system, schedules, turn);
      const { latency } = timing;
      const done = { schedules, fetches: fetched, latency };
      return {
        images: 1,
        items: (plan.stages ? schedules : schedules.slice(0, 1)).reduce(
          (sum, { rows }) => sum + rows.length,
          0,
        ),
        timing,
        energy: chipEnergyOfLayers(plan, tensors, done, accelerator),
      };
    }
    const activity = joined.system.finish();
    recording?.end();
    joined.timeline?.end(activity.cycles);
    const { sources, alone } = sourcesOfRun({
      ...{ job, device, supply, plan, joined, activity, batches, batchesAlone },
    });
    const marks = marksOf(predictions, samples.set);
    const row = simulationRow({
      ...{ job, memory, held, supply, plan, accelerator, activity, batches, loads, sources },
      system: joined.system,
      layerSchedule: job.layerSchedule ?? 'sequence',
      words: {
        network: networkName(stored),
        dataset: open.dataset,
        format: formatInWords(job),
        vote: runnable.presentation.readout,
      },
      prunedInputs: 0,
      ...(alone && { alone }),
      accuracy: scoreMarks(marks),
      flippedBits: mean(flipped),
    });
    return {
      row,
      sources,
      ...joined.watch?.end(joined.system, activity.cycles),
      ...(joined.hash && { hash: joined.hash.digest() }),
    };
  } catch (error) {
    recording?.abandon();
    joined.timeline?.abandon();
    throw error;
  } finally {
    joined.traffic.close();
  }
}

/** A schedule a core. */
function schedulesOf(
  { workload }: SimulateJob,
  { stages, shape }: LayerPlan,
  order: LayerOrder,
  tensors: readonly SimulatedTensor[],
  inference: LayerReads,
): readonly Schedule[] {
  if (stages) return pipelineOf(stages, tensors, inference);
  const schedule = sequenceOf(workload, order, tensors, inference);
  return shape.cores.map(() => schedule);
}

/** The tensors of a network as the memory stores them. */
function tensorsOf({ stored }: OpenLayeredMemory, { runnable }: OpenLayers): SimulatedTensor[] {
  const { network } = runnable;
  return weightTensors(network).map(({ name, layer, columns }, k): SimulatedTensor => {
    const { part, coding } = stored.tensors[k]!;
    return {
      name,
      columns,
      firstRow: part.firstRow,
      rows: part.rows,
      format: coding.format,
      bitsPerWeight: weightBits(coding.format),
      dense: network.layers[layer]!.kind === 'dense',
    };
  });
}

/** The tensor of each row. */
const rowTensors = (tensors: readonly SimulatedTensor[]): Uint16Array =>
  Uint16Array.from(tensors.flatMap(({ rows }, tensor) => new Array<number>(rows).fill(tensor)));

/** Throws InputError for what layered networks are not simulated with. */
function requireSimulated(job: SimulateJob, { recurrent }: LayerOrder, file: string): void {
  requireLimitUse(job.tensorLimits, [job.mapping]);
  const refuse = (what: string, remedy: string): InputError =>
    new InputError(what, { place: { file }, remedy });
  if (job.batch > 1)
    throw refuse('--batch is of networks of one layer, whose input spikes say all rows', 'leave out --batch');
  if (job.workload === 'event') return;
  if (job.layerSchedule === 'pipeline')
    throw refuse(
      'in the workload stream a layer adds each of its rows once, for all time steps: the next layer can begin only then, and a pipeline is none',
      'choose --workload event, or --layer-schedule sequence',
    );
  if (recurrent)
    throw refuse(
      'in the workload stream a layer adds each of its rows once, for all time steps, but this network hears its own spikes a step later',
      'choose --workload event',
    );
}

/** Throws InputError where reads differ: the spikes of a layer would depend on each, and with them what is read next. */
function requireCertain(uncertain: boolean): void {
  if (!uncertain) return;
  throw new InputError(
    'flips that each read draws anew change the hidden spikes of layers, and with them the rows that are read next',
    { remedy: 'give --flip-probability 1 and an error model whose cells flip for certain (0, 1 or 2)' },
  );
}

/** Throws InputError for a recording whose rows the memory map would not tell: those of spikes of the network as trained. */
function requireRecorded(
  { record, workload }: SimulateJob,
  { weights }: HeldWeights<readonly Float32Array[]>,
  { runnable }: OpenLayers,
): void {
  if (record === undefined || workload === 'stream') return;
  const trained = weightTensors(runnable.network);
  if (trained.every((tensor, k) => tensor.weights.every((weight, i) => Object.is(weight, weights[k]![i]))))
    return;
  throw new InputError(
    'the weights as read are not those that were trained: hidden spikes ask for other rows, and a recording says the rows of the network as trained',
    {
      remedy:
        'give --record with --workload stream, or at a supply without errors and in fp32; `record` has the rows of the network as trained',
    },
  );
}
