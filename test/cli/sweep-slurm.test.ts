import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FULL } from '../effort.ts';
import { isRefusal, sparkxd, sparkxdAlone } from './program.ts';

const PLAN = `axes:
  supply: [1.35, 1.025]
  chip: [1, 2]
  images: 50
  inferences: 1
`;
/** .ci/run starts a cluster (scripts/slurm/start.sh) and sets this; where it cannot, these tests are skipped. */
const configured = process.env['SLURM_CONF'] !== undefined;

// Each test starts many processes, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const onSlurm = (out: string, ...more: string[]) =>
  sparkxd('sweep', at('plan.yaml'), '--out', at(out), '--executor', 'slurm', '--chunk', '2', ...more);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-slurm-'));
  await writeFile(at('plan.yaml'), PLAN);
});
afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(!configured)('sparkxd sweep on Slurm', () => {
  it('gives the bytes of this machine, submits failed and lost points alone, and shows the queue', async () => {
    expect((await sparkxd('sweep', at('plan.yaml'), '--out', at('local'))).code).toBe(0);
    const first = await onSlurm('slurm', '--wait');
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/4 points: 4 done.*\n2 tasks of up to 2 points are Slurm job \d+\n/);
    const names = await readdir(at('local', 'points'));
    expect(await readdir(at('slurm', 'points'))).toEqual(names);
    const files = [
      'results.csv',
      'manifest.json',
      'sweep.json',
      ...names.map((name) => join('points', name)),
    ];
    const same = async () => {
      for (const name of files)
        expect(await readFile(at('slurm', name), 'utf8')).toBe(await readFile(at('local', name), 'utf8'));
    };
    await same();

    // Point 3 is lost: its task (points 2 and 3), and it alone, is submitted again.
    const dry = await sparkxd('sweep', at('plan.yaml'), '--dry-run', '--json');
    const lost = (JSON.parse(dry.stdout) as { points: { hash: string }[] }).points[3]!.hash;
    await unlink(at('slurm', 'points', `${lost}.json`));
    const again = await onSlurm('slurm', '--wait');
    expect(again.stdout).toContain('4 done, 0 failed, 0 left\n1 tasks of up to 2 points');
    await same();
    const job = /Slurm job (\d+)/.exec(again.stdout)![1]!;
    expect((await readdir(at('slurm', 'slurm'))).filter((name) => name.startsWith(`${job}_`))).toEqual([
      `${job}_1.log`,
    ]);
    expect((await onSlurm('slurm')).stdout).toContain('nothing to submit');
    const status = await sparkxd('sweep', 'status', at('slurm'));
    expect(status.stdout).toContain("Slurm's queue (squeue): no tasks");
    expect(status.stdout).toContain("Slurm's accounting (sacct): ");
  });

  it('submits no task twice while it waits, and says why Slurm refuses', async () => {
    const held = await onSlurm('held', '--sbatch=--hold');
    expect(held.code).toBe(0);
    expect((await onSlurm('held')).stdout).toContain('nothing to submit, 2 tasks were in the queue already');
    const status = await sparkxd('sweep', 'status', at('held'));
    expect(status.stdout).toContain('4 points: 0 done, 0 failed, 4 left');
    expect(status.stdout).toContain("Slurm's queue (squeue): 2 PENDING");
    const other = await sparkxd(
      'sweep',
      at('plan.yaml'),
      '--out',
      at('held'),
      '--executor',
      'slurm',
      '--chunk',
      '3',
    );
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('tasks of 2 points each are still');
    const [, job] = /Slurm job (\d+)/.exec(held.stdout)!;
    await promisify(execFile)('scancel', [job!]);

    const refused = await onSlurm('refused', '--sbatch=--partition=nowhere');
    expect(refused.code).toBe(1);
    expect(isRefusal(refused)).toBe(true);
    expect(refused.stderr).toContain('Slurm refuses (sbatch)');
  });
});

describe('sparkxd sweep without Slurm', () => {
  it.runIf(FULL)('says that there is none, and can go on without', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '';
    const plan = ['sweep', at('plan.yaml'), '--out', at('none')];
    const refused = await sparkxdAlone(...plan, '--executor', 'slurm', '--chunk', '2').finally(() => {
      process.env['PATH'] = path;
    });
    expect(refused.code).toBe(1);
    expect(isRefusal(refused)).toBe(true);
    expect(refused.stderr).toContain('Slurm is not here');
    expect((await sparkxd(...plan)).code).toBe(0);
  });
});
