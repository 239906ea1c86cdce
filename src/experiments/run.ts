import type { Dataset } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import type { ReplayResult } from '../dram/replay.ts';
import { type PricedTraffic, savingRange } from '../energy/saving-range.ts';
import { InputError } from '../errors/input-error.ts';
import { createTurn } from '../files/turn.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import { type OpenMemory, openMemory } from '../inputs/open-memory.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readInference } from '../inputs/read-inference.ts';
import { networkName, type StoredNetwork } from '../inputs/read-network.ts';
import { createInputRecorder, type InputRecorder, type Remark } from '../inputs/recorder.ts';
import { remarkDoubt } from '../inputs/remark-doubt.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { uncertainOf } from '../inputs/uncertain-of.ts';
import { type MappingPolicy, policyOf } from '../mapping/policy.ts';
import type { SubarrayUse } from '../mapping/subarray-use.ts';
import { dramCells, saving } from '../results/dram-columns.ts';
import { createManifest, type Manifest } from '../results/manifest.ts';
import type { RunRow } from '../results/tables.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import { RUN, type RunInput, type RunJob } from '../settings/jobs/run.ts';
import { completeJob } from '../settings/parse-job.ts';
import { inputCount } from '../snn/network.ts';
import type { HeldWeights } from '../sparkxd/held-weights.ts';
import type { Volts } from '../units/flavours.ts';
import { requireResponses } from '../weights/network-file.ts';
import { classifyHeld, type KnownAccuracies } from './accuracy/classify-held.ts';
import { type PhaseMonitor, SILENT } from './monitor.ts';
import { createRunWindows, type RunWindows, readFactor, type WindowInputs } from './run-windows.ts';
import { nothingKnown, type UnknownPoint, unknownInWords } from './unknown-points.ts';

export interface RunOutcome {
  /** One a supply, mapping and chip of which something is known, in the order of the job's lists. */
  readonly rows: readonly RunRow[];
  readonly manifest: Manifest;
  /** How the weights of each row lie. */
  readonly placed: readonly PlacedPoint[];
  /** Points that have no row, because nothing is known of the chip's module at the supply. */
  readonly unknown: readonly UnknownPoint[];
}

/** Which subarrays the weights of a point take, under its mapping at its supply. */
export interface PlacedPoint {
  readonly supply: Volts;
  readonly mapping: MappingPolicy;
  readonly use: SubarrayUse;
}

/** One point before its accuracy is known. */
interface Point {
  readonly supply: Volts;
  readonly mapping: MappingPolicy;
  readonly chip: number | 'measured';
  readonly held: HeldWeights;
}

/** How many points a job has: one a supply, mapping and chip. */
export const pointCount = ({ supplies, mappings, chips, weakCells }: RunJob): number =>
  supplies.length * mappings.length * (weakCells === undefined ? chips : 1);

/**
 * `sparkxd run`: accuracy and DRAM energy at every supply, mapping and chip, or at the points that `wanted` picks by
 * their place among these (from 0). The same job gives the same rows for any number of threads, and each row the same
 * whatever other points are picked. Throws InputError for whatever in the job or its files cannot serve, before any long
 * work.
 */
export async function run(
  input: RunInput,
  threads = 1,
  monitor: PhaseMonitor = SILENT,
  wanted: (point: number) => boolean = () => true,
): Promise<RunOutcome> {
  const { manifest, points } = await openRun(completeJob(RUN, input), readDataset, new Map(), monitor.remark);
  const found = await points(threads, monitor, wanted);
  const known = found.filter((outcome) => 'row' in outcome);
  const unknown = found.flatMap((outcome) => ('unknown' in outcome ? [outcome.unknown] : []));
  if (known.length === 0 && unknown.length > 0) throw new InputError(...nothingKnown(unknown));
  for (const line of unknownInWords(unknown)) monitor.remark?.(line);
  return {
    rows: known.map(({ row }) => row),
    manifest,
    placed: known.map(({ placed }) => placed),
    unknown,
  };
}

/** A point's row and how its weights lie, or that nothing is known of its chip. */
export type PointOutcome =
  | { readonly row: RunRow; readonly placed: PlacedPoint }
  | { readonly unknown: UnknownPoint };

/** A job whose inputs are read; what its points share is kept from one call to the next. */
export interface OpenRun {
  readonly manifest: Manifest;
  /** The points that `wanted` picks by their place, in the order of the job's lists. */
  points(threads: number, monitor: PhaseMonitor, wanted: (point: number) => boolean): Promise<PointOutcome[]>;
}

/**
 * Reads the inputs of a job; `datasetOf` gives a dataset by name where it is in memory already, `accuracies` what jobs
 * of the same network, images and seed have found, to which this one adds; `remark` gets what is assumed of the inputs.
 * Throws InputError.
 */
export async function openRun(
  job: RunJob,
  datasetOf: (name: string) => Promise<Dataset> = readDataset,
  accuracies: KnownAccuracies = new Map(),
  remark?: Remark,
): Promise<OpenRun> {
  const inputs = await readRunInputs(job, datasetOf, remark);
  const windows = createRunWindows(job, inputs);
  return {
    manifest: await createManifest('run', { ...job }, inputs.recorder.hashes()),
    points: (threads, monitor, wanted) =>
      pointsOf(job, inputs, windows, accuracies, threads, monitor, wanted),
  };
}

/** What a job reads. */
export interface RunInputs extends WindowInputs {
  readonly stored: StoredNetwork;
  readonly dataset: string;
  readonly recorder: InputRecorder;
}

/** Reads the inputs of a job. Throws InputError. */
export async function readRunInputs(
  job: RunJob,
  datasetOf: (name: string) => Promise<Dataset>,
  remark?: Remark,
): Promise<RunInputs> {
  const recorder = createInputRecorder(remark);
  const { accelerator, stored, dataset } = await readInference(job, recorder, datasetOf);
  requireResponses(stored.network, stored.file);
  const images = firstImages(dataset.test, job.images, `test images of ${dataset.name}`);
  recorder.note('test_images', dataset.name, images.pixels);
  recorder.note('test_labels', dataset.name, images.labels);
  const memory = await openMemory({ ...job, needsCurrents: true }, stored, recorder, async () => dataset);
  dataPinsOf(job, memory.device);
  remarkDoubt(memory.device, remark);
  if (job.subarrays !== undefined) await recorder.models.read('subarrays', job.subarrays);
  return { stored, dataset: dataset.name, images, memory, accelerator, recorder };
}

async function pointsOf(
  job: RunJob,
  { stored, dataset, images, memory, recorder }: RunInputs,
  windows: RunWindows,
  known: KnownAccuracies,
  threads: number,
  monitor: PhaseMonitor,
  wanted: (point: number) => boolean,
): Promise<PointOutcome[]> {
  const { device } = memory;
  const { nominal } = device.supply;
  const io = dataPinsOf(job, device);
  const { inferences } = windows;
  const timings = new Map<Volts, ResolvedTiming>();
  // A supply that cannot be timed fails its own points alone.
  for (const supply of suppliesOf(job, wanted))
    timings.set(supply, await timingAt(device, supply, job, recorder.models));
  const accurateTiming = await timingAt(device, nominal, job, recorder.models);

  const asked = await holdPoints(job, memory, monitor, wanted);
  const points = asked.filter((point) => 'held' in point);
  const { clean, accuracies } = await classifyHeld(
    points.map(({ held }) => held.weights),
    { stored, images, seed: job.seed, vote: job.vote },
    known,
    threads,
    monitor,
  );

  const pricing = { law: job.law, model: job.energyModel, io };
  const reference = windows.accurate(accurateTiming);
  const accurate = dramCells(device, reference.window, { ...pricing, supply: nominal }, reference.readFactor);
  const uncertain = job.range ? await uncertainOf(job.law, device, io, recorder.models) : undefined;
  const priced = (window: ReplayResult, readFactor = 1): PricedTraffic => ({
    activity: window.activity,
    units: inferences,
    readFactor,
  });
  const accurateEnergy = accurate.dram_energy_total_nJ / inferences;
  const readFactors = new Map<MappingPolicy, number>();
  monitor.begin('DRAM commands', points.length);
  const turn = createTurn();
  const outcomes: PointOutcome[] = [];
  let classified = 0;
  for (const point of asked) {
    if (!('held' in point)) {
      outcomes.push({ unknown: point });
      continue;
    }
    const { supply, mapping, held } = point;
    outcomes.push({ row: rowOf(point, classified++), placed: { supply, mapping, use: held.use } });
    monitor.advance(1);
    await turn();
  }
  return outcomes;

  function rowOf({ supply, mapping, chip, held }: Point, i: number): RunRow {
    const window = windows.stored.run(held.placement, timings.get(supply)!);
    const readFactor = readFactorOf({ supply, mapping, chip, held });
    const cells = dramCells(device, window, { ...pricing, supply }, readFactor);
    const range =
      uncertain &&
      savingRange(
        {
          baseline: priced(reference.window, reference.readFactor),
          point: priced(window, readFactor),
        },
        uncertain,
        { supply, model: job.energyModel },
      );
    const { accuracy, low, high, images: count } = accuracies[i]!;
    const energy = cells.dram_energy_total_nJ / inferences;
    return {
      ...cells,
      network: networkName(stored),
      dataset,
      weight_format: job.format,
      ecc: job.ecc,
      pruned_inputs: inputCount(stored.network) - memory.stored.inputs.length,
      data_energy: job.dataEnergy ?? 'none',
      voltage_profile: memory.profile.name,
      profile_transferred: memory.transferred,
      timing: job.timing,
      temperature_C: job.temperature,
      mapping,
      mapping_side_bytes: policyOf(mapping).needsWeakCells ? held.sideBytes : undefined,
      repair: job.repair,
      vote: job.vote,
      chip,
      ...moduleCells(memory, chip, supply),
      workload: job.workload,
      images: count,
      inferences,
      ber_chip: held.berChip,
      ber_placed: held.berPlaced,
      ber_observed: held.berObserved,
      flipped_bits: held.flippedBits,
      accuracy,
      accuracy_low: low,
      accuracy_high: high,
      baseline_accuracy: clean.accuracy,
      dram_energy_per_inference_nJ: energy,
      energy_saving_vs_nominal: saving(cells.energy_per_access_pJ, accurate.energy_per_access_pJ),
      inference_energy_saving_vs_nominal: saving(energy, accurateEnergy),
      ...(range && { inference_saving_low: range.low, inference_saving_high: range.high }),
      meets_bound: accuracy >= clean.accuracy - job.bound,
    };
  }

  /** The same for all chips under a mapping that writes the bits alike on each. */
  function readFactorOf({ supply, mapping, chip, held }: Point): number {
    const known = readFactors.get(mapping);
    if (known !== undefined) return known;
    const place = memory.at(chip === 'measured' ? 1 : chip, supply, mapping);
    const factor = readFactor(job, memory, place, held.placement);
    if (!policyOf(mapping).needsWeakCells) readFactors.set(mapping, factor);
    return factor;
  }
}

/** The point, if its chip takes a module of a population of which nothing is known at the supply. */
export function unknownPoint(
  memory: OpenMemory,
  supply: Volts,
  mapping: MappingPolicy,
  chip: number,
): UnknownPoint | undefined {
  const why = memory.profile.population === true ? memory.knowledge(chip, supply) : 'known';
  return why === 'known' ? undefined : { supply, mapping, chip, module: memory.module(chip)!, why };
}

/** The module that a chip takes, and how many of its profile's are known at the supply. */
function moduleCells(
  memory: OpenMemory,
  chip: number | 'measured',
  supply: Volts,
): Pick<RunRow, 'module' | 'modules_known' | 'modules_saturated' | 'modules_untested'> {
  const modules = memory.modules(supply);
  return {
    module: chip === 'measured' ? undefined : memory.module(chip),
    modules_known: modules?.known.length,
    modules_saturated: modules?.saturated.length,
    modules_untested: modules?.untested.length,
  };
}

/** The supplies of the points that are wanted. */
function suppliesOf(job: RunJob, wanted: (point: number) => boolean): Volts[] {
  const perSupply = pointCount(job) / job.supplies.length;
  return job.supplies.filter((_, i) =>
    Array.from({ length: perSupply }, (_, k) => i * perSupply + k).some(wanted),
  );
}

/**
 * The wanted points, with the weights as each chip gives them back. In a population of modules, a point of whose module
 * nothing is known at the supply is left without weights; elsewhere it is refused.
 */
async function holdPoints(
  job: RunJob,
  memory: OpenMemory,
  monitor: PhaseMonitor,
  wanted: (point: number) => boolean,
): Promise<(Point | UnknownPoint)[]> {
  const turn = createTurn();
  monitor.begin('weak cells', pointCount(job));
  const chips = memory.measured ? 1 : job.chips;
  const points: (Point | UnknownPoint)[] = [];
  let place = 0;
  for (const supply of job.supplies)
    for (const mapping of job.mappings)
      for (let chip = 1; chip <= chips; chip++) {
        if (wanted(place++)) points.push(hold(supply, mapping, chip));
        monitor.advance(1);
        await turn();
      }
  return points;

  function hold(supply: Volts, mapping: MappingPolicy, chip: number): Point | UnknownPoint {
    const unknown = unknownPoint(memory, supply, mapping, chip);
    if (unknown) return unknown;
    const held = memory.hold(memory.at(chip, supply, mapping));
    return { supply, mapping, chip: memory.measured ? 'measured' : chip, held };
  }
}
