import { basename, join } from 'node:path';
import { createEvaluationPool } from '../experiments/accuracy/evaluate-pool.ts';
import { trainControl, trainFaultAwareAndLabel } from '../experiments/training/train-fault-aware.ts';
import {
  createTrainingManifest,
  readTrainingManifest,
  recordTraining,
} from '../experiments/training/training-manifest.ts';
import { sha256 } from '../files/sha256.ts';
import { writeWhole } from '../files/write-file.ts';
import { readNetwork } from '../inputs/read-network.ts';
import type { FaultAwareSettings } from '../settings/fault-aware.ts';
import { atFinalRates, type TrainingRecipe } from '../snn/recipe.ts';
import { formatNetwork } from '../weights/network-file.ts';
import type { Awareness } from './reproduction-study.ts';
import { manifestOf, networkHolds, type SeedTraining } from './training-seeds.ts';

/** Presentations that go on: what changes at final rates has changed by then (docs/fault-aware-training.md). */
const PRESENTATIONS = 20_000;

/** The paper's way: fresh maps at a rate that rises to the limit of its mapping, seen through the default repair. */
const FORMULATION = {
  errorMaps: 'fresh',
  headroom: 1,
  readEvery: 250,
  format: 'fp32',
  repair: 'zero',
  errors: { kind: 'uniform', ber: { from: 1e-5, to: 1e-3 } },
} as const;

/**
 * The file of a network that went on from a shipped one at its final rates, no weight above its largest: under errors, or
 * without them as the control. Kept in the folder as other trainings are.
 */
export async function networkGoneOn(
  shipped: string,
  seed: number,
  awareness: Awareness,
  { folder, datasetOf, threads, monitor }: SeedTraining,
): Promise<string> {
  const start = await readNetwork(shipped);
  const { record: made } = await readTrainingManifest(manifestOf(start.file));
  const { train } = await datasetOf(made.dataset);
  const recipe: TrainingRecipe = {
    ...atFinalRates(made.recipe),
    seed,
    presentations: PRESENTATIONS,
    ceiling: start.network.ceiling,
  };
  const settings: FaultAwareSettings = { ...FORMULATION, errorSeed: seed, start: sha256(start.bytes) };
  const record = recordTraining(made.dataset, recipe, train, settings);
  const name = `${basename(start.file, '.safetensors')}-${awareness}${seed}`;
  const file = join(folder, `${name}.safetensors`);
  // Both record the errors: the control is the control of this very training. Its name tells them apart.
  if (await networkHolds(file, JSON.stringify(record))) return file;

  const pool = await createEvaluationPool(threads);
  try {
    monitor.begin(`${name}: training`, recipe.presentations + recipe.trainingImages);
    const onDone = (count: number): void => monitor.advance(count);
    const goOn = awareness === 'aware' ? trainFaultAwareAndLabel : trainControl;
    const { network } = await goOn({ recipe, settings, start }, { images: train, pool, onDone });
    const weights = formatNetwork({ network, training: JSON.stringify(record), storage: recipe.storage });
    const manifest = await createTrainingManifest(record, train, weights);
    await writeWhole(manifestOf(file), `${JSON.stringify(manifest, null, 2)}\n`);
    await writeWhole(file, weights);
    return file;
  } finally {
    await pool.close();
  }
}
