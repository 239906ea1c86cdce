import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import type { RunChoice, WaterfallOutcome } from '../../experiments/waterfall.ts';
import { WATERFALL_BASES } from '../../results/waterfall.ts';
import { csv, maybeFile } from '../../settings/output-settings.ts';
import { described, type JobOf, withDefault } from '../../settings/setting.ts';
import { oneOf } from '../../settings/values.ts';
import { configureCommand, type Everywhere } from '../command-settings.ts';
import { formatTable } from '../table.ts';
import { waterfallTerms } from '../table-columns.ts';
import { print } from '../terminal.ts';

/** A choice of rows as the user wrote it, which is also its label in the chart. */
type NamedChoice = RunChoice & { readonly label: string };

const rows = { schema: z.custom<NamedChoice>(), positional: true, read: choice };

const WATERFALL = {
  from: {
    ...rows,
    value: 'FROM',
    help: 'results of a run: FILE.csv, or FILE.csv:supply_V=1.35,mapping=baseline',
  },
  to: { ...rows, value: 'TO', help: 'results of another run, or other rows of the same file' },
  per: withDefault(
    {
      ...oneOf(WATERFALL_BASES, 'bases'),
      value: 'BASIS',
      help: `energy per ${WATERFALL_BASES.join(', ')}`,
    },
    'access',
  ),
};
type Job = JobOf<typeof WATERFALL>;

const OUTPUT = {
  csv: described(csv, 'write the steps as CSV'),
  svg: maybeFile('write the chart as an SVG picture'),
};
type Output = JobOf<typeof OUTPUT> & Everywhere;

export function configure(command: Command): void {
  const help =
    'Example:\n  sparkxd waterfall results/results.csv:supply_V=1.35,mapping=baseline results/results.csv:supply_V=1.025,mapping=sparkxd --svg waterfall.svg';
  configureCommand(command, { job: WATERFALL, output: OUTPUT, help }, compare);
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

async function compare({ from, to, per }: Job, { csv: table, svg, json: asJson }: Output): Promise<void> {
  const { runWaterfall } = await import('../../experiments/waterfall.ts');
  const { writeWhole } = await import('../../files/write-file.ts');
  const outcome = await runWaterfall(from, to, per);
  const { steps } = outcome;
  if (table !== undefined) {
    const { toCsv } = await import('../../results/csv.ts');
    const rows = steps.map(({ term, from, to, change }) => [term, from, to, change]);
    await writeWhole(table, await toCsv(['term', 'from_pJ', 'to_pJ', 'change_pJ'], rows));
  }
  if (svg !== undefined) {
    const { waterfallChart } = await import('../../report/waterfall-chart.ts');
    const { chartSvg } = await import('../../report/chart-svg.ts');
    const labels = { from: from.label, to: to.label, unit: `pJ per ${per}`, pins: pinsInWords(outcome.pins) };
    await writeWhole(svg, await chartSvg(waterfallChart(outcome, labels).spec));
  }
  print(asJson ? `${JSON.stringify(forPrograms(outcome))}\n` : forPeople(outcome));
}

const forPrograms = ({ basis, rows, pins, from, to, steps }: WaterfallOutcome): object => ({
  basis,
  rows,
  pins,
  from_pJ: from,
  to_pJ: to,
  steps: steps.map(({ term, from, to, change }) => ({ term, from_pJ: from, to_pJ: to, change_pJ: change })),
});

/** What the energies hold of the data pins: the same of both runs, or of each. */
const pinsInWords = ([first, second]: WaterfallOutcome['pins']): string =>
  first === second ? first : `first run ${first}; second run ${second}`;

function forPeople({ basis, from, to, steps, pins }: WaterfallOutcome): string {
  const line = (name: string, before: number, after: number): string[] => [
    name,
    before.toFixed(2),
    after.toFixed(2),
    (after - before).toFixed(2),
    (((after - before) / from) * 100).toFixed(2),
  ];
  const table = formatTable(waterfallTerms(basis), [
    ...steps
      .filter((step) => step.from !== 0 || step.to !== 0)
      .map((step) => line(step.term, step.from, step.to)),
    line('total', from, to),
  ]);
  return `${table}Energies: ${pinsInWords(pins)}.\n`;
}
