import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases, FULL } from '../effort.ts';
import { parseCsv, sparkxd } from './program.ts';

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const IMAGES = String(cases(40, 100));
const SPACE = [
  ...['--formats', 'fp32,int8', '--repairs', 'clamp', '--supply', '1.35,1.025', '--chips', '1'],
  ...['--images', IMAGES, '--inferences', '2'],
];
const optimise = (out: string, ...more: string[]) =>
  sparkxd('run', '--optimise', ...SPACE, '--out', at(out), '--quiet', ...more);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-optimise-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('sparkxd run --optimise', () => {
  it('finds the cheapest point within the bound, the same bytes for any number of threads', async () => {
    const ran = await optimise('one', '--jobs', '1');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/worst-chip\n.*validation accuracy/);
    expect(ran.stdout).toMatch(/chosen on validation images, shown \d+ test images once/);
    expect(ran.stdout).toContain('least energy within 1.00 points on every chip: n400-mnist int8');
    // Other threads take as long once more; points of runs and sweeps are held to the same by npm test, too.
    if (!FULL) return;
    expect((await optimise('two', '--jobs', '2')).code).toBe(0);
    const files = ['csv', 'json', 'svg'].map((ending) => `operating-points.${ending}`);
    files.push('manifest.json', 'report.html');
    for (const file of files)
      expect(await readFile(at('two', file))).toEqual(await readFile(at('one', file)));
  });

  it('leaves a manifest of configuration and inputs', async () => {
    const manifest = JSON.parse(await readFile(at('one', 'manifest.json'), 'utf8')) as Record<string, object>;
    expect(manifest).toMatchObject({
      command: 'run --optimise',
      configuration: { formats: ['fp32', 'int8'] },
    });
    expect(Object.keys(manifest['inputs']!)).toEqual([
      ...['accelerator edge', 'circuit_curve voltron-spice', 'device lpddr3-1600-4gb-sparkxd'],
      ...['standard lpddr3', 'test_images mnist', 'test_labels mnist', 'validation_images mnist'],
      ...['validation_labels mnist', 'voltage_profile sparkxd'],
      ...['voltage_profile sparkxd-fit', 'voltage_profile sparkxd-points', 'voltage_profile voltron-b'],
      'weights n400-mnist',
    ]);
  });

  it.each<[out: string, more: string[]]>([
    ['one', []],
    ...(FULL ? ([['checked', ['--ecc', 'secded', '--page-policy', 'closed']]] as [string, string[]][]) : []),
  ])('costs its points as run does: %s', async (out, more) => {
    if (more.length > 0) expect(await optimise(out, '--jobs', '1', ...more)).toMatchObject({ code: 0 });
    const points = parseCsv(await readFile(at(out, 'operating-points.csv'), 'utf8'));
    const optimum = points.find(({ point }) => point === 'chosen');
    expect(optimum).toMatchObject({ split: 'test', vote: 'likelihood' });
    expect(points[1]).toMatchObject({ point: 'front', split: 'validation' });
    const { weight_format, repair, mapping, supply_V } = optimum!;
    const point = [
      '--format',
      weight_format!,
      '--repair',
      repair!,
      '--mapping',
      mapping!,
      '--supply',
      supply_V!,
    ];
    const few = ['--chips', '1', '--images', IMAGES, '--inferences', '2', '--quiet', '--out', at('run')];
    await sparkxd('run', '--jobs', '1', ...point, ...few, ...more);
    const [row] = parseCsv(await readFile(at('run', 'results.csv'), 'utf8'));
    for (const column of ['dram_energy_per_inference_nJ', 'accuracy', 'meets_bound'])
      expect(optimum![column]).toBe(row![column]);
  });

  it('says the best that can be reached where the bound cannot be met, and fails', async () => {
    const ran = await optimise(
      'never',
      '--repairs',
      'none',
      '--formats',
      'fp32',
      '--supply',
      '1.025',
      '--bound',
      '0%',
      '--jobs',
      '1',
    );
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/best/);
    expect(ran.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  it.runIf(FULL)(
    'goes over formats of each width where none is named, over the one named, or over those that parity protects',
    async () => {
      const search = [
        '--repairs',
        'clamp',
        '--supply',
        '1.35',
        '--mapping',
        'sparkxd',
        '--chips',
        '1',
        '--images',
        '10',
      ];
      const formatsOf = async (...more: string[]): Promise<unknown> => {
        const out = ['--out', at('formats'), '--quiet', '--json', '--jobs', '1', '--inferences', '1'];
        const { stdout } = await sparkxd('run', '--optimise', ...search, ...out, ...more);
        return JSON.parse(stdout).configuration.formats;
      };
      expect(await formatsOf()).toEqual(['fp32', 'fp16', 'uint8', 'uint4']);
      expect(await formatsOf('--format', 'fp32')).toEqual(['fp32']);
      expect(await formatsOf('--ecc', 'parity')).toEqual(['fp32', 'fp16', 'uint8']);
    },
  );

  it.each([
    ['--data-energy', ['b']],
    ['--subarrays', ['masa']],
    ['--also', ['jsonl']],
    ['--range', []],
  ])('refuses %s, which the search does not read', async (option, values) => {
    const ran = await optimise('none', option, ...values);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(option);
  });
});
