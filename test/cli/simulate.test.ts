import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMNS } from '../../src/results/columns.ts';
import { ACTIVITY_TABLE, OVER_TIME_TABLE, SIMULATE_TABLE, WAIT_TABLE } from '../../src/results/tables.ts';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

interface Outcome {
  row: Record<string, number>;
  hash: string;
}

let folder: string;
const at = (name: string): string => join(folder, name);
const loop = (...options: string[]) => sparkxd('simulate', '--weights', 'n400-mnist', ...options);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-simulate-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a profile of another standard is announced with. */
const TAKEN_OVER = 'bit errors: profile voltron-a was measured on ddr3 and is taken over to ddr4\n';

async function simulated(...options: string[]): Promise<Outcome> {
  const ran = await loop('--json', '--hash', ...options);
  expect(ran.stderr.replace(TAKEN_OVER, '')).toBe('');
  return JSON.parse(ran.stdout) as Outcome;
}

describe('sparkxd simulate', () => {
  for (const [device, workload, supply, ...more] of [
    ['lpddr3-1600-4gb-sparkxd', 'event', '1.1', '--page-policy', 'closed', '--power-down-after', '20'],
    ['ddr4-2400-4gb', 'stream', '1.2', '--mapping', 'baseline', '--profile', 'voltron-a'],
  ] as const)
    it(`records what replay gives back: ${workload} on ${device} at ${supply} V`, async () => {
      const file = at(`${device}-${workload}.sxt`);
      const memory = ['--device', device, '--supply', supply];
      const controller = more.filter((_, i) => !['--mapping', '--profile'].includes(more[i - (i % 2)]!));
      const { row, hash } = await simulated(
        ...[...memory, ...more, '--images', '3', '--workload', workload, '--record', file],
      );
      const ran = await sparkxd(
        ...['replay', file, ...memory, ...controller, '--arrival', 'trace', '--hash', '--json'],
      );
      expect(ran.stderr.replace(TAKEN_OVER, '')).toBe('');
      const replayed = JSON.parse(ran.stdout) as { rows: Record<string, number>[]; hashes: string[] };
      expect(replayed.hashes).toEqual([hash]);
      expect(replayed.rows[0]!['cycles']).toBe(row['cycles']);
      expect(replayed.rows[0]!['accesses']).toBe(row['accesses']);
      expect(replayed.rows[0]!['dram_energy_total_nJ']).toBe(row['dram_energy_total_nJ']);
    });

  it('gives the accuracy that evaluate gives for the same chip', async () => {
    const same = ['--supply', '1.025', '--timing', 'paper', '--mapping', 'baseline', '--images', '20'];
    // Each row once an inference, so that what is read is the image.
    const { row } = await simulated(...same, '--workload', 'stream');
    const ran = await sparkxd('evaluate', '--weights', 'n400-mnist', '--json', ...same);
    const evaluated = JSON.parse(ran.stdout) as Record<string, number>;
    expect(row['accuracy']).toBe(evaluated['accuracy']);
    expect(row['wrong_bits_read_per_inference']).toBe(evaluated['flipped_bits']);
    expect(row['wrong_bits_read_per_inference']).toBeGreaterThan(0);
  });

  it('draws anew for each read where flips are uncertain, at the same bit error rate', async () => {
    const uncertain = [
      '--supply',
      '1.025',
      '--timing',
      'paper',
      '--mapping',
      'baseline',
      '--flip-probability',
    ];
    const stream = ['--workload', 'stream'];
    const one = await simulated(...uncertain, '0.5', ...stream, '--images', '1');
    const three = await simulated(...uncertain, '0.5', ...stream, '--images', '3');
    expect(three.row['wrong_bits_read_per_inference']).not.toBe(one.row['wrong_bits_read_per_inference']);
    const share = three.row['wrong_bits_read_per_inference']! / one.row['wrong_bits_read_per_inference']!;
    expect(Math.abs(share - 1)).toBeLessThan(0.05);
    const refused = await loop(...uncertain, '0.5', '--repair', 'sum');
    expect(refused.stderr).toMatch(/"sum" needs all weights of a neuron at once.*\n.*none, clamp, zero/);
    expect(refused.code).toBe(1);
  });

  it('fetches check bits and corrects with them, before the weights reach the buffer', async () => {
    const bad = ['--supply', '1.025', '--timing', 'paper', '--mapping', 'baseline', '--format', 'int8'];
    const plain = await simulated(...bad, '--images', '4');
    const checked = await simulated(...bad, '--images', '4', '--ecc', 'secded');
    expect(checked.row['accesses']! / plain.row['accesses']!).toBeCloseTo(15 / 13, 9);
    expect(checked.row['accelerator_energy_buffer_write_per_inference_nJ']).toBe(
      plain.row['accelerator_energy_buffer_write_per_inference_nJ'],
    );
    expect(checked.row['wrong_bits_read_per_inference']).toBeGreaterThan(0);
  });

  it('writes its table, whose parts sum to the whole, with every column documented', async () => {
    const edge = await readFile(new URL('../../hw-models/accelerators/edge.yaml', import.meta.url), 'utf8');
    await writeFile(
      at('leaking.yaml'),
      edge.replace('static_power: { value: 0 mW', 'static_power: { value: 2 mW'),
    );
    const leaking = ['--accelerator', at('leaking.yaml'), '--format', 'int8'];
    const ran = await loop('--images', '2', '--csv', at('loop.csv'), ...leaking, '--quiet');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/bound by (compute|dram|lookup)/);
    const [row] = parseCsv(await readFile(at('loop.csv'), 'utf8'));
    const number = (name: string): number => Number(row![name]);
    expect(number('pe_utilisation') + number('wait_dram') + number('wait_lookup')).toBeCloseTo(1, 12);
    const accelerator = (part: string): number => number(`accelerator_energy_${part}per_inference_nJ`);
    const parts = ['addition_', 'update_', 'buffer_write_', 'buffer_read_', 'state_', 'static_'];
    expect(accelerator('static_')).toBeCloseTo(2 * number('latency_mean_us'), 9);
    expect(parts.map(accelerator).reduce((sum, energy) => sum + energy)).toBeCloseTo(accelerator(''), 6);
    expect(number('dram_energy_per_inference_nJ') + accelerator('')).toBeCloseTo(
      number('energy_per_inference_nJ'),
      6,
    );
    expect(Object.keys(row!)).toEqual(SIMULATE_TABLE.columns);
    const text = await readFile(new URL('../../docs/results.md', import.meta.url), 'utf8');
    for (const name of SIMULATE_TABLE.columns)
      expect(text.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))).toContain(
        `| ${COLUMNS[name].definition}`,
      );
  });

  it('says what a system did over time, and who waited for whom; report draws it', async () => {
    const system = ['--accelerator', 'quad-edge', '--images', '2', '--traffic', 'random:1GBps', '--quiet'];
    const files = ['--csv', at('q.csv'), '--sources', at('q-s.csv'), '--activity', at('q-a.csv')];
    const ran = await loop(...system, ...files, '--waits', at('q-w.csv'), '--activity-window', '2.5us');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const activity = parseCsv(await readFile(at('q-a.csv'), 'utf8'));
    expect(Object.keys(activity[0]!)).toEqual(ACTIVITY_TABLE.columns);
    expect(activity[0]).toMatchObject({ from_us: '0', to_us: '2.5', source: 'core 0' });
    const waits = parseCsv(await readFile(at('q-w.csv'), 'utf8'));
    expect(Object.keys(waits[0]!)).toEqual(WAIT_TABLE.columns);
    expect(waits.filter(({ core }) => core === 'core 3').map(({ source }) => source)).toEqual([
      ...['core 0', 'core 1', 'core 2', 'core 3', 'random:1GBps', 'nobody'],
    ]);
    const page = await sparkxd('report', at('q.csv'), at('q-s.csv'), at('q-a.csv'), at('q-w.csv'));
    expect(page).toMatchObject({ code: 0, stdout: `${at('q.report.html')}\n` });
    expect(await readFile(at('q.report.html'), 'utf8')).toContain('System: who waited for whom');

    const json = async (...more: string[]) =>
      JSON.parse((await loop(...system, '--json', ...more)).stdout) as Record<string, unknown[] | undefined>;
    const asked = await json('--activity-window', '2.5us');
    expect(asked['activity']).toHaveLength(activity.length);
    expect(asked['waits']).toHaveLength(waits.length);
    expect(await json()).not.toHaveProperty('activity');
    const alone = await loop('--images', '1', '--activity-window', '2us');
    expect(alone.code).toBe(2);
    expect(alone.stderr).toMatch(/--activity-window is of --activity: name its file, or give --json/);
  });

  it('says how accuracy goes on since the weights were written, and what that leaves out', async () => {
    const stays = ['--supply', '1.025', '--timing', 'paper', '--workload', 'stream', '--draw', 'persistent'];
    const growing = [...stays, '--flip-probability', '0.1', '--images', '4', '--rewrite-every', '2'];
    const ran = await loop(...growing, '--over-time', at('time.csv'));
    expect(ran.stderr).toMatch(
      /written anew after every 2 inferences; time and energy of these writes are not counted/,
    );
    expect(ran.stdout).toMatch(/inferences since/);
    const rows = parseCsv(await readFile(at('time.csv'), 'utf8'));
    expect(Object.keys(rows[0]!)).toEqual(OVER_TIME_TABLE.columns);
    const cell = (row: number, name: string): number => Number(rows[row]![name]);
    expect(rows.map((_, i) => [cell(i, 'inferences_from'), cell(i, 'images')])).toEqual([
      [0, 2],
      [1, 2],
    ]);
    const wrong = 'wrong_bits_read_per_inference';
    expect(cell(1, wrong)).toBeGreaterThan(1.5 * cell(0, wrong));
    const certain = await loop(...stays, '--images', '1');
    expect(certain.stderr).toMatch(/nothing grows over time/);
    expect(certain.stdout).not.toMatch(/since/);
    for (const given of [
      ['--rewrite-every', '2'],
      ['--over-time', at('none.csv')],
    ])
      expect((await loop('--supply', '1.025', ...given)).stderr).toMatch(/give --draw persistent with/);
  });

  it('refuses what cannot be, and leaves nothing half-written', async () => {
    await writeFile(at('file'), '');
    for (const [message, ...wrong] of [
      [/unknown accelerator "edgy"/, '--accelerator', 'edgy'],
      [/a part of the path is not a folder/, '--record', at('file/deep/loop.sxt'), '--images', '1'],
    ] as const) {
      const ran = await loop(...wrong);
      expect(ran.code).toBe(1);
      expect(isRefusal(ran)).toBe(true);
      expect(ran.stderr).toMatch(message);
    }
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
