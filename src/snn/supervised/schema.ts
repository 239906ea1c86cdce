import { z } from 'zod';
import { WEIGHT_FORMATS } from '../weight-format.ts';
import { LEARNING_SCHEDULES, OBJECTIVES, SURROGATES, type SupervisedRecipe } from './recipe.ts';

/** Ids of inputs and neurons are 16 bits wide. */
export const MOST_NEURONS = 65_535;

const positive = z.number().positive();
const count = z.int().positive();

/** What may stand in a manifest or a weight file; unknown keys are refused. */
export const supervisedRecipeSchema = z.strictObject({
  layers: z.array(count.max(MOST_NEURONS)).min(2).max(64).readonly(),
  seed: z.int().nonnegative(),
  trainingImages: count,
  epochs: count,
  batch: count,
  learningRate: positive,
  schedule: z.enum(LEARNING_SCHEDULES),
  steps: count.max(10_000),
  timeStepS: positive,
  tauS: positive,
  threshold: positive,
  reset: z.enum(['subtract', 'value']),
  input: z.enum(['current', 'bernoulli']),
  objective: z.enum(OBJECTIVES),
  surrogate: z.enum(SURROGATES),
  slope: positive,
  ceilings: z.array(positive).min(1).max(63).readonly(),
  format: z.enum(WEIGHT_FORMATS),
}) satisfies z.ZodType<SupervisedRecipe>;
