// What this program makes of a stream, through its command line.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accessTrace } from './trace-formats.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Ramulator's watermarks, 0.8 and 0.2 of 32; like the peers we answer reads from waiting writes. */
const CONTROLLER = [
  '--address-mapping RoBaRaCoCh --scheduler frfcfs --page-policy open --refresh allBank',
  '--read-queue 32 --write-queue 32 --write-drain 26:6 --forward-writes',
].flatMap((options) => options.split(' '));

/** @throws {Error} with the first line that the program wrote to stderr, if it fails */
function sparkxd(...words) {
  const program = [join(root, 'dist/cli/main.js'), ...words, '--json', '--quiet'];
  const done = spawnSync(process.execPath, program, { encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(done.stderr.split('\n')[0]);
  return JSON.parse(done.stdout);
}

/** The shipped device as `devices` of them in lockstep, in a file of its own. */
export function writeDevice(folder, { name, device, devices }) {
  const shipped = readFileSync(join(root, 'hw-models/dram', `${device}.yaml`), 'utf8');
  const changed = shipped
    .replace(/^name: .*$/m, `name: ${name}-channel`)
    .replace(/^( *)devices_per_rank: .*$/m, `$1devices_per_rank: { value: ${devices}, note: "in lockstep" }`);
  const file = join(folder, 'sparkxd', `${name}.yaml`);
  writeFileSync(file, changed);
  return file;
}

/** Cycles until the last request has been answered. */
export function cyclesOf(folder, stream, deviceFile) {
  const trace = join(folder, 'sparkxd', `${stream}.csv`);
  return sparkxd('replay', trace, '--device', deviceFile, ...CONTROLLER).rows[0].cycles;
}

/**
 * Writes the command trace of a stream on one die, for DRAMPower. A request is one burst of the die, so that it issues the
 * commands that a channel of such dies would.
 */
export function writeCommands(folder, stream, requests, { name, device, burstBytes }) {
  const trace = join(folder, 'drampower', `${name}-${stream}.requests.csv`);
  const commands = join(folder, 'drampower', `${name}-${stream}.csv`);
  mkdirSync(dirname(trace), { recursive: true });
  writeFileSync(trace, accessTrace(requests, burstBytes));
  const output = ['--commands', commands, '--commands-format', 'drampower'];
  sparkxd('replay', trace, '--device', device, ...CONTROLLER, ...output);
  return commands;
}

/** Energies of a command trace in pJ by term, over the rails that DRAMPower's core has. */
export function energiesOf(commands, { device, currents = 'own', rails }) {
  const settings = ['--device', device, '--currents', currents, '--model', 'drampower6', '--rho', '1'];
  const found = sparkxd('power', commands, ...settings).rails.filter(({ name }) => rails.includes(name));
  const of = (...terms) => {
    let sum = 0;
    for (const { terms_pJ } of found) for (const term of terms) sum += terms_pJ[term];
    return sum;
  };
  return {
    act: of('act'),
    pre: of('pre'),
    rd: of('rd'),
    wr: of('wr'),
    ref: of('ref'),
    activeBackground: of('activeBackground'),
    prechargedBackground: of('prechargedBackground'),
    asleep: of('powerDown', 'selfRefresh'),
  };
}
