import { basename } from 'node:path';
import { trainControl, trainFaultAwareAndLabel } from '../experiments/training/train-fault-aware.ts';
import { readTrainingManifest, recordTraining } from '../experiments/training/training-manifest.ts';
import { sha256 } from '../files/sha256.ts';
import { readNetwork } from '../inputs/read-network.ts';
import type { FaultAwareSettings } from '../settings/fault-aware.ts';
import { atFinalRates, type TrainingRecipe } from '../snn/recipe.ts';
import { keptTraining, manifestOf, type SeedTraining } from './kept-training.ts';
import type { Awareness } from './reproduction-study.ts';

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
  training: SeedTraining,
): Promise<string> {
  const start = await readNetwork(shipped);
  const { record: made } = await readTrainingManifest(manifestOf(start.file));
  const { train } = await training.datasetOf(made.dataset);
  const recipe: TrainingRecipe = {
    ...atFinalRates(made.recipe),
    seed,
    presentations: PRESENTATIONS,
    ceiling: start.network.ceiling,
  };
  const settings: FaultAwareSettings = { ...FORMULATION, errorSeed: seed, start: sha256(start.bytes) };
  const record = recordTraining(made.dataset, recipe, train, settings);
  const goOn = awareness === 'aware' ? trainFaultAwareAndLabel : trainControl;
  // Both record the errors: the control is the control of this very training. Its name tells them apart.
  const name = `${basename(start.file, '.safetensors')}-${awareness}${seed}`;
  return keptTraining(
    {
      name,
      title: name,
      record,
      images: train,
      train: async (pool, onDone) =>
        (await goOn({ recipe, settings, start }, { images: train, pool, onDone })).network,
    },
    training,
  );
}
