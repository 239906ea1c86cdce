import type { ImageSet } from '../datasets/dataset.ts';
import { InputError } from '../errors/input-error.ts';
import type { PredictionSettings } from '../snn/predict.ts';
import { type Accuracy, marksOf, scoreMarks } from '../sparkxd/accuracy.ts';
import { pairedShares } from '../stats/crossed.ts';
import type { Interval } from '../stats/interval.ts';
import { mean } from '../stats/moments.ts';
import type { EvaluationPool } from './accuracy/evaluate-pool.ts';
import { type CostingInputs, costChoices, type OperatingChoice } from './operating-points.ts';

/** What a choice costs and how accurate it is on the test images, which had no part in choosing it. */
export interface TestedPoint {
  readonly images: number;
  /** Of one inference, mean over the chips, with the traffic of the test images. */
  readonly energy_nJ: number;
  readonly latency_ns: number;
  /** Over the chips. */
  readonly accuracy: number;
  readonly accuracyWorst: number;
}

/** The baseline and the chosen point on the test images. */
export interface TestedChoice {
  readonly baseline: TestedPoint;
  readonly chosen: TestedPoint;
  readonly saving: number;
  /** The baseline's accuracy less that of the chosen point's worst chip, image by image, over other images of the kind. */
  readonly lost: Interval;
  /** What may be lost, and whether the loss as seen is within it. */
  readonly bound: number;
  readonly meetsBound: boolean;
}

/** A choice and what it is costed with; `images` of the inputs are test images. */
export interface ChoiceToTest {
  readonly choice: OperatingChoice;
  readonly inputs: CostingInputs;
  readonly network: Parameters<EvaluationPool['predict']>[0];
  readonly settings: PredictionSettings;
}

interface Measured {
  readonly point: TestedPoint;
  /** Marks of the least accurate chip, one an image. */
  readonly worst: Uint8Array;
}

/** Shows the test images once to the baseline and to the chosen point. */
export async function testChoice(
  baseline: ChoiceToTest,
  chosen: ChoiceToTest,
  images: ImageSet,
  bound: number,
  pool: EvaluationPool,
  onImages: (count: number) => void,
): Promise<TestedChoice> {
  const accurate = await measure(baseline, images, pool, onImages);
  const found = await measure(chosen, images, pool, onImages);
  const lost = pairedShares(accurate.worst, found.worst);
  return {
    baseline: accurate.point,
    chosen: found.point,
    saving: 1 - found.point.energy_nJ / accurate.point.energy_nJ,
    lost,
    bound,
    meetsBound: found.point.accuracyWorst >= accurate.point.accuracyWorst - bound,
  };
}

async function measure(
  { choice, inputs, network, settings }: ChoiceToTest,
  images: ImageSet,
  pool: EvaluationPool,
  onImages: (count: number) => void,
): Promise<Measured> {
  const { format, supply, mapping, repair, timing } = choice;
  const axes = { supplies: [supply], mappings: [mapping], repairs: [repair], timings: [timing] };
  const costing = await costChoices(choice.network, format, axes, inputs);
  const [cost] = costing.choices;
  if (!cost) throw new InputError(costing.refused[0]!.why);
  const marksOfKey = new Map<string, Uint8Array>();
  // One chip at a time: the large networks' weights together would not fit memory.
  for (const key of new Set(cost.loaded)) {
    const [predicted] = await pool.predict(network, [costing.load(key)], images, settings, onImages);
    marksOfKey.set(key, marksOf(predicted!, images));
  }
  const chips = cost.loaded.map((key) => marksOfKey.get(key)!);
  const accuracies: Accuracy[] = chips.map(scoreMarks);
  const accuracyWorst = Math.min(...accuracies.map(({ accuracy }) => accuracy));
  return {
    point: {
      images: images.count,
      energy_nJ: cost.energy_nJ,
      latency_ns: cost.latency_ns,
      accuracy: mean(accuracies.map(({ accuracy }) => accuracy)),
      accuracyWorst,
    },
    worst: chips[accuracies.findIndex(({ accuracy }) => accuracy === accuracyWorst)]!,
  };
}
