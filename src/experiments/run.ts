import type { Dataset } from '../datasets/dataset.ts';
import { InputError } from '../errors/input-error.ts';
import { createTurn } from '../files/turn.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readAnyNetwork } from '../inputs/read-network.ts';
import { createInputRecorder, type Remark } from '../inputs/recorder.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import type { SubarrayUse } from '../mapping/subarray-use.ts';
import { createManifest, type Manifest } from '../results/manifest.ts';
import type { RunRow } from '../results/tables.ts';
import { RUN, type RunInput, type RunJob } from '../settings/jobs/run.ts';
import { completeJob } from '../settings/parse-job.ts';
import type { StoredTensors } from '../sparkxd/stored-tensors.ts';
import type { Volts } from '../units/flavours.ts';
import type { KnownAccuracies } from './accuracy/classify-held.ts';
import { layersSubject } from './layers/run-layers.ts';
import { type PhaseMonitor, SILENT } from './monitor.ts';
import { matrixSubject, type RunSubject, readRunInputs } from './run-inputs.ts';
import { createRunPoints, type RunPoint, type RunPoints, rowOf } from './run-points.ts';
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
  const recorder = createInputRecorder(remark);
  const network = await readAnyNetwork(job.weights, recorder.note);
  if (network.kind === 'layered')
    return openSubject(job, await layersSubject(job, network, recorder), accuracies);
  const inputs = await readRunInputs(job, network, recorder, datasetOf);
  return openSubject(job, matrixSubject(job, inputs), accuracies);
}

async function openSubject<S extends StoredTensors, W>(
  job: RunJob,
  subject: RunSubject<S, W>,
  accuracies: KnownAccuracies,
): Promise<OpenRun> {
  const shared = createRunPoints(job, subject);
  return {
    manifest: await createManifest('run', { ...job }, subject.recorder.hashes()),
    points: (threads, monitor, wanted) =>
      pointsOf(job, subject, shared, accuracies, threads, monitor, wanted),
  };
}

async function pointsOf<S extends StoredTensors, W>(
  job: RunJob,
  { classify }: RunSubject<S, W>,
  points: RunPoints<W>,
  known: KnownAccuracies,
  threads: number,
  monitor: PhaseMonitor,
  wanted: (point: number) => boolean,
): Promise<PointOutcome[]> {
  // A supply that cannot be timed fails its own points alone.
  for (const supply of suppliesOf(job, wanted)) await points.timing(supply);

  const asked = await holdPoints(job, points, monitor, wanted);
  const held = asked.filter((point) => 'held' in point);
  const { clean, accuracies } = await classify(
    held.map(({ held: { weights } }) => weights),
    known,
    threads,
    monitor,
  );

  monitor.begin('DRAM commands', held.length);
  const turn = createTurn();
  const outcomes: PointOutcome[] = [];
  let classified = 0;
  for (const point of asked) {
    if (!('held' in point)) {
      outcomes.push({ unknown: point });
      continue;
    }
    const { supply, mapping, held } = point;
    const row = rowOf(await points.cells(point), accuracies[classified++]!, clean, job.bound);
    outcomes.push({ row, placed: { supply, mapping, use: held.use } });
    monitor.advance(1);
    await turn();
  }
  return outcomes;
}

/** The supplies of the points that are wanted. */
function suppliesOf(job: RunJob, wanted: (point: number) => boolean): Volts[] {
  const perSupply = pointCount(job) / job.supplies.length;
  return job.supplies.filter((_, i) =>
    Array.from({ length: perSupply }, (_, k) => i * perSupply + k).some(wanted),
  );
}

/** The wanted points in the order of the job's lists. */
async function holdPoints<W>(
  job: RunJob,
  points: RunPoints<W>,
  monitor: PhaseMonitor,
  wanted: (point: number) => boolean,
): Promise<(RunPoint<W> | UnknownPoint)[]> {
  const turn = createTurn();
  monitor.begin('weak cells', pointCount(job));
  const chips = job.weakCells === undefined ? job.chips : 1;
  const found: (RunPoint<W> | UnknownPoint)[] = [];
  let place = 0;
  for (const supply of job.supplies)
    for (const mapping of job.mappings)
      for (let chip = 1; chip <= chips; chip++) {
        if (wanted(place++)) found.push(points.hold(supply, mapping, chip));
        monitor.advance(1);
        await turn();
      }
  return found;
}
