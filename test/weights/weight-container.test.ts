import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { STORAGE_FORMATS } from '../../src/snn/weight-format.ts';
import { rangeOf } from '../../src/snn/weight-range.ts';
import { networkLike, type StatedArrays } from '../../src/weights/foreign-weights.ts';
import { networkOfTensors, tensorsOfNetwork } from '../../src/weights/network-file.ts';
import { formatNpy, parseNpy } from '../../src/weights/npy.ts';
import { formatNpz } from '../../src/weights/npz.ts';
import type { Tensor, TensorFile } from '../../src/weights/tensor.ts';
import { formatTensors, parseTensors } from '../../src/weights/weight-container.ts';
import { smallNetwork } from '../snn/small-network.ts';

const golden = (name: string): Promise<Uint8Array> =>
  readFile(new URL(`../goldens/weights/${name}`, import.meta.url));

const adopt = (file: TensorFile, stated: StatedArrays = {}) =>
  networkLike({ network: smallNetwork(), name: 'small' }, file, 'x.npz', stated);

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
    expect(adopt(parseTensors(await golden(name), name)).network).toEqual(expected);
  });

  it('Python objects are refused unread', async () => {
    const file = parseTensors(await golden('objects.npz'), 'o.npz');
    expect(() => adopt(file)).toThrow(
      /array "weight" cannot be read: .*arrays of type "\|O" \(Python objects, a pickle\) are not read/,
    );
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
    [
      'a foreign shape',
      arrays({ weight: zeros('F32', 5, 4) }),
      /is 5 x 4, expected 6 x 4 or 4 x 6 \(6 inputs of the network to be like, 4 neurons as theta has\)/,
    ],
    [
      'whole numbers',
      arrays({ weight: zeros('U32', 6, 4) }),
      /is U32, whole numbers without a scale\n.*\n.*scale \* \(codes - zero_point\)/,
    ],
    ['too many thresholds', arrays({ theta: zeros('F32', 5) }), /"weight" is 6 x 4, expected 6 x 5 or 5 x 6/],
    ['thresholds in a matrix', arrays({ theta: zeros('F32', 4, 1) }), /"theta" has 2 dimensions \(4 x 1\)/],
    ['a weight without dimensions', arrays({ weight: zeros('F32') }), /is a single number, expected 6 x 4/],
  ])('are refused: %s', (_, file, message) => {
    expect(() => adopt(file)).toThrow(message);
  });

  it('a square weight says nothing of its direction: it is stated, or refused', () => {
    const square = { ...smallNetwork(), imageRows: 2, imageColumns: 2 };
    const values = Float32Array.from({ length: 16 }, (_, k) => k / 16);
    const file = arrays({ weight: { type: 'F32', shape: [4, 4], bytes: new Uint8Array(values.buffer) } });
    const model = { network: square, name: 'square' };
    expect(() => networkLike(model, file, 'x.npz')).toThrow(
      /which of the two counts inputs cannot be told\n.*\n.*--orientation inputs-by-outputs/,
    );
    const straight = networkLike(model, file, 'x', { orientation: 'inputs-by-outputs' });
    expect(straight.network.weights).toEqual(values);
    const turned = networkLike(model, file, 'x', { orientation: 'outputs-by-inputs' });
    expect([...turned.network.weights.subarray(0, 4)]).toEqual([0, 4 / 16, 8 / 16, 12 / 16]);
  });

  it('a stated orientation is held against the shape', () => {
    expect(() => adopt(arrays({}), { orientation: 'outputs-by-inputs' })).toThrow(
      /"weight" is 6 x 4, expected 4 x 6 \(outputs-by-inputs: 6 inputs of the network to be like, 4 neurons/,
    );
    const { network, assumed } = adopt(arrays({}), { orientation: 'inputs-by-outputs', thetaUnit: 'mV' });
    expect(network.weights).toEqual(smallNetwork().weights);
    expect(assumed).toEqual(['image size, neuron constants, encoding and weight sum are those of small']);
  });

  it('of another number of neurons take all else from the model, and say so', () => {
    const weights = Float32Array.from({ length: 18 }, (_, k) => k / 18);
    const file = arrays({
      weight: { type: 'F32', shape: [6, 3], bytes: new Uint8Array(weights.buffer) },
      theta: { type: 'F32', shape: [3], bytes: new Uint8Array(Float32Array.of(2, 3, 4).buffer) },
    });
    const { network, assumed } = adopt(file);
    const { responses: _, ...model } = smallNetwork();
    expect(network).toEqual({
      ...model,
      ...rangeOf(weights),
      neurons: 3,
      weights,
      theta: Float32Array.of(2, 3, 4),
    });
    expect(assumed).toEqual([
      'image size, neuron constants, encoding and weight sum are those of small, which has 4 neurons, not 3: its inhibition of 120 mV was found for those',
      'array "weight" (6 x 3) is inputs-by-outputs (--orientation states it)',
      'theta is in mV',
    ]);
  });

  it('theta that looks like volts is noted, and taken as volts when that is stated', () => {
    const volts = Float32Array.of(0, 0.0005, 0.00075, 0.001);
    const file = arrays({ theta: { type: 'F32', shape: [4], bytes: new Uint8Array(volts.buffer) } });
    expect(adopt(file).assumed.at(-1)).toBe(
      'theta is in mV; none reaches 1 mV (largest 0.001): if they are volts, state --theta-unit V',
    );
    const stated = adopt(file, { thetaUnit: 'V' });
    expect([...stated.network.theta]).toEqual([0, 0.5, 0.75, 1].map(Math.fround));
    expect(stated.assumed.join()).not.toMatch(/theta/);
    // No threshold raised at all is the same in any unit.
    expect(adopt(arrays({ theta: zeros('F32', 4) })).assumed.at(-1)).toBe('theta is in mV');
  });

  it('beside arrays that are no numbers are read, and those are named', async () => {
    const file = parseTensors(await golden('bystanders.npz'), 'b.npz');
    expect(Object.fromEntries(file.unreadable!)).toEqual({
      names: expect.stringMatching(/"<U2" \(text\)/),
      ids: expect.stringMatching(/"\|S2" \(text\)/),
      spectrum: expect.stringMatching(/"<c8" \(complex numbers\)/),
      when: expect.stringMatching(/"<M8\[s\]" \(dates\)/),
      things: expect.stringMatching(/"\|O" \(Python objects, a pickle\)/),
      table: expect.stringMatching(/not that of a plain array of numbers/),
    });
    const names = { weight: 'weight', theta: 'theta' };
    for (const stated of [{}, { names }]) {
      const { network, leftOut } = adopt(file, stated);
      expect(network.weights).toEqual(smallNetwork().weights);
      expect(network.theta).toEqual(smallNetwork().theta);
      expect(leftOut).toEqual(['names', 'ids', 'spectrum', 'when', 'things', 'table']);
    }
    expect(() => adopt(file, { names: { weight: 'names' } })).toThrow(
      /array "names" cannot be read: .*"<U2" \(text\)/,
    );
  });

  it('one damaged member is named, the others are read', () => {
    const sound = formatTensors({ ...arrays({ other: zeros('F32', 4) }) }, 'x.npz');
    const damaged = sound.slice();
    const at = new TextDecoder('latin1').decode(sound).indexOf('other.npy');
    damaged[at + 40]! ^= 0xff;
    const file = parseTensors(damaged, 'x.npz');
    expect([...file.tensors.keys()]).toEqual(['weight', 'theta']);
    expect(file.unreadable!.get('other')).toMatch(/member "other.npy" is damaged/);
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
      /type "<c8" \(complex numbers\) are not read/,
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

describe('a file whose name ends in .nir', () => {
  it('is refused as what its name says where it is nothing else either, and read by its content where it is', () => {
    expect(() => parseTensors(new TextEncoder().encode('abc'), 'net.nir')).toThrow(
      /not a NIR file: it does not begin as HDF5 files do/,
    );
    const tensors = formatTensors({ tensors: new Map(), metadata: new Map() }, 'net.safetensors');
    expect(parseTensors(tensors, 'net.nir').tensors.size).toBe(0);
  });
});
