import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { loadAccelerator } from '../../src/hardware/load-accelerator.ts';
import { shippedModels, withModel } from '../shipped-models.ts';

describe('shipped accelerators', () => {
  it('load, with a source for every number', async () => {
    const names = await shippedModels.list('accelerators');
    expect(names).toEqual(['edge', 'quad-edge', 'quad-edge-shared', 'tiny', 'wide']);
    for (const name of names) {
      const { provenance, energy } = await loadAccelerator(name, shippedModels);
      expect(provenance.length).toBe(name.startsWith('quad') ? 24 : 18);
      expect(energy).toEqual({
        addition: { fp32: 0.9, bf16: 0.9, fp16: 0.4, int16: 0.1, int8: 0.03, int4: 0.03 },
        ...{ update: 5.5, sramAccess: 10, sramWidth: 64, staticPower: 0 },
      });
    }
  });

  it('are those of docs/accelerator.md', async () => {
    const { weightBuffer, timing } = await loadAccelerator('edge', shippedModels);
    expect(weightBuffer).toBe(64 * 1024 * 8);
    expect(timing).toEqual({
      ...{ clock: 200, processingElements: 16, lanes: 4, cyclesPerAddition: 1, cyclesPerUpdate: 4 },
      ...{ outstanding: 4, prefetch: 8 },
    });
  });
});

describe('a wrong accelerator file', () => {
  it.each([
    ['clock: 200 MHz', 'clock: 200', 'timing.clock'],
    ['lanes: 4', 'lanes: 0', 'timing.lanes is 0'],
    ['outstanding: { value: 4,', 'outstanding: { value: 1.5,', 'timing.outstanding is 1.5'],
    ['fp32: 0.9 pJ', 'fp32: -0.9 pJ', 'energy.addition.fp32 is -0.9'],
    ['sram_width: 64 bit', 'sram_width: 0 bit', 'energy.sram_width is 0'],
    ['static_power: { value: 0 mW', 'static_power: { value: -1 mW', 'energy.static_power is -1'],
    ['static_power: { value: 0 mW', 'static_power: { value: 1 pJ', 'energy.static_power'],
    ['lanes: 4', 'lane: 4', 'lane'],
  ])('with "%s" as "%s" is refused with its place', async (right, wrong, message) => {
    const { text } = await shippedModels.read('accelerators', 'edge');
    expect(text).toContain(right);
    const models = withModel('accelerators', 'own', text.replace(right, wrong));
    const failure = await loadAccelerator('own', models).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as InputError).message).toContain(message);
    expect((failure as InputError).place?.line).toBeGreaterThan(0);
  });
});
