import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

const folder = await mkdtemp(join(tmpdir(), 'sparkxd-timing-only-'));
const file = (name: string): string => join(folder, name);
const device = ['--device', 'lpddr5-6400'];
const lines = Array.from({ length: 500 }, (_, i) => `0x${((i * 7919 * 32) % 2 ** 24).toString(16)} R\n`);
await writeFile(file('trace.txt'), lines.join(''));

describe('a device without currents', () => {
  it('is replayed, with empty cells for its energy and the reason in a line', async () => {
    const outputs = ['--csv', file('replay.csv'), '--commands', file('commands.csv')];
    const { code, stdout, stderr } = await sparkxd('replay', file('trace.txt'), ...device, ...outputs);
    expect(code).toBe(0);
    expect(stderr).toContain('energy of lpddr5-6400: not known: no public LPDDR5-6400 current set exists');
    expect(stdout).not.toContain('NaN');
    const [row] = parseCsv(await readFile(file('replay.csv'), 'utf8'));
    expect(Number(row!['cycles'])).toBeGreaterThan(1000);
    const empty = Object.keys(row!).filter((name) => /energy|^dram_/.test(name));
    expect(empty.length).toBe(15);
    for (const name of empty) expect([name, row![name]]).toEqual([name, '']);
  });

  it('has a page without charts of energy, and its commands are legal', async () => {
    const page = await sparkxd('report', file('replay.csv'));
    expect(page.code).toBe(0);
    const html = await readFile(file('replay.report.html'), 'utf8');
    expect(html).toContain('energy not known');
    expect(html).toContain('Row misses and conflicts');
    expect(html).not.toContain('Where the energy goes');
    const checked = await sparkxd('check', file('commands.csv'), ...device);
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('legal')]);
  });

  it('is simulated, and what needs its energy is refused', async () => {
    const simulated = ['simulate', '--weights', 'n400-mnist', '--workload', 'event', '--images', '2'];
    const errors = ['--profile', 'sparkxd'];
    const written = ['--csv', file('simulate.csv')];
    const { code, stdout, stderr } = await sparkxd(...simulated, ...device, ...errors, ...written);
    expect(code).toBe(0);
    expect(stderr).toContain('energy of lpddr5-6400: not known');
    expect(stderr).toContain('bit errors: profile sparkxd was measured on ddr3 and is taken over to lpddr5');
    const unnamed = await sparkxd(...simulated, ...device);
    expect(isRefusal(unnamed)).toBe(true);
    expect(unnamed.stderr).toContain('no bit errors of lpddr5 were measured');
    expect(stdout).toContain('neuron updates');
    expect(stdout).not.toContain('DRAM activation');
    const [row] = parseCsv(await readFile(file('simulate.csv'), 'utf8'));
    expect(row).toMatchObject({ energy_model: '', dram_energy_total_nJ: '', energy_per_inference_nJ: '' });
    expect(Number(row!['accelerator_energy_per_inference_nJ'])).toBeGreaterThan(0);
    const page = await sparkxd('report', file('simulate.csv'));
    expect(page.code).toBe(0);
    expect(await readFile(file('simulate.report.html'), 'utf8')).toContain('energy not known');
    const power = await sparkxd('power', file('commands.csv'), ...device);
    expect(isRefusal(power)).toBe(true);
    expect(power.stderr).toContain('lpddr5-6400 has no supply currents');
    const run = await sparkxd('run', ...device, '--images', '2', '--out', file('run'));
    expect(isRefusal(run)).toBe(true);
    expect(run.stderr).toContain('lpddr5-6400 has no supply currents');
    const plan = `axes: { device: lpddr5-6400, profile: sparkxd, supply: 1.05, images: 2, seed: [1, 2] }\n`;
    await writeFile(file('plan.yaml'), plan);
    const sweep = await sparkxd('sweep', file('plan.yaml'), '--out', file('sweep'));
    expect(isRefusal(sweep)).toBe(true);
    expect(sweep.stderr).toContain('lpddr5-6400 has no supply currents');
  });
});
