import { sliceImages } from '../datasets/dataset.ts';
import { firstImages } from '../datasets/first-images.ts';
import { requireSameSize } from '../datasets/same-size.ts';
import { pinsLabel } from '../energy/io.ts';
import { InputError } from '../errors/input-error.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { openMemory } from '../inputs/open-memory.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork, type StoredNetwork } from '../inputs/read-network.ts';
import { createInputRecorder } from '../inputs/recorder.ts';
import { createManifest, type Manifest } from '../results/manifest.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import { OPTIMISE, type OptimiseInput } from '../settings/jobs/optimise.ts';
import { completeJob } from '../settings/parse-job.ts';
import { trainingShare } from '../snn/recipes.ts';
import { kneeOf, modelReward, stillPossible } from '../sparkxd/pareto.ts';
import type { WeightCoding } from '../sparkxd/weight-coding.ts';
import { PLAIN_CODING } from '../sparkxd/weight-memory.ts';
import { mean } from '../stats/moments.ts';
import type { Volts } from '../units/flavours.ts';
import { requireResponses } from '../weights/network-file.ts';
import { createEvaluationPool } from './accuracy/evaluate-pool.ts';
import { type ChoiceToTest, type TestedChoice, testChoice } from './chosen-point.ts';
import { type PhaseMonitor, SILENT } from './monitor.ts';
import {
  type CostedAxes,
  type CostedChoice,
  type CostingInputs,
  costChoices,
  type OperatingChoice,
} from './operating-points.ts';

/** A choice whose accuracy on the validation images is known, on the Pareto front of energy, latency and the worst chip's accuracy. */
export interface OperatingPoint extends OperatingChoice {
  readonly energy_nJ: number;
  readonly latency_ns: number;
  /** Means over the chips: expected over the chip and where the weights lie, and observed in the weights. */
  readonly berChip: number;
  readonly berPlaced: number;
  readonly berObserved: number;
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
  /** What the energies hold of the data pins (`pinsLabel`). */
  readonly dataPins: string;
  /**
   * The paper's baseline: the first network in FP32, baseline mapping, nominal supply, without errors. Its accuracy, as that
   * of every point of the front, is of the validation images.
   */
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
  /** The optimum and the baseline on the test images, which decide nothing; absent where no point is within the bound. */
  readonly tested?: TestedChoice;
}

/** Images are shown in so many parts; between them choices are ruled out. */
const ROUNDS = 8;

/**
 * The Pareto front over all axes, and on it the point of least energy within the bound. Exact: costs are computed for
 * every choice; weights that several choices load alike are classified once; and after each part of the images a
 * choice is dropped when another costs no more and is at least as accurate even if the first classified every image
 * left and the other none. All of it is decided on the validation images; the point of least energy is then shown the
 * test images once. Same bytes for any number of threads. Throws InputError for input that cannot serve.
 */
export async function runOptimise(
  input: OptimiseInput,
  threads = 1,
  monitor: PhaseMonitor = SILENT,
): Promise<OptimiseOutcome> {
  const job = completeJob(OPTIMISE, input);
  const recorder = createInputRecorder(monitor.remark);
  const accelerator = await loadAccelerator(job.accelerator, recorder.models);
  const dataset = await readDataset(job.dataset);
  const stored = await Promise.all(job.networks.map((name) => readNetwork(name, recorder.note)));
  for (const network of stored) requireSameSize(network, dataset);
  const { train } = dataset;
  const kept = sliceImages(train, trainingShare(train.count), train.count);
  const images = firstImages(kept, job.images, `validation images of ${dataset.name}`);
  const test = firstImages(dataset.test, job.images, `test images of ${dataset.name}`);
  recorder.note('validation_images', dataset.name, images.pixels);
  recorder.note('validation_labels', dataset.name, images.labels);
  recorder.note('test_images', dataset.name, test.pixels);
  recorder.note('test_labels', dataset.name, test.labels);
  const memoryOf = (network: StoredNetwork, coding: WeightCoding, pruneInputs: number | undefined) => {
    // Each choice has a timing of its own; this one says whether any of them reads the circuit curve.
    const timing = job.timings.find((mode) => mode !== 'nominal') ?? 'nominal';
    const choice = { ...job, ...coding, pruneInputs, timing, repair: 'none' } as const;
    return openMemory(choice, network, recorder, async () => dataset);
  };
  const inputs = { accelerator, images, job, chips: job.chips, models: recorder.models };

  monitor.begin('costs', stored.length * job.formats.length);
  const races: Race[] = [];
  const refused: OptimiseOutcome['refused'][number][] = [];
  for (const [i, network] of stored.entries())
    for (const format of job.formats) {
      const memory = await memoryOf(network, { format, ecc: job.ecc }, job.pruneInputs);
      const costing = await costChoices(job.networks[i]!, format, job, { ...inputs, memory });
      refused.push(...costing.refused);
      for (const choice of costing.choices) races.push({ choice, network: i, load: costing.load });
      monitor.advance(1);
    }
  const plain = await memoryOf(stored[0]!, PLAIN_CODING, undefined);
  const axes: CostedAxes = {
    supplies: [plain.device.supply.nominal],
    mappings: ['baseline'],
    repairs: ['none'],
    timings: ['nominal'],
  };
  const costing = await costChoices(job.networks[0]!, 'fp32', axes, { ...inputs, memory: plain, chips: 1 });
  const [cost] = costing.choices;
  if (!cost) throw new InputError('the first network does not fit the device');
  const manifest = await createManifest('run --optimise', { ...job }, recorder.hashes());
  // The baseline stands outside of the competition, so that it is shown every image.
  const scores = new Map<string, number>();
  let presentations = 0;
  const pool = await createEvaluationPool(threads);
  const settingsOf = (network: number) => ({
    responses: requireResponses(stored[network]!.network, stored[network]!.file),
    vote: job.vote,
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
      network: cost.network,
      supply_V: cost.supply,
      energy_nJ: cost.energy_nJ,
      latency_ns: cost.latency_ns,
      accuracy: baselineAccuracy,
    };
    const required = baselineAccuracy - job.bound;
    const front = frontOf(live, scores, images.count, baseline, required, job.rewardWeight);
    const optimum = front.find((point) => point.optimum);
    const tested = optimum && (await testOptimum(optimum));
    return {
      manifest,
      dataPins: pinsLabel(dataPinsOf(job, plain.device)),
      baseline,
      front,
      required,
      choices: races.length,
      refused,
      presentations,
      presentationsUnpruned,
      ...(tested ? { tested } : {}),
    };
  } finally {
    await pool.close();
  }

  async function testOptimum(optimum: OperatingPoint): Promise<TestedChoice> {
    const number = job.networks.indexOf(optimum.network);
    const toTest = (network: number, choice: OperatingChoice, own: Partial<CostingInputs>): ChoiceToTest => ({
      choice,
      inputs: { ...inputs, memory: plain, ...own, images: test },
      network: stored[network]!.network,
      settings: settingsOf(network),
    });
    const coding = { format: optimum.format, ecc: job.ecc };
    const memory = await memoryOf(stored[number]!, coding, job.pruneInputs);
    monitor.begin('test images', test.count * (1 + job.chips));
    return testChoice(
      toTest(0, cost!, { chips: 1 }),
      toTest(number, optimum, { memory }),
      test,
      job.bound,
      pool,
      (count) => monitor.advance(count),
    );
  }
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
