import type { Workload } from '../accelerator/workload.ts';
import { type ImageSet, sliceImages } from '../datasets/dataset.ts';
import { lineBits } from '../energy/line-bits.ts';
import { dataFactor, type VampireVendor } from '../energy/vampire.ts';
import type { VoltageLaw } from '../energy/voltage-law.ts';
import { InputError } from '../errors/input-error.ts';
import { createChip } from '../faults/chip.ts';
import type { EccScheme } from '../faults/ecc.ts';
import { type ErrorModelId, errorModel } from '../faults/error-model.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import type { Device } from '../hardware/device.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { loadVoltageProfile } from '../hardware/load-voltage-profile.ts';
import { resolveTiming } from '../hardware/resolve-timing.ts';
import type { ResolvedTiming, TimingMode } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import type { ResultRow } from '../report/result-columns.ts';
import { requireResponses } from '../snn/network-file.ts';
import { DEFAULT_VOTE } from '../snn/vote.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import { fetchesOf } from '../sparkxd/inference-traffic.ts';
import {
  errorSupply,
  type HeldWeights,
  holdWeights,
  type RunRepair,
  type StoredWeights,
  storeWeights,
} from '../sparkxd/weights-in-dram.ts';
import type { Volts } from '../units/flavours.ts';
import type { Accuracy } from './accuracy.ts';
import { createDramWindows } from './dram-window.ts';
import { dramColumns, perInference, withSaving } from './energy-columns.ts';
import { createEvaluationPool } from './evaluate-pool.ts';
import { evaluateVariants } from './evaluate-variants.ts';
import { readBytes } from './files.ts';
import { createManifest, type Manifest, sha256 } from './manifest.ts';
import { modelFiles } from './model-files.ts';
import { openMap } from './open-chip.ts';
import { readDataset } from './read-dataset.ts';
import { readNetwork, type StoredNetwork as TrainedNetwork } from './read-network.ts';
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
  readonly repair: RunRepair;
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
  const inputs = await readInputs(job);
  const { stored, device, profile, images, timings, accurateTiming } = inputs;
  const chips = await openChips(job, device, profile);
  const weights = storeWeights(stored.network, job, device);

  monitor.begin('weak cells', pointCount(job));
  const hold = (what: StoredWeights, supply: Volts, mapping: MappingPolicy, chip: Chip): HeldWeights => {
    const cells = errorSupply(device, profile, supply, job.timing);
    return holdWeights(what, device, chip, { ...job, supply: cells, mapping });
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

  const accuracies = await classify(job, jobs, stored, images, points, monitor);

  const inferences = Math.min(job.inferences, images.count);
  const windowsFor = ({ layout }: StoredWeights) =>
    createDramWindows(
      device,
      layout,
      fetchesOf(job.workload, stored.network, layout, inputs.accelerator, images, inferences, job.seed),
    );
  const windows = windowsFor(weights);
  // What a saving is measured against: FP32 weights in the baseline mapping on accurate DRAM.
  const { nominal } = device.supply;
  const coding = { format: 'fp32', ecc: 'none' } as const;
  const same = job.format === coding.format && job.ecc === coding.ecc;
  const plain = same ? weights : storeWeights(stored.network, coding, device);
  const plainWindow = (plain === weights ? windows : windowsFor(plain)).run(
    hold(plain, nominal, 'baseline', chips[0]!).placement,
    accurateTiming,
  );
  const readFactorOf = ({ image, layout }: StoredWeights): number =>
    job.dataEnergy === undefined
      ? 1
      : dataFactor(job.dataEnergy, 'RD', 'column', lineBits(image, layout.burstBytes));
  const readFactor = readFactorOf(weights);
  const accurate = perInference(
    dramColumns(device, plainWindow, { supply: nominal, law: job.law }, readFactorOf(plain)),
    inferences,
  );
  monitor.begin('DRAM commands', points.length);
  const rows = points.map(({ supply, mapping, chip, held }, i): ResultRow => {
    const window = windows.run(held.placement, timings.get(supply)!);
    const { accuracy, low, high, images: count } = accuracies.points[i]!;
    monitor.advance(1);
    return {
      ...withSaving(
        perInference(dramColumns(device, window, { supply, law: job.law }, readFactor), inferences),
        accurate,
      ),
      network: nameOf(stored),
      dataset: inputs.datasetName,
      weight_format: job.format,
      data_energy: job.dataEnergy ?? 'none',
      ecc: job.ecc,
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
  return { rows, manifest: inputs.manifest };
}

/** Accuracy of the weights as trained and at each point; weights that are the same are classified once. */
async function classify(
  job: VoltageJob,
  jobs: number,
  { network, file }: TrainedNetwork,
  images: ImageSet,
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
  const settings = { responses: requireResponses(network, file), vote: DEFAULT_VOTE, seed: job.seed };
  monitor.begin('images', variants.size * images.count);
  const pool = await createEvaluationPool(jobs);
  try {
    const accuracies = await evaluateVariants(
      pool,
      network,
      [...variants.values()],
      images,
      settings,
      (count) => monitor.advance(count),
    );
    const byKey = new Map([...variants.keys()].map((key, i) => [key, accuracies[i]!]));
    return { clean: byKey.get(cleanKey)!, points: keys.map((key) => byKey.get(key)!) };
  } finally {
    await pool.close();
  }
}

/** The chips of a job: numbered from 1 under its seed, or the one that its map lists. */
async function openChips(job: VoltageJob, device: Device, profile: VoltageProfile): Promise<Chip[]> {
  if (job.weakCells !== undefined) return [(await openMap(job, job.weakCells, job.seed)).chip];
  const model = errorModel(job.errorModel);
  return Array.from({ length: job.chips }, (_, i) =>
    createChip(profile, device, { seed: job.seed, chip: i + 1, model }),
  );
}

async function readInputs(job: VoltageJob) {
  const [device, profile, accelerator, stored, dataset] = await Promise.all([
    loadDevice(job.device, modelFiles),
    loadVoltageProfile(job.profile, modelFiles),
    loadAccelerator(job.accelerator, modelFiles),
    readNetwork(job.weights),
    readDataset(job.dataset),
  ]);
  requireSameSize(stored, dataset);
  requireResponses(stored.network, stored.file);
  if (job.images !== undefined && job.images > dataset.test.count)
    throw new InputError(
      `${job.images} images are asked for, the test images of ${dataset.name} are ${dataset.test.count}`,
    );
  const images = job.images === undefined ? dataset.test : sliceImages(dataset.test, 0, job.images);
  const timings = new Map<Volts, ResolvedTiming>();
  for (const supply of job.supplies) timings.set(supply, await resolveTiming(device, supply, job.timing));
  const accurateTiming = await resolveTiming(device, device.supply.nominal, job.timing);
  const text = async (kind: 'dram' | 'voltage' | 'accelerators', name: string) =>
    (await modelFiles.read(kind, name)).text;
  const manifest = await createManifest(
    'run',
    { ...job },
    {
      weights: stored.bytes,
      test_images: images.pixels,
      test_labels: images.labels,
      device: await text('dram', job.device),
      voltage_profile: await text('voltage', job.profile),
      accelerator: await text('accelerators', job.accelerator),
      ...(job.weakCells === undefined ? {} : { weak_cells: await readBytes(job.weakCells) }),
    },
  );
  return {
    device,
    profile,
    accelerator,
    stored,
    images,
    datasetName: dataset.name,
    timings,
    accurateTiming,
    manifest,
  };
}

const nameOf = ({ file }: TrainedNetwork): string =>
  file.replace(/^.*[/\\]/, '').replace(/\.safetensors$/, '');
