// How long the program takes to start, in bare starts of Node in the same minute: `--help`, and a replay of one line with a
// shipped device and with a copy of its file as the user's own. The commands take turns, so that all see the same machine.
//   node scripts/bench/start-up.mjs [RUNS] [PROGRAM]
// RUNS of each (default 9); PROGRAM is another build's dist/cli/main.js.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const [runs = '9', program = fileURLToPath(new URL('dist/cli/main.js', root))] = process.argv.slice(2);
const DEVICE = 'ddr4-2400-8gb';

const folder = mkdtempSync(join(tmpdir(), 'sparkxd-start-up-'));
const trace = join(folder, 'one.trace');
const own = join(folder, 'own.yaml');
writeFileSync(trace, '0x0 R\n');
copyFileSync(new URL(`hw-models/dram/${DEVICE}.yaml`, root), own);

/** Command lines of Node, each with the most that it may take in bare starts. */
const COMMANDS = [
  ['node -e 0', ['-e', '0'], undefined],
  ['--help', [program, '--help'], 3],
  ['replay of one line, shipped device', [program, 'replay', trace, '--device', DEVICE, '--quiet'], 4],
  ['replay of one line, own device file', [program, 'replay', trace, '--device', own, '--quiet'], 8],
];

/** Wall-clock seconds of a process, and its CPU seconds (user and system). */
async function timed(args) {
  const before = process.hrtime.bigint();
  const child = spawn(process.execPath, ['--import', REPORTER, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  let cpu = '';
  child.stdio[3].on('data', (piece) => {
    cpu += piece;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return { wall: Number(process.hrtime.bigint() - before) / 1e9, cpu: Number(cpu) };
}

/** Writes the CPU seconds of its process to file descriptor 3 when it ends; every command pays for it alike. */
const REPORTER = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(3, String((user + system) / 1e6)); });",
)}`;

const found = COMMANDS.map(() => []);
try {
  for (let run = 0; run < Number(runs); run++)
    for (const [i, [, args]] of COMMANDS.entries()) found[i].push(await timed(args));
} finally {
  rmSync(folder, { recursive: true });
}

const sorted = (values) => values.toSorted((a, b) => a - b);
const median = (values) => sorted(values)[values.length >> 1];
/** Median of a measure, and the quartiles around it. */
const spread = (values) => {
  const inOrder = sorted(values);
  return [0.25, 0.75].map((share) => inOrder[Math.floor(share * (inOrder.length - 1))].toFixed(2)).join('-');
};

process.stdout.write(
  `${cpus()[0].model}, ${cpus().length} processors, Node ${process.version}, ${runs} runs each\n`,
);
for (const measure of ['wall', 'cpu']) {
  const bare = median(found[0].map((run) => run[measure]));
  for (const [i, [name, , most]] of COMMANDS.entries()) {
    const values = found[i].map((run) => run[measure]);
    const ratio = (median(values) / bare).toFixed(2);
    const bar = most === undefined || measure === 'cpu' ? '' : `  (at most ${most})`;
    process.stdout.write(
      `${measure.padEnd(5)} ${name.padEnd(38)} ${median(values).toFixed(3)} s (${spread(values)})  ${ratio}${bar}\n`,
    );
  }
}
