import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { readZip } from '../../src/weights/zip.ts';

const A = Uint8Array.of(1, 2, 3, 4, 5);
const sound = zipSync({ 'a.bin': A, 'b.bin': new Uint8Array(1000) }, { level: 6 });
const END_BYTES = 22;

/** The archive with the numbers of its directory in 64 bits, and all ones where the 32-bit fields were. */
function asZip64(archive: Uint8Array): Uint8Array {
  const view = new DataView(archive.buffer);
  const end = archive.length - END_BYTES;
  const [count, start] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)];
  const parts: Uint8Array[] = [archive.subarray(0, start)];
  let at = start;
  for (let k = 0; k < count; k++) {
    const name = view.getUint16(at + 28, true);
    const entry = new Uint8Array(46 + name + 28);
    entry.set(archive.subarray(at, at + 46 + name));
    const words = new DataView(entry.buffer);
    words.setUint16(30, 28, true);
    words.setUint16(46 + name, 1, true);
    words.setUint16(48 + name, 24, true);
    // Size, packed size, place: the order of the extra field.
    for (const [field, offset] of [24, 20, 42].entries()) {
      words.setBigUint64(50 + name + 8 * field, BigInt(view.getUint32(at + offset, true)), true);
      words.setUint32(offset, 0xffffffff, true);
    }
    parts.push(entry);
    at += 46 + name + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  const directory = parts.slice(1).reduce((sum, { length }) => sum + length, 0);
  const tail = new Uint8Array(56 + 20 + END_BYTES);
  const words = new DataView(tail.buffer);
  words.setUint32(0, 0x06064b50, true);
  words.setBigUint64(4, 44n, true);
  words.setBigUint64(32, BigInt(count), true);
  words.setBigUint64(40, BigInt(directory), true);
  words.setBigUint64(48, BigInt(start), true);
  words.setUint32(56, 0x07064b50, true);
  words.setBigUint64(64, BigInt(start + directory), true);
  words.setUint32(76, 0x06054b50, true);
  tail.fill(0xff, 84, 96);
  return Uint8Array.from(Buffer.concat([...parts, tail]));
}

describe('a zip archive', () => {
  it.each([
    ['plain', sound],
    ['zip64', asZip64(sound)],
  ])('%s gives its members', (_, archive) => {
    const members = readZip(archive, 'x');
    expect([...members.keys()]).toEqual(['a.bin', 'b.bin']);
    expect(members.get('a.bin')!()).toEqual(A);
    expect(members.get('b.bin')!()).toEqual(new Uint8Array(1000));
  });

  it('of 64-bit numbers damaged or cut anywhere is an InputError or gives the same', () => {
    const archive = asZip64(sound);
    let refused = 0;
    for (let at = 0; at < archive.length; at++)
      for (const bytes of [
        archive.map((byte, k) => (k === at ? byte ^ 0xff : byte)),
        archive.subarray(0, at),
      ])
        try {
          for (const content of readZip(bytes, 'x').values()) content();
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          refused++;
        }
    expect(refused).toBeGreaterThan(archive.length);
  });

  it('is refused where it names a member twice', () => {
    const twice = zipSync({ 'a.bin': A, 'b.bin': A }, { level: 0 });
    const text = new TextDecoder('latin1').decode(twice);
    for (let at = text.indexOf('b.bin'); at >= 0; at = text.indexOf('b.bin', at + 1)) twice[at] = 0x61;
    expect(() => readZip(twice, 'x')).toThrow(/two members "a.bin"/);
  });

  it('fails only for the member that is damaged, when that is asked for', () => {
    const damaged = zipSync({ 'a.bin': A, 'b.bin': A }, { level: 0 });
    damaged[30 + 'a.bin'.length]! ^= 1;
    const members = readZip(damaged, 'x');
    expect(members.get('b.bin')!()).toEqual(A);
    expect(members.get('a.bin')!).toThrow(/member "a.bin" is damaged/);
  });

  it('of a member that claims more than deflate can make of it, or than 256 MiB in all, is not unpacked', () => {
    // Noise that deflate cannot pack: as many bytes as it has may stand for 1032 times as many.
    const noise = new Uint8Array(300_000);
    for (let k = 0, state = 1; k < noise.length; k++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      noise[k] = state >>> 24;
    }
    const claims = (bytes: number): (() => Uint8Array) => {
      const archive = zipSync({ 'a.bin': noise }, { level: 6 });
      const view = new DataView(archive.buffer);
      view.setUint32(view.getUint32(archive.length - 6, true) + 24, bytes, true);
      return readZip(archive, 'x').get('a.bin')!;
    };
    expect(claims(2 ** 31)).toThrow(/"a.bin" claims 2147483648 bytes from \d+/);
    expect(claims(2 ** 28 + 1)).toThrow(/"a.bin" brings what is unpacked to more than 256 MiB/);
  });
});
