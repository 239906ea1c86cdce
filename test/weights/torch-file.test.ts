import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { roundWeights } from '../../src/snn/weight-format.ts';
import { networkLike, type StatedArrays } from '../../src/weights/foreign-weights.ts';
import { readPickle } from '../../src/weights/pickle.ts';
import { numbersOf, type TensorFile } from '../../src/weights/tensor.ts';
import { parseTensors } from '../../src/weights/weight-container.ts';
import { FULL } from '../effort.ts';
import { smallNetwork } from '../snn/small-network.ts';

const golden = (name: string): Promise<Uint8Array> =>
  readFile(new URL(`../goldens/weights/torch/${name}`, import.meta.url));

const floats = (bytes: Uint8Array): number[] => [...new Float32Array(bytes.slice().buffer)];
const adopt = (file: TensorFile, stated: StatedArrays = {}) =>
  networkLike({ network: smallNetwork(), name: 'small' }, file, 'x', stated);
const nothing = { call: () => undefined, load: () => undefined };

describe('a PyTorch file', () => {
  it('gives the tensors of a state_dict, row-major whatever their strides and offsets', async () => {
    const { tensors } = parseTensors(await golden('state-dict.pt'), 'x');
    expect([...tensors.keys()]).toEqual(['state_dict.X_to_Ae.w', 'state_dict.Ae.theta']);
    const weight = tensors.get('state_dict.X_to_Ae.w')!;
    expect(weight).toMatchObject({ type: 'F32', shape: [6, 4] });
    // Stored 4 x 6 and seen transposed.
    const expected = Array.from({ length: 24 }, (_, k) =>
      Math.fround((Math.floor(k / 4) + (k % 4) * 6) / 24),
    );
    expect(floats(weight.bytes)).toEqual(expected);
    const theta = tensors.get('state_dict.Ae.theta')!;
    expect([...new Float64Array(theta.bytes.slice().buffer)]).toEqual([0, 0.5, 1, 1.5]);
  });

  it('becomes a network by the names of its arrays', async () => {
    const file = parseTensors(await golden('state-dict.pt'), 'x');
    const names = { weight: 'state_dict.X_to_Ae.w', theta: 'state_dict.Ae.theta' };
    const { network } = adopt(file, { names });
    expect([...network.theta]).toEqual([0, 0.5, 1, 1.5]);
    expect(() => adopt(file, { names: { weight: 'X_to_Ae.w' } })).toThrow(
      /no array "X_to_Ae.w"\n.*\n.*state_dict.X_to_Ae.w/,
    );
  });

  it('of protocol 4 is read alike', async () => {
    const { network } = adopt(parseTensors(await golden('protocol-4.pt'), 'x'));
    expect([...network.weights]).toEqual(Array.from({ length: 24 }, (_, k) => Math.fround(k / 24)));
  });

  it('calls nothing: what it would call is named', async () => {
    const hostile = parseTensors(await golden('hostile.pt'), 'x');
    expect(hostile.tensors.size).toBe(0);
    expect(() => adopt(hostile)).toThrow(/"weight" .* would call "(posix|nt)\.system", which is not allowed/);
  });

  it.each<[string, number[], RegExp]>([
    ['an out-of-band buffer', [0x80, 5, 0x97, 0x2e], /opcode 0x97 is not allowed \(byte 2\)/],
    ['additions to a dict', [0x80, 4, 0x7d, 0x28, 0x4e, 0x90, 0x2e], /what is added to is no set/],
    ['a whole number of -1 bytes', [0x80, 2, 0x8b, 0xff, 0xff, 0xff, 0xff, 0x2e], /of -1 bytes/],
    ['nothing kept', [0x80, 2, 0x68, 7, 0x2e], /nothing is kept as 7 \(byte 2\)/],
    ['an end without a value', [0x80, 2, 0x2e], /a value is missing/],
    ['a mark too few', [0x80, 2, 0x7d, 0x75, 0x2e], /a mark is missing/],
    ['a list as a dict', [0x80, 2, 0x5d, 0x4e, 0x4e, 0x73, 0x2e], /no entry of a dict/],
    ['a text beyond the end', [0x80, 2, 0x58, 0xff, 0xff, 0xff, 0xff], /truncated/],
    ['a number as a name', [0x80, 4, 0x4b, 1, 0x4b, 2, 0x93, 0x2e], /a name is no text/],
    ['a call of a dict', [0x80, 2, 0x7d, 0x29, 0x52, 0x2e], /what is called is no name/],
    ['attributes of a number', [0x80, 2, 0x4b, 1, 0x7d, 0x62, 0x2e], /given to what is no dict/],
    ['a huge whole number that is cut', [0x80, 2, 0x8b, 0, 0, 0, 0x7f], /truncated/],
    ['a byte string beyond the end', [0x80, 4, 0x8e, 0, 0, 0, 0, 0, 0, 0, 0x7f], /truncated/],
    ['another protocol', [0x80, 9], /unknown protocol/],
  ])('with %s is refused', (_, bytes, message) => {
    expect(() => readPickle(Uint8Array.from(bytes), nothing, 'x')).toThrow(message);
  });

  it('with dicts that name each other many times is refused, not searched for ever', () => {
    // d = {}; seven times over: d = {0: d, 1: d, ... 9: d}, ten million ways in all.
    const level = (k: number): number[] => [
      ...[0x71, k, 0x7d, 0x28],
      ...Array.from({ length: 10 }, (_, key) => [0x4b, key, 0x68, k]).flat(),
      0x75,
    ];
    const start = [0x80, 2, 0x7d];
    const plain = Uint8Array.from([...start, ...[0, 1, 2, 3, 4, 5, 6].flatMap(level), 0x2e]);
    expect(() => parseTensors(zipSync({ 'n/data.pkl': plain }), 'x')).toThrow(/more than 1000000 entries/);
  });

  it('with a million values in one list, or one in another, is no fault of the program', () => {
    const wide = Uint8Array.from([
      0x80,
      2,
      0x5d,
      0x28,
      ...new Array<number>(1_000_000).fill(0x4e),
      0x65,
      0x2e,
    ]);
    expect(readPickle(wide, nothing, 'x')).toHaveLength(1_000_000);
    const deep = Uint8Array.from([
      ...[0x80, 2, 0x7d, 0x29],
      ...new Array<number>(100_000).fill(0x85),
      ...[0x4e, 0x73, 0x2e],
    ]);
    expect(parseTensors(zipSync({ 'n/data.pkl': deep }), 'x').tensors.size).toBe(0);
  });

  it('whose values need code or are no tensors leaves these out, with the reason, and reads the others', async () => {
    const { tensors, unreadable } = parseTensors(await golden('bystanders.pt'), 'x');
    expect([...tensors].map(([key, { type, shape }]) => [key, type, shape])).toEqual([
      ['net.w', 'F16', [6, 4]],
      ['net.theta', 'BF16', [4]],
      ['ids', 'U16', [2]],
      ['history.0', 'F32', [4]],
    ]);
    expect([...numbersOf(tensors.get('ids')!)]).toEqual([1, 65535]);
    expect([...numbersOf(tensors.get('net.theta')!)]).toEqual([0, 0.5, 1, 1.5]);
    expect(Object.fromEntries(unreadable!)).toEqual({
      best: 'it would call "numpy._core.multiarray.scalar", which is not allowed',
      args: 'it is an object of "argparse.Namespace"',
      size: 'it would call "torch.Size", which is not allowed',
      device: 'it would call "torch.device", which is not allowed',
      seen: 'it would call "__builtin__.set", which is not allowed',
      spectrum: 'elements of "torch.ComplexFloatStorage" are not read',
      eighth: 'elements of "torch.float8_e4m3fn" are not read',
      sparse: 'it would call "torch._utils._rebuild_sparse_tensor", which is not allowed',
      array: 'it would call "numpy._core.multiarray._reconstruct", which is not allowed',
      seed: 'it is a whole number of 13 bytes',
      module: 'it is an object of "torch.nn.modules.linear.Linear"',
    });
    const file = parseTensors(await golden('bystanders.pt'), 'x');
    const { network, leftOut } = adopt(file, { names: { weight: 'net.w', theta: 'net.theta' } });
    expect([...network.weights]).toEqual([...roundWeights(smallNetwork().weights, 'fp16')]);
    expect(leftOut).toEqual(['ids', 'history.0', ...unreadable!.keys()]);
    expect(() => adopt(file, { names: { weight: 'spectrum', theta: 'net.theta' } })).toThrow(
      /array "spectrum" cannot be read: elements of "torch.ComplexFloatStorage"/,
    );
  });

  it('of a quantised network: the numbers that codes of one scale stand for; others are refused with a word on scales', async () => {
    const file = parseTensors(await golden('quantised.pt'), 'x');
    const { network } = adopt(file, { names: { weight: 'weight' } });
    // As PyTorch's own dequantize() printed them: weight k * 7 % 24 / 24 in steps of 1 / 127.
    const expected = [0, 0.29133859276771545, 0.5826771855354309, 0.874015748500824, 0.16535432636737823];
    expect([...network.weights.subarray(0, 5)]).toEqual(expected);
    expect(() => adopt(file, { names: { weight: 'channels' } })).toThrow(
      /"channels" cannot be read: it is quantised by channel: save w.dequantize\(\) in its place/,
    );
    expect(() => adopt(file, { names: { weight: 'codes' } })).toThrow(
      /"codes" is I8, whole numbers without a scale\n.*\n.*scale \* \(codes - zero_point\)/,
    );
  });

  it.each([
    ['module.pt', /a saved module, an object of "torch.nn.modules.linear.Linear"/],
    ['script.pt', /a TorchScript archive/],
  ])('that is a program (%s) is refused with the way out', async (name, message) => {
    const bytes = await golden(name);
    expect(() => parseTensors(bytes, 'x')).toThrow(message);
    expect(() => parseTensors(bytes, 'x')).toThrow(/torch\.save\(model\.state_dict\(\), FILE\)/);
  });

  it.runIf(FULL)('with millions of opcodes is refused in time, whatever they keep', () => {
    const endless = new Uint8Array(3_000_000).fill(0x94);
    endless.set([0x80, 4, 0x4e]);
    expect(() => readPickle(endless, nothing, 'x')).toThrow(/more than 2000000 opcodes/);
  });

  it('of before 1.6, or any bare pickle, is refused', () => {
    expect(() => parseTensors(Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc), 'x')).toThrow(/a bare pickle/);
  });

  it('any bytes as its pickle are an InputError, or plain data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const file = zipSync({ 'n/data.pkl': bytes }, { level: 0 });
        try {
          parseTensors(file, 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: 8, numRuns: 2000 },
    );
  });

  it('one byte changed in its pickle is an InputError or changes what is read, never another fault', async () => {
    const { unzipSync } = await import('fflate');
    const members = unzipSync(await golden('state-dict.pt'));
    const pickle = members['net/data.pkl']!;
    for (let at = 0; at < pickle.length; at++)
      for (const change of [0xff, 1, 0x20]) {
        const damaged = pickle.slice();
        damaged[at]! ^= change;
        try {
          parseTensors(zipSync({ ...members, 'net/data.pkl': damaged }, { level: 0 }), 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }
  });
});
