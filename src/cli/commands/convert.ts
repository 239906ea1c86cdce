import type { Command } from 'commander';
import type { ConvertOutcome } from '../../experiments/run-convert.ts';
import { ACCESS_FORMATS, type AccessFormatName } from '../../trace/access-formats.ts';
import { numberBetween, oneOf, wholeNumber } from '../option-values.ts';

interface ConvertOptions {
  readonly from?: AccessFormatName;
  readonly to: AccessFormatName;
  readonly accessBytes?: number;
  readonly clock?: number;
  readonly writes?: boolean;
  readonly device?: string;
  readonly addressMapping: string;
  readonly allowLossy?: boolean;
  readonly limit: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  const format = oneOf(ACCESS_FORMATS, 'trace formats');
  command
    .argument('<IN>', 'access trace, gzip or plain')
    .argument('<OUT>', 'access trace to write; gzip if it ends in .gz')
    .option('--from <NAME>', `${ACCESS_FORMATS.join(', ')} (default: found from the content)`, format)
    .requiredOption('--to <NAME>', 'any of these', format)
    .option('--access-bytes <N>', 'size of an access in formats that give none (default: 64)', wholeNumber(1))
    .option('--clock <MHZ>', 'clock of formats that count in cycles', numberBetween(0.001, 9000))
    .option('--writes', 'a SCALE-Sim file is writes (default: reads)')
    .option('--device <NAME|FILE>', 'device of address vectors (ramulator2-vector)')
    .option('--address-mapping <NAME|FILE>', 'order of its address bits', 'row-bank-column')
    .option('--allow-lossy', 'leave out what the format cannot say of the requests, and list it')
    .option(
      '--limit <N>',
      'most accesses to write (sxt: any number); one run may be 2^45 lines, and 10^9 are 11 GB of ramulator',
      wholeNumber(1),
      10 ** 9,
    )
    .option('--json', 'print what was done as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd convert traces/n400-mnist-event.sxt event.trace.gz --to ramulator --access-bytes 32',
    )
    .action(convert);
}

async function convert(input: string, output: string, options: ConvertOptions): Promise<void> {
  const { runConvert } = await import('../../experiments/run-convert.ts');
  const {
    from,
    to,
    accessBytes,
    clock,
    writes = false,
    device,
    addressMapping,
    allowLossy = false,
    limit,
  } = options;
  const outcome = await runConvert({
    ...{ input, output, from, to, accessBytes, clock, writes, device, addressMapping, allowLossy, limit },
  });
  if (options.json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
  else process.stdout.write(forPeople(output, outcome));
  if (!options.quiet && outcome.lost.length > 0)
    process.stderr.write(`not carried over: ${outcome.lost.join('; ')}\n`);
}

const forPeople = (output: string, { from, to, runs, reads, writes }: ConvertOutcome): string => {
  const number = (value: number): string => value.toLocaleString('en');
  return `${output}: ${number(runs)} runs of ${from}, ${number(reads)} bytes read and ${number(writes)} written, as ${to}\n`;
};
