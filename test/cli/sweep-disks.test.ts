import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LONG } from '../effort.ts';
import { isRefusal, PROGRAM, parseCsv, type Ran, sparkxd } from './program.ts';

const SHIPPED = fileURLToPath(new URL('../../traces/n400-mnist-event.sxt', import.meta.url));
/** A few hundred reads over rows and banks: the points of a sweep are many, and what is tested is not their size. */
const SMALL = Array.from({ length: 400 }, (_, i) => `0x${(i * 0x1020).toString(16)} R\n`).join('');
const planOf = (trace: string): string => `axes:
  trace: ${trace}
  supply: [1.35, 1.325, 1.25, 1.175, 1.1, 1.025]
  page-policy: [open, closed]
`;
const POINTS = 12;
const isRoot = process.getuid?.() === 0;

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let trace: string;
const at = (...names: string[]): string => join(folder, ...names);
const sweep = (...out: string[]): Promise<Ran> =>
  sparkxd('sweep', at('plan.yaml'), '--out', at(...out), '--quiet', '--jobs', '1');
const donePoints = async (...out: string[]): Promise<string[]> =>
  (await readdir(at(...out, 'points'))).filter((name) => !name.startsWith('.')).sort();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-disks-'));
  trace = LONG ? SHIPPED : at('small.trace');
  await writeFile(at('small.trace'), SMALL);
  await writeFile(at('plan.yaml'), planOf(trace));
  expect(await sweep('sound')).toMatchObject({ code: 0 });
});
afterAll(() => rm(folder, { recursive: true }));

describe('a sweep of a trace', () => {
  it('gives the rows of replay, is verified, and reports', async () => {
    const [supply, ...policy] = ['1.1,1.025', '--page-policy', 'closed'];
    const replayed = await sparkxd(
      ...['replay', trace, '--supply', supply!, ...policy, '--csv', at('replay.csv'), '--quiet'],
    );
    expect(replayed.code).toBe(0);
    const swept = parseCsv(await readFile(at('sound', 'results.csv'), 'utf8')).filter(
      (row) => row['axis_page_policy'] === 'closed' && ['1.1', '1.025'].includes(row['axis_supply']!),
    );
    const alone = parseCsv(await readFile(at('replay.csv'), 'utf8'));
    expect(alone).toHaveLength(2);
    for (const [i, row] of alone.entries())
      expect(Object.fromEntries(Object.keys(row).map((name) => [name, swept[i]![name]]))).toEqual(row);
    expect((await sparkxd('sweep', 'merge', at('sound'), '--also', 'jsonl,parquet')).code).toBe(0);
    const lines = (await readFile(at('sound', 'results.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { axis_supply: number }).axis_supply)).toEqual(
      parseCsv(await readFile(at('sound', 'results.csv'), 'utf8')).map((row) => Number(row['axis_supply'])),
    );
    const verified = await sparkxd('verify', at('sound'), '--all', '--jobs', '1');
    expect(verified.stdout).toContain(`${POINTS} of ${POINTS} points derived again: the same bytes`);
    await writeFile(at('sound', 'results.jsonl'), `${lines.slice(1).join('\n')}\n`);
    const forged = await sparkxd('verify', at('sound'), '--all', '--jobs', '1');
    expect(forged.code).toBe(1);
    expect(forged.stdout).toMatch(/results\.jsonl/);
    expect(forged.stdout).not.toMatch(/results\.parquet/);
    expect((await sparkxd('report', at('sound'))).code).toBe(0);
    expect(await readFile(at('sound', 'report.html'), 'utf8')).toContain('open, 1.35 V: ');
  });
});

/** Only root can mount a disk that is full soon. */
function mounted(place: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place], { stdio: 'pipe' });
    return true;
  } catch {
    console.info('no tmpfs can be mounted here: the test of a full disk is skipped');
    return false;
  }
}

describe('a sweep onto a bad disk', () => {
  it('keeps what a full disk holds, says so, and goes on where there is room', async ({ skip }) => {
    await mkdir(at('disk'));
    if (!mounted(at('disk'), 'size=40k')) return skip();
    try {
      const full = await sweep('disk', 'out');
      expect(full.code).toBe(1);
      expect(isRefusal(full)).toBe(true);
      expect(full.stderr).toMatch(/the disk is full[\s\S]*the same command again/);
      const kept = await donePoints('disk', 'out');
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.length).toBeLessThan(POINTS);
      for (const name of kept)
        expect(await readFile(at('disk', 'out', 'points', name), 'utf8')).toBe(
          await readFile(at('sound', 'points', name), 'utf8'),
        );
      execFileSync('mount', ['-o', 'remount,size=4m', at('disk')]);
      expect(await sweep('disk', 'out')).toMatchObject({ code: 0 });
      for (const name of ['results.csv', 'manifest.json'])
        expect(await readFile(at('disk', 'out', name), 'utf8')).toBe(
          await readFile(at('sound', name), 'utf8'),
        );
    } finally {
      execFileSync('umount', [at('disk')]);
    }
  });

  it('says that a folder cannot be one, before any work', async () => {
    await writeFile(at('file'), '');
    for (const ran of [
      await sweep('file', 'out'),
      await sparkxd('sweep', 'status', at('file', 'out')),
      await sparkxd('sweep', 'merge', at('file', 'out')),
      await sparkxd('sweep', 'point', at('file', 'out'), '--index', '0'),
    ]) {
      expect(ran.code).toBe(1);
      expect(isRefusal(ran)).toBe(true);
      expect(ran.stderr).toMatch(/a part of the path is not a folder\n.*file/);
    }
  });

  it('says that a shared folder cannot be read', async ({ skip }) => {
    await mkdir(at('shared', 'points'), { recursive: true });
    await writeFile(at('shared', 'sweep.json'), await readFile(at('sound', 'sweep.json')));
    // Nothing is refused to root, so somebody else asks.
    const nobody = isRoot ? { uid: 65534, gid: 65534 } : {};
    const asNobody = (...args: string[]): Promise<Ran> =>
      new Promise((resolve) => {
        execFile(process.execPath, [PROGRAM, ...args], { ...nobody, cwd: '/' }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
        );
      });
    await chmod(folder, 0o755);
    if ((await asNobody('--version')).code !== 0) {
      console.info('nobody else can run the program here: the test of an unreadable folder is skipped');
      return skip();
    }
    for (const [path, mode] of [
      [at('shared', 'points'), 0o000],
      [at('shared', 'sweep.json'), 0o000],
      [at('shared'), 0o000],
    ] as const) {
      await chmod(path, mode);
      const ran = await asNobody('sweep', 'status', at('shared'));
      expect(ran.code).toBe(1);
      expect(isRefusal(ran)).toBe(true);
      expect(ran.stderr).toMatch(/permission denied\n.*shared/);
    }
    const out = await asNobody('sweep', at('plan.yaml'), '--out', at('shared', 'out'));
    expect(out.code).toBe(1);
    expect(out.stderr).toMatch(/permission denied\n.*shared/);
    await chmod(at('shared'), 0o755);
  });
});
