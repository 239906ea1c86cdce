// What the energy counters cost the controller core: the same requests through the core as it is and as compiled without
// them. Run `npm run build` first. Prints CPU time, never fails on it.
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { createController } from '../../dist/dram/controller.js';
import { DEFAULT_CONTROLLER } from '../../dist/dram/controller-options.js';
import { openCore, openCoreOf } from '../../dist/dram/core/open-core.js';
import { energyOf } from '../../dist/energy/energy-of.js';
import { loadDevice } from '../../dist/hardware/load-device.js';
import { resolveTiming } from '../../dist/hardware/resolve-timing.js';
import { modelFiles } from '../../dist/inputs/model-files.js';
import { compileAssembly } from '../compile-assembly.mjs';

const REPEATS = 9;
const assembly = new URL('../../src/dram/core/assembly/', import.meta.url);
const bare = await compileAssembly('index.ts', async (name) => {
  const source = await readFile(new URL(name, assembly), 'utf8').catch(() => null);
  return name === 'issue.ts' ? source.replace('  countCommand(command, bank.rank, bankSlot);\n', '') : source;
});
const cores = { bare: openCoreOf(() => bare), counted: openCore };
const device = await loadDevice('lpddr3-1600-4gb', modelFiles);
const { organisation, supply } = device;
const timing = await resolveTiming(device, supply.nominal, 'nominal');
const BANKS = 8;
const burstsPerRow = organisation.columns / organisation.burstLength;

/** A small reproducible generator: a 32-bit linear congruence. */
function draws(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Requests as (bank, row, column, count): whole rows, rows of weights, single bursts anywhere. */
const PATTERNS = {
  sequential: {
    requests: 60_000,
    count: burstsPerRow,
    pick: (_, i) => [i % BANKS, Math.floor(i / BANKS) % organisation.rows, 0],
  },
  'SNN rows': { requests: 60_000, count: 50, pick: (next) => [next(BANKS), next(98), 0] },
  random: {
    requests: 300_000,
    count: 1,
    pick: (next) => [next(BANKS), next(organisation.rows), next(burstsPerRow)],
  },
};

function run({ requests, count, pick }, open) {
  const controller = createController(organisation, timing, DEFAULT_CONTROLLER, undefined, open);
  const next = draws(1);
  const before = process.cpuUsage();
  for (let i = 0; i < requests; i++) {
    const [bank, row, column] = pick(next, i);
    controller.batch.submit(false, 0, bank, row, column, count, 0);
  }
  controller.drain();
  const { activity } = controller.statistics(controller.lastDone);
  energyOf(device, activity, { supply: supply.nominal, law: 'quadratic' });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

console.log(
  `${cpus()[0].model}, Node ${process.version}, CPU seconds, median of ${REPEATS} interleaved runs (least, most)`,
);
for (const [name, pattern] of Object.entries(PATTERNS)) {
  const times = { bare: [], counted: [] };
  for (let i = 0; i <= REPEATS; i++)
    for (const [core, open] of Object.entries(cores)) {
      const seconds = run(pattern, open);
      if (i > 0) times[core].push(seconds);
    }
  const line = (core) => {
    const own = times[core];
    return `${median(own).toFixed(3)} (${Math.min(...own).toFixed(3)}, ${Math.max(...own).toFixed(3)})`;
  };
  const cost = (median(times.counted) / median(times.bare) - 1) * 100;
  console.log(
    `${name.padEnd(12)} bare ${line('bare')}  counted ${line('counted')}  cost ${cost.toFixed(1)} %`,
  );
}
