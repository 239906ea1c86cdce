import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { activityFromCommands } from '../../src/energy/activity-from-commands.ts';
import { energyOf } from '../../src/energy/energy-of.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { shippedModels } from '../shipped-models.ts';
import { commandLines } from './command-lines.ts';

const folder = new URL('../goldens/drampower41/', import.meta.url);
const { energies } = JSON.parse(await readFile(new URL('energies.json', folder), 'utf8')) as {
  energies: Record<string, Record<string, number>>;
};
const DEVICES: Record<string, readonly string[]> = {
  'LPDDR3-1600': ['lpddr3-1600-4gb', 'lpddr3-1600-4gb-sparkxd'],
  'DDR3-1600': ['ddr3-1600-1gb'],
  'DDR4-2400': ['ddr4-2400-4gb'],
};
const cases = Object.keys(energies).flatMap((name) =>
  DEVICES[name.split('.')[0]!]!.map((device) => [name, device] as const),
);

describe('energies that DRAMPower 4.1 prints', () => {
  it.each(cases)('%s on %s', async (name, deviceName) => {
    const golden = energies[name]!;
    const device = await loadDevice(deviceName, shippedModels);
    const { nominal } = device.supply;
    const timing = await resolveTiming(device, nominal, 'nominal');
    const text = await readFile(new URL(`${name}.trace`, folder), 'utf8');
    const activity = activityFromCommands(device, timing, commandLines(text));
    const { terms, total } = energyOf(device, activity, {
      supply: nominal,
      law: 'quadratic',
      model: 'drampower4',
    });

    expect(activity.cycles).toBe(golden['cycles']);
    const pairs: [number, number][] = [
      [total, golden['total_pJ']!],
      [terms.act, golden['act_pJ']!],
      [terms.pre, golden['pre_pJ']!],
      [terms.rd, golden['rd_pJ']!],
      [terms.wr, golden['wr_pJ']!],
      [terms.ref, golden['refresh_pJ']!],
      [terms.activeBackground, golden['active_standby_pJ']!],
      [terms.prechargedBackground, golden['precharge_standby_pJ']!],
      [terms.powerDown, golden['power_down_pJ']!],
      [terms.selfRefresh, golden['self_refresh_pJ']!],
    ];
    // DRAMPower rounds to 0.01 pJ when printing: half of that, and half a grain a cell.
    for (const [ours, theirs] of pairs) expect(Math.abs(ours - theirs)).toBeLessThan(0.01);
  });
});
