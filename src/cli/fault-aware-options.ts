import { type Command, Option } from 'commander';
import { InputError } from '../errors/input-error.ts';
import type { ErrorModelId } from '../faults/error-model.ts';
import { TIMING_MODES, type TimingMode } from '../hardware/resolved-timing.ts';
import { MAPPING_POLICIES, type MappingPolicy } from '../mapping/policy.ts';
import type { FaultAwareSettings } from '../settings/fault-aware.ts';
import { WEIGHT_FORMATS, type WeightFormat } from '../snn/weight-format.ts';
import { ERROR_MAPS, type ErrorMaps } from '../sparkxd/fault-aware-training.ts';
import { RUN_REPAIRS, type RunRepair } from '../sparkxd/repair-on-load.ts';
import { errorModelId, numberBetween, oneOf, wholeNumber } from './option-values.ts';

/** Options that go with `train --fault-aware`. */
export interface FaultAwareOptions {
  readonly faultAware?: boolean;
  readonly ber?: number;
  readonly berFrom?: number;
  readonly supply?: number;
  readonly device: string;
  readonly profile: string;
  readonly timing: TimingMode;
  readonly mapping: MappingPolicy;
  readonly model: ErrorModelId;
  readonly chip: number;
  readonly berLimit: number;
  readonly errorMaps: ErrorMaps;
  readonly errorSeed: number;
  readonly readEvery: number;
  readonly headroom: number;
  readonly format: WeightFormat;
  readonly repair: RunRepair;
  readonly weights?: string;
}

/** docs/fault-aware-training.md has the search that these come from. */
const DEFAULT_HEADROOM = 2;
const DEFAULT_READ_EVERY = 250;

/** What only fault-aware training asks for; `--fault-aware` itself stands before them. */
const createOptions = (): Option[] => [
  new Option('--ber <X>', 'share of the bits of the weights that flip').argParser(numberBetween(0, 1)),
  new Option('--ber-from <X>', 'begin with this bit error rate and rise to --ber (default: --ber throughout)')
    .argParser(numberBetween(1e-12, 1))
    .conflicts('supply'),
  new Option('--supply <V>', 'errors of a chip at this supply instead')
    .argParser(numberBetween(0, 10))
    .conflicts('ber'),
  new Option('--device <NAME|FILE>', 'with --supply: DRAM device').default('lpddr3-1600-4gb-sparkxd'),
  new Option('--profile <NAME|FILE>', 'with --supply: voltage profile').default('sparkxd'),
  new Option('--timing <NAME>', `with --supply: ${TIMING_MODES.join(', ')}`)
    .argParser(oneOf(TIMING_MODES, 'timings'))
    .default('paper'),
  new Option('--mapping <NAME>', `with --supply: ${MAPPING_POLICIES.join(', ')}`)
    .argParser(oneOf(MAPPING_POLICIES, 'mappings'))
    .default('sparkxd'),
  new Option('--model <ID>', 'with --supply: error model, 0 uniform, 1 bitline, 2 wordline, 3 data-dependent')
    .argParser(errorModelId)
    .default(0),
  new Option('--chip <N>', 'with --supply: number of the chip').argParser(wholeNumber(1)).default(1),
  new Option('--ber-limit <X>', 'with --supply: bit error rate of a safe subarray')
    .argParser(numberBetween(0, 1))
    .default(1e-3),
  new Option('--error-maps <NAME>', 'fixed: the map that inference will meet; fresh: another at each reading')
    .argParser(oneOf(ERROR_MAPS, 'maps'))
    .default('fixed'),
  new Option('--error-seed <N>', 'seed of the flips or chips, as --seed of evaluate')
    .argParser(wholeNumber(0))
    .default(1),
  new Option('--read-every <N>', 'presentations from one reading of the memory to the next')
    .argParser(wholeNumber(1))
    .default(DEFAULT_READ_EVERY),
  new Option('--headroom <X>', 'scale of the weights against their largest value; 1 is plain training')
    .argParser(numberBetween(1, 100))
    .default(DEFAULT_HEADROOM),
  new Option('--format <NAME>', `weights in memory: ${WEIGHT_FORMATS.join(', ')}`)
    .argParser(oneOf(WEIGHT_FORMATS, 'formats'))
    .default('fp32'),
  new Option('--repair <NAME>', `what is done to weights on load: ${RUN_REPAIRS.join(', ')}`)
    .argParser(oneOf(RUN_REPAIRS, 'policies'))
    .default('none'),
];

export function addFaultAwareOptions(command: Command): void {
  command
    .option('--fault-aware', 'train under bit errors, beside a control without them')
    .option('--weights <FILE>', 'with --fault-aware: go on from these weights, a file or a shipped name');
  for (const option of createOptions()) {
    const { description } = option;
    option.description = description.startsWith('with ') ? description : `with --fault-aware: ${description}`;
    command.addOption(option.conflicts('manifest'));
  }
}

/** The settings that the options ask for; none without --fault-aware, which then may not have been refined. */
export function faultAwareSettings(
  options: FaultAwareOptions,
  command: Command,
): Omit<FaultAwareSettings, 'start'> | undefined {
  if (!options.faultAware) {
    const stray = createOptions().find(
      (option) => command.getOptionValueSource(option.attributeName()) === 'cli',
    );
    if (stray)
      throw new InputError(`${stray.long} belongs to fault-aware training`, { remedy: 'add --fault-aware' });
    return undefined;
  }
  const { headroom, errorMaps, readEvery, format, repair, errorSeed } = options;
  return { headroom, errorMaps, readEvery, format, repair, errorSeed, errors: errorsOf(options) };
}

function errorsOf({ ber, berFrom, ...options }: FaultAwareOptions): FaultAwareSettings['errors'] {
  const { supply, device, profile, timing, mapping, chip, model, berLimit } = options;
  if (supply !== undefined)
    return { kind: 'chip', device, profile, supply, timing, mapping, chip, model, berLimit };
  if (ber === undefined)
    throw new InputError('fault-aware training needs errors to be aware of', {
      remedy: 'give a bit error rate with --ber, or a chip at a supply with --supply',
    });
  const from = berFrom ?? ber;
  if (from > ber)
    throw new InputError(`the bit error rate cannot rise from ${from} to ${ber}`, {
      remedy: 'give a --ber-from below --ber',
    });
  return { kind: 'uniform', ber: { from, to: ber } };
}
