import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createChip } from '../../src/faults/chip.ts';
import { errorModel } from '../../src/faults/error-model.ts';
import { subarrayBer } from '../../src/faults/subarray-ber.ts';
import type { Device } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { MAPPING_POLICIES } from '../../src/mapping/policy.ts';
import { decodeWeights, encodeWeights, WEIGHT_FORMATS, weightBits } from '../../src/snn/weight-format.ts';
import { type ContextDecoder, createContextDecoder } from '../../src/sparkxd/context-decoder.ts';
import { holdWeights } from '../../src/sparkxd/held-weights.ts';
import { learnContextTables } from '../../src/sparkxd/repair-context.ts';
import { loadWeights } from '../../src/sparkxd/repair-on-load.ts';
import { storeWeights } from '../../src/sparkxd/stored-weights.ts';
import { randomCases } from '../effort.ts';
import { denseProfile, smallOrganisation } from '../faults/fixtures.ts';
import { readBitByBit } from '../reference/read-weights-bit-by-bit.ts';
import { shippedModels } from '../shipped-models.ts';
import { smallNetwork } from '../snn/small-network.ts';

const INPUTS = 6;

describe('weights on a chip', () => {
  let device: Device;
  beforeAll(async () => {
    const shipped = await loadDevice('lpddr3-1600-4gb-sparkxd', shippedModels);
    device = { ...shipped, organisation: smallOrganisation };
  });

  it.each(MAPPING_POLICIES)('come back under %s with the bits wrong whose cells are weak', (mapping) => {
    let damaged = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...WEIGHT_FORMATS),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 0.5),
        fc.constantFrom(1.01, 1.06),
        fc.nat(99),
        (format, neurons, occupied, supply, seed) => {
          const weights = Float32Array.from(
            { length: INPUTS * neurons },
            (_, k) => ((k * 7919) % 1000) / 1000,
          );
          const network = { ...smallNetwork(), neurons, weights };
          const chip = createChip(denseProfile, device, { seed, model: errorModel(0) });
          const stored = storeWeights(network, { format, ecc: 'none' }, device);
          const held = holdWeights(stored, device, chip, {
            ...{ supply, mapping, occupied, berLimit: 1, repair: 'none' },
          });
          const shape = {
            rows: INPUTS,
            neurons,
            bits: weightBits(format),
            rowStride: stored.layout.rowStride,
          };
          const codes = encodeWeights(weights, format, network.ceiling);
          // Of a row of an odd number of 4-bit weights the last byte is half empty, which a plane takes as one weight more.
          const inRow = Math.floor((stored.layout.rowBytes * 8) / shape.bits);
          const padded = new Uint32Array(INPUTS * inRow);
          for (let row = 0; row < INPUTS; row++)
            padded.set(codes.subarray(row * neurons, (row + 1) * neurons), row * inRow);
          const read = readBitByBit(
            padded,
            { ...shape, neurons: inRow },
            held.placement,
            chip,
            supply,
            mapping === 'respawn' ? format : mapping === 'bit-plane' ? 'planes' : 'rows',
          );
          const expected = new Uint32Array(codes.length);
          for (let row = 0; row < INPUTS; row++)
            expected.set(read.subarray(row * inRow, row * inRow + neurons), row * neurons);
          if (expected.some((code, k) => code !== codes[k])) damaged++;
          expect(held.weights).toEqual(decodeWeights(expected, format, network.ceiling));
        },
      ),
      { seed: 11, numRuns: randomCases(25) },
    );
    expect(damaged).toBeGreaterThan(randomCases(10));
  });

  it('are decoded by context for the rate expected where they lie, and not at all where none is', () => {
    const prior = { fields: smallNetwork(), weights: smallNetwork().weights };
    const network = { ...smallNetwork(), weights: smallNetwork().weights.slice().reverse() };
    const chip = createChip(denseProfile, device, { seed: 3, model: errorModel(0) });
    const stored = storeWeights(network, { format: 'fp32', ecc: 'none' }, device);
    const asked: number[] = [];
    const decoder = createContextDecoder(prior, network.ceiling);
    const context: ContextDecoder = {
      ...decoder,
      tables: (format, ber) => {
        asked.push(ber);
        return decoder.tables(format, ber);
      },
    };
    const conditions = { mapping: 'baseline', berLimit: 1, context } as const;
    const nominal = holdWeights(stored, device, chip, { ...conditions, supply: 1.35, repair: 'context' });
    expect(nominal.weights).toEqual(network.weights);
    expect(asked).toEqual([]);

    const supply = 1.06;
    const held = holdWeights(stored, device, chip, { ...conditions, supply, repair: 'context' });
    // 6 rows of 16 bytes in one row of bank 0: the first subarray's rate.
    expect(asked).toEqual([subarrayBer(chip, supply)[0]]);
    const asRead = holdWeights(stored, device, chip, { ...conditions, supply, repair: 'none' });
    const rounded = 10 ** (Math.round(10 * Math.log10(asked[0]!)) / 10);
    expect(held.weights).toEqual(
      loadWeights(
        encodeWeights(asRead.weights, 'fp32'),
        'fp32',
        'context',
        network,
        learnContextTables(prior, 'fp32', rounded, network.ceiling),
      ),
    );
    expect(held.weights).not.toEqual(asRead.weights);
  });

  it.each([
    ['bit-plane', /takes weight rows apart/],
    ['respawn', /rotates the words of weight rows/],
  ] as const)('refuses check bits under %s', (mapping, message) => {
    const stored = storeWeights(smallNetwork(), { format: 'int8', ecc: 'secded' }, device);
    const chip = createChip(denseProfile, device, { seed: 1, model: errorModel(0) });
    const conditions = { supply: 1.3, mapping, berLimit: 1, repair: 'none' } as const;
    expect(() => holdWeights(stored, device, chip, conditions)).toThrow(message);
  });
});
