import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isStructureSound } from '../../src/weights/hdf5-structure.ts';
import { parseNir } from '../../src/weights/nir-file.ts';

const sound = readFileSync(new URL('../goldens/weights/nir/python.nir', import.meta.url));

/** The first B-tree node of a group, and the object that is the root: superblock version 0. */
const TREE = sound.indexOf('TREE');
const ROOT = sound.readUInt32LE(64);
/** Messages of an older object begin behind its head, and each has one of 8 bytes. */
const FIRST_MESSAGE = ROOT + 16;
const MEMBERS = sound.indexOf('SNOD');

/** A file that goes round in a circle, and would keep the HDF5 library busy for ever or break it down. */
const CIRCLES: readonly (readonly [what: string, change: (file: Buffer) => void])[] = [
  [
    'a B-tree node that is its own child',
    (file) => {
      file[TREE + 5] = 1;
      file.writeBigUInt64LE(BigInt(TREE), TREE + 32);
    },
  ],
  [
    'a B-tree node two levels above its child',
    (file) => {
      file[TREE + 5] = 2;
      file.writeBigUInt64LE(BigInt(sound.indexOf('TREE', TREE + 4)), TREE + 32);
    },
  ],
  [
    'a list of members that two nodes name',
    (file) => file.copy(file, file.indexOf('TREE', TREE + 4), TREE, TREE + 48),
  ],
  [
    'a list of members that is none',
    (file) => file.writeBigUInt64LE(BigInt(TREE), file.indexOf(word(MEMBERS), TREE)),
  ],
  [
    'a message that an object shares with itself',
    (file) => {
      file[FIRST_MESSAGE + 4]! |= 2;
      file.writeBigUInt64LE(BigInt(ROOT), FIRST_MESSAGE + 8 + 2);
    },
  ],
  [
    'messages that are continued by themselves',
    (file) => {
      file.writeUInt16LE(0x10, FIRST_MESSAGE);
      file.writeBigUInt64LE(BigInt(FIRST_MESSAGE), FIRST_MESSAGE + 8);
      file.writeBigUInt64LE(24n, FIRST_MESSAGE + 16);
    },
  ],
];

function word(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

describe('the structure of an HDF5 file', () => {
  it('is sound in a file that Python has written', () => {
    expect(isStructureSound(sound, 0)).toBe(true);
  });

  it.each(CIRCLES)('is refused at once with %s', async (_, change) => {
    const file = Buffer.from(sound);
    change(file);
    expect(file.equals(sound)).toBe(false);
    expect(isStructureSound(file, 0)).toBe(false);
    await expect(parseNir(file, 'a.nir')).rejects.toThrow(/^not a sound HDF5 file: .*circle\n {2}at a.nir$/);
  });

  it('is refused where the file ends early', () => {
    expect(isStructureSound(sound.subarray(0, TREE), 0)).toBe(false);
  });

  it.each([['python.nir'], ['user-block.nir']])('states how many bytes %s should have', async (name) => {
    const whole = readFileSync(new URL(`../goldens/weights/nir/${name}`, import.meta.url));
    await parseNir(whole, 'a.nir');
    for (const length of [1100, whole.length - 1])
      await expect(parseNir(whole.subarray(0, length), 'a.nir')).rejects.toThrow(
        `not a whole HDF5 file: it has ${length} of the ${whole.length} bytes that it states\n  at a.nir`,
      );
  });
});

describe('a text of an HDF5 file', () => {
  /** Where the file names its heap of texts: behind the length of a text, and before its number in the heap. */
  const references: number[] = [];
  const heap = word(sound.indexOf('GCOL'));
  for (let at = sound.indexOf(heap); at >= 0; at = sound.indexOf(heap, at + 1)) references.push(at);

  it('may name what is not in the heap, and the library reads the next file', async () => {
    expect(references.length).toBeGreaterThan(5);
    for (const at of references) {
      const file = Buffer.from(sound);
      file.writeUInt32LE(0xffff, at + 8);
      await parseNir(file, 'damaged.nir').catch((error: Error) =>
        expect(error.message).toMatch(/^not a sound HDF5 file\n {2}at damaged.nir$/),
      );
      await parseNir(sound, 'sound.nir');
    }
  });
});
