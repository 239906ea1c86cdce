// An access trace that does what the shipped ones do not: writes, scattered rows, uneven sizes, bursts of requests and
// pauses long enough for power-down, self-refresh and timed-out rows. Its addresses fit into the smallest device (128 MiB).

const REQUESTS = 12_000;
/** Below 128 MiB by the longest request. */
const LAST = 2 ** 27 - 128;

/** The trace as CSV (docs/access-traces.md); the same text each time. */
export function mixedTrace() {
  const random = congruential(1);
  const lines = ['arrival_ns,op,address,bytes,source'];
  let nanoseconds = 0;
  let address = 0;
  for (let i = 0; i < REQUESTS; i++) {
    const choice = random(100);
    if (choice < 60) address = (address + 64) % LAST;
    else if (choice < 80) address = (address + 8192 * (1 + random(32))) % LAST;
    else address = 64 * random(LAST / 64);
    const bytes = [64, 64, 64, 32, 128][random(5)];
    nanoseconds += i % 1000 === 999 ? 40_000 : i % 100 === 99 ? 1500 : random(24) / 2;
    const writes = i % 3000 < 1500 ? 30 : 70;
    lines.push(`${nanoseconds},${random(100) < writes ? 'write' : 'read'},${address},${bytes},${random(4)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** A linear congruential generator (Numerical Recipes): whole numbers from 0 to below `limit`. */
function congruential(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
