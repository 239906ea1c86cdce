// Runs two builds of sparkxd on the same command lines and says whether every value they print or write is equal:
// for a change that must not change results, or that must change only what the table beside this file lists.
//   node scripts/compare-builds.mjs OLD NEW [--only run,replay] [--quick]
// OLD and NEW are folders of checkouts, each with a built dist/cli/main.js. Further options:
//   --only LIST    only these commands (run, replay, power, simulate, evaluate, tolerance, sweep, map, errors)
//   --quick        only the cases that are marked quick
//   --jobs N       commands that run at the same time (default: one a processor)
//   --keep         keep the temporary folder with the files of both builds, and print its name
//   --cases FILE   other command lines than compare-builds/cases.json
//   --table FILE   another table than compare-builds.json
// Exit code 0 when all values are equal, 1 when a value differs, is lost or a command fails, 2 for a wrong command line.
//
// compare-builds/cases.json holds the command lines; compare-builds/run-cases.mjs describes its form.
// compare-builds.json holds what may differ. A column is the header of a CSV file or the path of a JSON value, with []
// for the elements of an array (rows[].ber); * in it stands for any text. `command` may be * for every command.
//   renames   { command: { "old name": "new name" } }; a name also stands for all that lies below it in JSON
//   onlyIn    [{ command, column, build: "old" or "new", reason }]: columns that the other build does not have
//   meant     [{ command, case, within, column, reason }]: values that differ on purpose, by no more than the relative
//             bound `within`; case and within may be left out
//   ignored   [{ command, column, reason }]: values that say nothing about results, such as a git revision
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareOutputs, newCounts } from './compare-builds/compare-outputs.mjs';
import { planCases, runCases } from './compare-builds/run-cases.mjs';

const USAGE = 'Usage: node scripts/compare-builds.mjs OLD NEW [--only run,replay] [--quick]';
const DIFFERENCES_SHOWN = 25;
const ROWS_SHOWN = 3;

const besideThis = (name) => join(import.meta.dirname, name);

function usage(message) {
  process.stderr.write(`compare-builds: ${message}\n${USAGE}\n`);
  process.exit(2);
}

function parseCommandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        jobs: { type: 'string', default: String(availableParallelism()) },
        keep: { type: 'boolean', default: false },
        cases: { type: 'string', default: besideThis('compare-builds/cases.json') },
        table: { type: 'string', default: besideThis('compare-builds.json') },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return usage(error.message);
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return usage(`${file}: ${error.message}`);
  }
}

const { values: options, positionals } = parseCommandLine();
if (options.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
if (positionals.length !== 2) usage('expected the folders of two checkouts');
const builds = { old: resolve(positionals[0]), new: resolve(positionals[1]) };
for (const folder of Object.values(builds))
  if (!existsSync(join(folder, 'dist/cli/main.js')))
    usage(`${folder} has no dist/cli/main.js: build it first (npm run build)`);
const jobs = Number(options.jobs);
if (!Number.isInteger(jobs) || jobs < 1) usage(`--jobs ${options.jobs} is not a whole number from 1`);

const { commands } = readJson(options.cases);
const table = readJson(options.table);
const names = Object.keys(commands);
const only = options.only?.split(',').map((name) => name.trim());
/** `--only map` means `map explain`, too. */
const selects = (wanted, command) => wanted === command || command.startsWith(`${wanted} `);
const unknown = only?.find((wanted) => !names.some((command) => selects(wanted, command)));
if (unknown !== undefined) usage(`no cases of the command ${unknown}; there are ${names.join(', ')}`);
const chosen = names.filter((command) => only === undefined || only.some((name) => selects(name, command)));

const started = performance.now();
const temporary = mkdtempSync(join(tmpdir(), 'compare-builds-'));
let failed = false;
try {
  const plan = planCases(commands, chosen, options.quick);
  if (plan.wanted.length === 0) usage('no case is left');
  const outcomes = runCases(plan, { builds, temporary, jobs });
  const met = new Set();
  for (const command of chosen) {
    const counts = newCounts();
    const cases = plan.wanted.filter((each) => each.command === command);
    if (cases.length === 0) continue;
    for (const each of cases) compareOutputs(each, await outcomes.get(each), table, counts, met);
    report(command, cases.length, counts);
    failed ||= counts.differences.length > 0;
  }
  if (only === undefined && !options.quick) noteUnmet(met);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(
    `${failed ? 'the builds differ' : 'all values are equal'} (${plan.wanted.length} cases, ${seconds} s)\n`,
  );
} finally {
  if (options.keep) process.stdout.write(`files of both builds: ${temporary}\n`);
  else rmSync(temporary, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

/** One line for a command, then its differences and notes. */
function report(command, cases, counts) {
  const { values, equal, meant, renamed, differences, onlyOld, onlyNew } = counts;
  const number = (n, what) => `${n.toLocaleString('en')} ${what}`;
  const parts = [number(cases, cases === 1 ? 'case' : 'cases'), number(values, 'values')];
  parts.push(number(equal, 'equal'), number(differences.length, 'different'), number(meant, 'meant'));
  parts.push(number(renamed, 'renamed'));
  parts.push(`columns only in old ${onlyOld.size}, only in new ${onlyNew.size}`);
  process.stdout.write(`${command.padEnd(14)} ${parts.join(', ')}\n`);
  const lines = [];
  const rowsOf = new Map();
  for (const { place, column, row, before, after } of differences) {
    const key = `${place} ${column}`;
    const shown = rowsOf.get(key) ?? 0;
    rowsOf.set(key, shown + 1);
    if (shown < ROWS_SHOWN)
      lines.push(`  ${place}${row === '' ? '' : `, row ${row}`}, ${column}: old ${before}, new ${after}`);
  }
  const shown = lines.slice(0, DIFFERENCES_SHOWN);
  for (const line of shown) process.stdout.write(`${line}\n`);
  if (differences.length > shown.length)
    process.stdout.write(`  ... and ${number(differences.length - shown.length, 'more')}\n`);
  for (const [column, note] of [...onlyOld, ...onlyNew]) process.stdout.write(`  note: ${column}: ${note}\n`);
}

/** Entries of the table that nothing met are out of date, or their case is missing. */
function noteUnmet(met) {
  const entries = Object.entries(table.renames ?? {}).flatMap(([command, renames]) =>
    Object.keys(renames).map((column) => ['renames', command, column]),
  );
  for (const list of ['onlyIn', 'meant', 'ignored'])
    for (const { command, column } of table[list] ?? []) entries.push([list, command, column]);
  for (const entry of entries)
    if (!met.has(entry.join(' ')))
      process.stdout.write(`note: no value met ${entry.join(' ')} of the table\n`);
}
