import { join } from 'node:path';
import type { Dataset, ImageSet } from '../datasets/dataset.ts';
import { InputError } from '../errors/input-error.ts';
import { createEvaluationPool, type EvaluationPool } from '../experiments/accuracy/evaluate-pool.ts';
import type { PhaseMonitor } from '../experiments/monitor.ts';
import { createTrainingManifest, type TrainingRecord } from '../experiments/training/training-manifest.ts';
import { writeWhole } from '../files/write-file.ts';
import { readNetwork } from '../inputs/read-network.ts';
import type { LabelledNetwork } from '../snn/network.ts';
import { formatNetwork } from '../weights/network-file.ts';

/** Where networks are trained and with what. */
export interface SeedTraining {
  /** Trained networks are kept here, each with its manifest. */
  readonly folder: string;
  readonly datasetOf: (name: string) => Promise<Dataset>;
  readonly threads: number;
  readonly monitor: PhaseMonitor;
}

/** A training that a folder keeps. */
export interface TrainingToKeep {
  /** Of the file, without folder and ending. */
  readonly name: string;
  /** What people read while it is trained. */
  readonly title: string;
  /** All that the weights follow from. */
  readonly record: TrainingRecord;
  readonly images: ImageSet;
  readonly train: (pool: EvaluationPool, onDone: (count: number) => void) => Promise<LabelledNetwork>;
}

/** The file of a trained network. What lies in the folder is taken when it has the very same record, and trained otherwise. */
export async function keptTraining(
  { name, title, record, images, train }: TrainingToKeep,
  { folder, threads, monitor }: SeedTraining,
): Promise<string> {
  const { recipe } = record;
  const training = JSON.stringify(record);
  const file = join(folder, `${name}.safetensors`);
  if (await networkHolds(file, training)) return file;
  const pool = await createEvaluationPool(threads);
  try {
    monitor.begin(`${title}: training`, recipe.presentations + recipe.trainingImages);
    const network = await train(pool, (count) => monitor.advance(count));
    const weights = formatNetwork({ network, training, storage: recipe.storage });
    const manifest = await createTrainingManifest(record, images, weights);
    await writeWhole(manifestOf(file), `${JSON.stringify(manifest, null, 2)}\n`);
    await writeWhole(file, weights);
    return file;
  } finally {
    await pool.close();
  }
}

/** Whether the file is there and was made from this record. */
async function networkHolds(file: string, record: string): Promise<boolean> {
  try {
    return (await readNetwork(file)).training === record;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** The manifest beside trained weights. */
export const manifestOf = (weights: string): string => weights.replace(/\.safetensors$/, '.manifest.json');
