import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createChip } from '../../src/faults/chip.ts';
import { errorModel } from '../../src/faults/error-model.ts';
import { bytesPerBurst, type Device } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { MAPPING_POLICIES, type MappingPolicy } from '../../src/mapping/policy.ts';
import {
  decodeWeights,
  encodeWeights,
  isUnsigned,
  WEIGHT_FORMATS,
  type WeightFormat,
  weightBits,
} from '../../src/snn/weight-format.ts';
import { LOAD_REPAIRS, TENSOR_REPAIRS, type TensorRepair } from '../../src/sparkxd/repair-on-load.ts';
import type { LayeredTensor } from '../../src/sparkxd/stored-layers.ts';
import {
  createLayeredMemory,
  createWeightMemory,
  type WeightMemorySettings,
} from '../../src/sparkxd/weight-memory.ts';
import { randomCases } from '../effort.ts';
import { denseProfile, smallOrganisation } from '../faults/fixtures.ts';
import { boundedWeights, bytesOfPlacement } from '../reference/layered-weights.ts';
import { readBitByBit } from '../reference/read-weights-bit-by-bit.ts';
import { shippedModels } from '../shipped-models.ts';
import { smallNetwork } from '../snn/small-network.ts';

const SETTINGS: WeightMemorySettings = {
  ...{ format: 'fp32', ecc: 'none', timing: 'paper', berLimit: 1, occupied: 0, repair: 'none' },
};

/** Some tensors, each with a format of its own; those of unsigned formats have no negative weight. */
const layers = fc
  .array(
    fc.record({
      rows: fc.integer({ min: 1, max: 5 }),
      columns: fc.integer({ min: 1, max: 20 }),
      format: fc.constantFrom(...WEIGHT_FORMATS),
      seed: fc.nat(999),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((drawn) =>
    drawn.map(({ rows, columns, format, seed }, k) => ({
      format,
      tensor: {
        name: `fc${k + 1}.weight`,
        ...{ rows, columns },
        weights: Float32Array.from({ length: rows * columns }, (_, i) => {
          const weight = (((i + seed) * 7919) % 1000) / 700 - 0.7;
          return isUnsigned(format) ? Math.abs(weight) : weight;
        }),
      } satisfies LayeredTensor,
    })),
  );

describe('the memory of a layered network', () => {
  let device: Device;
  const site = (seed: number) => createChip(denseProfile, device, { seed, model: errorModel(0) });
  const formatsOf = (all: readonly { tensor: LayeredTensor; format: WeightFormat }[]) =>
    all.map(({ tensor, format }) => [tensor.name, format] as const);
  beforeAll(async () => {
    const shipped = await loadDevice('lpddr3-1600-4gb-sparkxd', shippedModels);
    device = { ...shipped, organisation: smallOrganisation };
  });

  it.each(MAPPING_POLICIES)('gives each tensor back under %s as its cells leave its own rows', (mapping) => {
    let damaged = 0;
    fc.assert(
      fc.property(
        layers,
        fc.constantFrom<TensorRepair>(...TENSOR_REPAIRS),
        fc.constantFrom(1.01, 1.06),
        fc.nat(99),
        (all, repair, supply, seed) => {
          const memory = createLayeredMemory(
            { device, profile: denseProfile, tensors: all.map(({ tensor }) => tensor) },
            { ...SETTINGS, repair, tensorFormats: formatsOf(all) },
          );
          const chip = site(seed);
          const place = { chip: () => chip, supply, mapping };
          const held = memory.hold(place);
          const burst = bytesPerBurst(device.organisation);
          const reads = memory.reads(memory.cells(place, held.placement), true);
          let first = 0;
          let firstRow = 0;
          let flipped = 0;
          for (const [k, { tensor, format }] of all.entries()) {
            const { rows, columns, weights } = tensor;
            const bits = weightBits(format);
            const rowBytes = Math.ceil((columns * bits) / 8);
            const rowStride = Math.ceil(rowBytes / burst) * burst;
            const ceiling = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
            const codes = encodeWeights(weights, format, ceiling);
            // Of a row of an odd number of 4-bit weights the last byte is half empty, which a plane takes as one weight more.
            const inRow = Math.floor((rowBytes * 8) / bits);
            const padded = new Uint32Array(rows * inRow);
            for (let row = 0; row < rows; row++)
              padded.set(codes.subarray(row * columns, (row + 1) * columns), row * inRow);
            const read = readBitByBit(
              padded,
              { rows, neurons: inRow, bits, rowStride },
              bytesOfPlacement(held.placement, first, first + rows * rowStride),
              chip,
              supply,
              mapping === 'respawn' ? format : mapping === 'bit-plane' ? 'planes' : 'rows',
            );
            const expected = new Uint32Array(codes.length);
            for (let row = 0; row < rows; row++)
              expected.set(read.subarray(row * inRow, row * inRow + columns), row * columns);
            if (expected.some((code, i) => code !== codes[i])) damaged++;
            const sound = decodeWeights(codes, format, ceiling);
            const bound = sound.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
            const loaded = boundedWeights(expected, format, ceiling, bound, repair);
            expect([...held.weights[k]!]).toEqual(loaded);
            for (let row = 0; row < rows; row++)
              expect([...reads.weights(firstRow + row, 0)]).toEqual(
                loaded.slice(row * columns, (row + 1) * columns),
              );
            expect(held.tensors[k]).toMatchObject({ name: tensor.name, storedBits: rows * rowStride * 8 });
            let ofRows = 0;
            for (let row = 0; row < rows; row++) ofRows += reads.flippedBits(firstRow + row, 0);
            expect(held.tensors[k]!.flippedBits).toBe(ofRows);
            flipped += ofRows;
            first += rows * rowStride;
            firstRow += rows;
          }
          expect(held.flippedBits).toBe(flipped);
          expect(memory.stored.layout).toMatchObject({ rows: firstRow, imageBytes: first });
        },
      ),
      { seed: 31, numRuns: randomCases(25) },
    );
    expect(damaged).toBeGreaterThan(randomCases(10));
  });

  it('is, of one tensor without negative weights, that of a Diehl & Cook network, byte for byte', () => {
    const network = smallNetwork();
    const inputs = network.weights.length / network.neurons;
    for (const ecc of ['none', 'secded', 'parity'] as const)
      for (const format of WEIGHT_FORMATS) {
        if (ecc === 'parity' && weightBits(format) < 8) continue;
        const settings = { ...SETTINGS, format, ecc };
        const parts = { device, profile: denseProfile };
        const matrix = createWeightMemory({ ...parts, network }, settings);
        const tensor = {
          ...{ name: 'weight', rows: inputs, columns: network.neurons, weights: network.weights },
          ceiling: network.ceiling,
        };
        const layered = createLayeredMemory({ ...parts, tensors: [tensor] }, settings);
        expect(layered.stored.image).toEqual(matrix.stored.image);
        const chip = site(3);
        for (const mapping of ['baseline', 'sparkxd', 'eden'] as MappingPolicy[]) {
          const place = { chip: () => chip, supply: 1.06, mapping };
          const { weights, ...held } = layered.hold(place);
          const { weights: expected, ...rest } = matrix.hold(place);
          expect(held).toEqual(rest);
          expect(weights).toEqual([expected]);
        }
      }
  });

  it('corrects each row by its own check bits', () => {
    const tensors = [1, 2].map((k) => ({
      ...{ name: `fc${k}.weight`, rows: 4, columns: 9 * k },
      weights: Float32Array.from({ length: 36 * k }, (_, i) => ((i * 37) % 100) / 50 - 1),
    }));
    const parts = { device, profile: denseProfile, tensors };
    const memory = createLayeredMemory(parts, { ...SETTINGS, format: 'int8', ecc: 'secded' });
    const { stored } = memory;
    for (const { part, columns } of stored.tensors) {
      const words = Math.ceil(columns / 8);
      expect(part.rowBytes).toBe(columns + words);
    }
    const cells = {
      ...{ size: 1, imageBit: Float64Array.of(stored.tensors[1]!.part.firstByte * 8 + 7) },
      ...{ stretch: new Uint32Array(1), rowBit: new Uint32Array(1), probability: Float64Array.of(1) },
      flips: () => true,
    };
    expect(memory.loads(cells, 0.1)(0)).toEqual(memory.loads({ ...cells, size: 0 }, 0)(0));
    const plain = createLayeredMemory(parts, { ...SETTINGS, format: 'int8' });
    const at = plain.stored.tensors[1]!.part.firstByte * 8 + 7;
    const [before, after] = [
      plain.loads({ ...cells, size: 0 }, 0)(0)[1]!,
      plain.loads({ ...cells, imageBit: Float64Array.of(at) }, 0.1)(0)[1]!,
    ];
    expect(after[0]).not.toBe(before[0]);
    expect(after.subarray(1)).toEqual(before.subarray(1));
  });

  it('takes the bound of training as scale and bound', () => {
    const tensor = { name: 'fc.weight', rows: 1, columns: 2, weights: Float32Array.of(-0.5, 0.25) };
    const parts = { device, profile: denseProfile, tensors: [{ ...tensor, ceiling: 0.7 }] };
    const { stored } = createLayeredMemory(parts, { ...SETTINGS, format: 'int8' });
    expect([...stored.image.subarray(0, 2)]).toEqual([256 - 91, 45]);
    expect(() => createLayeredMemory({ ...parts, tensors: [{ ...tensor, ceiling: 0.4 }] }, SETTINGS)).toThrow(
      /a ceiling of 0.4, but a magnitude of 0.5/,
    );
  });

  it('refuses, all at once, what cannot be stored', () => {
    const tensor = (name: string, ...weights: number[]) => ({
      ...{ name, rows: 1, columns: weights.length, weights: Float32Array.from(weights) },
    });
    const tensors = [tensor('a.weight', -1, 2), tensor('b.weight', 1, Number.NaN), tensor('c.weight', 1e6)];
    const parts = { device, profile: denseProfile, tensors };
    const obstacles = (settings: Partial<WeightMemorySettings>): string => {
      try {
        createLayeredMemory(parts, { ...SETTINGS, ...settings });
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const ofFormats = obstacles({
      ...{ ecc: 'parity', format: 'int4' },
      tensorFormats: [
        ['a.*', 'uint8'],
        ['c.weight', 'fp16'],
      ],
    });
    for (const said of [
      /4 obstacles/,
      /"a.weight" has negative elements \(-1\), uint8 has no sign/,
      /"b.weight" has NaN at index 1, which int4/,
      /int4 of tensor "b.weight" has 4 bits/,
      /"c.weight" has a magnitude of 1000000, beyond fp16/,
    ])
      expect(ofFormats).toMatch(said);
    const ofNames = obstacles({ tensorFormats: [['d', 'int8']], tensorLimits: [['e.weight', 0.1]] });
    expect(ofNames).toMatch(/the format of "d" is of no tensor/);
    expect(ofNames).toMatch(/the limit of the bit error rate of "e.weight" is of no tensor/);
    expect(() => createLayeredMemory({ ...parts, tensors: [] }, SETTINGS)).toThrow(/no weights to store/);
  });

  it('has no repair that needs what only a Diehl & Cook network has', () => {
    const tensors = [{ name: 'fc.weight', rows: 1, columns: 1, weights: Float32Array.of(1) }];
    const parts = { device, profile: denseProfile, tensors };
    for (const repair of LOAD_REPAIRS) {
      const make = () => createLayeredMemory(parts, { ...SETTINGS, repair });
      if ((TENSOR_REPAIRS as readonly string[]).includes(repair)) expect(make).not.toThrow();
      else expect(make).toThrow(/a layered network has none/);
    }
    expect(TENSOR_REPAIRS).toEqual(['none', 'clamp', 'zero']);
  });
});
