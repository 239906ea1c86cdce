import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { ERROR_MAPS } from '../sparkxd/fault-aware-training.ts';
import { DEFAULT_REPAIR, isRunRepair, RUN_REPAIRS } from '../sparkxd/repair-on-load.ts';
import { memorySettings, supply } from './memory-settings.ts';
import { switchedOn } from './output-settings.ts';
import { described, type JobOf, jobSchema, optional, prefixed, required, withDefault } from './setting.ts';
import { between, oneOf, whole } from './values.ts';

const {
  repair: _repair,
  prior: _prior,
  pruneInputs: _pruneInputs,
  temperature: _temperature,
  format,
  // `--ceiling` of train bounds the weights while they learn; their memory takes it from the recipe.
  ceiling: _ceiling,
  latencyCurve: curve,
  ...chipMemory
} = memorySettings({ timing: 'paper', mapping: 'sparkxd' });

const errorModel = { ...chipMemory.errorModel, flag: 'model' };
/** `--curve` of train is the file of its training curve. */
const latencyCurve = { ...curve, flag: 'latency-curve' };

/** The weak cells of a chip at a supply. */
const CHIP_ERRORS = { supply: required(supply), ...chipMemory, latencyCurve, errorModel };

const share = z.number().min(0).max(1);

/** Bits that flip at a rate, anywhere, which goes geometrically from its first to its last value over the run. */
const uniformErrorsSchema = z
  .strictObject({ kind: z.literal('uniform'), ber: z.strictObject({ from: share, to: share }) })
  .refine(({ ber: { from, to } }) => from <= to && (from > 0 || to === 0), {
    error: 'the bit error rate must rise, from above 0',
  });

const chipErrorsSchema = jobSchema(CHIP_ERRORS).extend({ kind: z.literal('chip') });

/** Settings of fault-aware training besides its errors (docs/fault-aware-training.md has the search behind the defaults). */
const FORMULATION = {
  errorMaps: withDefault(
    {
      ...oneOf(ERROR_MAPS, 'maps'),
      help: 'fixed: the map that inference will meet; fresh: another at each reading',
    },
    'fixed',
  ),
  errorSeed: withDefault({ ...whole(0), help: 'seed of the flips or chips, as --seed of evaluate' }, 1),
  readEvery: withDefault(
    { ...whole(1), help: 'presentations from one reading of the memory to the next' },
    250,
  ),
  headroom: withDefault(
    {
      ...between(1, 100),
      help: 'scale of the weights against their largest value; 1 is plain training',
    },
    2,
  ),
  format,
  repair: withDefault(
    {
      ...oneOf(RUN_REPAIRS, 'repairs'),
      help: `what is done to weights on load: ${RUN_REPAIRS.join(', ')}`,
    },
    DEFAULT_REPAIR,
  ),
};

/** What fault-aware training adds to a recipe; part of the training's manifest. */
export const faultAwareSchema = jobSchema(FORMULATION).extend({
  errors: z.discriminatedUnion('kind', [uniformErrorsSchema, chipErrorsSchema]),
  /** SHA-256 of the weights file that training went on from; none: random weights. */
  start: z.string().optional(),
});

export type FaultAwareSettings = z.infer<typeof faultAwareSchema>;
export type FaultAwareInput = z.input<typeof faultAwareSchema>;

/** What these two are where they are not given: from random weights, and on from trained ones (the paper's way). */
const BY_START = {
  random: { errorMaps: 'fixed', headroom: 2 },
  trained: { errorMaps: 'fresh', headroom: 1 },
} as const;

/** What only fault-aware training reads; on the command line each goes with --fault-aware. */
export const FAULT_AWARE = prefixed(
  {
    ber: optional({ ...between(0, 1), help: 'share of the bits of the weights that flip' }),
    berFrom: optional({
      ...between(1e-12, 1),
      help: 'begin with this bit error rate and rise to --ber (default: --ber throughout)',
    }),
    supply: optional(described(supply, 'errors of a chip at this supply instead')),
    ...prefixed({ ...chipMemory, latencyCurve, errorModel }, 'with --supply: '),
    ...FORMULATION,
    errorMaps: optional(
      described(
        FORMULATION.errorMaps,
        `${FORMULATION.errorMaps.help} (default: fixed, fresh with --weights)`,
      ),
    ),
    headroom: optional(
      described(FORMULATION.headroom, `${FORMULATION.headroom.help} (default: 2, 1 with --weights)`),
    ),
  },
  'with --fault-aware: ',
);

export const faultAware = switchedOn('train under bit errors, beside a control without them');

/**
 * The record of the errors and the formulation that the settings choose, of a training from random or from trained weights.
 * Throws InputError for none, and for two kinds.
 */
export function faultAwareOf(
  settings: JobOf<typeof FAULT_AWARE>,
  start: keyof typeof BY_START,
): FaultAwareInput {
  const {
    ber,
    berFrom,
    supply: volts,
    errorSeed,
    readEvery,
    errorMaps: _,
    headroom: __,
    ...memory
  } = settings;
  const { errorMaps, headroom } = { ...BY_START[start], ...settings };
  const { format: storage, repair, ...chip } = memory;
  if (!isRunRepair(repair)) throw new InputError(`the repair "${repair}" learns from another network`);
  const formulation = { errorMaps, errorSeed, readEvery, headroom, format: storage, repair };
  if (volts !== undefined) {
    if (ber !== undefined || berFrom !== undefined)
      throw new InputError('bit errors are those of a chip at a supply, or flipped at a rate', {
        remedy: 'give --supply or --ber, not both',
      });
    return { ...formulation, errors: { kind: 'chip', supply: volts, ...chip } };
  }
  if (ber === undefined)
    throw new InputError('fault-aware training needs errors to be aware of', {
      remedy: 'give a bit error rate with --ber, or a chip at a supply with --supply',
    });
  const from = berFrom ?? ber;
  if (from > ber)
    throw new InputError(`the bit error rate cannot rise from ${from} to ${ber}`, {
      remedy: 'give a --ber-from below --ber',
    });
  return { ...formulation, errors: { kind: 'uniform', ber: { from, to: ber } } };
}
