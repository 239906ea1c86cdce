import { z } from 'zod';
import type { ImageSet } from '../../datasets/dataset.ts';
import { expectation } from '../../errors/expectation.ts';
import { InputError } from '../../errors/input-error.ts';
import { readText } from '../../files/read-file.ts';
import { sha256 } from '../../files/sha256.ts';
import { createManifest } from '../../results/manifest.ts';
import { firstComplaint } from '../../snn/schemas.ts';
import { supervisedRecipeSchema } from '../../snn/supervised/schema.ts';
import { STORAGE_FORMATS } from '../../snn/weight-format.ts';
import { TENSOR_REPAIRS } from '../../sparkxd/repair-on-load.ts';
import { CURRICULA } from '../../sparkxd/supervised-errors.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/, { error: 'expected a SHA-256 in hexadecimal' });

const configurationSchema = z.strictObject({
  rule: z.literal('surrogate'),
  dataset: z.string(),
  recipe: supervisedRecipeSchema,
  store: z.enum(STORAGE_FORMATS),
  fault_aware: z
    .strictObject({
      curriculum: z.enum(CURRICULA),
      ber: z.number().min(0).max(1),
      repair: z.enum(TENSOR_REPAIRS),
      errorSeed: z.int().nonnegative(),
    })
    .optional(),
});

/** What, with the images, determines the weights file bit by bit; keys stand in this order. */
export type SurrogateConfiguration = z.infer<typeof configurationSchema>;

const inputsSchema = z.strictObject({ training_images: digest, training_labels: digest });

const manifestSchema = z.object({
  program: z.literal('sparkxd'),
  command: z.literal('train'),
  configuration: configurationSchema,
  inputs: inputsSchema,
  outputs: z.strictObject({ weights: digest }),
});

/** A training to repeat. */
export interface SurrogateOrder {
  readonly configuration: SurrogateConfiguration;
  readonly inputs: z.infer<typeof inputsSchema>;
  /** SHA-256 that the weights file must have. */
  readonly weights: string;
}

/** The configuration with its keys in the order of the schema, so that one read from a manifest gives the same bytes. */
export const orderedConfiguration = (configuration: SurrogateConfiguration): SurrogateConfiguration =>
  configurationSchema.parse(configuration);

export const digestsOf = ({ pixels, labels }: ImageSet): SurrogateOrder['inputs'] => ({
  training_images: sha256(pixels),
  training_labels: sha256(labels),
});

/** The manifest beside trained weights, as the text of its file. */
export async function surrogateManifest(
  configuration: SurrogateConfiguration,
  images: ImageSet,
  weights: Uint8Array,
): Promise<string> {
  const made = await createManifest('train', configuration, digestsOf(images));
  return `${JSON.stringify({ ...made, outputs: { weights: sha256(weights) } }, undefined, 2)}\n`;
}

/** Whether a manifest is of a training by surrogate gradients; false for whatever is no JSON. */
export async function isSurrogateManifest(file: string): Promise<boolean> {
  try {
    const json = JSON.parse(await readText(file, { what: 'cannot read the training manifest' }));
    return json?.configuration?.rule === 'surrogate';
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Reads a manifest. Throws InputError for a missing file and for anything that is not one. */
export async function readSurrogateManifest(file: string): Promise<SurrogateOrder> {
  const text = await readText(file, { what: 'cannot read the training manifest' });
  const refuse = (what: string): InputError =>
    new InputError(`not a manifest of a training by surrogate gradients: ${what}`, { place: { file } });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refuse('it is not JSON');
  }
  const result = manifestSchema.safeParse(json, { error: expectation });
  if (!result.success) throw refuse(firstComplaint(result.error));
  const { configuration, inputs, outputs } = result.data;
  return { configuration, inputs, weights: outputs.weights };
}

/** Throws InputError unless these are the very images of the manifest. */
export function requireImagesOf(
  { inputs, configuration }: SurrogateOrder,
  images: ImageSet,
  file: string,
): void {
  const found = digestsOf(images);
  if (found.training_images === inputs.training_images && found.training_labels === inputs.training_labels)
    return;
  throw new InputError(
    `the training images are not those of the manifest (dataset "${configuration.dataset}")`,
    {
      place: { file },
      remedy: 'name the folder of the original images with --dataset',
    },
  );
}
