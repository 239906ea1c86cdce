import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../src/bytes/byte-source.ts';
import { gunzipSource } from '../../src/bytes/gunzip-source.ts';
import { isLargeGzip } from '../../src/inputs/gunzip-ahead.ts';
import { openTraceBytes } from '../../src/inputs/trace-bytes.ts';
import { uniformStream } from '../../src/random/streams.ts';
import { FULL } from '../effort.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-gunzip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const uniform = uniformStream(1, 'gunzip');
/** Compresses to some 700 kB. */
const text = Buffer.from(
  Array.from({ length: 150_000 }, () => `0x${Math.floor(uniform() * 2 ** 30).toString(16)} R\n`).join(''),
);
const whole = gzipSync(text);

/** All bytes of a file in pieces of so many, or the first line of the error that ends it. */
async function contentOf(bytes: Uint8Array, piece = 50_000): Promise<Buffer | string> {
  const file = join(folder, 'a.gz');
  await writeFile(file, bytes);
  const { source, close } = await openTraceBytes(file);
  try {
    return read(gunzipSource(source), piece);
  } finally {
    close();
  }
}

function read(source: { read(target: Uint8Array): number }, piece: number): Buffer | string {
  const found: Uint8Array[] = [];
  try {
    for (;;) {
      const target = new Uint8Array(piece);
      const length = source.read(target);
      if (length === 0) return Buffer.concat(found);
      found.push(target.subarray(0, length));
    }
  } catch (error) {
    return (error as Error).message.split('\n')[0]!;
  }
}

describe('a large gzip file', () => {
  it('gives its content, of one member or several, whatever the pieces', async () => {
    expect(whole.length).toBeGreaterThan(1 << 18);
    for (const piece of [1000, 65_536, 3_000_000])
      expect(text.equals((await contentOf(whole, piece)) as Buffer), String(piece)).toBe(true);
    const twice = (await contentOf(Buffer.concat([whole, whole]))) as Buffer;
    expect(twice.equals(Buffer.concat([text, text]))).toBe(true);
  });

  it('that is damaged is refused with the same words as a small one', async () => {
    const changed = (at: number): Buffer => {
      const copy = Buffer.from(whole);
      copy[at]! ^= 0xff;
      return copy;
    };
    const damaged = {
      cut: whole.subarray(0, 300_000),
      'without its trailer': whole.subarray(0, -8),
      'in its data': changed(400_000),
      'in its checksum': changed(whole.length - 6),
      'in its length': changed(whole.length - 2),
      'behind its end': Buffer.concat([whole, Buffer.from('more')]),
    };
    for (const [what, bytes] of Object.entries(damaged)) {
      const said = read(gunzipSource(bytesInMemory(bytes, 'a.gz')), 50_000);
      expect(await contentOf(bytes), what).toEqual(said);
      expect(() => gunzipSync(bytes), what).toThrow();
    }
  });

  it.runIf(FULL)(
    'that expands too far is refused',
    async () => {
      const bomb = gzipSync(Buffer.alloc(2 ** 29));
      expect(bomb.length).toBeGreaterThan(1 << 18);
      expect(await contentOf(bomb, 1 << 20)).toMatch(/expands to more than 500 times its size/);
    },
    60_000,
  );

  it('may be given up before its end', async () => {
    const file = join(folder, 'a.gz');
    await writeFile(file, Buffer.concat(Array.from({ length: 10 }, () => whole)));
    const { source, close } = await openTraceBytes(file);
    expect(source.read(new Uint8Array(100))).toBeGreaterThan(0);
    close();
  });

  it('is told by its size and its first bytes', async () => {
    const { openSync, closeSync } = await import('node:fs');
    for (const [bytes, large] of [
      [whole, true],
      [text, false],
      [whole.subarray(0, 1000), false],
    ] as const) {
      const file = join(folder, 'b');
      await writeFile(file, bytes);
      const descriptor = openSync(file, 'r');
      expect(isLargeGzip(descriptor)).toBe(large);
      closeSync(descriptor);
    }
  });
});
