import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { formatSafetensors, parseSafetensors } from '../../src/weights/safetensors.ts';
import type { Tensor } from '../../src/weights/tensor.ts';

/** A file with this header text (or the header length claimed instead) and this many bytes of data. */
function fileOf(header: unknown, dataBytes = 0, claimed?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

const entry = (dtype: unknown, shape: unknown, offsets: unknown) => ({ dtype, shape, data_offsets: offsets });

describe('safetensors', () => {
  it('reads back what it wrote, names and metadata of any text', () => {
    const tensor = fc
      .uint8Array({ maxLength: 20 })
      .map((bytes): Tensor => ({ type: 'U8', shape: [bytes.length], bytes }));
    const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__metadata__');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, tensor), { maxLength: 5 }),
        fc.array(fc.tuple(name, name), { maxLength: 3 }),
        (tensors, metadata) => {
          const file = { tensors: new Map(tensors), metadata: new Map(metadata) };
          const read = parseSafetensors(formatSafetensors(file), 'x');
          expect(new Map([...read.tensors].sort())).toEqual(new Map([...file.tensors].sort()));
          expect(new Map([...read.metadata].sort())).toEqual(new Map([...file.metadata].sort()));
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });

  it('aligns the data to 8 bytes', () => {
    const file = formatSafetensors({
      tensors: new Map([['a', { type: 'F32', shape: [1], bytes: new Uint8Array(4) }]]),
      metadata: new Map(),
    });
    expect((file.length - 4) % 8).toBe(0);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /0 bytes are too short/],
    ['a header longer than the file', fileOf('{}', 0, 3n), /truncated/],
    ['a header of 2^63 bytes', fileOf('{}', 0, 2n ** 63n), /truncated/],
    ['a header that is not JSON', fileOf('{"a":'), /not JSON/],
    ['a header that is not UTF-8', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff), /not JSON/],
    ['a header that is a list', fileOf([]), /not a JSON object/],
    [
      'metadata that is not text',
      fileOf({ __metadata__: { a: 1 } }),
      /__metadata__ has "a", which is not text/,
    ],
    ['metadata that is a list', fileOf({ __metadata__: [] }), /__metadata__ is not an object/],
    ['an entry that is no object', fileOf({ a: 3 }), /entry of tensor "a"/],
    ['an unknown type', fileOf({ a: entry('F128', [1], [0, 16]) }, 16), /unknown dtype "F128"/],
    ['a type from the prototype', fileOf({ a: entry('toString', [1], [0, 1]) }, 1), /unknown dtype/],
    ['a negative extent', fileOf({ a: entry('U8', [-1], [0, 1]) }, 1), /no valid shape/],
    ['an extent that is no integer', fileOf({ a: entry('U8', [1.5], [0, 1]) }, 1), /no valid shape/],
    ['a shape beyond all memory', fileOf({ a: entry('U8', [2 ** 40, 2 ** 40], [0, 1]) }, 1), /needs 1\.2/],
    ['offsets that run backwards', fileOf({ a: entry('U8', [1], [1, 0]) }, 1), /no valid data_offsets/],
    ['three offsets', fileOf({ a: entry('U8', [1], [0, 1, 2]) }, 1), /no valid data_offsets/],
    [
      'a shape that disagrees with the bytes',
      fileOf({ a: entry('F32', [2], [0, 4]) }, 4),
      /has 4 bytes.*needs 8/,
    ],
    [
      'data cut short',
      fileOf({ a: entry('U8', [4], [0, 4]) }, 3),
      /truncated: tensor "a" ends at byte 4 of 3/,
    ],
    [
      'tensors that overlap',
      fileOf({ a: entry('U8', [4], [0, 4]), b: entry('U8', [4], [2, 6]) }, 6),
      /tensor "b" overlaps/,
    ],
    [
      'a gap',
      fileOf({ a: entry('U8', [1], [0, 1]), b: entry('U8', [1], [2, 3]) }, 3),
      /1 bytes before tensor "b"/,
    ],
    ['bytes that belong to nothing', fileOf({ a: entry('U8', [1], [0, 1]) }, 3), /2 bytes at its end/],
  ])('refuses %s', (_, file, message) => {
    expect(() => parseSafetensors(file, 'hostile.safetensors')).toThrow(InputError);
    expect(() => parseSafetensors(file, 'hostile.safetensors')).toThrow(message);
  });

  it('names tensors of types of the format that are not read, and reads the others', () => {
    const file = fileOf({ a: entry('F8_E4M3', [3], [0, 3]), b: entry('U8', [1], [3, 4]) }, 4);
    const { tensors, unreadable } = parseSafetensors(file, 'x');
    expect([...tensors.keys()]).toEqual(['b']);
    expect([...unreadable!]).toEqual([['a', 'its elements are F8_E4M3, which are not read']]);
  });

  it('refuses or reads any damaged file, but never breaks', () => {
    const sound = fileOf(
      { __metadata__: { k: 'v' }, a: entry('F32', [2], [0, 8]), b: entry('U8', [1], [8, 9]) },
      9,
    );
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), fc.nat(sound.length), (at, value, length) => {
        const damaged = sound.slice(0, Math.max(at + 1, length));
        damaged[at] = value;
        try {
          parseSafetensors(damaged, 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: 5, numRuns: 2_000 },
    );
  });
});
