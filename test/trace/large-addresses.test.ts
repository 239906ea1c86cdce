import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../src/bytes/byte-source.ts';
import { createFastStream, nextUint32, reseed, streamKey } from '../../src/random/streams.ts';
import { noLosses } from '../../src/trace/access-format.ts';
import type { AccessFormatName } from '../../src/trace/access-formats.ts';
import { emptyRun } from '../../src/trace/access-run.ts';
import { openAccessTrace } from '../../src/trace/access-trace.ts';
import { type AddressWindow, windowed } from '../../src/trace/address-window.ts';

/** One access at an address of up to 64 bits, in each format that has addresses. */
const LINES: Readonly<Partial<Record<AccessFormatName, (address: bigint) => string>>> = {
  csv: (address) => `arrival_ns,op,address,bytes,source\n0,read,0x${address.toString(16)},64,\n`,
  ramulator: (address) => `0x${address.toString(16)} R\n`,
  'ramulator-cpu': (address) => `0 ${address}\n`,
  ramulator2: (address) => `LD ${address}\n`,
  dramsim3: (address) => `${address.toString(16).padStart(3, '0')} READ 0\n`,
  stl: (address) => `0: (64) read 0x${address.toString(16)}\n`,
  nvmain: (address) => `NVMV1\n0 R 0x${address.toString(16)} 0 0 0\n`,
  'scale-sim': (address) => `0, ${address / 64n}.0\n`,
};

const varint = (value: bigint): number[] =>
  value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];

/** A gem5 trace of one read. */
function gem5(address: bigint): Uint8Array {
  const header = [3 * 8, ...varint(10n ** 12n)];
  const packet = [8, 0, 16, 1, 24, ...varint(address), 32, 64];
  return Uint8Array.of(0x67, 0x65, 0x6d, 0x35, header.length, ...header, packet.length, ...packet);
}

/** Where the first byte of the access lies in the memory; with the message where it is refused. */
function read(
  format: AccessFormatName,
  content: string | Uint8Array,
  window: AddressWindow,
  accessBytes = 64,
): number | string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const options = { format, window, accessBytes, clock: 800 };
  try {
    const trace = windowed(openAccessTrace(bytesInMemory(bytes, 't'), options, noLosses()), window);
    const run = emptyRun();
    expect(trace.next(run)).toBe(true);
    return run.address;
  } catch (error) {
    return (error as Error).message;
  }
}

const SIZE = 2 ** 29;
const MOST = 2n ** 64n - 64n;

describe('addresses of 64 bits, with --wrap', () => {
  const stream = createFastStream();
  reseed(stream, streamKey(1, 'large addresses'), 0, 0);
  const random = (): bigint => ((BigInt(nextUint32(stream)) << 32n) | BigInt(nextUint32(stream))) & ~63n;
  const addresses = [
    0n,
    2n ** 51n - 64n,
    2n ** 51n,
    2n ** 53n + 64n,
    MOST,
    ...Array.from({ length: 60 }, random),
  ];

  it.each([...Object.keys(LINES), 'gem5'] as AccessFormatName[])(
    'lie in the memory exactly, in %s',
    (format) => {
      for (const address of addresses)
        for (const [offset, wrap] of [
          [0, SIZE],
          [0x80000040, SIZE],
          [2 ** 51 - 64, 3 * SIZE],
        ] as const) {
          const content = format === 'gem5' ? gem5(address) : LINES[format]!(address);
          const size = BigInt(wrap);
          const exact = (((address - BigInt(offset)) % size) + size) % size;
          expect(read(format, content, { offset, wrap }), `${address} ${offset} ${wrap}`).toBe(Number(exact));
        }
    },
  );

  it('are aligned to accesses before, of a size that does not divide that of the memory', () => {
    for (const address of addresses) {
      const exact = (address - (address % 48n)) % BigInt(SIZE);
      expect(read('ramulator', LINES.ramulator!(address), { offset: 0, wrap: SIZE }, 48)).toBe(Number(exact));
    }
  });

  it('go up to 2^64', () => {
    const window = { offset: 0, wrap: SIZE };
    expect(read('ramulator', '0x10000000000000000 R\n', window)).toMatch(
      /is not below 2\^64\n {2}at t:1:1\n/,
    );
  });
});

describe('addresses of more than 51 bits, without --wrap', () => {
  it('are taken where --offset brings them below', () => {
    const [offset, address] = [2 ** 51 - 1, 2n ** 51n + 64n];
    expect(read('csv', LINES.csv!(address), { offset })).toBe(65);
    expect(read('gem5', gem5(address), { offset })).toBe(65);
  });

  it('are refused otherwise, with the flag that takes them', () => {
    for (const format of Object.keys(LINES) as AccessFormatName[])
      expect(read(format, LINES[format]!(MOST), { offset: 0 }), format).toMatch(
        /is not below 2\^51\n {2}at t:\d:\d+\n {2}take addresses modulo the size of the device: --wrap$/,
      );
  });
});
