// What a user waits for: whole commands of the built program, each in turn with the yardstick, a fixed program.
//   node scripts/bench/waits.mjs [RUNS] [PROGRAM...]
// RUNS of each (default 3, reproduce --quick once); each PROGRAM is a dist/cli/main.js (default: this build's). Several take turns.
// WAITS=report,train measures only these. `npm test` is not among them: `time npm test`, and the yardstick beside it.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const [runs = '3', ...given] = process.argv.slice(2);
const programs = given.length > 0 ? given : [at('../../dist/cli/main.js')];
const YARDSTICK = at('yardstick.mjs');
const POINTS = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'sparkxd-waits-'));
const GRID = [
  ...[
    '--network',
    'n400',
    '--dataset',
    'mnist',
    '--device',
    'lpddr3-1600-4gb-sparkxd',
    '--profile',
    'sparkxd',
  ],
  ...[
    '--supply',
    '1.35,1.325,1.25,1.175,1.1,1.025',
    '--mapping',
    'baseline,sparkxd',
    '--bound',
    '1%',
    '--quiet',
  ],
];

/** Each command with its words, how often it runs, what must be there before, and the files of which it matters how large they get. */
const COMMANDS = [
  {
    name: 'start',
    says: 'npm start, built',
    words: () => ['run', ...GRID, '--chips', '3', '--out', join(folder, 'start')],
  },
  {
    name: 'chips',
    says: 'the same with --chips 30',
    words: () => ['run', ...GRID, '--chips', '30', '--out', join(folder, 'chips')],
  },
  {
    name: 'reproduce',
    says: 'reproduce --quick',
    times: 1,
    words: (run) => ['reproduce', '--quick', '--quiet', '--out', join(folder, `reproduction-${run}`)],
  },
  {
    name: 'train',
    says: 'train --images 3000 --epochs 1',
    words: () => [
      'train',
      '--images',
      '3000',
      '--epochs',
      '1',
      '--quiet',
      '--out',
      join(folder, 'n.safetensors'),
    ],
  },
  {
    name: 'report',
    says: `report of a run of ${POINTS} points`,
    prepare: () => manyPoints('run', (row, k) => ({ ...row, chip: k + 1 })),
    words: () => ['report', join(folder, 'run'), '--quiet'],
    result: join(folder, 'run', 'report.html'),
  },
  {
    name: 'sweep',
    says: `report of a merged sweep of ${POINTS} points`,
    prepare: () =>
      manyPoints('sweep', (row, k, of) => ({
        ...row,
        ...{ axis_supply: row.supply_V, axis_mapping: row.mapping, axis_chip: row.chip },
        axis_images: 1000 + Math.floor(k / of),
      })),
    words: () => ['report', join(folder, 'sweep'), '--quiet'],
    result: join(folder, 'sweep', 'report.html'),
  },
];

/** Results of as many points, made from those of a small run: accuracies and energies move by up to 1 %. */
async function manyPoints(name, changed) {
  const small = join(folder, 'small');
  await timed([programs[0], 'run', ...GRID, '--images', '100', '--chips', '3', '--out', small]);
  const [header, ...lines] = readFileSync(join(small, 'results.csv'), 'utf8').trimEnd().split('\r\n');
  const names = header.split(',');
  let state = 1;
  const nearOne = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return 0.99 + (0.02 * state) / 0x7fffffff;
  };
  const rows = Array.from({ length: POINTS }, (_, k) => {
    const cells = lines[k % lines.length].split(',');
    const row = Object.fromEntries(names.map((column, i) => [column, cells[i]]));
    for (const column of ['accuracy', 'dram_energy_per_inference_nJ', 'energy_per_access_pJ'])
      row[column] = Number(row[column]) * nearOne();
    return changed(row, k, lines.length);
  });
  mkdirSync(join(folder, name));
  const all = [Object.keys(rows[0]), ...rows.map(Object.values)];
  writeFileSync(join(folder, name, 'results.csv'), all.map((cells) => `${cells.join(',')}\r\n`).join(''));
  const manifest =
    name === 'run'
      ? readFileSync(join(small, 'manifest.json'))
      : JSON.stringify({ program: 'sparkxd', command: 'sweep', plan: { axes: {} }, defaults: {} });
  writeFileSync(join(folder, name, 'manifest.json'), manifest);
  rmSync(small, { recursive: true });
}

/** Writes CPU seconds and the largest resident set (MB) of its process to file descriptor 3 when it ends; threads count. */
const REPORTER = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; import { isMainThread } from 'node:worker_threads'; if (isMainThread) process.on('exit', () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); writeSync(3, JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, maxRSS / 1024])); });",
)}`;

/** Wall-clock seconds of a command line of Node, its CPU seconds, and its largest resident set (MB). */
async function timed(args) {
  const before = process.hrtime.bigint();
  const child = spawn(process.execPath, ['--import', REPORTER, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  let said = '';
  child.stdio[3].on('data', (piece) => {
    said += piece;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  const [cpu, memory] = JSON.parse(said);
  return { wall: Number(process.hrtime.bigint() - before) / 1e9, cpu, memory };
}

const inOrder = (values) => values.toSorted((a, b) => a - b);
/** Median of a measure (lowest to highest). */
const spread = (found, measure, digits) => {
  const values = inOrder(found.map((run) => run[measure]));
  const [low, middle, high] = [values[0], values[values.length >> 1], values.at(-1)].map((value) =>
    value.toFixed(digits),
  );
  return values.length === 1 ? middle : `${middle} (${low} to ${high})`;
};
const median = (found, measure) => inOrder(found.map((run) => run[measure]))[found.length >> 1];

const named = process.env.WAITS?.split(',');
process.stdout.write(`${cpus()[0].model}, ${cpus().length} processors, Node ${process.version}\n`);
try {
  for (const { name, says, times = Number(runs), prepare, words, result } of COMMANDS) {
    if (named !== undefined && !named.includes(name)) continue;
    await prepare?.();
    const unit = [];
    const found = programs.map(() => []);
    for (let run = 0; run < times; run++)
      for (const [i, program] of programs.entries()) {
        unit.push(await timed([YARDSTICK]));
        found[i].push(await timed([program, ...words(`${run}-${i}`)]));
        if (result) found[i].at(-1).size = statSync(result).size / 1e6;
      }
    for (const [i, program] of programs.entries()) {
      const yardsticks = ['cpu', 'wall'].map((measure) => median(found[i], measure) / median(unit, measure));
      process.stdout.write(
        `${says}${programs.length > 1 ? `, ${program}` : ''}: CPU ${spread(found[i], 'cpu', 2)} s, wall ${spread(found[i], 'wall', 1)} s, yardsticks ${yardsticks[0].toFixed(1)} of CPU, ${yardsticks[1].toFixed(1)} of wall, ${median(found[i], 'memory').toFixed(0)} MB${result ? `, page ${median(found[i], 'size').toFixed(1)} MB` : ''}\n`,
      );
    }
    process.stdout.write(`  yardstick: CPU ${spread(unit, 'cpu', 2)} s, wall ${spread(unit, 'wall', 2)} s\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
