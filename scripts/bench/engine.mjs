// The discrete-event engine of the built program: node scripts/bench/engine.mjs [REPEATS] [DIST ...]
// Events a CPU second of the loop alone, and what it allocates; images a CPU second of `simulate` (after the first), for one core,
// and for four with 1 GB/s of other traffic. With several builds (folders with a dist/), theirs in turn.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [mode, ...rest] = process.argv.slice(2);
const CASES = {
  'one core, event': { accelerator: 'edge', images: 2000 },
  'one core, stream': { accelerator: 'edge', images: 2000, workload: 'stream' },
  'four cores, 1 GB/s of other traffic': { accelerator: 'quad-edge', images: 200, traffic: ['random:1GBps'] },
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const cpuSeconds = (usage) => (usage.user + usage.system) / 1e6;

if (mode === 'loop') await measureLoop(rest[0]);
else if (mode === 'case') await measureCase(rest[0], rest[1]);
else await measureAll(Number(mode ?? 5), rest);

async function measureLoop(root) {
  const { createEventLoop } = await import(pathToFileURL(`${root}/dist/engine/event-loop.js`).href);
  const loop = createEventLoop();
  // Eight clocks of different periods, as in a system of a few cores.
  for (const period of [3, 5, 7, 11, 13, 17, 19, 23]) loop.add({ advance: (now) => now + period }, period);
  loop.run(1_000_000);
  const before = loop.events;
  const heap = process.memoryUsage().heapUsed;
  const from = process.cpuUsage();
  loop.run(40_000_000);
  const seconds = cpuSeconds(process.cpuUsage(from));
  const events = loop.events - before;
  process.stdout.write(
    JSON.stringify({ rate: events / seconds, bytes: (process.memoryUsage().heapUsed - heap) / events }),
  );
}

async function measureCase(root, name) {
  const { runSimulate } = await import(pathToFileURL(`${root}/dist/experiments/simulate.js`).href);
  const { images, ...job } = CASES[name];
  const common = { weights: 'n400-mnist', dataset: 'mnist', ...job };
  await runSimulate({ ...common, images: 1 });
  let from;
  let done = 0;
  await runSimulate({ ...common, images: images + 1 }, () => {
    // The first image pays for what is opened.
    from ??= process.cpuUsage();
    done++;
  });
  process.stdout.write(JSON.stringify({ rate: (done - 1) / cpuSeconds(process.cpuUsage(from)) }));
}

async function measureAll(repeats, roots) {
  const own = fileURLToPath(new URL('../..', import.meta.url));
  const builds = roots.length === 0 ? [own] : roots;
  const child = (...args) => {
    const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...args]);
    return status === 0 ? JSON.parse(String(stdout)) : undefined;
  };
  const table = { loop: (root) => child('loop', root) };
  for (const name of Object.keys(CASES)) table[name] = (root) => child('case', root, name);
  process.stdout.write(`${cpus()[0].model}, Node ${process.version}, ${repeats} repeats in turn\n`);
  for (const [name, measure] of Object.entries(table)) {
    const found = builds.map(() => []);
    for (let i = 0; i < repeats; i++)
      for (const [k, root] of builds.entries()) {
        const one = measure(root);
        if (one) found[k].push(one);
      }
    for (const [k, ones] of found.entries()) {
      if (ones.length === 0) continue;
      const rates = ones.map(({ rate }) => rate);
      const bytes =
        ones[0].bytes === undefined
          ? ''
          : `, ${median(ones.map((one) => one.bytes)).toFixed(2)} bytes an event`;
      process.stdout.write(
        `${name}, ${builds[k]}: ${median(rates).toFixed(0)} a CPU second (${Math.min(...rates).toFixed(0)} to ${Math.max(...rates).toFixed(0)})${bytes}\n`,
      );
    }
  }
}
