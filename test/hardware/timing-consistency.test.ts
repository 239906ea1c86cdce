import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { timingConsistency } from '../../src/hardware/timing-consistency.ts';
import { organisation } from '../dram/organisations.ts';
import { shippedModels, withModel } from '../shipped-models.ts';

const place = (parameter: string) => ({ file: 'd.yaml', line: parameter.length, column: 3 });
const sound = {
  tRCD: 15,
  tRP: 15,
  tRAS: 40,
  tRC: 55,
  tRRD: 10,
  tFAW: 50,
  tCCD: 5,
  tWR: 15,
  WL: 10,
  tREFI: 3900,
  tRFCab: 130,
  tXS: 140,
};
const look = (timing: Record<string, number>) =>
  timingConsistency({ organisation: organisation(), clock: 800, timing: { ...sound, ...timing } }, place);

describe('timings that contradict each other', () => {
  it('are noted where the longer one simply binds', () => {
    expect(look({})).toEqual([]);
    expect(look({ tRC: 50 })).toEqual(['tRC 50 ns is shorter than tRAS + tRP = 55 ns: the sum binds']);
    expect(look({ tFAW: 39 })).toEqual(['tFAW 39 ns is shorter than four tRRD = 40 ns: it never binds']);
    expect(look({ tRPab: 14 })).toHaveLength(1);
    expect(look({ tXS: 120 })).toHaveLength(1);
  });

  it('are refused where nothing could run', () => {
    expect(() => look({ tREFI: 190 })).toThrow(
      'tREFI 190 ns leaves no time between refreshes: a refresh and one write take 190 ns\n  at d.yaml:5:3',
    );
    expect(look({ tREFI: 191 })).toEqual([]);
    expect(() => look({ tRCD: 41 })).toThrow(
      /tRCD 41 ns is longer than tRAS 40 ns: a row could be closed before/,
    );
    expect(() => look({ tCCD: 3.75 })).toThrow('tCCD 3.75 ns is shorter than a burst, 5 ns');
    expect(() => look({ tCCD_S: 5, tCCD_L: 4 })).toThrow(/tCCD_S 5 ns is longer than tCCD_L 4 ns/);
  });

  it('of a device file are found on load, with their place', async () => {
    const device = await loadDevice('lpddr3-1600-4gb', shippedModels);
    expect(device.notes).toEqual(['tRC 60 ns is shorter than tRAS + tRP = 63.75 ns: the sum binds']);
    const file = new URL('../../hw-models/dram/lpddr3-1600-4gb.yaml', import.meta.url);
    const text = (await readFile(file, 'utf8')).replace('tREFI: 3900 ns', 'tREFI: 200 ns');
    await expect(loadDevice('mine', withModel('dram', 'mine', text))).rejects.toThrow(
      /tREFI 200 ns leaves no time between refreshes: a refresh and one write take 20\d[.\d]* ns\n {2}at mine.yaml:\d+:\d+/,
    );
  });
});
