import { describe, expect, it } from 'vitest';
import type { ErrorModelId } from '../../src/faults/error-model.ts';
import { bytesPerRow } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { modelFiles } from '../../src/inputs/model-files.ts';
import { readNetwork } from '../../src/inputs/read-network.ts';
import { createContextDecoder } from '../../src/sparkxd/context-decoder.ts';
import { modelDamage, uniformDamage } from '../../src/sparkxd/tolerance-damage.ts';

const device = await loadDevice('lpddr3-1600-4gb-sparkxd', modelFiles);
const { network } = await readNetwork('n400-mnist');
const stored = wordsOf(network.weights);
const bits = 32 * stored.length;
const conditions = { format: 'fp32', ecc: 'none', device, repair: 'none' } as const;
const BER = 1e-3;

const damageOf = (id: ErrorModelId) => modelDamage(network, conditions, id);

function wordsOf(weights: Float32Array): Uint32Array {
  return new Uint32Array(weights.buffer, weights.byteOffset, weights.length);
}

/** Positions in the image of the bits that a model flips, ascending. */
function flipsOf(id: ErrorModelId, ber: number, seed: number): number[] {
  const read = wordsOf(damageOf(id)(ber, seed));
  const flips: number[] = [];
  for (let k = 0; k < read.length; k++)
    for (let wrong = (read[k]! ^ stored[k]!) >>> 0; wrong !== 0; wrong = (wrong & (wrong - 1)) >>> 0)
      flips.push(32 * k + 31 - Math.clz32(wrong & -wrong));
  return flips;
}

/** Variance of the counts in groups over their mean: 1 where flips fall anywhere. */
function dispersion(flips: readonly number[], groups: number, groupOf: (bit: number) => number): number {
  const counts = new Float64Array(groups);
  for (const bit of flips) counts[groupOf(bit)]!++;
  const mean = flips.length / groups;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / groups / mean;
}

const rowBits = 8 * bytesPerRow(device.organisation);
const rows = Math.floor(bits / rowBits);
const inWholeRows = (flips: readonly number[]): number[] => flips.filter((bit) => bit < rows * rowBits);
const overRows = (flips: readonly number[]): number =>
  dispersion(inWholeRows(flips), rows, (bit) => Math.floor(bit / rowBits));
const overBitlines = (flips: readonly number[]): number =>
  dispersion(inWholeRows(flips), rowBits, (bit) => bit % rowBits);

describe('errors of EDEN’s models at a bit error rate', () => {
  it('are as many as the rate says where the model does not look at the data', () => {
    // Binomial: five standard deviations.
    const five = 5 * Math.sqrt(bits * BER);
    for (const seed of [1, 2]) expect(Math.abs(flipsOf(0, BER, seed).length - bits * BER)).toBeLessThan(five);
    // Rows of the model differ by a factor of e^1.4; the mean of 306 of them by some 15 %.
    for (const id of [1, 2] as const) {
      const shares = [1, 2, 3, 4].map((seed) => flipsOf(id, BER, seed).length / (bits * BER));
      for (const share of shares) expect(Math.abs(share - 1)).toBeLessThan(0.6);
    }
  });

  it('lie on bitlines in model 1, on rows in model 2, anywhere in model 0', () => {
    const [anywhere, bitlines, wordlines] = ([0, 1, 2] as const).map((id) => flipsOf(id, 1e-2, 1));
    expect(overRows(anywhere!)).toBeLessThan(1.5);
    expect(overBitlines(anywhere!)).toBeLessThan(1.1);
    expect(overBitlines(bitlines!)).toBeGreaterThan(2);
    expect(overRows(bitlines!)).toBeLessThan(1.5);
    expect(overRows(wordlines!)).toBeGreaterThan(100);
    expect(overBitlines(wordlines!)).toBeLessThan(1.1);
  });

  it('take ones ten times as often as zeros in model 3', () => {
    const flips = flipsOf(3, 1e-2, 1);
    const ones = flips.filter((bit) => (stored[Math.floor(bit / 32)]! >>> (bit % 32)) & 1).length;
    let stand = 0;
    for (const word of stored) for (let rest = word; rest !== 0; rest = (rest & (rest - 1)) >>> 0) stand++;
    const ratio = ones / stand / ((flips.length - ones) / (bits - stand));
    expect(ratio).toBeGreaterThan(9);
    expect(ratio).toBeLessThan(11);
  });

  it('contain those of a lower rate of the same mask', () => {
    for (const id of [0, 1, 2, 3] as const) {
      const more = new Set(flipsOf(id, 1e-2, 5));
      const fewer = flipsOf(id, 1e-3, 5);
      expect(fewer.length).toBeGreaterThan(0);
      expect(fewer.every((bit) => more.has(bit))).toBe(true);
    }
  });

  it('know no rate of a half', () => {
    expect(() => damageOf(1)(0.5, 1)).toThrow(/error model 1 \(bitline\) has no bit error rate of 0.5/);
  });
});

describe('the repair context in a search for the tolerated rate', () => {
  it('decodes for the rate of each mask', async () => {
    const { network: prior } = await readNetwork('n900-mnist');
    const context = createContextDecoder({ fields: prior, weights: prior.weights }, 1);
    const stored = { format: 'int8', ecc: 'none', device } as const;
    const repaired = { ...stored, repair: 'context', context } as const;
    const off = (weights: Float32Array): number =>
      weights.reduce((sum, weight, k) => sum + Math.abs(weight - network.weights[k]!), 0) / weights.length;
    const clamp = { ...stored, repair: 'clamp' } as const;
    expect(off(uniformDamage(network, repaired)(0.03, 1))).toBeLessThan(
      off(uniformDamage(network, clamp)(0.03, 1)) / 2,
    );
    expect(off(modelDamage(network, repaired, 0)(0.03, 1))).toBeLessThan(
      off(modelDamage(network, clamp, 0)(0.03, 1)) / 2,
    );
  });
});
