import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal, sparkxd } from './program.ts';

let folder: string;
const trace = async (text: string): Promise<string> => {
  const file = join(folder, 't.trace');
  await writeFile(file, text);
  return file;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-check-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('sparkxd check', () => {
  it('passes a legal trace with exit code 0', async () => {
    const { code, stdout } = await sparkxd('check', await trace('0,ACT,0\n15,RD,0\n36,PRE,0\n51,ACT,0\n'));
    expect([code, stdout.trimEnd()]).toEqual([
      0,
      '4 commands in 51 cycles (drampower4) against lpddr3-1600-4gb-sparkxd at 1.35 V, nominal timing: legal',
    ]);
  });

  it('lists each violation with both commands, rule, scope and missing cycles, and ends with exit code 1', async () => {
    const { code, stdout } = await sparkxd('check', await trace('0,ACT,0\n14,RD,0\n36,PRE,0\n51,ACT,0\n'));
    expect(code).toBe(1);
    expect(stdout).toContain('1 violation\nby rule: tRCD 1\n');
    expect(stdout).toMatch(/2 +14 +RD +0 +0 +tRCD +bank +ACT at 0 \(line 1\) +1\n$/);
  });

  it('knows of DDR5 its commands of two cycles, its REFsb and its four postponed refreshes', async () => {
    const judge = async (text: string) => {
      const { stdout } = await sparkxd('check', await trace(text), '--device', 'ddr5-4800-16gb', '--json');
      return Object.keys((JSON.parse(stdout) as { byRule: Record<string, number> }).byRule);
    };
    // A REFsb to bank 1 takes that of each group: banks 5 and 9 wait for tRFCsb, others for tREFSBRD.
    const legal = '0,REFSB,0,0,1,0,0\n72,ACT,0,0,0,0,0\n312,ACT,0,1,5,0,0\n346,RD,0,1,5,0,0\n';
    expect(await judge(legal)).toEqual([]);
    expect(await judge(legal.replace('312,ACT', '311,ACT'))).toEqual(['tRFCpb']);
    expect(await judge(legal.replace('72,ACT', '71,ACT'))).toEqual(['tREFSBRD']);
    expect(await judge(`${legal}347,ACT,0,2,8,0,0\n`)).toEqual(['one command at a time']);
    expect(await judge(`${legal}348,ACT,0,2,8,0,0\n`)).toEqual([]);
    const late = (cycle: number) => `0,REFA,0,0,0,0,0\n${cycle},REFA,0,0,0,0,0\n`;
    expect(await judge(late(6 * 9360))).toEqual([]);
    expect(await judge(late(6 * 9360 + 1))).toEqual(['refresh within 5 x tREFI']);
  });

  it('finds that a trace legal at nominal supply is not when the voltage stretches latencies', async () => {
    const file = await trace('0,ACT,0\n15,RD,0\n');
    expect((await sparkxd('check', file, '--supply', '1.025')).code).toBe(0);
    const { code, stdout } = await sparkxd(
      'check',
      file,
      '--supply',
      '1.025',
      '--timing',
      'stretched',
      '--json',
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ format: 'drampower4', commands: 2, violations: 1, byRule: { tRCD: 1 } },
      first: [{ rule: 'tRCD', missing: 5, earlier: { command: 'ACT', line: 1 } }],
    });
  });

  it('counts all violations and lists as many as asked', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `${i},RD,0\n`).join('');
    const { stdout } = await sparkxd('check', await trace(lines), '--limit', '2');
    expect(stdout).toContain('99 violations');
    expect(stdout).toContain('... and 97 more');
  });

  it('judges subarrays used apart by their scheme, as power does with the energy of replay', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => {
      const address = (i % 3) * 512 * 32_768 + (i % 2) * 32_768 + (i % 16) * 32;
      return `0x${address.toString(16)} ${i % 5 === 0 ? 'WRITE' : 'READ'} ${i * 20}`;
    });
    const accesses = await trace(`${rows.join('\n')}\n`);
    const on = ['--device', 'lpddr3-1600-4gb'];
    for (const scheme of ['salp-1', 'salp-2', 'masa']) {
      const apart = ['--subarrays', scheme];
      const commands = join(folder, `${scheme}.csv`);
      const replayed = await sparkxd('replay', accesses, ...on, ...apart, '--commands', commands, '--json');
      const judged = await sparkxd('check', commands, ...on, ...apart);
      expect([judged.code, judged.stdout]).toEqual([0, expect.stringContaining('nominal timing: legal')]);
      expect((await sparkxd('check', commands, ...on)).stdout).toMatch(/: \d{2,} violations/);
      const power = JSON.parse((await sparkxd('power', commands, ...on, ...apart, '--json')).stdout);
      const [row] = JSON.parse(replayed.stdout).rows;
      expect(power).toMatchObject({ violations: 0, dram_energy_total_nJ: row.dram_energy_total_nJ });
    }
    const rowless = await sparkxd('check', await trace('0,ACT,0\n50,PRE,0\n'), ...on, '--subarrays', 'masa');
    expect([rowless.code, isRefusal(rowless)]).toEqual([1, true]);
    expect(rowless.stderr).toContain('a drampower4 trace does not say which row a PRE closes');
  });

  it('refuses what it cannot read', async () => {
    const unknown = await sparkxd('check', await trace('0,ACT,0\n5,READ,0\n'));
    expect(unknown.code).toBe(1);
    expect(isRefusal(unknown)).toBe(true);
    expect(unknown.stderr).toMatch(/unknown command "READ"\n {2}at .*t\.trace:2:3\n/);
    expect((await sparkxd('check', join(folder, 'none'))).code).toBe(1);
    expect((await sparkxd('check')).code).toBe(2);
  });
});
