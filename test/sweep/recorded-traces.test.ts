import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRecord } from '../../src/experiments/record.ts';
import { runReplay } from '../../src/experiments/replay.ts';
import { parseRows } from '../../src/results/read-rows.ts';
import { REPLAY_TABLE } from '../../src/results/tables.ts';
import { initSweep, mergeSweep, planSweep, runSweepPoints } from '../../src/sweep/run-sweep.ts';
import { writeTinyInference } from '../experiments/tiny-inference.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-swept-traces-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a sweep over recorded traces', () => {
  it('has the rows that replay has, a point a supply and chip', async () => {
    const traces = [join(folder, 'event.sxt'), join(folder, 'stream.sxt')];
    const network = await writeTinyInference(folder);
    await runRecord({ ...network, workload: 'event', images: 3, out: traces[0]! });
    await runRecord({ ...network, workload: 'stream', images: 2, format: 'int8', out: traces[1]! });
    const plan = join(folder, 'plan.yaml');
    await writeFile(
      plan,
      `axes:\n  trace: [${traces.join(', ')}]\n  supply: [1.35, 1.025]\n  chip: [1, 3]\n  repair: [zero]\n  timing: [paper]\n`,
    );
    const out = join(folder, 'sweep');
    await initSweep(plan, out);
    await runSweepPoints(out, 0, 8);
    const csv = String(await (await mergeSweep(out)).write('csv'));
    const rows = await parseRows(REPLAY_TABLE, csv, 'results.csv', { behind: 'axes' });
    const expected = [];
    for (const trace of traces) {
      const shared = { trace, repair: 'zero', timing: 'paper' } as const;
      expected.push(...(await runReplay({ ...shared, supplies: [1.35, 1.025], chip: [1, 3] })).rows);
    }
    expect(rows).toHaveLength(8);
    for (const [i, row] of expected.entries())
      for (const [name, value] of Object.entries(row)) expect([name, rows[i]![name]]).toEqual([name, value]);
    const { header } = await initSweep(plan, out);
    const roles = Object.keys(header.inputs).map((input) => input.split(' ')[0]);
    for (const role of ['trace', 'weights', 'test_images', 'voltage_profile', 'device'])
      expect(roles).toContain(role);
    expect(new Set(rows.map(({ flipped_bits }) => flipped_bits)).size).toBeGreaterThan(3);
  }, 60_000);

  it('goes over intervals of writing the weights anew, and refuses them where nothing persists', async () => {
    const trace = join(folder, 'written.sxt');
    const network = await writeTinyInference(folder);
    await runRecord({ ...network, workload: 'stream', images: 6, out: trace });
    const plan = join(folder, 'written.yaml');
    const axes = `  trace: ${trace}\n  supply: 1.025\n  timing: paper\n  flip-probability: 0.1\n`;
    await writeFile(plan, `axes:\n${axes}  draw: persistent\n  rewrite-every: [1, 2, 6]\n`);
    const out = join(folder, 'written');
    await initSweep(plan, out);
    await runSweepPoints(out, 0, 3);
    const csv = String(await (await mergeSweep(out)).write('csv'));
    const rows = await parseRows(REPLAY_TABLE, csv, 'results.csv', { behind: 'axes' });
    expect(rows.map((row) => [row.rewrite_every, row['axis_rewrite_every']])).toEqual([
      [1, 1],
      [2, 2],
      [6, 6],
    ]);
    const wrong = rows.map((row) => row.wrong_bits_read_per_inference!);
    expect(wrong[0]).toBeLessThan(wrong[1]!);
    expect(wrong[1]).toBeLessThan(wrong[2]!);
    const refused = join(folder, 'refused.yaml');
    await writeFile(refused, `axes:\n${axes}  rewrite-every: 2\n`);
    const [first] = (await planSweep(refused)).refused;
    expect(first!.error).toMatch(/give --draw persistent with --rewrite-every/);
  }, 60_000);
});
