import { describe, expect, it } from 'vitest';
import { runReplay } from '../../src/experiments/replay.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { openProfile } from '../../src/inputs/open-profile.ts';
import { shippedModels } from '../shipped-models.ts';

const remarks: string[] = [];
const recorder = { models: shippedModels, remark: (line: string) => void remarks.push(line) };

describe('the bit errors of a device', () => {
  it('are those of SparkXD where it uses them, and are asked for by name elsewhere', async () => {
    const lpddr3 = await loadDevice('lpddr3-1600-4gb', shippedModels);
    expect((await openProfile(undefined, lpddr3, recorder)).name).toBe('sparkxd');
    expect(remarks).toEqual([]);
    const ddr3 = await loadDevice('ddr3l-1600-4gb', shippedModels);
    await openProfile('voltron-a', ddr3, recorder);
    expect(remarks).toEqual([]);
    const ddr4 = await loadDevice('ddr4-2400-8gb', shippedModels);
    await expect(openProfile(undefined, ddr4, recorder)).rejects.toThrow(
      /no bit errors of ddr4 were measured, so none is assumed of ddr4-2400-8gb\n.*--profile sparkxd/,
    );
    expect((await openProfile('voltron-b', ddr4, recorder)).name).toBe('voltron-b');
    expect(remarks.splice(0)).toEqual([
      'bit errors: profile voltron-b was measured on ddr3 and is taken over to ddr4',
    ]);
    await openProfile(undefined, ddr4, recorder, true);
    expect(remarks).toEqual([]);
  });

  it('are marked in rows where they were taken over', async () => {
    const trace = 'traces/n400-mnist-event.sxt';
    const at = async (device: string, supply: number) =>
      (await runReplay({ trace, device, profile: 'voltron-a', supplies: [supply], noAccuracy: true }))
        .rows[0]!;
    expect((await at('ddr3l-1600-4gb', 1.35)).profile_transferred).toBe(false);
    expect((await at('ddr4-2400-4gb', 1.2)).profile_transferred).toBe(true);
  });
});
