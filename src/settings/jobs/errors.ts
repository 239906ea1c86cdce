import { ANTI_ROWS, type ErrorModelOptions, MAX_SPREAD } from '../../faults/error-model.ts';
import {
  chip,
  device,
  errorModel,
  memorySettings,
  profile,
  supplies,
  weakCells,
} from '../memory-settings.ts';
import { dataset, seed, weights } from '../network-settings.ts';
import { maybeFile } from '../output-settings.ts';
import { readBanks, readRows, rowsSchema } from '../regions.ts';
import { described, type JobInput, type JobOf, optional, withDefault } from '../setting.ts';
import { TENSOR_SETTINGS } from '../tensor-settings.ts';
import { between, listOf, oneOf, text, voltage, whole } from '../values.ts';

/** The memory, and the supplies at which it is looked at. */
const MEMORY = {
  device,
  profile,
  supplies: optional(supplies),
  lowestSupply: optional({
    ...voltage,
    help: 'supply down to which a CSV map is complete (default: the profile’s)',
  }),
};

/** Which chip: generated with its error model, or the user's map. */
const CHIP = {
  chip: { ...chip, ...withDefault({ ...whole(0), help: 'number of the chip' }, 1) },
  seed: described(seed, 'seed of the chips'),
  member: optional({ ...text, help: 'module of the profile, such as B7 (default: drawn for the chip)' }),
  errorModel: { ...errorModel, flag: 'model' },
  spread: optional({
    ...between(0, MAX_SPREAD),
    help: 'models 1, 2: log-normal spread of weak shares',
  }),
  flip: optional({
    ...between(0, 1),
    value: 'P',
    help: 'probability that a read of a weak cell flips',
  }),
  flipDischarged: optional({
    ...between(0, 1),
    value: 'P',
    help: 'model 3: the same for cells without charge',
  }),
  antiRows: optional({
    ...oneOf(ANTI_ROWS, 'rows'),
    value: 'WHICH',
    help: `model 3: ${ANTI_ROWS.join(', ')}`,
  }),
  subarraySpread: optional({
    ...between(0, MAX_SPREAD),
    help: 'log-normal spread over subarrays (default: the profile’s)',
  }),
  weakCells: {
    ...weakCells,
    flag: 'import',
    help: 'a map of your own instead of a generated chip (CSV or .wcm)',
  },
};

const REGION = {
  banks: optional({
    ...listOf(whole(0, 65_535), 65_536),
    read: readBanks,
    help: 'banks 0,1 or 0:3 (default: all)',
  }),
  rows: optional({
    schema: rowsSchema,
    value: 'FROM:TO',
    read: readRows,
    help: 'rows of each bank, both ends included (default: all)',
  }),
};

/** `sparkxd errors`: one chip's weak cells at each supply. */
export const INSPECT_ERRORS = {
  ...MEMORY,
  ...CHIP,
  ...REGION,
  refreshInterval: optional({
    ...between(0, 1e6),
    value: 'MS',
    help: 'add retention errors at this refresh interval',
  }),
  temperature: optional({
    ...between(-100, 200),
    value: 'C',
    help: 'temperature for retention errors (default: 20)',
  }),
  export: maybeFile('write the weak cells at the lowest supply: .csv, or .wcm for the compact form'),
  picture: optional({ ...text, value: 'FILE.svg', help: 'draw the floor plan at the lowest supply' }),
};
export type InspectErrorsJob = JobOf<typeof INSPECT_ERRORS>;

/** `sparkxd errors compare`: two maps at each supply. */
export const COMPARE_ERRORS = MEMORY;
export type CompareErrorsJob = JobOf<typeof COMPARE_ERRORS>;

/** `sparkxd errors fit`: the likeliest error model of a map. */
export const FIT_ERRORS = {
  ...MEMORY,
  ...REGION,
  reads: withDefault({ ...whole(1), help: 'reads behind each flip probability of the map' }, 100),
};
export type FitErrorsJob = JobOf<typeof FIT_ERRORS>;

const {
  repair: _repair,
  prior: _prior,
  device: _device,
  profile: _profile,
  chip: _chip,
  errorModel: _errorModel,
  weakCells: _weakCells,
  temperature: _temperature,
  ...storage
} = memorySettings({ timing: 'paper', mapping: 'baseline' });
const { member: _member, subarraySpread: _subarraySpread, ...storageChip } = CHIP;

/** `sparkxd errors explain`: every bit of a network's weights that a chip flips. */
export const EXPLAIN_ERRORS = {
  device,
  profile,
  supplies: withDefault(supplies, [1.05]),
  ...storageChip,
  weights: withDefault(weights, 'n400-mnist'),
  dataset: described(dataset, 'with --prune-inputs: images whose spikes decide'),
  ...storage,
  ...TENSOR_SETTINGS,
  limit: withDefault({ ...whole(0), help: 'bits to print' }, 20),
  csv: maybeFile('write all of them (with several supplies: of the last)'),
};
export type ExplainErrorsJob = JobOf<typeof EXPLAIN_ERRORS>;
export type ExplainErrorsInput = JobInput<typeof EXPLAIN_ERRORS>;

/** The parameters of the error model that a job gives. */
export function modelOptionsOf({
  spread,
  flip,
  flipDischarged,
  antiRows,
}: Pick<InspectErrorsJob, 'spread' | 'flip' | 'flipDischarged' | 'antiRows'>): ErrorModelOptions {
  return {
    ...(spread === undefined ? {} : { spread }),
    ...(flip === undefined ? {} : { flipCharged: flip }),
    ...(flipDischarged === undefined ? {} : { flipDischarged }),
    ...(antiRows === undefined ? {} : { antiRows }),
  };
}
