import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { activityFromCommands } from '../../src/energy/activity-from-commands.ts';
import { withCurrents } from '../../src/energy/current-set.ts';
import { energyOf } from '../../src/energy/energy-of.ts';
import type { Device } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { withModel } from '../shipped-models.ts';

const shipped = readFileSync(new URL('../../hw-models/dram/lpddr3-1600-4gb.yaml', import.meta.url), 'utf8');
const lines = shipped.split('\n');

/** The number of the line of a text at or after another line. */
const lineOf = (text: string, from = 1): number =>
  lines.findIndex((line, i) => i >= from - 1 && line.startsWith(text)) + 1;

/** The device with the line of that number as a comment. */
const without = (number: number): Promise<Device> =>
  loadDevice(
    'mine',
    withModel('dram', 'mine', lines.map((line, i) => (i === number - 1 ? '#' : line)).join('\n')),
  );

/** What is said of a read with a device. */
async function refusalOf(device: Device): Promise<string | undefined> {
  const place = { rank: 0, bank: 0, row: 0, column: 0 };
  const activity = activityFromCommands(device, await resolveTiming(device, 1.2, 'nominal'), [
    { ...place, cycle: 0, command: 'ACT' },
    { ...place, cycle: 20, command: 'RD' },
    { ...place, cycle: 60, command: 'PRE' },
  ]);
  try {
    energyOf(device, activity, { supply: 1.2, law: 'quadratic' });
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

const REMEDY = 'add it to the device file with its source, or choose a device that has it';

it('a current that a run lacks is refused with the place of its rail', async () => {
  const rail = lineOf('  VDD2:');
  const device = await without(lineOf('      IDD4R:', rail));
  expect(await refusalOf(device)).toBe(
    `lpddr3-1600-4gb gives no IDD4R for VDD2, which this run needs\n` +
      `  at mine.yaml:${lineOf('    currents:', rail)}:5\n  ${REMEDY}`,
  );
});

it('a current that another set of currents lacks is refused with the place in that set', async () => {
  const set = lineOf('  gem5:', lineOf('other_currents:'));
  const rail = lineOf('      VDD1:', set);
  const device = await without(lineOf('        IDD4R:', rail));
  expect(await refusalOf(device)).toBe(undefined);
  expect(await refusalOf(withCurrents(device, 'gem5'))).toBe(
    `lpddr3-1600-4gb gives no IDD4R for VDD1, which this run needs\n  at mine.yaml:${rail}:7\n  ${REMEDY}`,
  );
});

it('delays that a device has no curve for are refused with the place of its supply', async () => {
  const device = await without(lineOf('  curve:'));
  await expect(resolveTiming(device, 1.1, 'stretched')).rejects.toThrow(
    `\n  at mine.yaml:${lineOf('supply:')}:1\n`,
  );
});
