import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createChip } from '../../src/faults/chip.ts';
import { dataBitAt, ECC_SCHEMES, type EccScheme, encodedBytes, encodeImage } from '../../src/faults/ecc.ts';
import { errorModel } from '../../src/faults/error-model.ts';
import { bytesPerBurst, type Device } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { TENSOR_REPAIRS, type TensorRepair } from '../../src/sparkxd/repair-on-load.ts';
import { type CodedTensor, codeTensor, type TensorFormat } from '../../src/sparkxd/tensor-coding.ts';
import { maskTensor } from '../../src/sparkxd/tensor-damage.ts';
import { imageOfTensors } from '../../src/sparkxd/tensor-image.ts';
import { holdTensors } from '../../src/sparkxd/tensor-memory.ts';
import {
  ELEMENT_BYTES,
  type ElementType,
  elementsOf,
  numbersOf,
  type Tensor,
} from '../../src/weights/tensor.ts';
import { FULL } from '../effort.ts';
import { denseProfile, smallOrganisation } from '../faults/fixtures.ts';
import { damageBitByBit } from '../reference/damage-bit-by-bit.ts';
import { shippedModels } from '../shipped-models.ts';

let device: Device;
beforeAll(async () => {
  const shipped = await loadDevice('lpddr3-1600-4gb-sparkxd', shippedModels);
  device = { ...shipped, organisation: smallOrganisation };
});

/** Signed values without a pattern, in a type. */
function tensorOf(type: ElementType, count: number, seed: number): Tensor {
  const bytes = new Uint8Array(count * ELEMENT_BYTES[type]);
  const { set } = elementsOf(type, bytes);
  for (let k = 0; k < count; k++) {
    const value = (((k + seed) * 7919) % 2001) / 1000 - 1;
    set(k, /^[IU]/.test(type) ? Math.round(Math.abs(value) * 100) : value);
  }
  return { type, shape: [count], bytes };
}

function coded(name: string, tensor: Tensor, format: TensorFormat): CodedTensor {
  const found = codeTensor(name, tensor, format, { bounded: true });
  if ('obstacles' in found) throw found.obstacles[0];
  return found.coded;
}

const CASES: readonly (readonly [ElementType, TensorFormat])[] = [
  ['F32', 'stored'],
  ['F16', 'stored'],
  ['BF16', 'stored'],
  ['F64', 'stored'],
  ['I8', 'stored'],
  ['U32', 'stored'],
  ['F32', 'int16'],
  ['F32', 'int8'],
  ['F16', 'int8'],
  ['F64', 'fp16'],
  ['F32', 'bf16'],
];

const memory = fc.record({
  tensors: fc.array(fc.tuple(fc.constantFrom(...CASES), fc.integer({ min: 1, max: 60 })), {
    minLength: 1,
    maxLength: 4,
  }),
  ecc: fc.constantFrom(...ECC_SCHEMES),
  repair: fc.constantFrom(...TENSOR_REPAIRS),
  supply: fc.constantFrom(1.01, 1.06, 1.2),
  seed: fc.nat(99),
});

const chipOf = (seed: number) => createChip(denseProfile, device, { seed, model: errorModel(0) });

function held(
  list: readonly CodedTensor[],
  ecc: EccScheme,
  repair: TensorRepair,
  supply: number,
  seed: number,
) {
  const image = imageOfTensors(list, ecc, bytesPerBurst(device.organisation));
  const found = holdTensors(image, device, chipOf(seed), {
    ...{ mapping: 'baseline', berLimit: 1, occupied: 0, supply, repair },
  });
  return { image, ...found };
}

describe('tensors in a memory', () => {
  it('come back as a walk over every bit finds them, with the masks of their bits', () => {
    let changed = 0;
    fc.assert(
      fc.property(memory, ({ tensors, ecc, repair, supply, seed }) => {
        const list = tensors.map(([[type, format], count], k) =>
          coded(`t${k}`, tensorOf(type, count, k), format),
        );
        const { image, placement, tensors: found } = held(list, ecc, repair, supply, seed);
        const expected = damageBitByBit(
          list.map(({ data }) => data),
          image.tensors.map(({ region }) => region),
          bytesPerBurst(device.organisation),
          placement,
          chipOf(seed),
          supply,
        );
        for (const [k, each] of found.entries()) {
          const own = list[k]!;
          expect(each.flips.size).toBe(expected.flips[k]);
          const read = expected.corrected[k]!;
          if (ecc !== 'parity') expect(own.data.map((byte, i) => byte ^ each.mask[i]!)).toEqual(read);
          const bound = own.ceiling;
          const values = numbersOf(each.tensor);
          const valueAt = own.readerOf(read);
          // As the type of the file has it.
          const rounded = elementsOf(own.tensor.type, new Uint8Array(ELEMENT_BYTES[own.tensor.type]));
          for (let i = 0; i < own.count; i++) {
            rounded.set(0, valueAt(i));
            const value = rounded.get(0);
            const within = repair === 'none' || Math.abs(value) <= bound;
            const repaired = repair === 'zero' || Number.isNaN(value) ? 0 : Math.sign(value) * bound;
            expect(values[i]).toBe(within ? value : repaired);
          }
          if (each.changed > 0) changed++;
        }
      }),
      { seed: 3, numRuns: 60 },
    );
    expect(changed).toBeGreaterThan(20);
  });

  it('have masks before parity that are the raw bits, of the shape of the tensor', () => {
    const list = [coded('w', tensorOf('F32', 64, 1), 'int8')];
    const { image, placement, tensors: found } = held(list, 'parity', 'none', 1.01, 4);
    const [{ region }] = image.tensors as [(typeof image.tensors)[0]];
    const expected = damageBitByBit([list[0]!.data], [region], 8, placement, chipOf(4), 1.01);
    const sound = encodeImage(list[0]!.data, [region]);
    const data = Uint8Array.from({ length: 64 }, (_, k) => k + Math.floor(k / 8));
    const mask = maskTensor(found[0]!);
    expect(mask).toEqual({
      type: 'U8',
      shape: [64],
      bytes: data.map((at) => expected.raw[0]![at]! ^ sound[at]!),
    });
    expect(mask.bytes.some((byte) => byte !== 0)).toBe(true);
    expect(found[0]!.zeroed).toBeGreaterThan(0);
  });

  it('are the same bytes where no cell is weak', () => {
    const list = CASES.map(([type], k) => coded(`t${k}`, tensorOf(type, 33, k), 'stored'));
    const { tensors: found } = held(list, 'secded', 'clamp', 1.35, 1);
    for (const [k, { tensor, mask, changed, weakCells }] of found.entries()) {
      expect([changed, weakCells, mask.some((byte) => byte !== 0)]).toEqual([0, 0, false]);
      expect(tensor).toEqual(list[k]!.tensor);
    }
  });

  it('keep at a lower supply the flips of a higher one', () => {
    const list = [coded('w', tensorOf('F32', 200, 5), 'stored')];
    const [high, low] = [1.2, 1.05].map((supply) => held(list, 'none', 'none', supply, 7).tensors[0]!);
    expect(high!.flips.size).toBeGreaterThan(0);
    expect(low!.flips.size).toBeGreaterThan(high!.flips.size);
    expect(high!.mask.every((byte, k) => (byte & ~low!.mask[k]!) === 0)).toBe(true);
  });

  it('are refused together with all that is in their way', () => {
    const big: Tensor = {
      type: 'F32',
      shape: [2],
      bytes: new Uint8Array(Float32Array.of(-1e6, Number.NaN).buffer),
    };
    const what = (format: TensorFormat, bounded: boolean): string[] => {
      const found = codeTensor('w', big, format, { bounded });
      return 'obstacles' in found ? found.obstacles.map((each) => each.what) : [];
    };
    expect(what('uint8', true)).toEqual([
      expect.stringMatching(/NaN at index 1/),
      expect.stringMatching(/negative elements \(-1000000\)/),
    ]);
    expect(what('fp16', false)).toEqual([
      expect.stringMatching(/NaN/),
      expect.stringMatching(/magnitude of 1000000, beyond fp16 \(65504\)/),
    ]);
    expect(what('stored', true)).toEqual([expect.stringMatching(/no greatest magnitude/)]);
    expect(what('stored', false)).toEqual([]);
  });
});

describe('the data bit of a stored bit', () => {
  it.runIf(FULL)('is where the check bits leave it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ECC_SCHEMES), fc.integer({ min: 1, max: 20 }), (scheme, weights) => {
        const region = { bytes: 2 * weights, scheme, weightBytes: 2, topBits: 3 };
        const bits = encodedBytes(region) * 8;
        const found = Array.from({ length: bits }, (_, bit) => dataBitAt(region, bit)).filter(
          (bit) => bit >= 0,
        );
        expect(found).toEqual(Array.from({ length: 16 * weights }, (_, bit) => bit));
        // The encoded image holds the data where it says: one bit set, and found again.
        for (let bit = 0; bit < 16 * weights; bit += 5) {
          const data = new Uint8Array(2 * weights);
          data[bit >> 3]! |= 1 << (bit & 7);
          const stored = encodeImage(data, [region]);
          for (let at = 0; at < bits; at++) {
            const known = dataBitAt(region, at);
            if (known >= 0) expect((stored[at >> 3]! >> (at & 7)) & 1).toBe(known === bit ? 1 : 0);
          }
        }
      }),
      { seed: 5, numRuns: 30 },
    );
  });
});
