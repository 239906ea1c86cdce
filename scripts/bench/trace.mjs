// Speed of the access-trace readers and memory on a 10 GB stream, of the built program: node scripts/bench/trace.mjs [GB]
import { cpus } from 'node:os';
import { bytesInMemory } from '../../dist/bytes/byte-source.js';
import { noLosses } from '../../dist/trace/access-format.js';
import { emptyRun } from '../../dist/trace/access-run.js';
import { createAccessTraceWriter, openAccessTrace } from '../../dist/trace/access-trace.js';

const REPEATS = 5;
const LINES = 2_000_000;
const BURST = 32;
const OPTIONS = { clock: 800, accessBytes: 64 };
const gigabytes = Number(process.argv[2] ?? 10);

console.log(`${cpus()[0].model}, node ${process.version}`);
// First, while the process is still small.
memory();
console.log(`million per CPU second, median (lowest to highest of ${REPEATS})`);
for (const format of [
  'ramulator',
  'ramulator2',
  'dramsim3',
  'stl',
  'ramulator-cpu',
  'csv',
  'scale-sim',
  'nvmain',
  'gem5',
]) {
  const bytes = lines(format, format === 'nvmain' ? LINES / 10 : LINES);
  report(`${format} accesses`, bytes, ({ runs }) => runs);
}
// Rows of N400's weights in FP32, as the `event` workload fetches them.
report('sxt runs, rows of 1,600 B', binary(weightRows(1_000_000)), ({ runs }) => runs);
report('sxt requests of 32 B in these', binary(weightRows(1_000_000)), ({ bytes }) => bytes / BURST);
report('sxt runs of one burst, anywhere', binary(scattered(2_000_000)), ({ runs }) => runs);

/** Every 16th access is a write, addresses spread over 4 GiB, a cycle or two between them. */
function* accesses(count, aligned = 64) {
  const run = emptyRun();
  let cycle = 0;
  for (let i = 0; i < count; i++) {
    cycle += 1 + (i % 2);
    run.address = (Math.imul(i, 0x9e3779b1) >>> 0) - ((Math.imul(i, 0x9e3779b1) >>> 0) % aligned);
    run.bytes = aligned;
    run.write = i % 16 === 15;
    run.arrival = cycle * 1250;
    yield run;
  }
}

function lines(format, count) {
  const pieces = [];
  const losses = noLosses();
  const writer = createAccessTraceWriter((piece) => pieces.push(piece), format, OPTIONS, losses, {});
  const cpu = format === 'ramulator-cpu';
  for (const run of accesses(count)) {
    if (cpu || format === 'scale-sim') run.write = false;
    writer.append(run);
  }
  writer.end();
  return Buffer.concat(pieces);
}

function* weightRows(count) {
  const run = { ...emptyRun(), bytes: 1600 };
  for (let i = 0; i < count; i++) {
    run.address = ((i * 577) % 784) * 1600;
    yield run;
  }
}

function* scattered(count) {
  for (const run of accesses(count, BURST)) {
    run.arrival = 0;
    yield run;
  }
}

function binary(runs) {
  const pieces = [];
  const writer = createAccessTraceWriter((piece) => pieces.push(piece), 'sxt', {}, noLosses(), {});
  for (const run of runs) writer.append(run);
  writer.end();
  return Buffer.concat(pieces);
}

function readAll(source, format) {
  const trace = openAccessTrace(source, { ...OPTIONS, ...(format ? { format } : {}) }, noLosses());
  const run = emptyRun();
  let runs = 0;
  let bytes = 0;
  while (trace.next(run)) {
    runs++;
    bytes += run.bytes;
  }
  return { runs, bytes };
}

function report(name, bytes, amount) {
  const rates = Array.from({ length: REPEATS }, () => {
    const before = process.cpuUsage();
    const result = readAll(bytesInMemory(bytes, name));
    const { user, system } = process.cpuUsage(before);
    return amount(result) / (user + system);
  }).sort((a, b) => a - b);
  const [low, median, high] = [rates[0], rates[REPEATS >> 1], rates[REPEATS - 1]].map((rate) =>
    rate.toFixed(1),
  );
  const size = (bytes.length / 1e6).toFixed(1);
  console.log(`${name.padEnd(32)} ${median.padStart(7)} (${low} to ${high}), ${size} MB`);
}

/** Reads DRAMsim3 lines made on the fly, all of cycle 0, and reports the largest resident set. */
function memory() {
  const piece = new TextEncoder().encode('0x12345640 READ 0\n0xfedcb980 WRITE 0\n'.repeat(10_000));
  let left = Math.ceil((gigabytes * 1e9) / piece.length);
  let from = 0;
  const source = {
    file: 'synthetic',
    read(target) {
      if (left === 0) return 0;
      const part = piece.subarray(from, from + target.length);
      target.set(part);
      from += part.length;
      if (from === piece.length) {
        from = 0;
        left--;
      }
      return part.length;
    },
  };
  const before = process.cpuUsage();
  const { runs } = readAll(source, 'dramsim3');
  const { user, system } = process.cpuUsage(before);
  const { maxRSS } = process.resourceUsage();
  console.log(
    `${gigabytes} GB of dramsim3 text: ${(runs / 1e6).toFixed(0)} million lines at ${(runs / (user + system)).toFixed(1)} million a CPU second; largest resident set ${(maxRSS / 1000).toFixed(0)} MB`,
  );
}
