import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createChip } from '../../src/faults/chip.ts';
import { errorModel } from '../../src/faults/error-model.ts';
import { listFlippingCells, listWeakBits } from '../../src/faults/inject.ts';
import type { Device } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { createFetchedInference } from '../../src/sparkxd/fetched-inference.ts';
import { holdWeights } from '../../src/sparkxd/held-weights.ts';
import { cellsOfImage, createRowReads } from '../../src/sparkxd/row-reads.ts';
import { bitLayoutOf } from '../../src/sparkxd/stored-tensors.ts';
import { storeWeights } from '../../src/sparkxd/stored-weights.ts';
import { randomCases } from '../effort.ts';
import { denseProfile, smallOrganisation } from '../faults/fixtures.ts';
import { presentRows, readRow } from '../reference/fetched-inference.ts';
import { shippedModels } from '../shipped-models.ts';
import { smallNetwork } from '../snn/small-network.ts';

const INPUTS = 6;
const STEPS = 12;

/** Input spikes by step, and for each spike whether its row is fetched anew. */
const presentation = fc.array(
  fc.uniqueArray(fc.tuple(fc.nat(INPUTS - 1), fc.boolean()), { selector: ([input]) => input }),
  { minLength: STEPS, maxLength: STEPS },
);

const codings = fc.constantFrom(
  ...(['baseline', 'bit-plane', 'sparkxd', 'respawn'] as const).flatMap((mapping) =>
    (['fp32', 'int8', 'int4'] as const).map((format) => ({ mapping, format, ecc: 'none' as const })),
  ),
  { mapping: 'baseline', format: 'int8', ecc: 'secded' } as const,
  { mapping: 'sparkxd', format: 'fp32', ecc: 'parity' } as const,
);

describe('inference on rows as fetched', () => {
  let device: Device;
  beforeAll(async () => {
    const shipped = await loadDevice('lpddr3-1600-4gb-sparkxd', shippedModels);
    device = { ...shipped, organisation: smallOrganisation };
  });

  it('fires as a dense network to which each spike brings what its own fetch read, bit by bit', () => {
    let differing = 0;
    fc.assert(
      fc.property(
        codings,
        fc.constantFrom('none', 'clamp', 'zero', 'likeliest'),
        fc.constantFrom('event', 'stream'),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(0.4, 0.7, 1),
        fc.constantFrom(1.01, 1.12),
        fc.nat(99),
        fc.array(presentation, { minLength: 1, maxLength: 3 }),
        ({ mapping, format, ecc }, repair, workload, neurons, flipCharged, supply, seed, images) => {
          const network = {
            ...smallNetwork(),
            neurons,
            weights: Float32Array.from({ length: INPUTS * neurons }, (_, k) => ((k * 7919) % 1000) / 90),
            theta: Float32Array.from({ length: neurons }, (_, k) => (k * 13) % 5),
            encoding: { steps: STEPS, maximumRateHz: 500 },
          };
          const chip = createChip(denseProfile, device, { seed, model: errorModel(0, { flipCharged }) });
          const stored = storeWeights(network, { format, ecc }, device);
          const conditions = { supply, mapping, berLimit: 1, repair } as const;
          const held = holdWeights(stored, device, chip, conditions);
          const bits = bitLayoutOf(stored, mapping, () => listWeakBits(held.placement, chip, supply));
          const image = bits.write(stored.image);
          const cells = cellsOfImage(listFlippingCells(image, held.placement, chip, supply), bits);
          const reads = createRowReads(stored, cells, conditions);
          const inference = createFetchedInference(
            { ...network, weights: held.weights },
            reads,
            Uint32Array.from({ length: INPUTS }, (_, row) => row),
            workload,
          );
          const expectedRead = (row: number, n: number) =>
            readRow(stored, chip, held.placement, supply, bits, repair, row, n);

          const fetches = new Array<number>(INPUTS).fill(0);
          const content = new Array<number[]>(INPUTS);
          for (const image of images) {
            let wrong = 0;
            const fetch = (row: number, item: number): void => {
              const { weights, flippedBits } = expectedRead(row, fetches[row]!++);
              if (content[row] && content[row]!.some((weight, k) => weight !== weights[k])) differing++;
              content[row] = weights;
              wrong += flippedBits;
              inference.fetch(item);
            };
            if (workload === 'stream') for (let row = 0; row < INPUTS; row++) fetch(row, row);
            let item = 0;
            const rows = image.map((spikes) =>
              spikes.map(([row, anew]) => {
                if (workload === 'event' && (anew || fetches[row] === 0)) fetch(row, item);
                item++;
                return content[row]!;
              }),
            );
            const offsets = new Uint32Array(STEPS + 1);
            image.forEach((spikes, step) => {
              offsets[step + 1] = offsets[step]! + spikes.length;
            });
            const inputs = Uint16Array.from(image.flat(), ([input]) => input);
            const { counts, flippedBits } = inference.respond({ steps: STEPS, offsets, inputs });
            expect([...counts]).toEqual(
              presentRows({ theta: [...network.theta], constants: network.constants }, rows),
            );
            expect(flippedBits).toBe(wrong);
          }
        },
      ),
      { seed: 5, numRuns: randomCases(120) },
    );
    expect(differing).toBeGreaterThan(200);
  });
});
