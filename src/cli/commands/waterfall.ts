import { type Command, InvalidArgumentError } from 'commander';
import type { RunChoice, WaterfallOutcome } from '../../experiments/run-waterfall.ts';
import { WATERFALL_BASES, type WaterfallBasis } from '../../results/waterfall.ts';
import { oneOf } from '../option-values.ts';
import { type Column, formatTable } from '../table.ts';

interface WaterfallOptions {
  readonly per: WaterfallBasis;
  readonly csv?: string;
  readonly svg?: string;
  readonly json?: boolean;
}

/** A choice of rows as the user wrote it, which is also its label in the chart. */
type NamedChoice = RunChoice & { readonly label: string };

export function configure(command: Command): void {
  command
    .argument('<FROM>', 'results of a run: FILE.csv, or FILE.csv:supply_V=1.35,mapping=baseline', choice)
    .argument('<TO>', 'results of another run, or other rows of the same file', choice)
    .option(
      '--per <BASIS>',
      `energy per ${WATERFALL_BASES.join(', ')}`,
      oneOf(WATERFALL_BASES, 'bases'),
      'access',
    )
    .option('--csv <FILE>', 'write the steps as CSV')
    .option('--svg <FILE>', 'write the chart as an SVG picture')
    .option('--json', 'print the steps as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd waterfall results/results.csv:supply_V=1.35,mapping=baseline results/results.csv:supply_V=1.025,mapping=sparkxd --svg waterfall.svg',
    )
    .action(compare);
}

/** "FILE" or "FILE:column=value,column=value". */
function choice(text: string): NamedChoice {
  const match = /^(.+?)(?::(\w+=[^:]*))?$/.exec(text);
  if (!match) throw new InvalidArgumentError('expected FILE.csv or FILE.csv:column=value.');
  const pairs = (match[2] ?? '').split(',').filter((part) => part !== '');
  const where = pairs.map((part) => {
    const [column, value, ...rest] = part.split('=');
    if (!column || value === undefined || rest.length > 0)
      throw new InvalidArgumentError(`expected column=value, not "${part}".`);
    return [column, value] as const;
  });
  return { file: match[1]!, where: Object.fromEntries(where), label: match[2] ?? match[1]! };
}

async function compare(from: NamedChoice, to: NamedChoice, options: WaterfallOptions): Promise<void> {
  const { per, csv, svg, json } = options;
  const { runWaterfall } = await import('../../experiments/run-waterfall.ts');
  const { writeWhole } = await import('../../files/write-file.ts');
  const outcome = await runWaterfall(from, to, per);
  const { steps } = outcome;
  if (csv !== undefined) {
    const { toCsv } = await import('../../results/csv.ts');
    const rows = steps.map(({ term, from, to, change }) => [term, from, to, change]);
    await writeWhole(csv, await toCsv(['term', 'from_pJ', 'to_pJ', 'change_pJ'], rows));
  }
  if (svg !== undefined) {
    const { waterfallChart } = await import('../../report/waterfall-chart.ts');
    const { chartSvg } = await import('../../report/chart-svg.ts');
    const labels = { from: from.label, to: to.label, unit: `pJ per ${per}` };
    await writeWhole(svg, await chartSvg(waterfallChart(outcome, labels).spec));
  }
  process.stdout.write(json ? `${JSON.stringify(asJson(outcome))}\n` : forPeople(outcome));
}

const asJson = ({ basis, rows, from, to, steps }: WaterfallOutcome): object => ({
  basis,
  rows,
  from_pJ: from,
  to_pJ: to,
  steps: steps.map(({ term, from, to, change }) => ({ term, from_pJ: from, to_pJ: to, change_pJ: change })),
});

function forPeople({ basis, from, to, steps }: WaterfallOutcome): string {
  const unit = `pJ/${basis}`;
  const columns: Column[] = [
    { heading: 'term', align: 'left' },
    { heading: 'from', unit },
    { heading: 'to', unit },
    { heading: 'change', unit },
    { heading: 'of the whole', unit: '%' },
  ];
  const line = (name: string, before: number, after: number): string[] => [
    name,
    before.toFixed(2),
    after.toFixed(2),
    (after - before).toFixed(2),
    (((after - before) / from) * 100).toFixed(2),
  ];
  return formatTable(columns, [
    ...steps
      .filter((step) => step.from !== 0 || step.to !== 0)
      .map((step) => line(step.term, step.from, step.to)),
    line('total', from, to),
  ]);
}
