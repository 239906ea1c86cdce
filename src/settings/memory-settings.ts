import { z } from 'zod';
import { ECC_SCHEMES } from '../faults/ecc.ts';
import { ERROR_MODEL_IDS, type ErrorModelId } from '../faults/error-model.ts';
import { SUBARRAY_SCHEMES, TIMING_MODES, type TimingMode } from '../hardware/resolved-timing.ts';
import { MAPPING_POLICIES, type MappingPolicy } from '../mapping/policy.ts';
import { WEIGHT_FORMATS } from '../snn/weight-format.ts';
import { READ_DRAWS } from '../sparkxd/read-draws.ts';
import { DEFAULT_REPAIR, LOAD_REPAIRS } from '../sparkxd/repair-on-load.ts';
import { optional, required, withDefault } from './setting.ts';
import { MOST_SUPPLIES, readSupplies } from './supply-list.ts';
import { between, listOf, oneOf, share, text, voltage, whole } from './values.ts';

/** Settings of a memory that holds weights: the device, its supply, its errors, and how weights lie in it. */

export const device = withDefault(
  { ...text, value: 'NAME|FILE', names: 'dram', help: 'DRAM device' },
  'lpddr3-1600-4gb-sparkxd',
);

export const profile = optional({
  ...text,
  value: 'NAME|FILE',
  names: 'voltage',
  help: 'voltage profile: bit errors against supply (default: sparkxd, for the standards that it is of)',
});

export const supply = required({
  ...voltage,
  help: 'supply voltage, or a share of the nominal one such as 90%',
});

export const supplies = required({
  ...listOf(voltage, MOST_SUPPLIES),
  flag: 'supply',
  read: readSupplies,
  supplies: 'list',
  help: 'supply voltages: 1.35,1.25 or 1.35:1.05:0.05, or shares of the nominal one: 100%,90%',
});

export const timing = required({
  ...oneOf(TIMING_MODES, 'timings'),
  help: `what a lower supply does to latencies: ${TIMING_MODES.join(', ')}`,
});

const POLICIES = MAPPING_POLICIES.join(', ');

export const latencyCurve = optional({
  ...text,
  flag: 'curve',
  names: 'circuit',
  value: 'NAME|FILE',
  help: "circuit curve by which latencies grow as the supply falls: voltron-spice, voltron-table (default: the device's)",
});

export const mapping = required({
  ...oneOf(MAPPING_POLICIES, 'mappings'),
  help: `where the weights lie: ${POLICIES}`,
});

export const mappings = required({
  ...listOf(oneOf(MAPPING_POLICIES, 'mappings'), MAPPING_POLICIES.length),
  flag: 'mapping',
  help: `where the weights lie: ${POLICIES}`,
});

export const chip = withDefault({ ...whole(1), help: 'number of the chip' }, 1);

/** More chips than anybody averages over. */
export const MOST_CHIPS = 10_000;

export const chips = withDefault(
  { ...whole(1, MOST_CHIPS), help: 'chips, each with weak cells of its own' },
  3,
);

export const berLimit = withDefault(
  { ...between(0, 1), help: 'bit error rate up to which a subarray is safe' },
  1e-3,
);

export const occupied = withDefault(
  {
    ...share,
    schema: share.schema.lt(1, { error: 'expected a share below 1' }),
    help: 'share of the subarrays that other data holds',
  },
  0,
);

export const pruneInputs = optional({
  ...share,
  help: 'leave out the weights of the inputs that make at most this share of the training spikes; 0: of those that never spike',
});

export const format = withDefault(
  { ...oneOf(WEIGHT_FORMATS, 'formats'), help: `weights in memory: ${WEIGHT_FORMATS.join(', ')}` },
  'fp32',
);

export const ceiling = optional({
  ...between(0, 1000),
  value: 'W',
  help: 'no weight is above it: bound of repairs, scale of integer formats (default: the largest weight of the network)',
});

export const ecc = withDefault(
  { ...oneOf(ECC_SCHEMES, 'ECC schemes'), help: `check bits of each weight row: ${ECC_SCHEMES.join(', ')}` },
  'none',
);

export const repair = withDefault(
  {
    ...oneOf(LOAD_REPAIRS, 'repairs'),
    help: `what is done to weights on load: ${LOAD_REPAIRS.join(', ')}`,
  },
  DEFAULT_REPAIR,
);

export const prior = optional({
  ...text,
  value: 'NAME|FILE',
  names: 'networks',
  help: 'another trained network, from which the repair "context" learns what weights look like',
});

const modelError = `the models are ${ERROR_MODEL_IDS.join(', ')}`;

export const errorModel = withDefault(
  {
    schema: z.literal(ERROR_MODEL_IDS, { error: modelError }) as z.ZodType<ErrorModelId, ErrorModelId>,
    value: 'ID',
    read: Number,
    help: "EDEN's error model: 0 uniform, 1 bitline, 2 wordline, 3 data-dependent",
  },
  0,
);

export const flipProbability = required({
  ...share,
  schema: share.schema.gt(0, { error: 'expected a probability above 0' }),
  value: 'P',
  help: 'probability that a read of a weak cell flips, at the same bit error rate; below 1 it draws (--draw)',
});

export const draw = withDefault(
  {
    ...oneOf(READ_DRAWS, 'draws'),
    help: 'when a weak cell draws whether it flips: at each activation of its row, at each read, or at each activation until it is written again',
  },
  'activation',
);

export const rewriteEvery = optional({
  ...whole(1),
  help: 'with --draw persistent: write all weights anew from a sound copy after every N inferences; their time and energy count with simulate --load alone (default: never)',
});

export const weakCells = optional({
  ...text,
  value: 'FILE',
  help: 'a measured map of weak cells (CSV or .wcm) instead of generated chips',
});

export const subarrays = optional({
  ...oneOf(SUBARRAY_SCHEMES, 'subarray schemes'),
  help: `use the subarrays of a bank apart: ${SUBARRAY_SCHEMES.join(', ')}`,
});

export const temperature = optional({
  ...between(-100, 200),
  value: 'C',
  help: 'temperature in degC: refresh as the standard asks for there, and retention errors as far as the profile knows them (default: refresh of the data sheet, no retention errors)',
});

/** What differs between commands in how they hold weights unless it is given. */
interface MemoryDefaults {
  readonly timing: TimingMode;
  readonly mapping: MappingPolicy;
}

/** All that a command must know to put weights into one chip and get them back. */
export const memorySettings = (defaults: MemoryDefaults) => ({
  device,
  profile,
  timing: withDefault(timing, defaults.timing),
  latencyCurve,
  mapping: withDefault(mapping, defaults.mapping),
  chip,
  errorModel,
  weakCells,
  temperature,
  berLimit,
  occupied,
  pruneInputs,
  format,
  ceiling,
  ecc,
  repair,
  prior,
});
