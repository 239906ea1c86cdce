// Writes the streams of requests and the machines for every simulator that they are compared on:
//
//     node scripts/peers/streams.mjs DIR [--requests N]
//
// DIR/README.md says what each file is. --requests ends each stream after N requests, for a try. The same command writes
// the same bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from './arguments.mjs';
import { MACHINES } from './machines.mjs';
import { dramsim3Configuration, ramulatorScript } from './peer-configurations.mjs';
import { REQUEST_BYTES, requestsOf, STREAMS } from './request-streams.mjs';
import { accessTrace, dramsim3Trace, loadStoreTrace, readWriteTrace } from './trace-formats.mjs';

const { values, folder, refuse } = readArguments(
  `Usage: node scripts/peers/streams.mjs DIR [--requests N]
  --requests N   end each stream after N requests (default: all of them)`,
  { requests: { type: 'string' } },
);
const limit = values.requests === undefined ? undefined : Number(values.requests);
if (limit !== undefined && !(Number.isInteger(limit) && limit > 0))
  refuse(`--requests ${values.requests}: expected a whole number above 0`);
for (const part of ['sparkxd', 'ramulator', 'dramsim3'])
  try {
    mkdirSync(join(folder, part), { recursive: true });
  } catch (error) {
    refuse(`cannot make the folder ${join(folder, part)}: ${error.message}`);
  }
const write = (file, text) => writeFileSync(join(folder, file), text);

const counts = STREAMS.map((stream) => {
  const requests = requestsOf(stream, limit);
  write(`sparkxd/${stream.name}.csv`, accessTrace(requests));
  write(`ramulator/${stream.name}.loadstore.trace`, loadStoreTrace(requests));
  for (const machine of MACHINES)
    write(`ramulator/${stream.name}.${machine.name}.readwrite.trace`, readWriteTrace(requests, machine));
  write(`dramsim3/${stream.name}.trace`, dramsim3Trace(requests));
  const writes = requests.writes.reduce((sum, one) => sum + one, 0);
  return { stream, reads: requests.writes.length - writes, writes };
});
for (const machine of MACHINES) {
  write(`ramulator/${machine.name}.py`, ramulatorScript(machine));
  if (machine.dramsim3) write(`dramsim3/${machine.name}.ini`, dramsim3Configuration(machine));
}

write(
  'README.md',
  `# Streams of requests of ${REQUEST_BYTES} bytes, as fast as accepted

Written by scripts/peers/streams.mjs${limit === undefined ? '' : ` --requests ${limit}`}; docs/validation.md says how they are compared.

| stream | reads | writes | what |
|---|---|---|---|
${counts.map(({ stream, reads, writes }) => `| ${stream.name} | ${reads} | ${writes} | ${stream.says} |\n`).join('')}
| file | what |
|---|---|
| sparkxd/STREAM.csv | ours: \`sparkxd replay\`; requests that follow each other are one line |
| ramulator/STREAM.loadstore.trace | Ramulator 2.1, LoadStoreTrace: \`LD 0x40\`, \`ST 0x80\` |
| ramulator/STREAM.MACHINE.readwrite.trace | Ramulator 2.1, ReadWriteTrace: \`R 0,0,1,2,100,32\`, a number a level, columns counted in bursts. It gives requests no address, and Ramulator merges writes and answers reads by address: for streams that only read |
| ramulator/MACHINE.py | Ramulator 2.1: \`python3 MACHINE.py TRACE FRFCFS RESULT.json\`, or FRFCFSRowHit; a fourth word \`vectors\` for ReadWriteTrace |
| dramsim3/STREAM.trace | DRAMsim3: \`0x40 READ 0\` |
| dramsim3/MACHINE.ini | DRAMsim3: \`dramsim3main MACHINE.ini -t STREAM.trace -c CYCLES -o FOLDER\`; it runs all CYCLES, so the end of the stream is read from its epochs |

Machines: one channel of 64 bits (LPDDR5: 32, whose burst is ${REQUEST_BYTES} bytes, too), one rank, queues of 32, open pages, row, bank, bank group, column
from the uppermost address bit down (RoBaRaCoCh), all-bank refresh: ${MACHINES.map(({ name }) => name).join(', ')}.
`,
);
