// One stream of requests in the format of each program. All of them take a request as soon as there is room for it.
import { REQUEST_BYTES } from './request-streams.mjs';

/** @param line what to write of one request */
const linesOf = ({ addresses, writes }, line) => {
  const lines = Array.from(addresses, (address, i) => line(address, writes[i] === 1));
  return `${lines.join('\n')}\n`;
};

const hexadecimal = (address) => `0x${address.toString(16)}`;

/** Ramulator 2's LoadStoreTrace: `LD 0x40`, `ST 0x80` (src/ramulator/frontend/impl/memory_trace/loadstore_trace.cpp). */
export const loadStoreTrace = (requests) =>
  linesOf(requests, (address, write) => `${write ? 'ST' : 'LD'} ${hexadecimal(address)}`);

/** The requests of a text of loadStoreTrace. */
export function readLoadStoreTrace(text) {
  const lines = text.trimEnd().split('\n');
  const addresses = Float64Array.from(lines, (line) => Number(line.slice(3)));
  const writes = Uint8Array.from(lines, (line) => (line.startsWith('ST') ? 1 : 0));
  return { addresses, writes };
}

/**
 * Ramulator 2's ReadWriteTrace: `R 0,0,1,2,100,32`, a number for each level of the standard from the channel to the column
 * (readwrite_trace.cpp). The column counts bursts. The place of an address is that of RoBaRaCoCh.
 */
export function readWriteTrace(requests, machine) {
  const { bankGroups, banksPerGroup, rows } = machine;
  const bursts = machine.columns / machine.burstLength;
  return linesOf(requests, (address, write) => {
    let rest = address / REQUEST_BYTES;
    const next = (size) => {
      const coordinate = rest % size;
      rest = Math.floor(rest / size);
      return coordinate;
    };
    const column = next(bursts);
    const bankGroup = next(bankGroups);
    const bank = next(banksPerGroup);
    const row = next(rows);
    const banks = bankGroups === 1 ? [bank] : [bankGroup, bank];
    return `${write ? 'W' : 'R'} ${[0, 0, ...banks, row, column].join(',')}`;
  });
}

/** DRAMsim3: `0x40 READ 0`, the cycle 0 for as fast as accepted (src/common.cc). */
export const dramsim3Trace = (requests) =>
  linesOf(requests, (address, write) => `${hexadecimal(address)} ${write ? 'WRITE' : 'READ'} 0`);

/**
 * Ours, docs/access-traces.md: requests that follow each other in address and direction are one line.
 * @param bytes of a request; addresses shrink or grow with it, so that the n-th burst of a memory stays the n-th
 */
export function accessTrace({ addresses, writes }, bytes = REQUEST_BYTES) {
  const lines = ['arrival_ns,op,address,bytes,source'];
  for (let i = 0; i < addresses.length; ) {
    let end = i + 1;
    while (
      end < addresses.length &&
      writes[end] === writes[i] &&
      addresses[end] === addresses[end - 1] + REQUEST_BYTES
    )
      end++;
    const address = (addresses[i] / REQUEST_BYTES) * bytes;
    lines.push(`0,${writes[i] === 1 ? 'write' : 'read'},${address},${(end - i) * bytes},`);
    i = end;
  }
  return `${lines.join('\n')}\n`;
}
