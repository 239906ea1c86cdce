import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cases, FULL } from '../effort.ts';
import { isRefusal, PROGRAM, parseCsv, sparkxd } from './program.ts';

const IMAGES = FULL ? cases(60, 200) : 30;
const PLAN = `axes:
  supply: [1.1, 1.025]
  mapping: [baseline, sparkxd]
  chip: [1, 2]
  format: [fp32, int8]
  images: ${IMAGES}
  inferences: 1
exclude:
  - { format: int8, chip: 2 }
`;
const POINTS = 12;

// Each test starts many processes, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const sweep = (out: string, ...more: string[]) =>
  sparkxd('sweep', at('plan.yaml'), '--out', at(out), ...more);
const pointFiles = async (out: string): Promise<string[]> =>
  (await readdir(at(out, 'points')).catch(() => [])).filter((name) => !name.startsWith('.')).sort();

/** Bytes of every result of a sweep, by file. */
async function everything(out: string): Promise<Record<string, string>> {
  const points = (await pointFiles(out)).map((name) => join('points', name));
  const files = ['results.csv', 'manifest.json', 'sweep.json', ...points];
  const texts = await Promise.all(files.map((name) => readFile(at(out, name), 'utf8')));
  return Object.fromEntries(files.map((name, i) => [name, texts[i]!]));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-sweep-'));
  await writeFile(at('plan.yaml'), PLAN);
  expect(await sweep('one', '--jobs', '1')).toMatchObject({ code: 0 });
});
afterAll(() => rm(folder, { recursive: true }));

describe('sparkxd sweep', () => {
  it('gives the rows that run gives, and the axes', async () => {
    const more = ['--supply', '1.1,1.025', '--mapping', 'baseline,sparkxd', '--chips', '2'];
    const size = ['--images', String(IMAGES), '--inferences', '1'];
    const ran = await sparkxd('run', ...more, ...size, '--out', at('run'));
    expect(ran.code).toBe(0);
    const rows = parseCsv(await readFile(at('one', 'results.csv'), 'utf8'));
    expect(rows.length).toBe(POINTS);
    const fp32 = rows.filter((row) => row['axis_format'] === 'fp32');
    const bare = fp32.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('axis_'))),
    );
    expect(bare).toEqual(parseCsv(await readFile(at('run', 'results.csv'), 'utf8')));
    expect(Object.keys(rows[0]!).filter((name) => name.startsWith('axis_'))).toEqual(
      ['supply', 'mapping', 'chip', 'format', 'images', 'inferences'].map((axis) => `axis_${axis}`),
    );
  });

  it('gives the same bytes on two threads, and killed (SIGKILL) and resumed', async () => {
    const one = await everything('one');
    expect((await sweep('two', '--jobs', '2')).code).toBe(0);
    expect(await everything('two')).toEqual(one);

    const killed = spawn(process.execPath, [
      PROGRAM,
      'sweep',
      at('plan.yaml'),
      '--out',
      at('killed'),
      '--jobs',
      '2',
    ]);
    const ended = once(killed, 'exit');
    while ((await pointFiles('killed')).length === 0 && killed.exitCode === null)
      await new Promise((go) => setTimeout(go, 5));
    killed.kill('SIGKILL');
    await ended;
    expect(killed.signalCode).toBe('SIGKILL');
    const before = await pointFiles('killed');
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(POINTS);
    for (const name of before)
      expect(await readFile(at('killed', 'points', name), 'utf8')).toBe(one[join('points', name)]);
    const status = await sparkxd('sweep', 'status', at('killed'), '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ points: POINTS, done: before.length, failed: 0 });
    expect((await sweep('killed', '--jobs', '1')).code).toBe(0);
    expect(await everything('killed')).toEqual(one);
  });

  it('is the same in chunks by sweep point, in any order', async () => {
    const one = await everything('one');
    const begun = await sweep('chunks', '--init-only', '--chunk', '5');
    expect(begun).toMatchObject({ code: 0 });
    expect(begun.stdout).toContain('12 points in 3 chunks');
    expect(await readdir(at('chunks'))).toEqual(['sweep.json']);
    for (const index of [2, 0, 1])
      expect(
        await sparkxd('sweep', 'point', at('chunks'), '--index', String(index), '--chunk', '5'),
      ).toMatchObject({ code: 0 });
    expect((await sparkxd('sweep', 'merge', at('chunks'))).code).toBe(0);
    expect(await everything('chunks')).toEqual(one);
    const beyond = await sparkxd('sweep', 'point', at('chunks'), '--index', '3', '--chunk', '5');
    expect(beyond.code).toBe(1);
    expect(isRefusal(beyond)).toBe(true);
  });

  it('names every file that its points read', async () => {
    const { inputs } = JSON.parse(await readFile(at('one', 'sweep.json'), 'utf8')) as {
      inputs: Record<string, string>;
    };
    expect(Object.keys(inputs)).toEqual([
      'accelerator edge',
      'circuit_curve voltron-spice',
      'dataset mnist',
      'device lpddr3-1600-4gb-sparkxd',
      'standard lpddr3',
      'voltage_profile sparkxd',
      'voltage_profile sparkxd-fit',
      'voltage_profile sparkxd-points',
      'voltage_profile voltron-b',
      'weights n400-mnist',
    ]);
  });

  it('is verified: points derived again have the same bytes, and a changed cell is found', async () => {
    const good = await sparkxd('verify', at('one'), '--points', '2', '--jobs', '1');
    expect(good).toMatchObject({ code: 0 });
    expect(good.stdout).toMatch(/^2 of 12 points derived again .*: the same bytes\n$/);
    await cp(at('one'), at('forged'), { recursive: true });
    const csv = await readFile(at('one', 'results.csv'), 'utf8');
    const [head, ...rows] = csv.trimEnd().split('\r\n');
    const column = head!.split(',').indexOf('accuracy');
    const forged = rows.map((row) => row.split(',').with(column, '0.999').join(','));
    await writeFile(at('forged', 'results.csv'), [head, ...forged, ''].join('\r\n'));
    const bad = await sparkxd('verify', at('forged'), '--points', '1', '--jobs', '1', '--json');
    expect(bad.code).toBe(1);
    const { differences } = JSON.parse(bad.stdout) as { differences: { what: string; stated: string }[] };
    expect(differences).toMatchObject([{ what: 'accuracy', stated: '0.999' }]);
  });

  it('never mixes plans', async () => {
    await writeFile(at('other.yaml'), PLAN.replace('1.1,', '1.2,'));
    const refused = await sparkxd('sweep', at('other.yaml'), '--out', at('one'));
    expect(refused.code).toBe(1);
    expect(isRefusal(refused)).toBe(true);
    expect(refused.stderr).toContain('results of another plan');
  });

  it('records the points that fail, does the rest, and tries them again', async () => {
    await writeFile(
      at('low.yaml'),
      'axes:\n  supply: [1.1, 0.5]\n  chip: [1, 2]\n  images: 20\n  inferences: 1\n',
    );
    for (const _ of [1, 2]) {
      const done = await sparkxd('sweep', at('low.yaml'), '--out', at('low'), '--jobs', '1');
      expect(done.code).toBe(1);
      expect(done.stdout).toContain('4 points: 2 done, 2 failed, 0 left');
      expect(done.stdout).toContain('failed: 2 points, first point 2: supply 0.5 V is outside the range');
      expect(parseCsv(await readFile(at('low', 'results.csv'), 'utf8')).length).toBe(2);
    }
  });

  it('refuses in a dry run what cannot run, and says at the end how many points have results', async () => {
    const axes = 'axes:\n  supply: [100%, 0.6]\n  chip: [1, 2]\n  images: 20\n  inferences: 1\n';
    await writeFile(at('part.yaml'), axes);
    const dry = await sparkxd('sweep', at('part.yaml'), '--dry-run');
    expect(dry.code).toBe(1);
    expect(dry.stderr).toMatch(
      /^sparkxd: 2 of 4 points cannot run\n {2}points 2 to 3: supply 0.6 V is outside.*\n$/,
    );
    const json = await sparkxd('sweep', at('part.yaml'), '--dry-run', '--json');
    expect(JSON.parse(json.stdout).refused).toMatchObject([{ points: [2, 3] }]);
    const ran = await sparkxd('sweep', at('part.yaml'), '--out', at('part'), '--jobs', '1');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('results.csv with 2 of 4 points');
    const rows = parseCsv(await readFile(at('part', 'results.csv'), 'utf8'));
    expect(rows.map((row) => row['axis_supply'])).toEqual(['1.35', '1.35']);
  });

  it('says at an interruption what is kept, and leaves no temporary file', async () => {
    const child = spawn(process.execPath, [
      PROGRAM,
      'sweep',
      at('plan.yaml'),
      '--out',
      at('stopped'),
      '--jobs',
      '1',
    ]);
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    await vi.waitUntil(async () => (await pointFiles('stopped')).length > 0, {
      timeout: 60_000,
      interval: 10,
    });
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
    expect(said).toMatch(/^interrupted: points \d+ of 12; \d+ points have their results, kept in .*\n$/);
    const names = await readdir(at('stopped', 'points'));
    expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('prints the points of a dry run and writes nothing', async () => {
    const dry = await sparkxd('sweep', at('plan.yaml'), '--out', at('dry'), '--dry-run');
    expect(dry.code).toBe(0);
    // Heading, rule and summary.
    expect(dry.stdout.trimEnd().split('\n').length).toBe(POINTS + 3);
    expect(await readdir(folder)).not.toContain('dry');
  });

  it('says what is wrong with a folder or a plan', async () => {
    for (const args of [
      ['status', at('nowhere')],
      ['merge', at('nowhere')],
      [at('missing.yaml')],
      [at('plan.yaml'), '--out', at('plan.yaml')],
    ]) {
      const refused = await sparkxd('sweep', ...args);
      expect(refused.code).toBe(1);
      expect(isRefusal(refused)).toBe(true);
    }
  });
});
