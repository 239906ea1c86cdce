import { describe, expect, it } from 'vitest';
import { type OnChipWork, onChipEnergy } from '../../src/accelerator/on-chip-energy.ts';
import { loadAccelerator } from '../../src/hardware/load-accelerator.ts';
import { shippedModels, withModel } from '../shipped-models.ts';

const work: OnChipWork = {
  ...{
    neurons: 5,
    rowBytes: 20,
    fetchedBytes: 20,
    format: 'fp32',
    fetches: 3,
    passes: 7,
    updates: 11,
    latency: 400,
  },
};

describe('on-chip energy', () => {
  it('is the sum by hand of every operation, in whole words of memory', async () => {
    const energy = onChipEnergy(work, await loadAccelerator('edge', shippedModels));
    // 20 bytes of weights, and 5 potentials of 32 bits, are 3 words of 64 bits.
    expect(energy.addition).toBeCloseTo(7 * 5 * 0.9, 10);
    expect(energy.update).toBeCloseTo(11 * 5 * (3.7 + 2 * 0.9), 10);
    expect(energy.bufferWrite).toBe(3 * 3 * 10);
    expect(energy.bufferRead).toBe(7 * 3 * 10);
    expect(energy.state).toBe((2 * 7 + 3 * 11) * 3 * 10);
    expect(energy.static).toBe(0);
  });

  it('adds static power over the latency: 0.5 mW for 400 cycles of 200 MHz is 1 nJ', async () => {
    const { text } = await shippedModels.read('accelerators', 'edge');
    const leaking = withModel('accelerators', 'own', text.replace('value: 0 mW', 'value: 500 uW'));
    const energy = onChipEnergy(work, await loadAccelerator('own', leaking));
    expect(energy.static).toBeCloseTo(1000, 9);
    expect(onChipEnergy({ ...work, latency: 800 }, await loadAccelerator('own', leaking))).toEqual({
      ...energy,
      static: 2 * energy.static,
    });
  });

  it('of an addition follows the format of the weights', async () => {
    const edge = await loadAccelerator('edge', shippedModels);
    expect(onChipEnergy({ ...work, format: 'int8' }, edge).addition).toBeCloseTo(7 * 5 * 0.03, 12);
  });
});
