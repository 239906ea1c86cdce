// The unit of time of end-to-end.mjs: a fixed piece of work on one thread, of the kind that a scheduler does. 30 million dependent
// loads in a permutation of 65,536 numbers, each followed by a compare and a branch, every eighth on average by a search of 32
// values for the least. Never change it: figures that were measured in it could not be compared any more.
const ENTRIES = 1 << 16;
const STEPS = 30_000_000;
const VALUES = 32;

const following = Int32Array.from({ length: ENTRIES }, (_, i) => i);
let state = 2026;
/** Marsaglia's xorshift with 32 bits. */
function random() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}
// Sattolo's shuffle: all entries are one cycle.
for (let i = ENTRIES - 1; i > 0; i--) {
  const other = random() % i;
  const kept = following[i];
  following[i] = following[other];
  following[other] = kept;
}

const values = new Int32Array(VALUES);
let entry = 0;
let sum = 0;
for (let step = 0; step < STEPS; step++) {
  entry = following[entry];
  const at = entry % VALUES;
  if (values[at] < entry) {
    values[at] = entry;
    sum += at;
  } else {
    values[at] -= entry >> 3;
    sum ^= step;
  }
  if ((entry & 7) === 0) {
    let least = 0;
    for (let i = 1; i < VALUES; i++) if (values[i] < values[least]) least = i;
    sum += least;
  }
}
// The sum is used, so that no compiler leaves the work out; it comes out the same everywhere.
process.stdout.write(`${sum | 0}\n`);
