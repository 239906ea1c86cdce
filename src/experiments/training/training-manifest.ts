import { z } from 'zod';
import type { ImageSet } from '../../datasets/dataset.ts';
import { expectation } from '../../errors/expectation.ts';
import { InputError } from '../../errors/input-error.ts';
import { readText } from '../../files/read-file.ts';
import { sha256 } from '../../files/sha256.ts';
import { createManifest, type Manifest } from '../../results/manifest.ts';
import { type FaultAwareSettings, faultAwareSchema } from '../../settings/fault-aware.ts';
import type { TrainingRecipe } from '../../snn/recipe.ts';
import { firstComplaint, trainingRecipeSchema } from '../../snn/schemas.ts';

/** What determines a trained network bit by bit; it also stands in the metadata of the weights. */
export interface TrainingRecord {
  readonly dataset: string;
  readonly recipe: TrainingRecipe;
  /** Absent from plain training. */
  readonly fault_aware?: FaultAwareSettings;
  /** SHA-256 of the pixels and labels of the training part. */
  readonly training_images: string;
  readonly training_labels: string;
}

/** The manifest beside trained weights: `sparkxd train --manifest` makes the same bytes from it. */
export interface TrainingManifest extends Manifest {
  readonly outputs: { readonly weights: string };
}

/** The record of a training; keys stand in the schema's order, so that a record read from a manifest is the same text. */
export function recordTraining(
  dataset: string,
  recipe: TrainingRecipe,
  images: ImageSet,
  faultAware?: FaultAwareSettings,
): TrainingRecord {
  return {
    dataset,
    recipe: trainingRecipeSchema.parse(recipe),
    ...(faultAware ? { fault_aware: faultAwareSchema.parse(faultAware) } : {}),
    training_images: sha256(images.pixels),
    training_labels: sha256(images.labels),
  };
}

export async function createTrainingManifest(
  { dataset, recipe, fault_aware }: TrainingRecord,
  images: ImageSet,
  weights: Uint8Array,
): Promise<TrainingManifest> {
  const inputs = { training_images: sha256(images.pixels), training_labels: sha256(images.labels) };
  const configuration = { dataset, recipe, ...(fault_aware ? { fault_aware } : {}) };
  return {
    ...(await createManifest('train', configuration, inputs)),
    outputs: { weights: sha256(weights) },
  };
}

const digest = z.string().regex(/^[0-9a-f]{64}$/, { error: 'expected a SHA-256 in hexadecimal' });

const madeSchema = z.object({
  dataset: z.string(),
  recipe: trainingRecipeSchema,
  training_images: digest,
});

/** What made a network, as its weights file says. */
export type TrainingMade = z.infer<typeof madeSchema>;

/** What the metadata `training` of a weights file says; undefined where it is no record of a training. */
export function trainingMadeOf(text: string): TrainingMade | undefined {
  try {
    return madeSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const manifestSchema = z.object({
  program: z.literal('sparkxd'),
  command: z.literal('train'),
  configuration: z.strictObject({
    dataset: z.string(),
    recipe: trainingRecipeSchema,
    fault_aware: faultAwareSchema.optional(),
  }),
  inputs: z.strictObject({ training_images: digest, training_labels: digest }),
  outputs: z.strictObject({ weights: digest }),
});

export interface TrainingOrder {
  readonly record: TrainingRecord;
  /** SHA-256 that the weights must have. */
  readonly weights: string;
}

/** Reads a training manifest. Throws InputError for a missing file and for anything that is not one. */
export async function readTrainingManifest(file: string): Promise<TrainingOrder> {
  const text = await readText(file, { what: 'cannot read the training manifest' });
  const refuse = (what: string): InputError =>
    new InputError(`not a training manifest: ${what}`, { place: { file } });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refuse('it is not JSON');
  }
  const result = manifestSchema.safeParse(json, { error: expectation });
  if (!result.success) throw refuse(firstComplaint(result.error));
  const { configuration, inputs, outputs } = result.data;
  const { dataset, recipe, fault_aware } = configuration;
  const record = { dataset, recipe, ...(fault_aware ? { fault_aware } : {}), ...inputs };
  return { record, weights: outputs.weights };
}

/** Throws InputError unless `images` are the very images that the record was made with. */
export function requireSameImages(record: TrainingRecord, images: ImageSet, manifestFile: string): void {
  const found = recordTraining(record.dataset, record.recipe, images);
  if (found.training_images === record.training_images && found.training_labels === record.training_labels)
    return;
  throw new InputError(`the training images are not those of the manifest (dataset "${record.dataset}")`, {
    place: { file: manifestFile },
    remedy: 'name the folder of the original images with --dataset',
  });
}
