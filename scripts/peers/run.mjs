// Runs this program and its peers on the streams that streams.mjs wrote, and prints what they need beside each other:
//
//     node scripts/peers/run.mjs DIR [--ramulator PYTHON] [--dramsim3 PROGRAM] [--drampower PROGRAM]
//         [--results FOLDER] [--streams LIST] [--machines LIST]
//
// --ramulator is the Python in which `import ramulator` (2.1) works, --dramsim3 its dramsim3main, --drampower the command line
// program of DRAMPower 6. A peer that is not named is read from FOLDER (DIR/results by default), where each run leaves
// its file; where there is none, its cell is "-". dist/ must be built. The exit code is 1 if a run or a file failed.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from './arguments.mjs';
import { cyclesTable, energyTable } from './comparison-tables.mjs';
import { DIES, MACHINES } from './machines.mjs';
import { cyclesOf, energiesOf, writeCommands, writeDevice } from './our-runs.mjs';
import { SCHEDULERS } from './peer-configurations.mjs';
import { runDrampower, runDramsim3, runRamulator } from './peer-runs.mjs';
import { readDrampower } from './read-drampower.mjs';
import { readDramsim3 } from './read-dramsim3.mjs';
import { readRamulator } from './read-ramulator.mjs';
import { STREAMS } from './request-streams.mjs';
import { readLoadStoreTrace } from './trace-formats.mjs';

const everyMachine = [...MACHINES, ...DIES.filter((die) => MACHINES.every(({ name }) => name !== die.name))];
const text = { type: 'string' };
const {
  values,
  folder,
  refuse: usage,
} = readArguments(
  `Usage: node scripts/peers/run.mjs DIR [options], DIR as streams.mjs wrote it
  --ramulator PYTHON    Python in which "import ramulator" (2.1) works
  --dramsim3 PROGRAM    dramsim3main
  --drampower PROGRAM   command line program of DRAMPower 6
  --results FOLDER      a file of each run; peers that are not named are read from there (default: DIR/results)
  --streams LIST        ${STREAMS.map(({ name }) => name).join(', ')} (default: all)
  --machines LIST       ${everyMachine.map(({ name }) => name).join(', ')} (default: all)`,
  { ramulator: text, dramsim3: text, drampower: text, results: text, streams: text, machines: text },
);

/** The members of a list whose names were given, or all. */
function chosen(list, names, what) {
  if (names === undefined) return list;
  return names.split(',').map((name) => {
    const found = list.find((one) => one.name === name);
    if (!found) usage(`there is no ${what} "${name}", but ${list.map((one) => one.name).join(', ')}`);
    return found;
  });
}
const streams = chosen(STREAMS, values.streams, 'stream');
const machineNames = chosen(everyMachine, values.machines, 'machine').map(({ name }) => name);
const machines = MACHINES.filter(({ name }) => machineNames.includes(name));
const dies = DIES.filter(({ name }) => machineNames.includes(name));
const results = values.results ?? join(folder, 'results');
for (const name of ['ramulator', 'sparkxd'])
  if (!existsSync(join(folder, name)))
    usage(`${join(folder, name)} is missing: write it with node scripts/peers/streams.mjs ${folder}`);
mkdirSync(results, { recursive: true });

let failed = false;
/** What `act` gives, or nothing, with the reason on stderr. */
function attempt(what, act) {
  try {
    return act();
  } catch (error) {
    console.error(`${what}: ${error.message}`);
    failed = true;
    return undefined;
  }
}
/** Runs a peer that was named, then reads its file, if there is one. */
function result(program, name, start, read) {
  const file = join(results, name);
  return attempt(name, () => {
    if (program) start(file);
    return existsSync(file) ? read(readFileSync(file, 'utf8'), file) : undefined;
  });
}

const requestsIn = (stream) => {
  const file = join(folder, 'ramulator', `${stream.name}.loadstore.trace`);
  if (!existsSync(file)) usage(`${file} is missing`);
  return readLoadStoreTrace(readFileSync(file, 'utf8'));
};

const columns = [...Object.keys(SCHEDULERS).map((scheduler) => `Ramulator 2.1 ${scheduler}`), 'DRAMsim3'];
const cycles = [];
const energies = [];
for (const stream of streams) {
  const requests = requestsIn(stream);
  const count = requests.addresses.length;
  for (const machine of machines) {
    const run = `${machine.name}-${stream.name}`;
    const ours = attempt(`sparkxd ${run}`, () => cyclesOf(folder, stream.name, writeDevice(folder, machine)));
    const theirs = new Map();
    for (const scheduler of Object.keys(SCHEDULERS)) {
      const found = result(
        values.ramulator,
        `ramulator-${scheduler}-${run}.json`,
        (file) => runRamulator(values.ramulator, folder, machine.name, stream.name, scheduler, file),
        (json, file) => {
          const read = readRamulator(json, file);
          if (read.requests === count) return read;
          throw new Error(`${file} is of ${read.requests} requests, the stream has ${count}`);
        },
      );
      if (found) theirs.set(`Ramulator 2.1 ${scheduler}`, found);
    }
    if (machine.dramsim3) {
      const enough = 2 * (ours ?? 20 * count) + 100_000;
      const found = result(
        values.dramsim3,
        `dramsim3-${run}.json`,
        (file) => runDramsim3(values.dramsim3, folder, machine.name, stream.name, enough, file),
        (json, file) => readDramsim3(json, count, file),
      );
      if (found) theirs.set('DRAMsim3', found);
    }
    cycles.push({ stream: stream.name, machine: machine.name, ours, theirs });
  }
  for (const die of dies) {
    const run = `${die.name}-${stream.name}`;
    if (!values.drampower && !existsSync(join(results, `drampower-${run}.json`))) continue;
    const commands = attempt(`sparkxd ${run}`, () => writeCommands(folder, stream.name, requests, die));
    if (!commands) continue;
    const theirs = result(
      values.drampower,
      `drampower-${run}.json`,
      (file) => runDrampower(values.drampower, folder, commands, die.memorySpecification, file),
      readDrampower,
    );
    const ours = attempt(`sparkxd power ${run}`, () => energiesOf(commands, die));
    if (!theirs || !ours) continue;
    for (const term of Object.keys(theirs))
      energies.push({ stream: stream.name, die: die.name, term, ours: ours[term], theirs: theirs[term] });
  }
}
console.log(cyclesTable(columns, cycles));
if (energies.length > 0) console.log(energyTable(energies));
process.exitCode = failed ? 1 : 0;
