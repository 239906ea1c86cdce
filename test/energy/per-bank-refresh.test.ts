import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { activityFromCommands } from '../../src/energy/activity-from-commands.ts';
import { ENERGY_MODELS, energyOf } from '../../src/energy/energy-of.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { shippedModels, withModel } from '../shipped-models.ts';
import { commandLines } from './command-lines.ts';

const LPDDR4 = 'lpddr4-3200-8gb';
/** Eight refreshes, one a bank, 1000 cycles apart. */
const EIGHT = Array.from({ length: 8 }, (_, bank) => `${1000 * bank},REFpb,${bank}`).join(' ');

/** LPDDR4 with another text for VDD2's IDD5PB. */
async function lpddr4With(IDD5PB: string) {
  const text = await readFile(new URL(`../../hw-models/dram/${LPDDR4}.yaml`, import.meta.url), 'utf8');
  const given = 'IDD5PB: { value: 30 mA, average_over: tREFI/8, note: "equal to IDD3N" }';
  expect(text.split(given)).toHaveLength(2);
  return loadDevice(LPDDR4, withModel('dram', LPDDR4, text.replace(given, `IDD5PB: ${IDD5PB}`)));
}

describe.each(ENERGY_MODELS)('eight refreshes of a bank, %s', (model) => {
  const refresh = async (device: Awaited<ReturnType<typeof loadDevice>>, supply = device.supply.nominal) => {
    const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
    const activity = activityFromCommands(device, timing, commandLines(EIGHT));
    return energyOf(device, activity, { supply, law: 'quadratic', model }).terms.ref;
  };

  it('without IDD5PB: 8 x sum of (IDD0 - IDD3N) V (tRAS + tRP), on every rail', async () => {
    const device = await loadDevice('lpddr3-1600-4gb', shippedModels);
    const VDD1 = 8 * (15 - 2) * 1.8 * (45 + 18.75);
    const VDD2 = 8 * (80 - 45) * 1.2 * (45 + 18.75);
    expect(VDD1 + VDD2).toBeCloseTo(33_354, 6);
    expect(await refresh(device)).toBeCloseTo(VDD1 + VDD2, 1);
    // VDD1 stays, VDD2 follows the square of the supply.
    expect(await refresh(device, 0.9)).toBeCloseTo(VDD1 + VDD2 * 0.75 ** 2, 1);
  });

  it('an IDD5PB that is an average: 8 x sum of (IDD5PB - IDD2N) V tREFI/8 - (IDD3N - IDD2N) V tRFCpb', async () => {
    const device = await loadDevice(LPDDR4, shippedModels);
    const [interval, tRFCpb] = [(6246 * 0.625) / 8, 224 * 0.625];
    const VDD1 = 8 * 1.8 * ((2.5 - 2) * interval - (2.25 - 2) * tRFCpb);
    const VDD2 = 8 * 1.1 * ((30 - 27) * interval - (30 - 27) * tRFCpb);
    expect(Math.round(VDD1 + VDD2)).toBe(12_196);
    expect(await refresh(device)).toBeCloseTo(VDD1 + VDD2, 1);
  });

  it('an IDD5PB that is the current during tRFCpb counts above IDD3N', async () => {
    const during = await lpddr4With('{ value: 60 mA, average_over: tRFCpb }');
    const none = await lpddr4With('{ value: 30 mA, average_over: tRFCpb }');
    expect((await refresh(during)) - (await refresh(none))).toBeCloseTo(8 * 1.1 * 30 * 224 * 0.625, 1);
  });

  it('an average over half the time carries half the charge', async () => {
    const eight = await refresh(await lpddr4With('{ value: 36 mA, average_over: tREFI/8 }'));
    const sixteen = await refresh(await lpddr4With('{ value: 36 mA, average_over: tREFI/16 }'));
    expect(eight - sixteen).toBeCloseTo((8 * 1.1 * (36 - 27) * 6246 * 0.625) / 16, 1);
  });
});
