import type { Command } from 'commander';
import { InputError } from '../../errors/input-error.ts';
import { escapeControls, quoted } from '../../errors/printable.ts';
import { nearest } from '../../errors/suggest.ts';
import { SUPPLY_EFFECTS, type SupplyEffectsJob } from '../../settings/jobs/supply-effects.ts';
import { csv } from '../../settings/output-settings.ts';
import { described, flagOf, optional, prefixed, required } from '../../settings/setting.ts';
import { text } from '../../settings/values.ts';
import { configureCommand, givenSettings, refuseWords } from '../command-settings.ts';
import { IMPORT, IMPORT_OUTPUT, importFile } from '../devices/import-device.ts';
import { EXIT } from '../failure.ts';
import { createRemarks } from '../remarks.ts';
import { formatTable } from '../table.ts';
import { DEVICES } from '../table-columns.ts';
import { print } from '../terminal.ts';

const { device: _device, supplies, ...EFFECTS } = prefixed(SUPPLY_EFFECTS, 'with --supply: ');
const SHOW = {
  device: required({
    ...text,
    positional: true,
    value: 'NAME|FILE',
    help: 'device, standard, subarray scheme, circuit curve, voltage profile or accelerator: a shipped one, or your own file',
  }),
  supplies: optional(
    described(
      supplies,
      'what these supplies do to a device: 1.35,1.1 or 1.35:1.05:0.05, or shares such as 100%,90%',
    ),
  ),
  ...EFFECTS,
};
/** What only `--supply` reads. */
const WITH_SUPPLY = { ...EFFECTS, csv: described(csv, 'with --supply: write the table as CSV') };

const IMPORT_HELP =
  'Examples:\n' +
  '  sparkxd devices import MICRON_4Gb_DDR4-2400_8bit_A.json --out mine.yaml\n' +
  '  sparkxd devices import DDR4_8Gb_x8_2400.ini --set tRTP=9tCK --name mine --out mine.yaml';

export function configure(command: Command): void {
  const help =
    'Examples:\n' +
    '  sparkxd devices\n' +
    '  sparkxd devices show lpddr3-1600-4gb\n' +
    '  sparkxd devices show voltron-b --json\n' +
    '  sparkxd devices show lpddr3-1600-4gb-sparkxd --supply 100%:76%:4% --profile sparkxd\n' +
    '  sparkxd devices import MICRON_4Gb_DDR4-2400_8bit_A.json --out mine.yaml';
  configureCommand(command, { job: {}, output: {}, help, takesWords: true }, async (_job, output, given) => {
    const [name] = given.args;
    if (name === undefined) return list(output.json);
    // Throws, with the nearest names, where there is no such model to show.
    const { modelKindOf } = await import('../../inputs/model-kind.ts');
    if (
      nearest(
        name,
        command.commands.map((sub) => sub.name()),
      ) !== undefined
    )
      refuseWords(given);
    await modelKindOf(name);
    return given.error(
      `"devices" lists all models; for one of them: sparkxd devices show ${quoted(name).slice(1, -1)}`,
      { exitCode: EXIT.usage },
    );
  });
  configureCommand(
    command
      .command('show')
      .description('every number of a hardware model with its unit, its source and any doubt about it'),
    { job: SHOW, output: { csv: WITH_SUPPLY.csv }, help },
    ({ device, supplies: given, ...job }, { csv: file, quiet, json }, shown) => {
      const asJson = json || shown.optsWithGlobals()['json'] === true;
      if (given !== undefined) return effects({ ...job, device, supplies: given }, file, quiet, asJson);
      const [unread] = givenSettings(shown, WITH_SUPPLY);
      if (unread === undefined) return show(device, asJson);
      const flag = flagOf(unread, WITH_SUPPLY[unread as keyof typeof WITH_SUPPLY]);
      return shown.error(`option '${flag}' is of --supply, which is not given`, { exitCode: EXIT.usage });
    },
  );
  configureCommand(
    command
      .command('import')
      .description(
        "make a device file of another program's memory specification; list what is missing or wrong",
      ),
    { job: IMPORT, output: IMPORT_OUTPUT, help: IMPORT_HELP },
    (job, output, imported) =>
      importFile(job, { ...output, json: output.json || imported.optsWithGlobals()['json'] === true }),
  );
}

async function list(asJson: boolean): Promise<void> {
  const { modelFiles } = await import('../../inputs/model-files.ts');
  const { loadDevice } = await import('../../hardware/load-device.ts');
  const { MODEL_KINDS } = await import('../../hardware/model-source.ts');
  const { deviceSummary } = await import('../devices/model-view.ts');
  const names = await modelFiles.list('dram');
  const devices = await Promise.all(names.map((name) => loadDevice(name, modelFiles)));
  const others = await Promise.all(
    MODEL_KINDS.filter((kind) => kind !== 'dram').map(
      async (kind) => [kind, await modelFiles.list(kind)] as const,
    ),
  );
  if (asJson) {
    const dram = devices.map((device) => ({ name: device.name, ...deviceSummary(device) }));
    print(`${JSON.stringify({ dram, ...Object.fromEntries(others) })}\n`);
    return;
  }
  const rows = devices.map((device) => {
    const { standard, clock_MHz, banks, supply_V, rails, currents } = deviceSummary(device);
    return [
      device.name,
      standard,
      String(clock_MHz),
      String(banks),
      supply_V.nominal.toFixed(2),
      `${supply_V.min.toFixed(2)} to ${supply_V.max.toFixed(2)}`,
      rails.map(({ name, scaled }) => `${name}${scaled ? '*' : ''}`).join(' '),
      currents.length === 0 ? 'none: timing only' : currents.join(', '),
    ];
  });
  const rest = others.map(([kind, found]) => `${kind}: ${found.join(', ')}\n`).join('');
  print(
    `${formatTable(DEVICES, rows)}* the supply scales the voltage of this rail; the other rails keep theirs\n\n${rest}\nsparkxd devices show NAME: every number of one of these, with its unit and source\n`,
  );
}

/** What each supply does to a device, as a table, as CSV and as JSON. */
async function effects(
  job: SupplyEffectsJob,
  file: string | undefined,
  quiet: boolean,
  asJson: boolean,
): Promise<void> {
  const { modelKindOf } = await import('../../inputs/model-kind.ts');
  const kind = await modelKindOf(job.device);
  if (kind !== 'dram')
    throw new InputError(`${quoted(job.device)} is no device but of hw-models/${kind}/, and has no supply`, {
      remedy: 'sparkxd devices lists the devices',
    });
  const { runSupplyEffects } = await import('../../experiments/supply-effects.ts');
  const remarks = new Set<string>();
  const outcome = await runSupplyEffects(job, createRemarks(quiet, undefined, remarks));
  if (file !== undefined) {
    const { writeWhole } = await import('../../files/write-file.ts');
    const { SUPPLY_TABLE } = await import('../../results/tables.ts');
    const { tableCsv } = await import('../../results/write-rows.ts');
    await writeWhole(file, await tableCsv(SUPPLY_TABLE, outcome.rows));
  }
  if (asJson) {
    print(`${JSON.stringify({ device: outcome.device.name, rows: outcome.rows, remarks: [...remarks] })}\n`);
    return;
  }
  const { supplyTable } = await import('../supply-table.ts');
  print(supplyTable(outcome));
}

async function show(name: string, asJson: boolean): Promise<void> {
  const { modelKindOf } = await import('../../inputs/model-kind.ts');
  const { modelFiles } = await import('../../inputs/model-files.ts');
  const { MODEL_VIEWS } = await import('../devices/model-view.ts');
  const kind = await modelKindOf(name);
  const { lines, fields } = await MODEL_VIEWS[kind](name, modelFiles);
  print(asJson ? `${JSON.stringify({ kind, ...fields })}\n` : lines.map(printable).join('\n'));
}

/** The line with what a file may hold made visible: each line of a text apart, control characters as escapes. */
const printable = (text: string): string => text.split('\n').map(escapeControls).join('\n');
