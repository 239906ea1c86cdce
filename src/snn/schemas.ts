import { z } from 'zod';
import { MAXIMUM_INPUTS } from './encoder.ts';
import type { Encoding } from './network.ts';
import type { NeuronConstants } from './neuron-constants.ts';
import type { Schedule, TrainingRecipe } from './recipe.ts';
import { STORAGE_FORMATS } from './weight-format.ts';

/** What may stand in a manifest or a weight file; unknown keys are refused. */

const positive = z.number().positive();
const count = z.int().positive();

export const shapeSchema = z
  .strictObject({ imageRows: count, imageColumns: count, neurons: count, weightSum: positive })
  .refine(({ imageRows, imageColumns }) => imageRows * imageColumns <= MAXIMUM_INPUTS, {
    error: `more than ${MAXIMUM_INPUTS} inputs`,
  });

export const neuronConstantsSchema = z
  .strictObject({
    timeStepMs: positive,
    restPotentialMv: z.number(),
    resetPotentialMv: z.number(),
    thresholdMv: z.number(),
    refractoryMs: positive,
    membraneDecayMs: positive,
    traceDecayMs: positive,
    thetaDecayMs: positive,
    inhibitionMv: z.number().nonnegative(),
  })
  .refine(({ resetPotentialMv, thresholdMv }) => resetPotentialMv < thresholdMv, {
    error: 'the reset potential must lie below the threshold',
  }) satisfies z.ZodType<NeuronConstants>;

/** Longest presentation, in steps: spikes of a presentation are counted in 16 bits. */
const MAXIMUM_STEPS = 65_535;

export const encodingSchema = z.strictObject({
  steps: count.max(MAXIMUM_STEPS),
  maximumRateHz: positive,
  spikesPerImage: positive.exactOptional(),
}) satisfies z.ZodType<Encoding>;

const scheduleSchema = z.strictObject({ from: positive, to: positive }) satisfies z.ZodType<Schedule>;

export const trainingRecipeSchema = z.strictObject({
  neurons: count,
  seed: z.int().nonnegative(),
  trainingImages: count,
  presentations: count,
  encoding: encodingSchema,
  constants: neuronConstantsSchema,
  thetaPlusMv: scheduleSchema,
  postRate: scheduleSchema,
  preRate: z.number().nonnegative(),
  weightSum: positive,
  ceiling: positive.max(1).exactOptional(),
  initialWeight: positive.max(1),
  storage: z.enum(STORAGE_FORMATS),
}) satisfies z.ZodType<TrainingRecipe>;

/** A schema's first complaint in one line: "encoding.steps: expected number". */
export function firstComplaint(error: z.ZodError): string {
  const { path, message } = error.issues[0]!;
  return path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;
}
