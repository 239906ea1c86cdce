import { describe, expect, it } from 'vitest';
import { flipUniformly } from '../../src/faults/uniform-flips.ts';
import {
  decodeWeights,
  encodeWeights,
  packCodes,
  unpackCodes,
  WEIGHT_FORMATS,
  weightBits,
} from '../../src/snn/weight-format.ts';
import { learnContextTables, repairByContext } from '../../src/sparkxd/repair-context.ts';
import type { ReceptiveFields } from '../../src/sparkxd/repair-field.ts';
import { loadWeights } from '../../src/sparkxd/repair-on-load.ts';

/** Smooth receptive fields: one blob a neuron, at a place that depends on neuron and seed. */
function blobs(neurons: number, seed: number): { fields: ReceptiveFields; weights: Float32Array } {
  const side = 20;
  const weights = new Float32Array(side * side * neurons);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const [row, column] = [4 + ((neuron * 7 + seed) % 12), 4 + ((neuron * 5 + seed * 3) % 12)];
    for (let r = 0; r < side; r++)
      for (let c = 0; c < side; c++)
        weights[(r * side + c) * neurons + neuron] =
          0.9 * Math.exp(-((r - row) ** 2 + (c - column) ** 2) / 18);
  }
  const weightSum = weights.reduce((a, b) => a + b, 0) / neurons;
  const range = { ceiling: 1, likeliest: 0 };
  return { fields: { imageRows: side, imageColumns: side, neurons, weightSum, ...range }, weights };
}

const meanError = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, weight, k) => sum + Math.abs(weight - b[k]!), 0) / a.length;

describe('repair by context', () => {
  const prior = blobs(40, 1);
  const { fields, weights } = blobs(30, 2);

  it.each(WEIGHT_FORMATS)(
    'at a bit error rate of 5 %% comes far closer to the true weights than zeroing, in %s',
    (format) => {
      const bits = weightBits(format);
      const image = packCodes(encodeWeights(weights, format, 1), bits);
      flipUniformly(image, 0.05, 3);
      const read = unpackCodes(image, bits, weights.length);
      const tables = learnContextTables(prior, format, 0.05, 1);
      const byContext = meanError(loadWeights(read, format, 'context', fields, tables), weights);
      expect(byContext).toBeLessThan(0.4 * meanError(loadWeights(read, format, 'zero', fields), weights));
    },
  );

  it('first expects what Bayes expects, summed code by code', () => {
    const ber = 0.07;
    const { passes } = learnContextTables(prior, 'int4', ber, 1);
    const stored = encodeWeights(prior.weights, 'int4', 1);
    const count = new Array<number>(16).fill(0);
    for (const code of stored) count[code]!++;
    for (let read = 0; read < 16; read++) {
      let weighted = 0;
      let total = 0;
      for (let code = 0; code < 8; code++) {
        const differing = [1, 2, 4, 8].filter((bit) => (read ^ code) & bit).length;
        const likelihood = count[code]! * ber ** differing * (1 - ber) ** (4 - differing);
        total += likelihood;
        weighted += likelihood * (code / 7);
      }
      expect(passes[0]![read]).toBeCloseTo(weighted / total, 5);
    }
  });

  it('leaves weights that matter alone, all their bits, where errors are next to impossible', () => {
    const tables = learnContextTables(prior, 'fp32', 1e-9, 1);
    const repaired = repairByContext(encodeWeights(weights, 'fp32'), tables, fields);
    expect(meanError(repaired, weights)).toBeLessThan(1e-4);
    expect(repaired.every((weight, k) => weights[k]! < 2 ** -10 || weight === weights[k])).toBe(true);
  });

  it('keeps its tables within 4 096 codes x 12 grades', () => {
    for (const table of learnContextTables(prior, 'fp32', 0.01, 1).passes)
      expect(table.length).toBeLessThanOrEqual(4_096 * 12);
  });
});

describe('repair on load', () => {
  const { fields, weights } = blobs(30, 2);
  const codes = encodeWeights(weights, 'fp32');

  it('changes nothing in undamaged weights but the last digits of their sums', () => {
    for (const repair of ['none', 'clamp', 'zero', 'silence'] as const)
      expect(meanError(loadWeights(codes, 'fp32', repair, fields), weights)).toBeLessThan(0.02);
    expect(loadWeights(codes, 'fp32', 'none', fields)).toEqual(weights);
  });

  it('by gates alone keeps sound weights, and leaves none beyond 0 to 1 in any format', () => {
    for (const format of WEIGHT_FORMATS) {
      const sound = encodeWeights(weights, format, 1);
      expect(loadWeights(sound, format, 'force', fields)).toEqual(decodeWeights(sound, format, 1));
      const bits = weightBits(format);
      const image = packCodes(sound, bits);
      flipUniformly(image, 0.2, 5);
      const read = unpackCodes(image, bits, weights.length);
      expect(loadWeights(read, format, 'force', fields).every((weight) => weight >= 0 && weight <= 1)).toBe(
        true,
      );
    }
    const signs = codes.map((code) => (code ^ 0xc0000000) >>> 0);
    expect(loadWeights(signs, 'fp32', 'force', fields)).toEqual(weights);
  });

  it('by forced bits undoes flips of the sign and the top exponent bit', () => {
    const damaged = codes.map(
      (code, k) => (k % 11 === 0 ? code ^ 0x40000000 : k % 13 === 0 ? code ^ 0x80000000 : code) >>> 0,
    );
    const sound = loadWeights(codes, 'fp32', 'bits', fields);
    expect(loadWeights(damaged, 'fp32', 'bits', fields)).toEqual(sound);
  });
});
