import { OPTIONAL_COLUMNS, REQUIRED_COLUMNS } from '../faults/map-csv.ts';
import { loadStandard } from '../hardware/load-standard.ts';
import type { ModelKind, ModelSource } from '../hardware/model-source.ts';
import { CHECK } from '../settings/jobs/check.ts';
import { CO_SIMULATION } from '../settings/jobs/co-simulation.ts';
import { CONVERT } from '../settings/jobs/convert.ts';
import { DATA_ENERGY } from '../settings/jobs/data-energy.ts';
import { EVALUATE } from '../settings/jobs/evaluate.ts';
import { MAP } from '../settings/jobs/map.ts';
import { OPTIMISE } from '../settings/jobs/optimise.ts';
import { POWER } from '../settings/jobs/power.ts';
import { RECORD } from '../settings/jobs/record.ts';
import { REPLAY } from '../settings/jobs/replay.ts';
import { RUN } from '../settings/jobs/run.ts';
import { SIMULATE } from '../settings/jobs/simulate.ts';
import { SUPPLY_EFFECTS } from '../settings/jobs/supply-effects.ts';
import { TOLERANCE } from '../settings/jobs/tolerance.ts';
import { WEIGHTS_DAMAGE } from '../settings/jobs/weights-damage.ts';
import { WEIGHTS_SHOW } from '../settings/jobs/weights-show.ts';
import { flagOf } from '../settings/setting.ts';
import { NETWORK_POINT, TRACE_POINT } from '../sweep/axes.ts';
import { ACCESS_FORMATS } from '../trace/access-formats.ts';
import { COMMAND_TRACE_FORMATS } from '../trace/command-trace-formats.ts';
import { type FormatDescription, formatPage } from './format-page.ts';
import { ACCELERATOR } from './formats/accelerator.ts';
import { CIRCUIT_CURVE } from './formats/circuit-curve.ts';
import { DEVICE } from './formats/device.ts';
import { PRESETS } from './formats/presets.ts';
import { STANDARD } from './formats/standard.ts';
import { SUBARRAY_SCHEME } from './formats/subarray-scheme.ts';
import { VOLTAGE_PROFILE } from './formats/voltage-profile.ts';
import { type SettingsTable, settingsSection } from './settings-page.ts';
import { parameterTables } from './timing-parameters.ts';

/** Every page of a file that is held against a schema. */
export const FORMATS: readonly FormatDescription[] = [
  DEVICE,
  STANDARD,
  VOLTAGE_PROFILE,
  CIRCUIT_CURVE,
  ACCELERATOR,
  SUBARRAY_SCHEME,
  PRESETS,
];

const JOBS: readonly SettingsTable[] = [
  { title: 'run', says: 'The command `run`, and `run` of the library.', settings: RUN },
  {
    title: 'optimise',
    says: 'The command `run --optimise`, and `optimise` of the library.',
    settings: OPTIMISE,
  },
  { title: 'replay', says: 'The command `replay`, and `replay` of the library.', settings: REPLAY },
  { title: 'record', says: 'The command `record`, and `record` of the library.', settings: RECORD },
  { title: 'simulate', says: 'The command `simulate`, and `simulate` of the library.', settings: SIMULATE },
  { title: 'evaluate', says: 'The command `evaluate`, and `evaluate` of the library.', settings: EVALUATE },
  {
    title: 'tolerance',
    says: 'The command `tolerance`, and `tolerance` of the library.',
    settings: TOLERANCE,
  },
  { title: 'map', says: 'The command `map`, and `placeWeights` of the library.', settings: MAP },
  { title: 'convert', says: 'The command `convert`, and `convert` of the library.', settings: CONVERT },
  { title: 'power', says: 'The command `power`, and `power` of the library.', settings: POWER },
  { title: 'check', says: 'The command `check`, and `check` of the library.', settings: CHECK },
  {
    title: 'data-energy',
    says: 'The command `data-energy`, and `dataEnergy` of the library.',
    settings: DATA_ENERGY,
  },
  {
    title: 'devices show',
    says: 'The command `devices show --supply`, and `supplyEffects` of the library.',
    settings: SUPPLY_EFFECTS,
  },
  {
    title: 'weights show',
    says: 'The command `weights show`, and `showWeights` of the library.',
    settings: WEIGHTS_SHOW,
  },
  {
    title: 'weights damage',
    says: 'The command `weights damage`, and `damageWeights` of the library.',
    settings: WEIGHTS_DAMAGE,
  },
  { title: 'openCoSimulation', says: 'Of the library alone.', settings: CO_SIMULATION },
];

/** The pages of docs/reference/ by the names of their files: made from schemas and settings, so that they say what the program takes. */
export async function referencePages(models: ModelSource): Promise<Readonly<Record<string, string>>> {
  const names = await models.list('standards');
  const standards = await Promise.all(names.map((name) => loadStandard(name, models)));
  const pages = await Promise.all(
    FORMATS.map(async (format): Promise<[string, string]> => {
      const { text } = await models.read(format.example.folder as ModelKind, format.example.name);
      const more = format === DEVICE ? parameterTables(standards) : [];
      return [`${format.page}.md`, formatPage(format, text, more)];
    }),
  );
  const all = Object.fromEntries([
    ...pages,
    ['settings.md', settingsPage()],
    ['sweep-plan.md', planPage()],
    ['weak-cell-map.md', mapPage()],
    ['traces.md', tracesPage()],
    ['index.md', indexPage()],
  ]) as Record<string, string>;
  return all;
}

const GENERATED = 'This page is made from the source by `npm run docs`.';

const settingsPage = (): string =>
  [
    '# Settings of each command',
    '',
    `${GENERATED} A setting has its name in jobs of the library and in manifests, its flag on the command line. * marks those that`,
    'must be given; `-` means that a setting may be left out, or depends on others as its meaning says. On the command line voltages may',
    'carry units (`1350mV`) or be shares of the nominal supply (`90%`), shares may be percentages, and lists are separated by commas.',
    'What a command prints and writes besides (`--json`, `--csv`, ...) is in `sparkxd COMMAND --help` and in `sparkxd --help-all`.',
    '',
    ...JOBS.flatMap((job) => settingsSection(job, (name) => name)),
  ].join('\n');

const planPage = (): string =>
  [
    '# Sweep plans',
    '',
    `${GENERATED} [Sweeps](../sweeps.md) explains what becomes of a plan.`,
    '',
    '## Keys',
    '',
    '| key | value | meaning |',
    '|---|---|---|',
    '| `axes` * | keys | the axes, first axis slowest: the points are the product of their values |',
    '| `axes.NAME` | one value, a list of values, or `{ from, to, step }` | an axis of the tables below; `page_policy` is the same as `page-policy`. `supply` must be there |',
    '| `axes.NAME.from` | number | first value of a range |',
    '| `axes.NAME.to` | number | last value, included |',
    '| `axes.NAME.step` | number above 0 | distance of the values |',
    '| `exclude` | list of: keys | points left out: those that match every axis of one of these |',
    '| `exclude[].NAME` | one value, a list of values, or a range | values of an axis |',
    '',
    'A plan with an axis `trace` replays traces; any other runs networks.',
    '',
    ...settingsSection(
      {
        title: 'Axes of networks',
        says: 'Each value is one of these settings of `run`.',
        settings: NETWORK_POINT,
      },
      (name, setting) => flagOf(name, setting).slice(2),
    ),
    ...settingsSection(
      {
        title: 'Axes of traces',
        says: 'Each value is one of these settings of `replay`.',
        settings: TRACE_POINT,
      },
      (name, setting) => flagOf(name, setting).slice(2),
    ),
    '## A whole plan',
    '',
    '```yaml',
    'axes:',
    '  network: [n400, n900]',
    '  supply: { from: 1.35, to: 1.05, step: 0.05 }',
    '  mapping: [baseline, sparkxd]',
    '  chip: [1, 2, 3]',
    '  images: 1000',
    'exclude:',
    '  - { network: n900, chip: [2, 3] }',
    '```',
    '',
  ].join('\n');

/** What the columns of a weak-cell map mean. */
const MAP_COLUMNS: Readonly<Record<string, string>> = {
  bank: 'bank of the rank, from 0',
  row: 'row of the bank, from 0',
  bit: 'bit of the row over all devices of the rank, from 0',
  failure_voltage_V:
    'the cell fails at every supply below, V; above the lowest supply of the profile, at most nominal',
  channel: 'channel, from 0; may be left out where there is one',
  rank: 'rank of the channel, from 0; may be left out where there is one',
  flip_probability: 'probability that a read of the failing cell is wrong, 0 to 1 (default: 1)',
  flip_probability_0: 'the same while the cell stores 0; together with the next',
  flip_probability_1: 'the same while the cell stores 1',
};

const mapPage = (): string =>
  [
    '# Maps of weak cells',
    '',
    `${GENERATED} A map of measured cells takes the place of a simulated chip: \`--weak-cells FILE\`. \`errors --export\` writes one,`,
    '`errors compare` and `errors fit` read them. It is CSV with a header (plain or gzip), one cell a line, in any order; or `.wcm`, the',
    'same in binary, which `errors --export NAME.wcm` writes ([faults.md](../faults.md)). An unknown column, a cell outside the memory and a',
    'cell that is there twice are refused with their line.',
    '',
    '| column | meaning |',
    '|---|---|',
    ...REQUIRED_COLUMNS.map((name) => `| \`${name}\` * | ${MAP_COLUMNS[name]} |`),
    ...OPTIONAL_COLUMNS.map((name) => `| \`${name}\` | ${MAP_COLUMNS[name]} |`),
    '',
    '```csv',
    'bank,row,bit,failure_voltage_V,flip_probability',
    '0,17,2048,1.08,1',
    '3,4000,31,1.1,0.5',
    '```',
    '',
  ].join('\n');

const tracesPage = (): string =>
  [
    '# Traces',
    '',
    `${GENERATED} An access trace says which bytes were requested and when; \`replay\` and \`convert\` read it. A command trace says what a`,
    'controller did; `power` and `check` read it. The format is found from the content; `--format` names another. All may be gzip.',
    '',
    '## Access traces',
    '',
    `Formats: ${ACCESS_FORMATS.map((name) => `\`${name}\``).join(', ')}. [Access traces](../access-traces.md) has the grammar of each; the binary`,
    'format of the program is described in [trace-format.md](../trace-format.md). The simplest to write yourself is `csv`:',
    '',
    '| column | meaning |',
    '|---|---|',
    '| `arrival_ns` | when the request enters, ns, at most three decimals; 0 for as fast as accepted |',
    '| `op` | `read`, `write`, `R` or `W` |',
    '| `address` | byte address, decimal or 0x |',
    '| `bytes` | bytes of the access |',
    '| `source` | who asks: a whole number, or empty |',
    '',
    '```csv',
    'arrival_ns,op,address,bytes,source',
    '0,read,0x0,64,0',
    '12.5,write,0x1000,64,1',
    '```',
    '',
    '## Command traces',
    '',
    `Formats: ${COMMAND_TRACE_FORMATS.map((name) => `\`${name}\``).join(', ')}. [Command traces](../command-traces.md) has the grammar of each.`,
    '',
  ].join('\n');

const indexPage = (): string =>
  [
    '# Reference',
    '',
    `${GENERATED}`,
    '',
    '| page | of |',
    '|---|---|',
    ...FORMATS.map(
      ({ page, title, example }) => `| [${title}](${page}.md) | \`hw-models/${example.folder}/*.yaml\` |`,
    ),
    '| [Sweep plans](sweep-plan.md) | what `sweep` works off |',
    '| [Maps of weak cells](weak-cell-map.md) | measured chips |',
    '| [Traces](traces.md) | access traces and command traces |',
    '| [Settings of each command](settings.md) | flags, keys of jobs, defaults |',
    '| [Results](../results.md) | every column of every table that is written |',
    '',
  ].join('\n');
