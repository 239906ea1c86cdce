// Requests per CPU second of a memory driven one request at a time, of the built program: node scripts/bench/co-simulation.mjs
import { cpus } from 'node:os';
import { openCoSimulation } from '../../dist/index.js';
import { uniformStream } from '../../dist/random/streams.js';

const REPEATS = 5;
const REQUESTS = 400_000;

/** How many requests the client keeps under way, and where its next one goes. */
const CLIENTS = {
  'one read at a time, anywhere': { underWay: 1, random: true, write: () => false },
  '16 reads, anywhere': { underWay: 16, random: true, write: () => false },
  '64 requests, anywhere, 30 % writes': { underWay: 64, random: true, write: (n) => n % 10 < 3 },
  '64 reads, one after the other': { underWay: 64, random: false, write: () => false },
};

console.log(`${cpus()[0].model}, node ${process.version}`);
console.log(`million requests of one burst per CPU second, median (lowest to highest of ${REPEATS})`);
for (const device of ['lpddr3-1600-4gb', 'ddr4-2400-8x8gb', 'hbm2-2000-4x8gb'])
  for (const [name, client] of Object.entries(CLIENTS)) {
    await run(device, client);
    const rates = [];
    for (let i = 0; i < REPEATS; i++) {
      const before = process.cpuUsage();
      await run(device, client);
      const { user, system } = process.cpuUsage(before);
      rates.push(REQUESTS / (user + system));
    }
    rates.sort((a, b) => a - b);
    const [low, median, high] = [rates[0], rates[REPEATS >> 1], rates.at(-1)].map((rate) => rate.toFixed(2));
    console.log(`${device}  ${name.padEnd(34)} ${median} (${low} to ${high})`);
  }

async function run(device, { underWay, random, write }) {
  const uniform = uniformStream(1, 'bench');
  let asked = 0;
  const memory = await openCoSimulation({ device, entry: underWay }, { onDone: next });
  const bursts = memory.capacity / memory.burstBytes;
  function next() {
    if (asked === REQUESTS) return;
    const burst = random ? Math.floor(uniform() * bursts) : asked % bursts;
    memory.offer({ id: asked, address: burst * memory.burstBytes, write: write(asked) });
    asked++;
  }
  for (let i = 0; i < underWay; i++) next();
  memory.drain();
}
