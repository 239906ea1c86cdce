import { type Command, InvalidArgumentError } from 'commander';
import { ANTI_ROWS, MAX_SPREAD } from '../../faults/error-model.ts';
import { MAPPING_POLICIES } from '../../mapping/policy.ts';
import { WEIGHT_FORMATS } from '../../snn/weight-format.ts';
import type { ErrorsOptions, ExplainOptions, FitOptions, MemoryOptions } from '../errors/options.ts';
import { errorModelId, numberBetween, oneOf, wholeNumber } from '../option-values.ts';
import { supplyList } from '../supply-list.ts';

export function configure(command: Command): void {
  withRegion(withChip(withMemory(command)))
    .option('--refresh-interval <MS>', 'add retention errors at this refresh interval', numberBetween(0, 1e6))
    .option('--temperature <C>', 'temperature for retention errors (default: 20)', numberBetween(-100, 200))
    .option(
      '--export <FILE>',
      'write the weak cells at the lowest supply: .csv, or .wcm for the compact form',
    )
    .option('--picture <FILE.svg>', 'draw the floor plan at the lowest supply')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  sparkxd errors --profile voltron-b --chip 3 --supply 1.1,1.075 --picture chip3.svg\n' +
        '  sparkxd errors --supply 1.06 --banks 0 --export bank0.csv\n' +
        '  sparkxd errors --import bank0.csv --supply 1.1\n' +
        '  sparkxd errors compare a.csv b.csv\n' +
        '  sparkxd errors fit measured.csv\n' +
        '  sparkxd errors explain --weights n400-mnist --supply 1.05',
    )
    .action(async (options: ErrorsOptions) => {
      const { inspectErrors } = await import('../errors/inspect.ts');
      await inspectErrors(options);
    });
  withMemory(command.command('compare <FIRST> <SECOND>'))
    .description('cells that two maps share, and whether one contains the other')
    .action(async (first: string, second: string, options: MemoryOptions) => {
      const { compareErrors } = await import('../errors/compare.ts');
      await compareErrors(first, second, options);
    });
  withRegion(withMemory(command.command('fit <MAP>')))
    .description('the most likely of the four error models for a map, with its parameters')
    .option('--reads <N>', 'reads behind each flip probability of the map', wholeNumber(1), 100)
    .action(async (map: string, options: FitOptions) => {
      const { fitErrors } = await import('../errors/fit.ts');
      await fitErrors(map, options);
    });
  withChip(withMemory(command.command('explain')))
    .description('every bit of a network’s weights that the chip flips: weight, bit, cell, subarray, effect')
    .option('--weights <NAME|FILE>', 'trained network: a safetensors file or a shipped name', 'n400-mnist')
    .option('--format <NAME>', WEIGHT_FORMATS.join(', '), oneOf(WEIGHT_FORMATS, 'formats'), 'fp32')
    .option('--mapping <NAME>', MAPPING_POLICIES.join(', '), oneOf(MAPPING_POLICIES, 'mappings'), 'baseline')
    .option('--ber-limit <X>', 'bit error rate up to which a subarray is safe', numberBetween(0, 1), 1e-3)
    .option('--limit <N>', 'bits to print', wholeNumber(0), 20)
    .option('--csv <FILE>', 'write all of them (with several supplies: of the last)')
    .action(async (options: ExplainOptions) => {
      const { explainErrors } = await import('../errors/explain.ts');
      await explainErrors(options);
    });
}

/** The memory, and the supplies at which it is looked at. */
function withMemory(command: Command): Command {
  return command
    .option('--device <NAME|FILE>', 'DRAM device', 'lpddr3-1600-4gb-sparkxd')
    .option('--profile <NAME|FILE>', 'voltage profile: bit errors against supply', 'sparkxd')
    .option('--supply <LIST>', 'supply voltages: 1.35,1.25 or 1.35:1.05:0.05', supplyList)
    .option(
      '--lowest-supply <V>',
      'supply down to which a CSV map is complete (default: the profile’s)',
      volts,
    )
    .option('--json', 'print one JSON object');
}

/** Which chip: generated with its error model, or the user's map. */
function withChip(command: Command): Command {
  return command
    .option('--chip <N>', 'number of the chip', wholeNumber(0), 1)
    .option('--seed <N>', 'seed of the chips', wholeNumber(0), 1)
    .option('--member <NAME>', 'module of the profile, such as B7 (default: drawn for the chip)')
    .option(
      '--model <ID>',
      'error model: 0 uniform, 1 bitline, 2 wordline, 3 data-dependent',
      errorModelId,
      0,
    )
    .option('--spread <X>', 'models 1, 2: log-normal spread of weak shares', numberBetween(0, MAX_SPREAD))
    .option('--flip <P>', 'probability that a read of a weak cell flips', numberBetween(0, 1))
    .option('--flip-discharged <P>', 'model 3: the same for cells without charge', numberBetween(0, 1))
    .option('--anti-rows <WHICH>', `model 3: ${ANTI_ROWS.join(', ')}`, oneOf(ANTI_ROWS, 'rows'))
    .option(
      '--subarray-spread <X>',
      'log-normal spread over subarrays (default: the profile’s)',
      numberBetween(0, MAX_SPREAD),
    )
    .option('--import <FILE>', 'a map of your own instead of a generated chip (CSV or .wcm)');
}

function withRegion(command: Command): Command {
  return command
    .option('--banks <LIST>', 'banks 0,1 or 0:3 (default: all)', bankList)
    .option('--rows <FROM:TO>', 'rows of each bank, both ends included (default: all)', rowRange);
}

function volts(text: string): number {
  const [value, ...more] = supplyList(text);
  if (more.length > 0) throw new InvalidArgumentError('expected one voltage.');
  return value!;
}

const COUNT = /^\d+$/;

function bankList(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const ends = part.split(':');
    if (ends.length > 2 || !ends.every((end) => COUNT.test(end)))
      throw new InvalidArgumentError('expected banks such as 0,1 or 0:3.');
    const [first, last = first] = ends.map(Number) as [number, number?];
    if (last < first || last > 65_535) throw new InvalidArgumentError('expected banks such as 0,1 or 0:3.');
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

function rowRange(text: string): [number, number] {
  const ends = text.split(':');
  if (ends.length !== 2 || !ends.every((end) => COUNT.test(end)))
    throw new InvalidArgumentError('expected rows such as 0:2047.');
  const [first, last] = ends.map(Number) as [number, number];
  if (last < first) throw new InvalidArgumentError('expected rows such as 0:2047, the first first.');
  return [first, last];
}
