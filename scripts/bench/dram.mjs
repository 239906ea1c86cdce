// Requests per CPU second of the DRAM core, of the built program: node scripts/bench/dram.mjs [DEVICE ...]
// Each workload in a process of its own, as a replay is: code compiled for one workload does not serve the next.
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createOrderedMapping } from '../../dist/dram/address-mapping.js';
import { createController } from '../../dist/dram/controller.js';
import { DEFAULT_CONTROLLER } from '../../dist/dram/controller-options.js';
import { openCore } from '../../dist/dram/core/open-core.js';
import { replay } from '../../dist/dram/replay.js';
import { banksPerRank, bytesPerBurst, bytesPerChannel } from '../../dist/hardware/device.js';
import { loadDevice } from '../../dist/hardware/load-device.js';
import { resolveTiming } from '../../dist/hardware/resolve-timing.js';
import { uniformStream } from '../../dist/random/streams.js';

const REPEATS = 5;
const hwModels = fileURLToPath(new URL('../../hw-models/', import.meta.url));
const models = {
  read: async (kind, name) => {
    const file = `${hwModels}${kind}/${name}.yaml`;
    return { text: await readFile(file, 'utf8'), file };
  },
};

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

const [device, workload] = process.argv[2] === '--one' ? process.argv.slice(3) : [];
if (device) await measure(device, workload);
else {
  const devices = process.argv.length > 2 ? process.argv.slice(2) : ['lpddr3-1600-4gb', 'ddr4-2400-4gb'];
  console.log(`${cpus()[0].model}, node ${process.version}`);
  console.log(
    `million requests per CPU second, median (lowest to highest of ${REPEATS}); statistics and energy counters on`,
  );
  for (const name of devices)
    for (const kind of Object.keys(WORKLOADS)) {
      const { status } = spawnSync(process.execPath, [process.argv[1], '--one', name, kind], {
        stdio: 'inherit',
      });
      if (status !== 0) process.exit(1);
    }
}

async function measure(name, workload) {
  const device = await loadDevice(name, models);
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
  const runs = prepare(run, requests, place);
  const once = () => replay(organisation, timing, DEFAULT_CONTROLLER, mapping, source(runs, bytes));
  // The first run is not counted: in it the code is compiled for speed.
  let result = once();
  const rates = Array.from({ length: REPEATS }, () => {
    const before = process.cpuUsage();
    result = once();
    const { user, system } = process.cpuUsage(before);
    return (result.reads + result.writes) / (user + system);
  }).sort((a, b) => a - b);
  const [low, median, high] = [rates[0], rates[REPEATS >> 1], rates[REPEATS - 1]].map((r) => r.toFixed(2));
  const cycles = (result.cycles / (result.reads + result.writes)).toFixed(3);
  const mebibytes = (coreBytes(organisation, timing) / 2 ** 20).toFixed(2);
  console.log(
    `${name}  ${workload.padEnd(12)} ${median.padStart(6)} (${low} to ${high}), ${cycles} cycles per request, core ${mebibytes} MiB`,
  );
}

/** Memory of one instance of the core, all of which is taken before time begins. */
function coreBytes(organisation, timing) {
  let memory;
  createController(organisation, timing, DEFAULT_CONTROLLER, undefined, (settings, observer) => {
    const core = openCore(settings, observer);
    memory = core.memory;
    return core;
  });
  return memory.buffer.byteLength;
}

/** The workload in memory, so that only the core is timed. */
function prepare(run, requests, place) {
  const uniform = uniformStream(1, 'bench');
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
