// A core that reads where its last read pointed to, alone and beside a copy engine, on DDR4 at reduced voltage.
import { openCoSimulation } from 'sparkxd';

const READS = 1000;

for (const copies of [0, 1, 4]) {
  const waiting = [];
  const core = { reads: 0, cycles: 0, line: 0 };
  let copied = 0;
  const memory = await openCoSimulation(
    { device: 'ddr4-2400-8x8gb', supply: 1.1 },
    {
      onDone({ id, cycle }) {
        if (core.reads === READS) return;
        if (id.client === 'copy') return copy();
        core.cycles += cycle - id.since;
        if (++core.reads < READS) read(cycle + memory.cycleAt(20)); // 20 ns to think
      },
      onRoom: () => waiting.splice(0).forEach(ask), // a channel that refused a request has room again
    },
  );
  const ask = (id) => {
    const at = Math.max(id.since, memory.now);
    if (!memory.offer({ id, address: id.address, bytes: id.bytes, write: id.write, at })) waiting.push(id);
  };
  const read = (since) => {
    core.line = (core.line + 0x9e3779b1) % (memory.capacity / 64);
    ask({ client: 'core', since, address: core.line * 64, bytes: 64, write: false });
  };
  const copy = () =>
    ask({ client: 'copy', since: memory.now, address: 512 * copied, bytes: 512, write: copied++ % 2 === 1 });

  read(0);
  for (let i = 0; i < copies; i++) copy();
  const time = memory.timeOf(memory.drain());
  const latency = memory.timeOf(core.cycles) / core.reads;
  const { rowHits, reads, writes } = memory.statistics();
  console.log(
    `${copies} copies: ${latency.toFixed(1)} ns a read, ${((64 * (reads + writes)) / time).toFixed(2)} GB/s,`,
    `${((100 * rowHits) / (reads + writes)).toFixed(0)} % row hits, ${(memory.energy().total / 1e6).toFixed(1)} uJ`,
  );
}
