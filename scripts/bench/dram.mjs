// Requests per CPU second of the DRAM core, of built programs: node scripts/bench/dram.mjs [--device NAME,...] [REPEATS] [DIST ...]
// Each workload in a process of its own, as a replay is: code compiled for one workload does not serve the next. With
// several builds (folders with a dist/), theirs in turn, and the ratio of each to the first.
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SELF = fileURLToPath(import.meta.url);
const OWN = fileURLToPath(new URL('../..', import.meta.url));
const DEVICES = 'lpddr3-1600-4gb,ddr4-2400-4gb';
/** Measurements in one process; the first is not counted, because in it the code is compiled for speed. */
const RUNS = 3;

/** Each workload fills runs of (first burst, bursts, write); about `requests` in all. */
const WORKLOADS = {
  sequential: {
    requests: 50_000_000,
    run: (state) => ({ burst: state.done, bursts: 1 << 20, write: false }),
  },
  // Weight rows of 784 inputs x 400 neurons in FP32, fetched in the order of spikes.
  'SNN rows': {
    requests: 20_000_000,
    run: ({ random, bytes }) => ({
      burst: (random(784) * 1600) / bytes,
      bursts: 1600 / bytes,
      write: false,
    }),
  },
  // The open rows of all banks in turn, a burst of each: all row hits, no two in a row.
  'bank by bank': {
    requests: 5_000_000,
    run: ({ done, capacity, rowBursts, banks }) => {
      const column = Math.floor(done / banks) % rowBursts;
      const rows = Math.floor(done / (banks * rowBursts)) * banks + (done % banks);
      return { burst: (rows * rowBursts + column) % capacity, bursts: 1, write: false };
    },
  },
  random: {
    requests: 2_000_000,
    run: ({ random, capacity }) => ({ burst: random(capacity), bursts: 1, write: false }),
  },
  // 30 % writes; a run goes on at the next burst with probability 0.7, else starts anywhere.
  mixed: {
    requests: 3_000_000,
    run: ({ random, capacity }) => {
      let bursts = 1;
      while (random(10) < 7) bursts++;
      return { burst: random(capacity - bursts), bursts, write: random(10) < 3 };
    },
  },
};

const [mode, ...rest] = process.argv.slice(2);
if (mode === '--one') process.stdout.write(JSON.stringify(await measure(...rest)));
else {
  const given = process.argv.slice(2);
  const devices = given[0] === '--device' ? given.splice(0, 2)[1] : DEVICES;
  const [repeats = '5', ...builds] = given;
  compare(Number(repeats), builds.length === 0 ? [OWN] : builds, devices.split(','));
}

function compare(repeats, builds, devices) {
  console.log(`${cpus()[0].model}, node ${process.version}, ${repeats} repeats in turn`);
  console.log(
    'million requests per CPU second, median (lowest to highest); statistics and energy counters on',
  );
  for (const device of devices)
    for (const workload of Object.keys(WORKLOADS)) {
      const found = builds.map(() => []);
      for (let i = 0; i < repeats; i++)
        for (const [k, build] of builds.entries()) found[k].push(inProcess(build, device, workload));
      for (const [k, ones] of found.entries()) {
        const rates = ones.map(({ rate }) => rate).toSorted((a, b) => a - b);
        const [low, mid, high] = [rates[0], median(rates), rates.at(-1)].map((rate) => rate.toFixed(2));
        // Of measurements next to each other, for the machine's speed changes.
        const ratio = median(ones.map(({ rate }, i) => rate / found[0][i].rate));
        const { cycles, bytes } = ones[0];
        const beside = k === 0 ? '' : `, ${ratio.toFixed(2)} times the first build`;
        console.log(
          `${device}  ${workload.padEnd(12)} ${mid.padStart(6)} (${low} to ${high}), ${cycles.toFixed(3)} cycles per request, core ${(bytes / 2 ** 20).toFixed(2)} MiB${builds.length > 1 ? `, ${builds[k]}` : ''}${beside}`,
        );
      }
    }
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function inProcess(build, device, workload) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [SELF, '--one', build, device, workload]);
  if (status === 0) return JSON.parse(String(stdout));
  console.error(`${build}: ${stderr}`);
  process.exit(1);
}

async function measure(build, name, workload) {
  const load = (file) => import(pathToFileURL(`${build}/dist/${file}`).href);
  const { createOrderedMapping } = await load('dram/address-mapping.js');
  const { createController } = await load('dram/controller.js');
  const { DEFAULT_CONTROLLER } = await load('dram/controller-options.js');
  const { openCore } = await load('dram/core/open-core.js');
  const { replay } = await load('dram/replay.js');
  const { banksPerRank, bytesPerBurst, bytesPerChannel } = await load('hardware/device.js');
  const { loadDevice } = await load('hardware/load-device.js');
  const { resolveTiming } = await load('hardware/resolve-timing.js');
  const { uniformStream } = await load('random/streams.js');

  const device = await loadDevice(name, {
    read: async (kind, model) => {
      const file = `${build}/hw-models/${kind}/${model}.yaml`;
      return { text: await readFile(file, 'utf8'), file };
    },
  });
  const { organisation } = device;
  const { columns, burstLength, ranks } = organisation;
  const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
  const mapping = createOrderedMapping(organisation, 'row-bank-column');
  const bytes = bytesPerBurst(organisation);
  const capacity = bytesPerChannel(organisation) / bytes;
  const place = {
    bytes,
    capacity,
    rowBursts: columns / burstLength,
    banks: ranks * banksPerRank(organisation),
  };
  const { requests, run } = WORKLOADS[workload];
  const runs = prepare(run, requests, place, uniformStream(1, 'bench'));
  const rates = [];
  let result;
  for (let i = 0; i < RUNS; i++) {
    const before = process.cpuUsage();
    result = replay(organisation, timing, DEFAULT_CONTROLLER, mapping, source(runs, bytes));
    const { user, system } = process.cpuUsage(before);
    if (i > 0) rates.push((result.reads + result.writes) / (user + system));
  }
  // Memory of one instance of the core, all of which is taken before time begins.
  let memory;
  createController(organisation, timing, DEFAULT_CONTROLLER, undefined, (settings, observer) => {
    const core = openCore(settings, observer);
    memory = core.memory;
    return core;
  });
  const cycles = result.cycles / (result.reads + result.writes);
  return { rate: median(rates), cycles, bytes: memory.buffer.byteLength };
}

/** The workload in memory, so that only the core is timed. */
function prepare(run, requests, place, uniform) {
  const random = (below) => Math.floor(uniform() * below);
  const state = { random, done: 0, ...place };
  const first = [];
  const bursts = [];
  const write = [];
  while (state.done < requests) {
    const next = run(state);
    first.push(next.burst % place.capacity);
    bursts.push(next.bursts);
    write.push(next.write ? 1 : 0);
    state.done += next.bursts;
  }
  return { first: Float64Array.from(first), bursts: Int32Array.from(bursts), write: Uint8Array.from(write) };
}

function source({ first, bursts, write }, bytes) {
  let i = 0;
  return {
    next(run) {
      if (i === first.length) return false;
      run.address = first[i] * bytes;
      run.bursts = bursts[i];
      run.write = write[i] === 1;
      run.arrival = 0;
      i++;
      return true;
    },
  };
}
