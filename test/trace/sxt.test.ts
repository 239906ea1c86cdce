import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../src/bytes/byte-source.ts';
import { crc32 } from '../../src/bytes/crc32.ts';
import { type AccessRun, emptyRun } from '../../src/trace/access-run.ts';
import { openSxt } from '../../src/trace/sxt-reader.ts';
import { createSxtWriter } from '../../src/trace/sxt-writer.ts';

const METADATA = { network: 'n400', inferences: 2 };

function write(runs: readonly AccessRun[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  const writer = createSxtWriter((bytes) => pieces.push(bytes), METADATA, { join: true });
  for (const run of runs) writer.append(run);
  writer.end();
  const file = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}

function read(file: Uint8Array): AccessRun[] {
  const reader = openSxt(bytesInMemory(file, 'a.sxt'));
  const run = emptyRun();
  const runs: AccessRun[] = [];
  while (reader.next(run)) runs.push({ ...run });
  return runs;
}

/** What the writer may do to runs: join those that go on where the last one ended. */
function joined(runs: readonly AccessRun[]): AccessRun[] {
  const result: AccessRun[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (
      last &&
      last.address + last.bytes === run.address &&
      last.write === run.write &&
      last.arrival === run.arrival &&
      last.source === run.source
    )
      last.bytes += run.bytes;
    else result.push({ ...run });
  }
  return result;
}

const anyRuns = fc
  .array(
    fc.record({
      address: fc.oneof(
        fc.nat(4096),
        fc.nat(2 ** 31 - 1),
        fc.maxSafeNat().map((n) => Math.floor(n / 8)),
      ),
      bytes: fc.oneof(fc.constant(32), fc.integer({ min: 1, max: 10_000 })),
      write: fc.boolean(),
      arrival: fc.oneof(fc.constant(0), fc.nat(1_000_000)),
      source: fc.oneof(fc.constant(0), fc.constant(3), fc.nat()),
      follows: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((records) => {
    let time = 0;
    let end = 0;
    return records.map(({ address, bytes, write, arrival, source, follows }): AccessRun => {
      time += arrival;
      const run = { address: follows ? end : address, bytes, write, arrival: time, source };
      end = run.address + bytes;
      return run;
    });
  });

describe('an .sxt trace', () => {
  it('gives back the runs that were written, joined where they follow each other', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        expect(read(write(runs))).toEqual(joined(runs));
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('goes over many blocks', () => {
    const runs = Array.from({ length: 50_000 }, (_, i) => ({
      ...{
        address: ((i * 2_654_435_761) % 2 ** 29) * 32,
        bytes: 32,
        write: i % 3 === 0,
        arrival: i,
        source: i & 3,
      },
    }));
    const file = write(runs);
    expect(file.length).toBeGreaterThan(3 * 65_536);
    expect(read(file)).toEqual(runs);
  });

  it('holds a million accesses of a weight stream in a few bytes', () => {
    const file = write(
      Array.from({ length: 26 }, () => ({
        address: 0,
        bytes: 39_200 * 32,
        write: false,
        arrival: 0,
        source: 0,
      })),
    );
    expect(file.length).toBeLessThan(400);
  });

  it('carries its metadata', () => {
    expect(openSxt(bytesInMemory(write([]), 'a.sxt')).metadata).toEqual(METADATA);
  });

  it('is refused, never misread, when cut short anywhere or when any byte is changed', () => {
    const file = write([
      { address: 4096, bytes: 1600, write: false, arrival: 0, source: 0 },
      { address: 64, bytes: 32, write: true, arrival: 1250, source: 2 },
    ]);
    for (let length = 0; length < file.length; length++)
      expect(() => read(file.subarray(0, length)), `cut to ${length}`).toThrow(/a\.sxt/);
    expect(() => read(Uint8Array.of(...file, 0))).toThrow(/bytes after the end mark/);
    const metadataEnd = 16 + JSON.stringify(METADATA).length;
    for (let at = 0; at < file.length; at++) {
      // The text of the metadata is free.
      if (at >= 16 && at < metadataEnd) continue;
      const spoiled = file.slice();
      spoiled[at]! ^= 0x55;
      expect(() => read(spoiled), `byte ${at}`).toThrow(/a\.sxt/);
    }
  });

  it('refuses other files and other versions by name', () => {
    expect(() => read(new TextEncoder().encode('0x1000 R\n0x2000 W\n'))).toThrow(/not an \.sxt trace/);
    const file = write([]);
    file[8] = 9;
    expect(() => read(file)).toThrow(/version 9/);
  });

  it('is not written from impossible runs', () => {
    const run = { address: 0, bytes: 32, write: false, arrival: 10, source: 0 };
    expect(() => write([{ ...run, bytes: 0 }])).toThrow(RangeError);
    expect(() => write([{ ...run, address: -32 }])).toThrow(RangeError);
    expect(() => write([run, { ...run, arrival: 9 }])).toThrow(/arrival 9 ps after 10 ps/);
  });
});

describe('the checksum', () => {
  it('is CRC-32 as gzip has it', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});
