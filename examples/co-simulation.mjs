// Two clients share a memory: a core that reads where its last read points to, and a copy engine that keeps the memory busy.
import { openCoSimulation } from 'sparkxd';

const READS = 2000;
const BLOCK = 256;
let seed = 1;
const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 2 ** 32;
const core = { left: READS, asked: 0, waited: 0 };
const copy = { next: 0, blocks: 0 };

const memory = await openCoSimulation(
  { device: 'ddr4-2400-8gb', supply: 1.1, controller: { pagePolicy: 'closed' } },
  {
    onDone({ id, cycle }) {
      if (id === 'copy') return copyOn();
      core.waited += cycle - core.asked;
      if (--core.left > 0) coreReads(cycle + memory.cycleAt(20)); // 20 ns of thinking
    },
    onRoom: copyOn, // called when a channel that refused an offer can take one again
  },
);

function coreReads(at) {
  core.asked = at;
  const address = Math.floor((random() * memory.capacity) / memory.burstBytes) * memory.burstBytes;
  while (!memory.offer({ id: 'core', address, at })) at = memory.now; // never refused: entry has room for both
}
function copyOn() {
  if (core.left === 0) return;
  const address = (copy.next + (copy.blocks % 2) * (memory.capacity / 2)) % memory.capacity;
  if (memory.offer({ id: 'copy', address, bytes: BLOCK, write: copy.blocks % 2 === 1 })) copy.blocks++;
}
