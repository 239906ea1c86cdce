import { z } from 'zod';
import { TIMING_MODES } from '../hardware/resolved-timing.ts';
import { MAPPING_POLICIES } from '../mapping/policy.ts';
import { WEIGHT_FORMATS } from '../snn/weight-format.ts';
import { ERROR_MAPS } from '../sparkxd/fault-aware-training.ts';
import { RUN_REPAIRS } from '../sparkxd/repair-on-load.ts';

const share = z.number().min(0).max(1);
const seed = z.int().nonnegative();

/** Bits that flip at a rate, anywhere, which goes geometrically from its first to its last value over the run. */
const uniformErrorsSchema = z
  .strictObject({ kind: z.literal('uniform'), ber: z.strictObject({ from: share, to: share }) })
  .refine(({ ber: { from, to } }) => from <= to && (from > 0 || to === 0), {
    error: 'the bit error rate must rise, from above 0',
  });

/** The weak cells of a chip at a supply. */
const chipErrorsSchema = z.strictObject({
  kind: z.literal('chip'),
  device: z.string(),
  profile: z.string(),
  supply: z.number().positive(),
  timing: z.enum(TIMING_MODES),
  mapping: z.enum(MAPPING_POLICIES),
  chip: z.int().positive(),
  model: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  berLimit: share,
});

/** What fault-aware training adds to a recipe; part of the training's manifest. */
export const faultAwareSchema = z.strictObject({
  headroom: z.number().min(1).max(100),
  errorMaps: z.enum(ERROR_MAPS),
  readEvery: z.int().positive(),
  format: z.enum(WEIGHT_FORMATS),
  repair: z.enum(RUN_REPAIRS as [(typeof RUN_REPAIRS)[number], ...(typeof RUN_REPAIRS)[number][]]),
  /** Of the flips, or of the chips. */
  errorSeed: seed,
  errors: z.discriminatedUnion('kind', [uniformErrorsSchema, chipErrorsSchema]),
  /** SHA-256 of the weights file that training went on from; none: random weights. */
  start: z.string().optional(),
});

export type FaultAwareSettings = z.infer<typeof faultAwareSchema>;
export type UniformErrors = z.infer<typeof uniformErrorsSchema>;
export type ChipErrors = z.infer<typeof chipErrorsSchema>;
