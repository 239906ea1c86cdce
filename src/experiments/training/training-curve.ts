import { type ImageSet, sliceImages } from '../../datasets/dataset.ts';
import { readText } from '../../files/read-file.ts';
import { parseRows } from '../../results/read-rows.ts';
import { CURVE_TABLE, type CurveRow } from '../../results/tables.ts';
import { tableCsv } from '../../results/write-rows.ts';
import type { Network } from '../../snn/network.ts';
import type { TrainingRecipe } from '../../snn/recipe.ts';
import { DEFAULT_VOTE } from '../../snn/vote.ts';
import type { EvaluationPool } from '../accuracy/evaluate-pool.ts';
import { evaluateVariants } from '../accuracy/evaluate-variants.ts';
import { validationImages } from './train-and-label.ts';

/** Training images whose responses label the network at each point, and validation images that measure it, at most. */
const LABELLING = 10_000;
const MEASURED = 10_000;

const measuredImages = (recipe: TrainingRecipe, images: ImageSet): ImageSet => {
  const held = validationImages(recipe, images);
  return sliceImages(held, 0, Math.min(MEASURED, held.count));
};

/** Presentations after which a training is looked at: 100, 200, 500, 1 000, 2 000 and so on, and its last. */
export function curvePresentations(presentations: number): number[] {
  const points: number[] = [];
  for (let decade = 100; decade < presentations; decade *= 10)
    for (const point of [decade, 2 * decade, 5 * decade]) if (point < presentations) points.push(point);
  return [...points, presentations];
}

/** Images that measuring the curve shows to networks. */
export const curveImages = (recipe: TrainingRecipe, images: ImageSet): number =>
  curvePresentations(recipe.presentations).length *
  (Math.min(LABELLING, recipe.trainingImages) + measuredImages(recipe, images).count);

/**
 * Accuracy on the first 10 000 validation images of each network that a training was after some of its presentations, labelled by the
 * first 10 000 training images.
 */
export async function measureCurve(
  recipe: TrainingRecipe,
  dataset: { readonly name: string; readonly train: ImageSet },
  snapshots: readonly { readonly presentations: number; readonly network: Network }[],
  pool: EvaluationPool,
  onDone: (count: number) => void,
): Promise<CurveRow[]> {
  const held = measuredImages(recipe, dataset.train);
  const labelling = sliceImages(dataset.train, 0, Math.min(LABELLING, recipe.trainingImages));
  const points: CurveRow[] = [];
  for (const { presentations, network } of snapshots) {
    const responses = await pool.respond(network, labelling, recipe.seed, onDone);
    const settings = { responses, vote: DEFAULT_VOTE, seed: recipe.seed };
    const [measured] = await evaluateVariants(pool, network, [network.weights], held, settings, onDone);
    const { accuracy, low, high, images } = measured!;
    points.push({
      dataset: dataset.name,
      neurons: recipe.neurons,
      seed: recipe.seed,
      presentations,
      validation_images: images,
      accuracy,
      accuracy_low: low,
      accuracy_high: high,
    });
  }
  return points;
}

export const curveCsv = (points: readonly CurveRow[]): Promise<string> => tableCsv(CURVE_TABLE, points);

/** Reads a curve back. Throws InputError for another table, or one without points. */
export async function readCurve(file: string): Promise<CurveRow[]> {
  return parseRows(CURVE_TABLE, await readText(file, { what: 'cannot read the curve' }), file);
}
