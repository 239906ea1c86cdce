import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCheck } from '../../src/experiments/check.ts';
import { runReplay } from '../../src/experiments/replay.ts';

const TRACE = 'traces/n400-mnist-event.sxt';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-temperature-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('--temperature', () => {
  it('left out leaves a replay as it was; given, it decides how often is refreshed', async () => {
    const replayed = async (temperature?: number) => {
      const { rows, hashes } = await runReplay({
        trace: TRACE,
        noAccuracy: true,
        hash: true,
        ...(temperature === undefined ? {} : { temperature }),
      });
      return { hash: hashes[0], energy: Number(rows[0]?.dram_energy_total_nJ) };
    };
    const usual = await replayed();
    // The commands of this trace before there was a temperature.
    expect(usual.hash).toBe('ad193976d223f8c5');
    expect(await replayed(85)).toEqual(usual);
    const hot = await replayed(90);
    expect(hot.hash).not.toBe(usual.hash);
    expect(hot.energy).toBeGreaterThan(usual.energy);
  });

  it('beyond what the profile was measured at is refused, not taken for energy alone', async () => {
    const replayed = runReplay({
      trace: TRACE,
      device: 'ddr3l-1600-4gb',
      profile: 'voltron-b',
      temperature: 80,
    });
    await expect(replayed).rejects.toThrow(
      'nothing is known at 80 C: retention of voltron-b was measured at',
    );
  });

  it('makes check ask for refreshes as the standard does', async () => {
    const commands = join(folder, 'refreshes.csv');
    const lines = Array.from({ length: 8 }, (_, i) => `${6240 * (i + 1)},REF,0`);
    await writeFile(commands, `${lines.join('\n')}\n`);
    const violations = async (temperature?: number) => {
      const job = { commands: [commands], device: 'ddr3-1600-1gb', postponedRefreshes: 0 };
      return (await runCheck({ ...job, ...(temperature === undefined ? {} : { temperature }) })).byRule;
    };
    expect(await violations()).toEqual({});
    expect(await violations(85)).toEqual({});
    expect(await violations(90)).toEqual({ 'refresh within 1 x tREFI': 8 });
  });
});
