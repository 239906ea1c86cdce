// From a text trace to figures: whole processes of the built `sparkxd replay`, in units of a fixed program (yardstick.mjs) that
// takes turns with them, since machines differ by a factor of three from day to day.
//   node scripts/bench/end-to-end.mjs [REPEATS] [BUILD ...]
// REPEATS of each (default 5); BUILD is a folder with a dist/ (default: this one), and several take turns.
// A read or write is one burst of the device: one die of the eight of a 64-bit channel, which all see the same commands.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { burstsOf, FORMATS, WORKLOADS } from './end-to-end-workloads.mjs';

const DEVICE = 'ddr4-2400-8gb';
/** CPU seconds of the yardstick on the machine on which Ramulator 2.1 was measured. */
const RAMULATOR_YARDSTICK = 1.14;
const MOST_MEGABYTES = 120;
const SECONDS_PER_MICROSECOND = 1e-6;

const [repeats = '5', ...named] = process.argv.slice(2);
const builds = named.length > 0 ? named : [fileURLToPath(new URL('../../', import.meta.url))];
const yardstick = fileURLToPath(new URL('yardstick.mjs', import.meta.url));

/** Writes the CPU seconds and the largest resident set of its process to file descriptor 3 when it ends. */
const REPORTER = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeSync(3, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1e3 }));
});`,
)}`;

/** CPU and wall-clock seconds of a process of Node, and its largest resident set. */
async function measured(...args) {
  const before = process.hrtime.bigint();
  const child = spawn(process.execPath, ['--import', REPORTER, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  let reported = '';
  child.stdio[3].on('data', (piece) => {
    reported += piece;
  });
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return { wall: Number(process.hrtime.bigint() - before) / 1e9, ...JSON.parse(reported) };
}

const folder = mkdtempSync(join(tmpdir(), 'sparkxd-end-to-end-'));

function writeTrace({ name, requests, generate }, { extension, header, line }) {
  const file = join(folder, `${name}.${extension}`);
  const descriptor = openSync(file, 'w');
  let text = header;
  for (const [burst, write] of burstsOf(generate, requests)) {
    text += line(burst, write);
    if (text.length >= 1 << 16) {
      writeSync(descriptor, text);
      text = '';
    }
  }
  writeSync(descriptor, text);
  closeSync(descriptor);
  return file;
}

const sorted = (values) => values.toSorted((a, b) => a - b);
const quantile = (values, share) => {
  const at = share * (values.length - 1);
  const inOrder = sorted(values);
  const below = inOrder[Math.floor(at)];
  return below + (inOrder[Math.ceil(at)] - below) * (at - Math.floor(at));
};
const median = (values) => quantile(values, 0.5);
const shown = (values, digits = 2) =>
  `${median(values).toFixed(digits)} (${quantile(values, 0.25).toFixed(digits)}-${quantile(values, 0.75).toFixed(digits)})`;

const columns = [
  ['workload', 15],
  ['format', 12],
  ['yardsticks, CPU', 19],
  ['yardsticks, wall', 19],
  ['Ramulator 2.1', 14],
  ['ratio', 8],
  ['aim', 6],
  [`MB (most ${MOST_MEGABYTES})`, 15],
  ...(builds.length > 1 ? [['build', 0]] : []),
];
const print = (cells) =>
  process.stdout.write(
    `${cells
      .map((cell, i) => cell.padEnd(columns[i][1]))
      .join('')
      .trimEnd()}\n`,
  );

async function measureTrace(workload, format, yardsticks) {
  const file = writeTrace(workload, format);
  const found = builds.map(() => []);
  for (let repeat = 0; repeat < Number(repeats); repeat++)
    for (const [i, build] of builds.entries()) {
      const unit = await measured(yardstick);
      yardsticks.push(unit);
      const program = join(resolve(build), 'dist/cli/main.js');
      const { cpu, wall, megabytes } = await measured(program, 'replay', file, '--device', DEVICE, '--quiet');
      found[i].push({ cpu: cpu / unit.cpu, wall: wall / unit.wall, megabytes });
    }
  rmSync(file);
  const { name, requests, ramulator, aim } = workload;
  const peer = (ramulator * SECONDS_PER_MICROSECOND * requests) / RAMULATOR_YARDSTICK;
  for (const [i, ones] of found.entries()) {
    const of = (measure) => ones.map((one) => one[measure]);
    print([
      name,
      format.name,
      shown(of('cpu'), 3),
      shown(of('wall'), 3),
      peer.toFixed(2),
      (peer / median(of('cpu'))).toFixed(1),
      String(aim),
      Math.max(...of('megabytes')).toFixed(0),
      ...(builds.length > 1 ? [builds[i]] : []),
    ]);
  }
}

process.stdout.write(
  `${cpus()[0].model}, ${cpus().length} processors, Node ${process.version}, ${repeats} runs each; median (quartiles)\n`,
);
print(columns.map(([title]) => title));
const yardsticks = [];
try {
  for (const workload of WORKLOADS)
    for (const format of FORMATS) await measureTrace(workload, format, yardsticks);
} finally {
  rmSync(folder, { recursive: true });
}
process.stdout.write(
  `yardstick: ${shown(yardsticks.map(({ cpu }) => cpu))} s of CPU, ${shown(yardsticks.map(({ wall }) => wall))} s of wall clock\n`,
);
