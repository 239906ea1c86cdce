import { basename, join } from 'node:path';
import { sliceImages } from '../datasets/dataset.ts';
import { createEvaluationPool, type EvaluationPool } from '../experiments/accuracy/evaluate-pool.ts';
import { trainFaultAwareAndLabel } from '../experiments/training/train-fault-aware.ts';
import {
  createTrainingManifest,
  readTrainingManifest,
  recordTraining,
} from '../experiments/training/training-manifest.ts';
import { writeWhole } from '../files/write-file.ts';
import { openFaultyMemory } from '../inputs/open-faulty-memory.ts';
import { readNetwork } from '../inputs/read-network.ts';
import type { FaultAwareSettings } from '../settings/fault-aware.ts';
import type { LabelledNetwork } from '../snn/network.ts';
import { isRunRepair } from '../sparkxd/repair-on-load.ts';
import { formatNetwork } from '../weights/network-file.ts';
import type { Study } from './reproduction-plan.ts';
import { manifestOf, networkHolds, type SeedTraining } from './training-seeds.ts';

/** The formulation of fault-aware training that `train --fault-aware` has by default (docs/fault-aware-training.md). */
const FORMULATION = { headroom: 2, errorMaps: 'fixed', readEvery: 250 } as const;

/**
 * The file of a network trained for the chip and conditions of a study's job by the recipe of `plain` (a trained
 * network with its manifest beside it), or, for a control, `plain` itself with its neurons labelled anew under the
 * same errors. Kept in the folder as other trainings are.
 */
export async function networkForChip(
  plain: string,
  { awareness, job }: Study,
  { folder, datasetOf, threads, monitor }: SeedTraining,
): Promise<string> {
  const { record: made } = await readTrainingManifest(manifestOf(plain));
  const { train } = await datasetOf(made.dataset);
  const { recipe } = made;
  const { repair } = job;
  if (!isRunRepair(repair)) throw new Error('fault-aware training knows no prior');
  const settings: FaultAwareSettings = {
    ...FORMULATION,
    format: job.format,
    repair,
    errorSeed: job.seed,
    errors: {
      kind: 'chip',
      device: job.device,
      ...(job.profile === undefined ? {} : { profile: job.profile }),
      supply: job.supplies[0]!,
      timing: job.timing,
      mapping: job.mappings[0]!,
      chip: job.chips,
      ecc: job.ecc,
      errorModel: job.errorModel,
      berLimit: job.berLimit,
      occupied: job.occupied,
    },
  };
  const control = awareness === 'control';
  // A control is no fault-aware training; what it was labelled under goes into its name alone.
  const record = control ? made : recordTraining(made.dataset, recipe, train, settings);
  const conditions = `${control ? 'control' : 'aware'}-${job.mappings[0]}-${repair}-chip${job.chips}`;
  const name = `${basename(plain, '.safetensors')}-${conditions}`;
  const file = join(folder, `${name}.safetensors`);
  if (await networkHolds(file, JSON.stringify(record))) return file;

  const pool = await createEvaluationPool(threads);
  try {
    const shown = recipe.trainingImages + (control ? 0 : recipe.presentations);
    monitor.begin(`${name}: training`, shown);
    const onDone = (count: number): void => monitor.advance(count);
    const network = control
      ? await relabelled(plain, settings, {
          pool,
          images: sliceImages(train, 0, recipe.trainingImages),
          onDone,
        })
      : (await trainFaultAwareAndLabel({ recipe, settings }, { images: train, pool, onDone })).network;
    const weights = formatNetwork({ network, training: JSON.stringify(record), storage: recipe.storage });
    const manifest = await createTrainingManifest(record, train, weights);
    await writeWhole(manifestOf(file), `${JSON.stringify(manifest, null, 2)}\n`);
    await writeWhole(file, weights);
    return file;
  } finally {
    await pool.close();
  }
}

/** A network whose labels follow from what its neurons answer to weights as the memory gives them back. */
async function relabelled(
  file: string,
  settings: FaultAwareSettings,
  {
    images,
    pool,
    onDone,
  }: {
    readonly images: Parameters<EvaluationPool['respond']>[1];
    readonly pool: EvaluationPool;
    readonly onDone: (count: number) => void;
  },
): Promise<LabelledNetwork> {
  const { network } = await readNetwork(file);
  const memory = await openFaultyMemory(settings, network);
  const asRead = { ...network, weights: memory.read(network.weights, 0, 1) };
  const responses = await pool.respond(asRead, images, settings.errorSeed, onDone);
  return { ...network, responses };
}
