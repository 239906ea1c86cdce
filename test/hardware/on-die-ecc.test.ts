import { describe, expect, it } from 'vitest';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { shippedModels, withModel } from '../shipped-models.ts';

const NAME = 'ddr5-4800-16gb';
const { text } = await shippedModels.read('dram', NAME);
const spoiled = (from: string, to: string) => {
  expect(text).toContain(from);
  return loadDevice('mine', withModel('dram', 'mine', text.replace(from, to)));
};

describe('on-die ECC', () => {
  it('of DDR5 corrects one of 128 + 8 bits, and other devices have none', async () => {
    const { onDieEcc, provenance } = await loadDevice(NAME, shippedModels);
    expect(onDieEcc).toEqual({ dataBits: 128, checkBits: 8, correctedBits: 1 });
    expect(provenance.find(({ path }) => path === 'on_die_ecc.check')).toMatchObject({ text: '8 bit' });
    expect((await loadDevice('ddr4-2400-8gb', shippedModels)).onDieEcc).toBeUndefined();
  });

  it.each([
    ['data: 128 bit', 'data: 128', /has no unit/],
    ['data: 128 bit', 'data: 12.5 bit', /on_die_ecc.data is 12.5 bit: expected a whole number/],
    ['check: 8 bit', 'check: 7 bit', /7 check bits cannot tell a wrong bit from the others of 135/],
    ['corrects: 1', 'corrects: 0', /on_die_ecc.corrects is 0: expected a whole number from 1/],
    ['  corrects: 1\n', '', /corrects/],
    ['check: 8 bit', 'checks: 8 bit', /unknown key "checks"/],
  ])('is refused where %s is %s', async (from, to, message) => {
    const loading = spoiled(from, to);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toMatchObject({ name: 'InputError', place: { file: 'mine.yaml' } });
  });
});
