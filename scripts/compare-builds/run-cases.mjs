// Runs the cases of compare-builds/cases.json with both builds. Its form:
//   { "commands": { COMMAND: { "settings": {}, "outputs": [], "cases": [CASE, ...] } } }
// COMMAND is one or two words, such as "map explain". A CASE has a "name" (letters, digits, hyphens) and may have
//   settings   options by name, added to the command's: a text is the value, true stands for a flag without one,
//              a list repeats the option, null leaves the option out
//   old, new   settings of one build only, for an option that was renamed or whose default moved; a command may
//              have them, too
//   arguments  words after the options
//   then       further command lines (lists of words) that run after it in the same folder
//   files      files to write into the folder first: a name and what it holds, as JSON (which YAML readers take)
//   outputs    what to compare instead of the command's outputs: "stdout" (JSON), or files in the folder of the case:
//              .json and .csv by value, all others byte by byte
//   quick      true: also a case of --quick
// Words may begin with @old/ (the old checkout), @inputs/ (files that this script makes) or @made/COMMAND/NAME/FILE
// (FILE in the folder of another case, as the old build wrote it). Both builds get the same words and files.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mixedTrace } from './mixed-trace.mjs';

const CASE_NAME = /^[a-z0-9-]+$/;
const TIME_LIMIT_MS = 600_000;

/** The cases of the chosen commands, `wanted`, and all cases by `COMMAND/NAME`, since wanted ones may need others. */
export function planCases(commands, chosen, quick) {
  const all = new Map();
  for (const [command, { cases, ...common }] of Object.entries(commands))
    for (const each of cases) {
      const id = `${command}/${each.name}`;
      if (!CASE_NAME.test(each.name) || all.has(id)) throw new Error(`a case needs a name of its own: ${id}`);
      all.set(id, { ...each, command, id, common, outputs: each.outputs ?? common.outputs ?? ['stdout'] });
    }
  const wanted = [...all.values()].filter(
    (each) => chosen.includes(each.command) && (!quick || each.quick === true),
  );
  return { all, wanted };
}

/** Starts all wanted cases; a Map from case to the promise of `{ old, new }` as `compareOutputs` takes them. */
export function runCases({ all, wanted }, { builds, temporary, jobs }) {
  const inputs = join(temporary, 'inputs');
  mkdirSync(inputs);
  writeFileSync(join(inputs, 'mixed.csv'), mixedTrace());
  const inTurn = limitTo(jobs);
  const running = new Map();
  /** A case that others need runs in the order of the first of them. */
  const run = (each, build, order) => {
    const key = `${build} ${each.id}`;
    if (!running.has(key)) running.set(key, start(each, build, order));
    return running.get(key);
  };
  return new Map(
    wanted.map((each, order) => {
      const both = Promise.all([run(each, 'old', order), run(each, 'new', order)]);
      return [each, both.then(([before, after]) => ({ old: before, new: after }))];
    }),
  );

  async function start(each, build, order) {
    for (const id of neededCases(each)) {
      const needed = all.get(id);
      if (needed === undefined) throw new Error(`${each.id} needs a case ${id}, which there is not`);
      const { failure } = await run(needed, 'old', order);
      if (failure !== undefined) return { failure: `${id}, which it needs, failed` };
    }
    const folder = join(temporary, build, each.id);
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(each.files ?? {})) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(
        join(folder, name),
        JSON.stringify(content, (_, value) => resolved(value), 1),
      );
    }
    return inTurn(order, async () => {
      const outputs = new Map();
      for (const [i, words] of [commandLine(each, build), ...(each.then ?? [])].entries()) {
        const { failure, stdout } = await sparkxd(builds[build], words.map(resolved), folder);
        if (failure !== undefined) return { failure };
        if (i === 0) outputs.set('stdout', stdout);
      }
      for (const name of each.outputs)
        if (name !== 'stdout' && existsSync(join(folder, name)))
          outputs.set(name, readFileSync(join(folder, name)));
      return { outputs };
    });
  }

  function resolved(word) {
    if (typeof word !== 'string') return word;
    return word
      .replace(/^@old\//, `${builds.old}/`)
      .replace(/^@inputs\//, `${inputs}/`)
      .replace(/^@made\//, `${join(temporary, 'old')}/`);
  }

  function sparkxd(checkout, words, folder) {
    return new Promise((done) => {
      const program = spawn(process.execPath, [join(checkout, 'dist/cli/main.js'), ...words], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: TIME_LIMIT_MS,
      });
      const printed = { stdout: [], stderr: [] };
      for (const stream of ['stdout', 'stderr'])
        program[stream].on('data', (chunk) => printed[stream].push(chunk));
      program.on('error', (error) => done({ failure: error.message }));
      program.on('close', (code, signal) => {
        const stdout = Buffer.concat(printed.stdout);
        const said = Buffer.concat(printed.stderr).toString('utf8').trim() || stdout.toString('utf8').trim();
        const message = said.slice(0, 500).replaceAll('\n', ' / ');
        done(code === 0 ? { stdout } : { failure: `exit code ${code ?? signal}, ${message}` });
      });
    });
  }
}

function commandLine({ command, common, settings, arguments: words = [], ...each }, build) {
  const merged = { ...common.settings, ...common[build], ...settings, ...each[build] };
  const options = Object.entries(merged).flatMap(([option, value]) => {
    if (value === null) return [];
    if (value === true) return [option];
    return [value].flat().flatMap((text) => [option, text]);
  });
  return [...command.split(' '), ...options, ...words];
}

/** Ids of the cases whose files a case names. */
function neededCases(each) {
  const words = JSON.stringify([each.settings, each.old, each.new, each.arguments, each.then, each.files]);
  return new Set([...words.matchAll(/"@made\/([^/"]+\/[^/"]+)\//g)].map(([, id]) => id));
}

/** Lets at most `count` of the functions that it is given run at the same time, the least `order` first. */
function limitTo(count) {
  let free = count;
  const waiting = [];
  return async (order, work) => {
    if (free > 0) free--;
    else await new Promise((go) => waiting.push({ order, go }));
    try {
      return await work();
    } finally {
      const next = waiting.sort((first, second) => first.order - second.order).shift();
      if (next === undefined) free++;
      else next.go();
    }
  };
}
