// What the energy counters cost the controller core: the same requests through the core with a sink that only sums
// cycles and with the activity counter behind it. Run `npm run build` first. Prints CPU time, never fails on it.
import { cpus } from 'node:os';
import { createActivityCounter } from '../../dist/dram/activity-counter.js';
import { createController } from '../../dist/dram/controller.js';
import { DEFAULT_CONTROLLER } from '../../dist/dram/controller-options.js';
import { energyOf } from '../../dist/energy/energy-of.js';
import { modelFiles } from '../../dist/experiments/model-files.js';
import { loadDevice } from '../../dist/hardware/load-device.js';
import { resolveTiming } from '../../dist/hardware/resolve-timing.js';

const REPEATS = 9;
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

function run({ requests, count, pick }, counted) {
  const counter = createActivityCounter(organisation, timing);
  let seen = 0;
  const bare = {
    command: (cycle) => {
      seen += cycle;
    },
    columns: (cycle) => {
      seen += cycle;
    },
    forwarded: () => {},
  };
  const counting = {
    command: (cycle, command, rank, bank) => counter.command(cycle, command, rank, bank),
    columns: (cycle, command, rank, bank, _row, _column, bursts) =>
      counter.columns(cycle, command, rank, bank, bursts),
    forwarded: () => {},
  };
  const controller = createController(organisation, timing, DEFAULT_CONTROLLER, counted ? counting : bare);
  const next = draws(1);
  const before = process.cpuUsage();
  for (let i = 0; i < requests; i++) {
    const [bank, row, column] = pick(next, i);
    while (!controller.offer(false, 0, bank, row, column, count, 0))
      controller.runUntil(Number.POSITIVE_INFINITY, true);
    controller.runUntil(Number.POSITIVE_INFINITY, i < requests - 1);
  }
  const { user, system } = process.cpuUsage(before);
  if (counted)
    energyOf(device, counter.activity(controller.lastDone), { supply: supply.nominal, law: 'quadratic' });
  return { seconds: (user + system) / 1e6, seen };
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

console.log(
  `${cpus()[0].model}, Node ${process.version}, CPU seconds, median of ${REPEATS} interleaved runs (least, most)`,
);
for (const [name, pattern] of Object.entries(PATTERNS)) {
  const times = { false: [], true: [] };
  for (let i = 0; i <= REPEATS; i++)
    for (const counted of [false, true]) {
      const { seconds } = run(pattern, counted);
      if (i > 0) times[counted].push(seconds);
    }
  const line = (counted) => {
    const own = times[counted];
    return `${median(own).toFixed(3)} (${Math.min(...own).toFixed(3)}, ${Math.max(...own).toFixed(3)})`;
  };
  const cost = (median(times.true) / median(times.false) - 1) * 100;
  console.log(`${name.padEnd(12)} bare ${line(false)}  counted ${line(true)}  cost ${cost.toFixed(1)} %`);
}
