import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { STORAGE_FORMATS } from '../../src/snn/weight-format.ts';
import { networkLike } from '../../src/weights/foreign-weights.ts';
import { networkOfTensors, tensorsOfNetwork } from '../../src/weights/network-file.ts';
import { formatNpy, parseNpy } from '../../src/weights/npy.ts';
import { formatNpz } from '../../src/weights/npz.ts';
import type { Tensor, TensorFile } from '../../src/weights/safetensors.ts';
import { formatTensors, parseTensors } from '../../src/weights/weight-container.ts';
import { smallNetwork } from '../snn/small-network.ts';

const golden = (name: string): Promise<Uint8Array> =>
  readFile(new URL(`../goldens/weights/${name}`, import.meta.url));

const SIZES = { U8: 1, F16: 2, U32: 4, F32: 4, F64: 8 } as const;
const anyTensor = fc
  .record({
    type: fc.constantFrom('U8', 'F16', 'U32', 'F32', 'F64'),
    shape: fc.array(fc.nat(5), { maxLength: 3 }),
  })
  .chain(({ type, shape }) => {
    const length = shape.reduce((product, extent) => product * extent, SIZES[type]);
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes): Tensor => ({ type, shape, bytes }));
  });
const words = (values: ReadonlyMap<string, unknown>): object => Object.fromEntries(values);

describe('an .npz of weights', () => {
  it('gives back any tensors and metadata bit by bit', () => {
    const files = fc.record({
      tensors: fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-l]{1,8}$/), anyTensor), {
        selector: ([key]) => key,
        maxLength: 4,
      }),
      metadata: fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.string()), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(files, ({ tensors, metadata }) => {
        const file: TensorFile = { tensors: new Map(tensors), metadata: new Map(metadata) };
        const back = parseTensors(formatNpz(file, 'x'), 'x');
        expect(words(back.tensors)).toEqual(words(file.tensors));
        expect(words(back.metadata)).toEqual(words(file.metadata));
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it.each(['fp32', 'fp16'] as const)('carries a labelled network stored as %s', (storage) => {
    const stored = tensorsOfNetwork({ network: smallNetwork(), training: '{"a":1}', storage });
    const direct = networkOfTensors(stored, 'x');
    expect(networkOfTensors(parseTensors(formatTensors(stored, 'n.npz'), 'n.npz'), 'x')).toEqual(direct);
  });

  it('refuses bfloat16, which NumPy has not, and endings it does not know', () => {
    const stored = tensorsOfNetwork({ network: smallNetwork(), training: '{}', storage: 'bf16' });
    expect(STORAGE_FORMATS).toContain('bf16');
    expect(() => formatTensors(stored, 'n.npz')).toThrow(/NumPy has no BF16.*\n.*\n.*--storage/);
    expect(() => formatTensors(stored, 'n.pt')).toThrow(/no weight format has the ending ".pt"/);
  });

  it('one damaged or missing byte is an InputError or changes nothing, never another fault', async () => {
    const archives = [
      await golden('odd-layout.npz'),
      formatNpz(tensorsOfNetwork({ network: smallNetwork(), training: '{}', storage: 'fp32' }), 'x'),
    ];
    for (const sound of archives)
      for (let at = 0; at < sound.length; at++) {
        const damaged = sound.slice();
        damaged[at]! ^= 0xff;
        for (const bytes of [damaged, sound.subarray(0, at)]) {
          let error: unknown;
          try {
            parseTensors(bytes, 'x');
          } catch (caught) {
            error = caught;
          }
          if (error !== undefined || bytes !== damaged) expect(error).toBeInstanceOf(InputError);
        }
      }
  });
});

describe('arrays that NumPy wrote', () => {
  it.each(['plain.npz', 'odd-layout.npz'])('%s becomes the network, without labels', async (name) => {
    const { responses: _, ...expected } = smallNetwork();
    expect(networkLike(smallNetwork(), parseTensors(await golden(name), name), name)).toEqual(expected);
  });

  it('Python objects are refused unread', async () => {
    const bytes = await golden('objects.npz');
    expect(() => parseTensors(bytes, 'o.npz')).toThrow(/arrays of type|not that of a plain array/);
  });

  const arrays = (changes: Readonly<Record<string, Tensor | undefined>>): TensorFile => {
    const { tensors } = tensorsOfNetwork({ network: smallNetwork(), training: '{}', storage: 'fp32' });
    const all = { weight: tensors.get('weight'), theta: tensors.get('theta'), ...changes };
    const present = Object.entries(all).filter((pair): pair is [string, Tensor] => pair[1] !== undefined);
    return { tensors: new Map(present), metadata: new Map() };
  };
  const zeros = (type: 'F32' | 'U32', ...shape: number[]): Tensor => {
    const count = shape.reduce((product, extent) => product * extent, 4);
    return { type, shape, bytes: new Uint8Array(count) };
  };

  it.each<[string, TensorFile, RegExp]>([
    ['no thresholds', arrays({ theta: undefined }), /no array "theta"/],
    ['labels', arrays({ labels: zeros('U32', 4) }), /"labels" would be lost.*\n.*\n.*--relabel/],
    ['another array', arrays({ bias: zeros('F32', 4) }), /"bias" would be lost/],
    ['a foreign shape', arrays({ weight: zeros('F32', 5, 4) }), /is 5 x 4, expected 6 x 4 or 4 x 6/],
    ['whole numbers', arrays({ weight: zeros('U32', 6, 4) }), /is U32, expected F16/],
    ['too many thresholds', arrays({ theta: zeros('F32', 5) }), /"theta" is 5, expected 4/],
  ])('are refused: %s', (_, file, message) => {
    expect(() => networkLike(smallNetwork(), file, 'x.npz')).toThrow(message);
  });

  it('a square weight says nothing of its direction and is refused', () => {
    const square = { ...smallNetwork(), imageRows: 2, imageColumns: 2 };
    const file = arrays({ weight: zeros('F32', 4, 4) });
    expect(() => networkLike(square, file, 'x.npz')).toThrow(/which of the two counts inputs cannot be told/);
  });
});

describe('a malformed file', () => {
  const npy = formatNpy({ type: 'F32', shape: [2], bytes: new Uint8Array(8) }, 'x');
  const headed = (header: string): Uint8Array => {
    const bytes = npy.slice().fill(0x20, 10, 127);
    bytes.set(new TextEncoder().encode(header), 10);
    return bytes;
  };
  it.each<[string, Uint8Array, RegExp]>([
    ['version 9', npy.with(6, 9), /unknown version 9 \(byte 6\)/],
    ['cut in the data', npy.subarray(0, -1), /needs 8 bytes from byte 128, there are 7/],
    ['cut in the header', npy.subarray(0, 40), /header ends at byte 128, the file at 40/],
    ['a huge shape', headed("{'descr':'<f4','fortran_order':False,'shape':(999999999999999,9)}"), /needs/],
    ['a negative shape', headed("{'descr':'<f4','fortran_order':False,'shape':(-1,)}"), /byte 10/],
    ['code for a shape', headed("{'descr':'<f4','fortran_order':False,'shape':exit()}"), /byte 10/],
    ['a structured type', headed("{'descr':[('a','<f4')],'fortran_order':False,'shape':(2,)}"), /byte 10/],
    [
      'complex numbers',
      headed("{'descr':'<c8','fortran_order':False,'shape':(1,)}"),
      /type "<c8" are not read/,
    ],
    ['a missing key', headed("{'descr':'<f4','shape':(2,)}"), /byte 10/],
  ])('.npy: %s', (_, bytes, message) => {
    expect(() => parseNpy(bytes, 'x')).toThrow(InputError);
    expect(() => parseNpy(bytes, 'x')).toThrow(message);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['a lone .npy', npy, /single .npy array is not a network/],
    ['another archive', zipSync({ 'a/b.txt': Uint8Array.of(0x80, 2) }), /"a\/b.txt" .* not a .npy/],
    ['a zip without an end', zipSync({ 'a.npy': npy }).subarray(0, -4), /truncated: no directory/],
  ])('of weights: %s', (_, bytes, message) => {
    expect(() => parseTensors(bytes, 'x')).toThrow(InputError);
    expect(() => parseTensors(bytes, 'x')).toThrow(message);
  });
});
