import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, openSync, readdirSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases, FULL, LONG } from '../effort.ts';
import { isRefusal, PROGRAM, type Ran, sparkxd, sparkxdBy } from './program.ts';

/** Any trace will do; the long tests take one that is written for a second. */
const TRACE = LONG ? 'traces/n400-mnist-event.sxt' : join(tmpdir(), `sparkxd-outputs-${process.pid}.trace`);
const HEADER = /^network,dataset,weight_format,ecc,device,/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-outputs-'));
  if (LONG) return;
  const reads = Array.from({ length: 2000 }, (_, i) => `0x${(i * 32).toString(16)} R\n`);
  await writeFile(TRACE, reads.join(''));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  if (!LONG) await rm(TRACE);
});

/** Standard output of a command is a device or a file; its exit code and what it said on standard error. */
async function into(target: string, ...args: string[]): Promise<{ code: number; stderr: string }> {
  const out = openSync(target, 'w');
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', out, 'pipe'] });
  let stderr = '';
  child.stderr!.on('data', (piece) => {
    stderr += piece;
  });
  return { code: await ended(child), stderr };
}

const ended = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? (signal ? -1 : 0))));

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('an output that is no regular file', () => {
  it('is written through when it is a device, which stays one', async () => {
    const before = await lstat('/dev/null');
    const { code } = await sparkxd('replay', TRACE, '--csv', '/dev/null', '--quiet');
    expect(code).toBe(0);
    const after = await lstat('/dev/null');
    expect([after.isCharacterDevice(), after.ino]).toEqual([true, before.ino]);
  });

  it('says that a device is full, as a file, as a picture and as standard output', async () => {
    const full = await sparkxd('replay', TRACE, '--csv', '/dev/full', '--quiet');
    expect([full.code, isRefusal(full)]).toEqual([1, true]);
    expect(full.stderr).toMatch(/cannot write: the disk is full\n {2}at \/dev\/full/);
    expect((await lstat('/dev/full')).isCharacterDevice()).toBe(true);
    for (const args of [
      ['replay', TRACE, '--json', '--quiet'],
      ...(LONG ? [['devices'], ['replay', '--help']] : []),
      ['--help'],
      ['--version'],
    ]) {
      const { code, stderr } = await into('/dev/full', ...args);
      expect([args[0], code, stderr]).toEqual([
        args[0],
        1,
        'sparkxd: cannot write the results: the disk is full\n  at standard output\n',
      ]);
    }
  });

  it('is standard output when it is called - or /dev/stdout; what people read goes to standard error', async () => {
    for (const name of LONG ? ['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'] : ['-', '/dev/fd/1']) {
      const { code, stdout, stderr } = await sparkxd('replay', TRACE, '--csv', name);
      expect([code, stdout.trimEnd().split('\r\n').length]).toEqual([0, 2]);
      expect(stdout).toMatch(HEADER);
      expect(stderr).toContain('conflicts');
    }
    const file = join(folder, 'redirected.csv');
    expect((await into(file, 'replay', TRACE, '--csv', '/dev/stdout', '--quiet')).code).toBe(0);
    expect(await readFile(file, 'utf8')).toMatch(HEADER);
    const twice = await sparkxd('replay', TRACE, '--csv', '-', '--bank-csv', '-', '--quiet');
    expect(twice.code).toBe(1);
    expect(twice.stderr).toMatch(/write to one place: standard output\n {2}name another file/);
  });

  it('is reached through its links, which stay', async () => {
    const target = join(folder, 'target.csv');
    await writeFile(target, 'old');
    await symlink('target.csv', join(folder, 'link.csv'));
    await symlink(join(folder, 'link.csv'), join(folder, 'link-to-link.csv'));
    await symlink('fresh.csv', join(folder, 'dangling.csv'));
    await symlink('circle-b.csv', join(folder, 'circle-a.csv'));
    await symlink('circle-a.csv', join(folder, 'circle-b.csv'));
    for (const [link, at] of [
      ['link-to-link.csv', target],
      ['dangling.csv', join(folder, 'fresh.csv')],
    ] as const) {
      expect((await sparkxd('replay', TRACE, '--csv', join(folder, link), '--quiet')).code).toBe(0);
      expect((await lstat(join(folder, link))).isSymbolicLink()).toBe(true);
      expect(await readFile(at, 'utf8')).toMatch(HEADER);
    }
    const circle = await sparkxd('replay', TRACE, '--csv', join(folder, 'circle-a.csv'), '--quiet');
    expect([circle.code, circle.stderr]).toEqual([1, expect.stringContaining('its links lead in a circle')]);
  });

  it('is a pipe: it gets the bytes if somebody reads it, and is refused if nobody does', async () => {
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const refused = await sparkxd('replay', TRACE, '--csv', pipe, '--quiet');
    expect([refused.code, isRefusal(refused)]).toEqual([1, true]);
    expect(refused.stderr).toContain('no process reads this pipe');
    const reader = promisify(execFile)('cat', [pipe]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await sparkxd('replay', TRACE, '--csv', pipe, '--quiet')).code).toBe(0);
    expect((await reader).stdout).toMatch(HEADER);
    expect((await stat(pipe)).isFIFO()).toBe(true);
  });

  it('is refused when it is a folder, is below a file or may not be written', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const place of [folder, join(folder, 'file', 'x.csv'), `${join(folder, 'x'.repeat(300))}.csv`]) {
      const refused = await sparkxd('replay', TRACE, '--csv', place, '--quiet');
      expect([refused.code, isRefusal(refused)]).toEqual([1, true]);
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('an output called .gz', () => {
  it('is gzip, whatever it holds, and is read again', async () => {
    const at = (name: string): string => join(folder, name);
    const { code } = await sparkxd(
      ...['replay', TRACE, '--csv', at('a.csv.gz'), '--commands', at('a.cmd.gz'), '--quiet'],
    );
    expect(code).toBe(0);
    expect(gunzipSync(await readFile(at('a.csv.gz'))).toString()).toMatch(HEADER);
    expect(gunzipSync(await readFile(at('a.cmd.gz'))).length).toBeGreaterThan(cases(2e4, 1e6));
    const checked = await sparkxd('check', at('a.cmd.gz'), '--device', 'lpddr3-1600-4gb-sparkxd');
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('legal')]);
    const reported = await sparkxd('report', at('a.csv.gz'));
    expect([reported.code, reported.stdout.trim()]).toEqual([0, at('a.report.html')]);
  });
});

describe('a program that is told to end', () => {
  /** So long that its conversion does not end before the signal comes. */
  const input = (): string => join(folder, 'long.trace');
  beforeAll(async () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `0x${(i * 64).toString(16)} R\n`).join('');
    await writeFile(input(), lines.repeat(20));
  });
  afterAll(() => rm(input()));

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'leaves nothing of a conversion behind: %s',
    async (signal) => {
      const own = join(folder, signal);
      await mkdir(own);
      const child = spawn(process.execPath, [
        PROGRAM,
        'convert',
        input(),
        join(own, 'out.sxt'),
        '--to',
        'sxt',
      ]);
      await until(() => readdirSync(own).length > 0);
      child.kill(signal);
      expect(await ended(child)).toBe(128 + { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal]);
      expect(readdirSync(own)).toEqual([]);
    },
  );

  it('leaves no temporary folder of a verification behind', async () => {
    const temporary = join(folder, 'tmp');
    await mkdir(temporary);
    const plan = join(folder, 'plan.yaml');
    await writeFile(plan, 'axes:\n  supply: [1.1, 1.025]\n  images: 20\n  inferences: 1\n');
    const grid = join(folder, 'grid');
    expect((await sparkxd('sweep', plan, '--out', grid, '--quiet', '--jobs', '1')).code).toBe(0);
    const env = { ...process.env, TMPDIR: temporary };
    const child = spawn(process.execPath, [PROGRAM, 'verify', grid, '--all'], { env });
    await until(() => readdirSync(temporary).some((name) => name.startsWith('sparkxd-verify-')));
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(143);
    expect(readdirSync(temporary).filter((name) => name.startsWith('sparkxd-'))).toEqual([]);
  });
});

// Both at once: they are waited for until they are at work, on a machine that may be busy.
describe.concurrent('long work', () => {
  it.each([
    ['train', '--network', 'n400', '--out', 'OUT/long/train/n.safetensors', '--quiet'],
    ['run', '--chips', '200', '--jobs', '1', '--out', 'OUT/long-run/run', '--quiet'],
  ])('answers an interrupt at once, with one line, and leaves nothing: %s', async (...args) => {
    const child = spawn(process.execPath, [PROGRAM, ...args.map((arg) => arg.replace('OUT', folder))]);
    let said = '';
    child.stderr.on('data', (piece) => {
      said += piece;
    });
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const asked = performance.now();
    child.kill('SIGINT');
    expect(await ended(child)).toBe(130);
    expect(performance.now() - asked).toBeLessThan(3000);
    expect(said).toMatch(/^interrupted: .*begins anew\n$/);
    expect(readdirSync(folder)).not.toContain(args[0] === 'train' ? 'long' : 'long-run');
  });
});

describe('two programs that write into one folder', () => {
  it('begin one sweep between them: of two plans one is refused', async () => {
    const plans = ['1.1', '1.05'].map((supply, k) => ({ file: join(folder, `plan-${k}.yaml`), supply }));
    for (const { file, supply } of plans)
      await writeFile(file, `axes:\n  supply: ${supply}\n  images: 10\n  inferences: 1\n`);
    const out = join(folder, 'one-sweep');
    const both = await Promise.all(
      plans.map(({ file }) => sparkxd('sweep', file, '--out', out, '--quiet', '--jobs', '1')),
    );
    expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
    const loser = both.find(({ code }) => code === 1)!;
    expect(loser.stderr).toContain('results of another plan');
    expect((await sparkxd('verify', out, '--all')).code).toBe(0);
  });

  const run = (out: string, ...more: string[]) =>
    sparkxd(
      'run',
      '--supply',
      '1.1',
      '--mapping',
      'baseline',
      '--chips',
      '1',
      '--images',
      '20',
      '--inferences',
      '1',
      '--quiet',
      '--jobs',
      '1',
      '--out',
      out,
      ...more,
    );

  it('do not mix: one writes all of its files, the other is refused', async () => {
    const out = join(folder, 'shared');
    const both = await Promise.all([run(out, '--seed', '1'), run(out, '--seed', '2')]);
    const codes = both.map(({ code }) => code).sort();
    expect(codes).toEqual([0, 1]);
    const loser = both.find(({ code }) => code === 1)!;
    expect(isRefusal(loser)).toBe(true);
    expect(loser.stderr).toMatch(/another process is writing results there\n {2}at .*shared/);
    const verified = await sparkxd('verify', out, '--all');
    expect(verified.code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['manifest.json', 'report.html', 'results.csv']);
  });

  it('take over the claim of one that was killed', async () => {
    const out = join(folder, 'killed');
    const child = spawn(process.execPath, [
      PROGRAM,
      ...['run', '--supply', '1.1,1.05,1.025', '--chips', '10', '--out', out],
    ]);
    await until(() => existsSync(join(out, '.sparkxd.lock')));
    child.kill('SIGKILL');
    await ended(child);
    expect(existsSync(join(out, '.sparkxd.lock'))).toBe(true);
    expect((await run(out)).code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['manifest.json', 'report.html', 'results.csv']);
  });

  it('take over the claim of one that was killed before it wrote its name', async () => {
    const out = join(folder, 'nameless');
    await mkdir(out);
    await writeFile(join(out, '.sparkxd.lock'), '');
    expect((await run(out)).code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['manifest.json', 'report.html', 'results.csv']);
  });
});

/** Each reads 128 MiB of zeros; `npm test` takes one reader of each kind. */
const ENDLESS = [
  ['replay', '/dev/zero'],
  ['convert', '/dev/zero', 'OUT/a.sxt', '--to', 'sxt'],
  ['power', '/dev/zero'],
  ['check', '/dev/zero'],
  ['errors', '--import', '/dev/zero'],
  ['errors', 'fit', '/dev/zero'],
  ['errors', 'compare', '/dev/zero', '/dev/zero'],
  ['weights', 'convert', '/dev/zero', 'OUT/a.npz'],
  ['weights', 'convert', '/dev/zero', 'OUT/a.npz', '--like', 'n400-mnist'],
  ['run', '--weights', '/dev/zero', '--out', 'OUT/run'],
  ['run', '--weak-cells', '/dev/zero', '--images', '1', '--out', 'OUT/run'],
  ['evaluate', '--weights', '/dev/zero'],
  ['replay', TRACE, '--device', '/dev/zero'],
  ['replay', TRACE, '--address-mapping', '/dev/zero'],
  ['train', '--manifest', '/dev/zero', '--out', 'OUT/n.safetensors'],
  ['sweep', '/dev/zero', '--out', 'OUT/sweep'],
  ['waterfall', '/dev/zero', '/dev/zero'],
  ['picture', 'accuracy', '--curve', '/dev/zero', '--out', 'OUT/p.svg'],
];

describe('an input without end', () => {
  it.each(ENDLESS.filter((_, i) => FULL || i % 3 === 0))(
    'is read to the limit of its reader and refused: %s %s %s',
    async (...args) => {
      const started = performance.now();
      const refused = await sparkxd(...args.map((arg) => arg.replace('OUT', folder)));
      expect([refused.code, isRefusal(refused), refused.stderr]).toEqual([1, true, expect.any(String)]);
      expect(refused.stderr).not.toContain('defect');
      expect(performance.now() - started).toBeLessThan(10_000);
    },
  );
});

/** How to run the program as somebody who may not write here: as ourselves, or, for root, as nobody. */
const AS_SOMEBODY =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
const asSomebody = (...args: string[]): Promise<Ran> => sparkxdBy(AS_SOMEBODY, args);

describe('a folder of somebody else', async () => {
  // Root without setpriv, or a checkout that nobody can read.
  const possible = (await asSomebody('--version')).code === 0;

  it.skipIf(!possible)('is refused before the work', async () => {
    const own = join(folder, 'closed');
    await mkdir(own);
    const plan = join(folder, 'grid.yaml');
    await writeFile(plan, 'axes:\n  supply: [1.1, 1.025]\n');
    await chmod(folder, 0o755);
    await chmod(own, 0o500);
    for (const args of [
      ['run', '--out', own],
      ['run', '--out', join(own, 'results')],
      ['sweep', plan, '--out', join(own, 'sweep')],
      ['train', '--network', 'n400', '--out', join(own, 'n.safetensors')],
      ['replay', TRACE, '--csv', join(own, 'a.csv'), '--quiet'],
    ]) {
      const refused = await asSomebody(...args);
      expect([args[0], refused.code, isRefusal(refused)]).toEqual([args[0], 1, true]);
      expect(refused.stderr).toContain('permission denied');
    }
  });
});
