import type { Workload } from '../accelerator/workload.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import type { ControllerRequest } from '../dram/controller-options.ts';
import { lineBits } from '../energy/line-bits.ts';
import { dataFactor, type VampireVendor } from '../energy/vampire.ts';
import type { VoltageLaw } from '../energy/voltage-law.ts';
import { createChip } from '../faults/chip.ts';
import type { EccScheme } from '../faults/ecc.ts';
import { type ErrorModelId, errorModel } from '../faults/error-model.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import { readBytes } from '../files/read-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { Device } from '../hardware/device.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { loadVoltageProfile } from '../hardware/load-voltage-profile.ts';
import type { ResolvedTiming, SubarrayScheme, TimingMode } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { openMap } from '../inputs/open-chip.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork, type StoredNetwork as TrainedNetwork } from '../inputs/read-network.ts';
import { contextOf, readPrior } from '../inputs/read-prior.ts';
import { timingAt } from '../inputs/timing-at.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import { dramColumns, perInference, withSaving } from '../results/dram-columns.ts';
import { createManifest, type Manifest } from '../results/manifest.ts';
import type { ResultRow } from '../results/result-columns.ts';
import { inputCount } from '../snn/network.ts';
import { DEFAULT_VOTE } from '../snn/vote.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import type { Accuracy } from '../sparkxd/accuracy.ts';
import { createDramWindows, type DramWindows } from '../sparkxd/dram-windows.ts';
import { fetchesOf } from '../sparkxd/inference-traffic.ts';
import { decidingImages, keptInputsOf } from '../sparkxd/kept-inputs.ts';
import type { LoadRepair } from '../sparkxd/repair-on-load.ts';
import { errorSupply } from '../sparkxd/error-supply.ts';
import { type HeldWeights, holdWeights } from '../sparkxd/held-weights.ts';
import { imageAsPlaced, type StoredWeights, storeWeights } from '../sparkxd/stored-weights.ts';
import type { Volts } from '../units/flavours.ts';
import { requireResponses } from '../weights/network-file.ts';
import { createEvaluationPool } from './accuracy/evaluate-pool.ts';
import { evaluateVariants } from './accuracy/evaluate-variants.ts';
import { requireSameSize } from './run-evaluation.ts';

/** What `sparkxd run` is asked for: one network on one device, over supplies x mappings x chips. */
export interface VoltageJob {
  /** File or shipped name. */
  readonly weights: string;
  /** Name or folder. */
  readonly dataset: string;
  readonly device: string;
  readonly profile: string;
  readonly accelerator: string;
  readonly supplies: readonly Volts[];
  readonly mappings: readonly MappingPolicy[];
  /** Number of chips; they are numbered from 1. */
  readonly chips: number;
  /** Test images for the accuracy; all unless told. */
  readonly images?: number;
  /** Inferences simulated in the DRAM. */
  readonly inferences: number;
  readonly workload: Workload;
  readonly timing: TimingMode;
  /** What of the controller's policy is not the default. */
  readonly controller?: ControllerRequest;
  /** How the subarrays of a bank are used apart; not at all unless told. */
  readonly subarrays?: SubarrayScheme;
  readonly repair: LoadRepair;
  /** For the repair `context`: another trained network, file or shipped name. */
  readonly prior?: string;
  /** Format of the weights in DRAM, and the check bits of each weight row. */
  readonly format: WeightFormat;
  readonly ecc: EccScheme;
  /** Weigh read energy by the weights' own bits, as VAMPIRE measured it on this vendor's chips. */
  readonly dataEnergy?: VampireVendor;
  /** EDEN's error model of the chips. */
  readonly errorModel: ErrorModelId;
  /** A measured map of weak cells (CSV or .wcm) instead of generated chips. */
  readonly weakCells?: string;
  readonly berLimit: number;
  /** Share of the subarrays that other data holds; 0 unless told. */
  readonly occupied?: number;
  /**
   * Leave out the weight rows of the least active inputs that together make at most this share of the spikes expected
   * on the training images; 0: of those that never spike there. All rows are stored unless told.
   */
  readonly pruneInputs?: number;
  /** Accuracy that may be lost, as a fraction of all images (1 % = one percentage point). */
  readonly bound: number;
  readonly law: VoltageLaw;
  readonly seed: number;
}

export interface VoltageOutcome {
  /** One a supply, mapping and chip, in the order of the job's lists. */
  readonly rows: readonly ResultRow[];
  readonly manifest: Manifest;
}

/** Told of the work as it goes on; each phase has a number of steps. */
export interface PhaseMonitor {
  begin(phase: string, steps: number): void;
  advance(steps: number): void;
}

/** One point before its accuracy is known. */
interface Point {
  readonly supply: Volts;
  readonly mapping: MappingPolicy;
  readonly chip: number | 'measured';
  readonly held: HeldWeights;
}

/** How many rows a job has: one a supply, mapping and chip. */
export const pointCount = ({ supplies, mappings, chips, weakCells }: VoltageJob): number =>
  supplies.length * mappings.length * (weakCells === undefined ? chips : 1);

/**
 * `sparkxd run`: accuracy and DRAM energy at every supply, mapping and chip, or at the points asked for by their place
 * among these (from 0). The same job gives the same rows for any number of threads, and each the same whatever other
 * points are asked for. Throws InputError for whatever in the job or its files cannot serve, before any long work.
 */
export async function runVoltages(
  job: VoltageJob,
  jobs: number,
  monitor: PhaseMonitor,
  asked: (point: number) => boolean = () => true,
): Promise<VoltageOutcome> {
  const { manifest, rows } = await openVoltageRun(job);
  return { rows: await rows(jobs, monitor, asked), manifest };
}

/** A job whose inputs are read; what its points share is kept from one call to the next. */
export interface VoltageRun {
  readonly manifest: Manifest;
  /** The rows of the points asked for by their place, in the order of the job's lists. */
  rows(jobs: number, monitor: PhaseMonitor, asked: (point: number) => boolean): Promise<ResultRow[]>;
}

/** Accuracies by the hash of the weights as loaded: of one network, on the same images, under one seed. */
export type KnownAccuracies = Map<string, Accuracy>;

/**
 * Reads the inputs of a job; `datasetOf` gives a dataset by name where it is in memory already, `accuracies` what jobs
 * of the same network, images and seed have found, to which this one adds. Throws InputError.
 */
export async function openVoltageRun(
  job: VoltageJob,
  datasetOf: (name: string) => Promise<Dataset> = readDataset,
  accuracies: KnownAccuracies = new Map(),
): Promise<VoltageRun> {
  const inputs = await readInputs(job, datasetOf);
  const { stored, device, profile } = inputs;
  const chips = await openChips(job, device, profile);
  const shared: SharedWork = {
    chips,
    weights: storeWeights(stored.network, job, device, inputs.kept),
    windows: new Map(),
    accuracies,
    context: contextOf(inputs.prior),
  };
  return {
    manifest: inputs.manifest,
    rows: (jobs, monitor, asked) => rowsOf(job, inputs, shared, jobs, monitor, asked),
  };
}

/** What the points of a job have in common, computed once. */
interface SharedWork {
  readonly chips: readonly Chip[];
  readonly weights: StoredWeights;
  /** Simulated windows of each coding of the weights. */
  readonly windows: Map<string, DramWindows>;
  readonly accuracies: KnownAccuracies;
  readonly context: ReturnType<typeof contextOf>;
}

async function rowsOf(
  job: VoltageJob,
  inputs: Inputs,
  shared: SharedWork,
  jobs: number,
  monitor: PhaseMonitor,
  asked: (point: number) => boolean,
): Promise<ResultRow[]> {
  const { stored, device, profile, images } = inputs;
  const { chips, weights } = shared;
  const timings = await timingsAt(job, device, asked);
  const accurateTiming = await timingAt(device, device.supply.nominal, job);

  monitor.begin('weak cells', pointCount(job));
  const hold = (what: StoredWeights, supply: Volts, mapping: MappingPolicy, chip: Chip): HeldWeights => {
    const cells = errorSupply(device, profile, supply, job.timing);
    return holdWeights(what, device, chip, { ...job, ...shared.context, supply: cells, mapping });
  };
  const points: Point[] = [];
  let place = 0;
  for (const supply of job.supplies)
    for (const mapping of job.mappings)
      for (const [i, chip] of chips.entries()) {
        if (asked(place++))
          points.push({
            supply,
            mapping,
            chip: chip.kind === 'measured' ? 'measured' : i + 1,
            held: hold(weights, supply, mapping, chip),
          });
        monitor.advance(1);
      }

  const accuracies = await classify(job, jobs, inputs, shared.accuracies, points, monitor);

  const inferences = Math.min(job.inferences, images.count);
  const windowsFor = (coding: string, what: StoredWeights): DramWindows => {
    const known = shared.windows.get(coding);
    if (known) return known;
    const fetches = fetchesOf(job.workload, what, inputs.accelerator, images, inferences, job.seed);
    const windows = createDramWindows(device, what.layout, fetches, job.controller);
    shared.windows.set(coding, windows);
    return windows;
  };
  const windows = windowsFor('job', weights);
  // What a saving is measured against: all weights in FP32 in the baseline mapping on accurate DRAM.
  const { nominal } = device.supply;
  const coding = { format: 'fp32', ecc: 'none' } as const;
  const same = job.format === coding.format && job.ecc === coding.ecc && job.pruneInputs === undefined;
  const plain = same ? weights : storeWeights(stored.network, coding, device);
  const plainWindow = (plain === weights ? windows : windowsFor('plain', plain)).run(
    hold(plain, nominal, 'baseline', chips[0]!).placement,
    accurateTiming,
  );
  const readFactorOf = (what: StoredWeights, mapping: MappingPolicy): number =>
    job.dataEnergy === undefined
      ? 1
      : dataFactor(
          job.dataEnergy,
          'RD',
          'column',
          lineBits(imageAsPlaced(what, mapping), what.layout.burstBytes),
        );
  const readFactors = new Map(job.mappings.map((mapping) => [mapping, readFactorOf(weights, mapping)]));
  const accurate = perInference(
    dramColumns(device, plainWindow, { supply: nominal, law: job.law }, readFactorOf(plain, 'baseline')),
    inferences,
  );
  monitor.begin('DRAM commands', points.length);
  return points.map(({ supply, mapping, chip, held }, i): ResultRow => {
    const window = windows.run(held.placement, timings.get(supply)!);
    const { accuracy, low, high, images: count } = accuracies.points[i]!;
    monitor.advance(1);
    return {
      ...withSaving(
        perInference(
          dramColumns(device, window, { supply, law: job.law }, readFactors.get(mapping)),
          inferences,
        ),
        accurate,
      ),
      network: nameOf(stored),
      dataset: inputs.datasetName,
      weight_format: job.format,
      data_energy: job.dataEnergy ?? 'none',
      ecc: job.ecc,
      pruned_inputs: inputCount(stored.network) - weights.inputs.length,
      voltage_profile: profile.name,
      timing: job.timing,
      mapping,
      repair: job.repair,
      chip,
      workload: job.workload,
      images: count,
      inferences,
      ber: held.chipBer,
      flipped_bits: held.flippedBits,
      accuracy,
      accuracy_low: low,
      accuracy_high: high,
      baseline_accuracy: accuracies.clean.accuracy,
      meets_bound: accuracy >= accuracies.clean.accuracy - job.bound,
    };
  });
}

/** Timings of the supplies of the points asked for: a supply that cannot be timed fails its own points alone. */
async function timingsAt(
  job: VoltageJob,
  device: Device,
  asked: (point: number) => boolean,
): Promise<Map<Volts, ResolvedTiming>> {
  const perSupply = pointCount(job) / job.supplies.length;
  const timings = new Map<Volts, ResolvedTiming>();
  for (const [i, supply] of job.supplies.entries()) {
    const places = Array.from({ length: perSupply }, (_, k) => i * perSupply + k);
    if (places.some(asked)) timings.set(supply, await timingAt(device, supply, job));
  }
  return timings;
}

/** Accuracy of the weights as trained and at each point; weights that are the same are classified once. */
async function classify(
  job: VoltageJob,
  jobs: number,
  { stored: { network, file }, images }: Inputs,
  known: KnownAccuracies,
  points: readonly Point[],
  monitor: PhaseMonitor,
): Promise<{ clean: Accuracy; points: Accuracy[] }> {
  const keyOf = (weights: Float32Array): string =>
    sha256(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength));
  const cleanKey = keyOf(network.weights);
  const variants = new Map([[cleanKey, network.weights]]);
  const keys = points.map(({ held }) => {
    const key = keyOf(held.weights);
    variants.set(key, held.weights);
    return key;
  });
  for (const key of variants.keys()) if (known.has(key)) variants.delete(key);
  const settings = { responses: requireResponses(network, file), vote: DEFAULT_VOTE, seed: job.seed };
  monitor.begin('images', variants.size * images.count);
  if (variants.size > 0) {
    const pool = await createEvaluationPool(jobs);
    try {
      const weights = [...variants.values()];
      const count = (done: number): void => monitor.advance(done);
      const accuracies = await evaluateVariants(pool, network, weights, images, settings, count);
      for (const [i, key] of [...variants.keys()].entries()) known.set(key, accuracies[i]!);
    } finally {
      await pool.close();
    }
  }
  return { clean: known.get(cleanKey)!, points: keys.map((key) => known.get(key)!) };
}

/** The chips of a job: numbered from 1 under its seed, or the one that its map lists. */
export async function openChips(job: VoltageJob, device: Device, profile: VoltageProfile): Promise<Chip[]> {
  if (job.weakCells !== undefined) return [(await openMap(job, job.weakCells, job.seed)).chip];
  const model = errorModel(job.errorModel);
  return Array.from({ length: job.chips }, (_, i) =>
    createChip(profile, device, { seed: job.seed, chip: i + 1, model }),
  );
}

type Inputs = Awaited<ReturnType<typeof readInputs>>;

async function readInputs(job: VoltageJob, datasetOf: (name: string) => Promise<Dataset>) {
  const [device, profile, accelerator, stored, dataset] = await Promise.all([
    loadDevice(job.device, modelFiles),
    loadVoltageProfile(job.profile, modelFiles),
    loadAccelerator(job.accelerator, modelFiles),
    readNetwork(job.weights),
    datasetOf(job.dataset),
  ]);
  requireSameSize(stored, dataset);
  requireResponses(stored.network, stored.file);
  const prior = await readPrior(job, stored);
  const images = firstImages(dataset.test, job.images, `test images of ${dataset.name}`);
  const text = async (kind: 'dram' | 'voltage' | 'accelerators', name: string) =>
    (await modelFiles.read(kind, name)).text;
  const manifest = await createManifest(
    'run',
    { ...job },
    {
      weights: stored.bytes,
      ...(prior ? { prior: prior.bytes } : {}),
      test_images: images.pixels,
      test_labels: images.labels,
      device: await text('dram', job.device),
      voltage_profile: await text('voltage', job.profile),
      accelerator: await text('accelerators', job.accelerator),
      ...(job.weakCells === undefined ? {} : { weak_cells: await readBytes(job.weakCells) }),
      ...(job.pruneInputs === undefined ? {} : { training_images: decidingImages(dataset).pixels }),
    },
  );
  return {
    kept: keptInputsOf(stored.network, dataset, job.pruneInputs),
    device,
    profile,
    accelerator,
    stored,
    prior,
    images,
    datasetName: dataset.name,
    manifest,
  };
}

const nameOf = ({ file }: TrainedNetwork): string =>
  file.replace(/^.*[/\\]/, '').replace(/\.safetensors$/, '');
