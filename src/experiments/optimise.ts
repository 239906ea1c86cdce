import type { Dataset, ImageSet } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { InputError } from '../errors/input-error.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { loadDevice } from '../hardware/load-device.ts';
import { loadVoltageProfile } from '../hardware/load-voltage-profile.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork, type StoredNetwork } from '../inputs/read-network.ts';
import { createManifest, type Manifest } from '../results/manifest.ts';
import { DEFAULT_VOTE } from '../snn/vote.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import { decidingImages, keptInputsOf } from '../sparkxd/kept-inputs.ts';
import { kneeOf, modelReward, stillPossible } from '../sparkxd/pareto.ts';
import { mean } from '../stats/moments.ts';
import type { Volts } from '../units/flavours.ts';
import { requireResponses } from '../weights/network-file.ts';
import { createEvaluationPool } from './accuracy/evaluate-pool.ts';
import {
  type CostedAxes,
  type CostedChoice,
  type CostingInputs,
  costChoices,
  type OperatingChoice,
} from './operating-points.ts';
import type { PhaseMonitor } from './run.ts';
import { requireSameSize } from './run-evaluation.ts';

/** What `sparkxd run --optimise` is asked for: the axes of the search and the bound. */
export interface OptimiseJob
  extends CostedAxes,
    Omit<CostingInputs, 'device' | 'profile' | 'accelerator' | 'images' | 'kept'> {
  /** Files or shipped names; the first, in FP32 and without errors, is what accuracy is compared with. */
  readonly networks: readonly string[];
  readonly formats: readonly WeightFormat[];
  readonly dataset: string;
  readonly device: string;
  readonly profile: string;
  readonly accelerator: string;
  readonly images?: number;
  /** As of a voltage job; the baseline stores all weights. */
  readonly pruneInputs?: number;
  /** Accuracy that may be lost against the first network, on every chip. */
  readonly bound: number;
  /** Weight of the energy in EnforceSNN's reward; no reward unless given. */
  readonly rewardWeight?: number;
}

/** A choice whose accuracy is known, on the Pareto front of energy, latency and the worst chip's accuracy. */
export interface OperatingPoint extends OperatingChoice {
  readonly energy_nJ: number;
  readonly latency_ns: number;
  /** Over the chips. */
  readonly accuracy: number;
  readonly accuracyWorst: number;
  readonly saving: number;
  readonly meetsBound: boolean;
  readonly reward?: number;
  readonly knee: boolean;
  readonly optimum: boolean;
}

export interface OptimiseOutcome {
  readonly manifest: Manifest;
  /** The paper's baseline: the first network in FP32, baseline mapping, nominal supply, without errors. */
  readonly baseline: {
    readonly network: string;
    readonly supply_V: Volts;
    readonly energy_nJ: number;
    readonly latency_ns: number;
    readonly accuracy: number;
  };
  /** Ascending in energy. */
  readonly front: readonly OperatingPoint[];
  readonly required: number;
  /** Choices costed; refused because weights do not fit; image presentations made, and without pruning. */
  readonly choices: number;
  readonly refused: readonly (OperatingChoice & { readonly why: string })[];
  readonly presentations: number;
  readonly presentationsUnpruned: number;
}

/** Images are shown in so many parts; between them choices are ruled out. */
const ROUNDS = 8;

/**
 * The Pareto front over all axes, and on it the point of least energy within the bound. Exact: costs are computed for
 * every choice; weights that several choices load alike are classified once; and after each part of the images a
 * choice is dropped when another costs no more and is at least as accurate even if the first classified every image
 * left and the other none. Same bytes for any number of threads. Throws InputError for input that cannot serve.
 */
export async function runOptimise(
  job: OptimiseJob,
  jobs: number,
  monitor: PhaseMonitor,
): Promise<OptimiseOutcome> {
  const [device, profile, accelerator, dataset, ...stored] = await Promise.all([
    loadDevice(job.device, modelFiles),
    loadVoltageProfile(job.profile, modelFiles),
    loadAccelerator(job.accelerator, modelFiles),
    readDataset(job.dataset),
    ...job.networks.map(readNetwork),
  ]);
  for (const network of stored) requireSameSize(network, dataset);
  const images = firstImages(dataset.test, job.images, 'test images');
  const inputs: CostingInputs = { ...job, device, profile, accelerator, images };
  const manifest = await manifestOf(job, stored, dataset, images);

  monitor.begin('costs', stored.length * job.formats.length);
  const races: Race[] = [];
  const refused: OptimiseOutcome['refused'][number][] = [];
  for (const [i, network] of stored.entries()) {
    const kept = keptInputsOf(network.network, dataset, job.pruneInputs);
    for (const format of job.formats) {
      const costing = await costChoices(job.networks[i]!, network, format, job, {
        ...inputs,
        ...(kept ? { kept } : {}),
      });
      refused.push(...costing.refused);
      for (const choice of costing.choices) races.push({ choice, network: i, load: costing.load });
      monitor.advance(1);
    }
  }
  const plain: CostedAxes = {
    ...{ supplies: [device.supply.nominal], mappings: ['baseline'], repairs: ['none'], timings: ['nominal'] },
  };
  const accurate = { ...inputs, chips: 1 };
  const [cost] = (await costChoices(job.networks[0]!, stored[0]!, 'fp32', plain, accurate)).choices;
  if (!cost) throw new InputError('the first network does not fit the device');
  // The baseline stands outside of the competition, so that it is shown every image.
  const scores = new Map<string, number>();
  let presentations = 0;
  const pool = await createEvaluationPool(jobs);
  const settingsOf = (network: number) => ({
    responses: requireResponses(stored[network]!.network, stored[network]!.file),
    vote: DEFAULT_VOTE,
    seed: job.seed,
  });
  const show = async (
    network: number,
    weights: Map<string, () => Float32Array>,
    from: number,
    to: number,
  ) => {
    const keys = [...weights.keys()];
    // A few variants at a time: the large networks' weights together would not fit memory.
    for (let first = 0; first < keys.length; first += TOGETHER) {
      const group = keys.slice(first, first + TOGETHER);
      const variants = group.map((key) => weights.get(key)!());
      const predicted = await pool.predict(
        stored[network]!.network,
        variants,
        images,
        settingsOf(network),
        undefined,
        { from, to },
      );
      for (const [k, key] of group.entries()) {
        let correct = scores.get(`${network}/${key}`) ?? 0;
        for (let image = from; image < to; image++)
          if (predicted[k]![image] === images.labels[image]) correct++;
        scores.set(`${network}/${key}`, correct);
      }
      presentations += group.length * (to - from);
    }
  };
  try {
    await show(0, new Map([['clean', () => stored[0]!.network.weights]]), 0, images.count);
    const baselineAccuracy = scores.get('0/clean')! / images.count;
    const unique = new Set(
      races.flatMap(({ choice, network }) => choice.loaded.map((key) => `${network}/${key}`)),
    );
    const presentationsUnpruned = (races.length * job.chips + 1) * images.count;
    monitor.begin('images', unique.size * images.count);
    let live = races;
    for (let round = 0; round < ROUNDS; round++) {
      const from = Math.floor((round * images.count) / ROUNDS);
      const to = Math.floor(((round + 1) * images.count) / ROUNDS);
      for (const network of stored.keys()) {
        const weights = new Map<string, () => Float32Array>();
        for (const race of live)
          if (race.network === network)
            for (const key of race.choice.loaded)
              if (!weights.has(key)) weights.set(key, () => race.load(key));
        await show(network, weights, from, to);
      }
      monitor.advance(unique.size * (to - from));
      const left = images.count - to;
      const possible = stillPossible(
        live.map((race) => {
          const worst = Math.min(...correctOf(race, scores));
          return {
            energy: race.choice.energy_nJ,
            latency: race.choice.latency_ns,
            accuracyLow: worst / images.count,
            accuracyHigh: (worst + left) / images.count,
          };
        }),
      );
      live = live.filter((_, i) => possible[i]);
    }
    const baseline = {
      ...{
        network: cost.network,
        supply_V: device.supply.nominal,
        energy_nJ: cost.energy_nJ,
        latency_ns: cost.latency_ns,
        accuracy: baselineAccuracy,
      },
    };
    const required = baselineAccuracy - job.bound;
    const front = frontOf(live, scores, images.count, baseline, required, job.rewardWeight);
    return {
      manifest,
      baseline,
      front,
      required,
      choices: races.length,
      refused,
      presentations,
      presentationsUnpruned,
    };
  } finally {
    await pool.close();
  }
}

/** Configuration and a hash of every input, as `sparkxd run` has them; each network's weights by its place in the list. */
async function manifestOf(
  job: OptimiseJob,
  stored: readonly StoredNetwork[],
  dataset: Dataset,
  images: ImageSet,
): Promise<Manifest> {
  const text = async (kind: 'dram' | 'voltage' | 'accelerators', name: string) =>
    (await modelFiles.read(kind, name)).text;
  return createManifest(
    'run --optimise',
    { ...job },
    {
      ...Object.fromEntries(stored.map(({ bytes }, i) => [`weights_${i + 1}`, bytes])),
      test_images: images.pixels,
      test_labels: images.labels,
      device: await text('dram', job.device),
      voltage_profile: await text('voltage', job.profile),
      accelerator: await text('accelerators', job.accelerator),
      ...(job.pruneInputs === undefined ? {} : { training_images: decidingImages(dataset).pixels }),
    },
  );
}

/** Variants classified at a time. */
const TOGETHER = 8;

/** A choice in the competition, with its network's number. */
interface Race {
  readonly choice: CostedChoice;
  readonly network: number;
  load(key: string): Float32Array;
}

const correctOf = ({ choice, network }: Race, scores: ReadonlyMap<string, number>): number[] =>
  choice.loaded.map((key) => scores.get(`${network}/${key}`)!);

function frontOf(
  live: readonly Race[],
  scores: ReadonlyMap<string, number>,
  images: number,
  baseline: OptimiseOutcome['baseline'],
  required: number,
  rewardWeight: number | undefined,
): OperatingPoint[] {
  const points = live
    .map((race) => {
      const { loaded: _loaded, ...choice } = race.choice;
      const correct = correctOf(race, scores);
      const accuracy = mean(correct) / images;
      const accuracyWorst = Math.min(...correct) / images;
      return {
        ...choice,
        accuracy,
        accuracyWorst,
        saving: 1 - choice.energy_nJ / baseline.energy_nJ,
        meetsBound: accuracyWorst >= required,
        ...(rewardWeight === undefined
          ? {}
          : { reward: modelReward(accuracy, choice.energy_nJ, baseline.energy_nJ, rewardWeight) }),
      };
    })
    .sort((a, b) => a.energy_nJ - b.energy_nJ || a.latency_ns - b.latency_ns);
  const knee = kneeOf(
    points.map(({ energy_nJ, accuracyWorst }) => ({ energy: energy_nJ, accuracy: accuracyWorst })),
  );
  const optimum = points.findIndex(({ meetsBound }) => meetsBound);
  return points.map((point, i) => ({ ...point, knee: i === knee, optimum: i === optimum }));
}
