import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createWeightBuffer } from '../../src/accelerator/weight-buffer.ts';
import { eventFetches } from '../../src/accelerator/workload.ts';
import { createChip } from '../../src/faults/chip.ts';
import { errorModel } from '../../src/faults/error-model.ts';
import type { Accelerator } from '../../src/hardware/accelerator.ts';
import type { Device } from '../../src/hardware/device.ts';
import { loadAccelerator } from '../../src/hardware/load-accelerator.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { MAPPING_POLICIES } from '../../src/mapping/policy.ts';
import { createInput } from '../../src/snn/infer.ts';
import { decodeWeights, encodeWeights, WEIGHT_FORMATS } from '../../src/snn/weight-format.ts';
import { holdWeights } from '../../src/sparkxd/held-weights.ts';
import { fetchesOf } from '../../src/sparkxd/inference-traffic.ts';
import { keptInputs } from '../../src/sparkxd/prune-inputs.ts';
import { LOAD_REPAIRS } from '../../src/sparkxd/repair-on-load.ts';
import { storeWeights } from '../../src/sparkxd/stored-weights.ts';
import { denseProfile, smallOrganisation } from '../faults/fixtures.ts';
import { shippedModels } from '../shipped-models.ts';
import { smallNetwork } from '../snn/small-network.ts';

describe('pruning of inputs', () => {
  it('leaves out the least active inputs, as many as stay within the share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { minLength: 1, maxLength: 30 }),
        fc.constantFrom(0, 0.01, 0.1, 0.5),
        (counts, share) => {
          const spikes = Float64Array.from(counts);
          const total = spikes.reduce((a, b) => a + b, 0);
          fc.pre(total > 0);
          const kept = [...keptInputs(spikes, share)];
          expect(kept).toEqual(kept.toSorted((a, b) => a - b));
          const out = counts.map((_, k) => k).filter((k) => !kept.includes(k));
          const left = out.reduce((sum, k) => sum + counts[k]!, 0);
          const quietest = Math.min(...kept.map((k) => counts[k]!));
          expect(left).toBeLessThanOrEqual(share * total);
          expect(left + quietest).toBeGreaterThan(share * total);
          for (const k of out) expect(counts[k]).toBeLessThanOrEqual(quietest);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('of inputs that never spike is exact', () => {
    expect([...keptInputs(Float64Array.of(0, 3, 0, 1e-9, 7), 0)]).toEqual([1, 3, 4]);
  });

  it('refuses to leave none', () => {
    expect(() => keptInputs(Float64Array.of(1, 2), 1)).toThrow(/leaves none/);
    expect(() => keptInputs(new Float64Array(3), 0)).toThrow(/leaves none/);
    const awkward = Float64Array.from({ length: 784 }, (_, k) => 0.1 * ((k * 37) % 101));
    expect(() => keptInputs(awkward, 1)).toThrow(/leaves none/);
  });
});

describe('weights of which some inputs are left out', () => {
  let device: Device;
  let accelerator: Accelerator;
  beforeAll(async () => {
    const shipped = await loadDevice('lpddr3-1600-4gb-sparkxd', shippedModels);
    device = { ...shipped, organisation: smallOrganisation };
    accelerator = await loadAccelerator('edge', shippedModels);
  });
  const chipOf = (seed: number) => createChip(denseProfile, device, { seed, model: errorModel(0) });
  const conditions = { supply: 1.06, berLimit: 1 } as const;

  it.each(MAPPING_POLICIES)('come back whole under %s, the others as 0, whatever fails', (mapping) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WEIGHT_FORMATS),
        fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1 }),
        fc.constantFrom(...LOAD_REPAIRS.filter((name) => name !== 'context')),
        fc.nat(99),
        (format, inputs, repair, seed) => {
          const network = smallNetwork();
          const { neurons } = network;
          const stored = storeWeights(network, { format, ecc: 'none' }, device, Uint32Array.from(inputs));
          expect(stored.layout.rows).toBe(inputs.length);
          const rowOf = (weights: Float32Array, input: number) => [
            ...weights.subarray(input * neurons, (input + 1) * neurons),
          ];
          const sound = holdWeights(stored, device, chipOf(seed), {
            ...{ ...conditions, mapping, supply: denseProfile.nominal, repair: 'none' },
          });
          const damaged = holdWeights(stored, device, chipOf(seed), { ...conditions, mapping, repair });
          const exact = decodeWeights(
            encodeWeights(network.weights, format, network.ceiling),
            format,
            network.ceiling,
          );
          for (let input = 0; input < 6; input++) {
            const none = new Array<number>(neurons).fill(0);
            const there = inputs.includes(input);
            expect(rowOf(sound.weights, input)).toEqual(there ? rowOf(exact, input) : none);
            if (!there) expect(rowOf(damaged.weights, input)).toEqual(none);
          }
        },
      ),
      { seed: 5, numRuns: 15 },
    );
  });

  it.each(['sum', 'bits', 'silence'] as const)(
    'are left as they are by the repair %s where nothing fails',
    (repair) => {
      // Weights of 1/64 and their sums are exact in FP32.
      const network = {
        ...smallNetwork(),
        weights: Float32Array.from({ length: 24 }, (_, k) => ((k * 7) % 24) / 64),
      };
      const inputs = Uint32Array.of(0, 2, 3, 5);
      const stored = storeWeights(network, { format: 'fp32', ecc: 'none' }, device, inputs);
      const nominal = { berLimit: 1, mapping: 'baseline', supply: denseProfile.nominal } as const;
      const { weights } = holdWeights(stored, device, chipOf(1), { ...nominal, repair });
      const expected = network.weights.map((weight, k) => (inputs.includes(Math.floor(k / 4)) ? weight : 0));
      expect(weights).toEqual(expected);
    },
  );

  it('fetch the rows that an unpruned network fetches, less those left out', () => {
    const network = smallNetwork();
    const images = {
      ...{ count: 4, rows: 2, columns: 3, classes: 2, labels: new Uint8Array(4) },
      pixels: Uint8Array.from({ length: 24 }, (_, k) => (k * 53) % 256),
    };
    const kept = [1, 2, 5];
    const stored = storeWeights(network, { format: 'fp32', ecc: 'none' }, device, Uint32Array.from(kept));
    const small = { ...accelerator, weightBuffer: 2 * stored.layout.rowBytes * 8 };
    const fetched = fetchesOf('event', stored, small, images, 4, 1);
    const input = createInput(network, images, 1);
    const buffer = createWeightBuffer(2, kept.length);
    for (let image = 0; image < 4; image++) {
      const { steps, offsets, inputs } = input(image);
      const spikes = [...inputs.subarray(0, offsets[steps]!)].filter((spiking) => kept.includes(spiking));
      const rows = spikes.map((spiking) => kept.indexOf(spiking));
      expect([...fetched[image]!]).toEqual([...eventFetches(rows, buffer)]);
    }
    expect(fetchesOf('stream', stored, small, images, 1, 1).map((rows) => [...rows])).toEqual([[0, 1, 2]]);
  });
});
