import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

const folder = await mkdtemp(join(tmpdir(), 'sparkxd-channels-'));
const file = (name: string): string => join(folder, name);

/** A device of two channels and a trace of both, the second of which has less to do. */
async function twoChannels(): Promise<{ device: string; trace: string }> {
  const shipped = await readFile('hw-models/dram/lpddr3-1600-4gb.yaml', 'utf8');
  expect(shipped).toContain('channels: 1');
  await writeFile(file('two.yaml'), shipped.replace('channels: 1', 'channels: 2'));
  const lines = Array.from({ length: 400 }, (_, i) => {
    const address = i % 3 === 2 ? 64 * i + 32 : 64 * ((i * 7919) % 100_000);
    return `0x${address.toString(16)} ${i % 5 === 0 ? 'W' : 'R'}\n`;
  });
  await writeFile(file('trace.txt'), lines.join(''));
  return { device: file('two.yaml'), trace: file('trace.txt') };
}

const { device, trace } = await twoChannels();
// The channel is the lowest bit above the burst.
const spread = ['--address-mapping', 'RoBaRaCoCh', '--device', device];

describe('a memory of two channels', () => {
  it('has its commands written one file a channel, which power and check take together', async () => {
    const csv = file('replay.csv');
    const commands = file('commands.csv');
    const replayed = await sparkxd('replay', trace, ...spread, '--commands', commands, '--csv', csv);
    expect(replayed.code).toBe(0);
    expect(replayed.stderr).toContain('commands.ch0.csv');
    expect((await readdir(folder)).filter((name) => name.startsWith('commands'))).toEqual([
      'commands.ch0.csv',
      'commands.ch1.csv',
    ]);
    const [row] = parseCsv(await readFile(csv, 'utf8'));
    const both = [file('commands.ch0.csv'), file('commands.ch1.csv')];
    const { stdout } = await sparkxd('power', ...both, '--device', device, '--json');
    const power = JSON.parse(stdout);
    expect(power.dram_energy_total_nJ).toBe(Number(row!['dram_energy_total_nJ']));
    expect(power.cycles).toBe(Number(row!['cycles']));

    const checked = await sparkxd('check', ...both, '--device', device);
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringMatching(/of 2 channels .*: legal\n/)]);
    const one = await sparkxd('power', both[0]!, '--device', device, '--json');
    expect(JSON.parse(one.stdout).dram_energy_total_nJ).toBeLessThan(power.dram_energy_total_nJ * 0.9);
    const told = await sparkxd('power', both[0]!, '--device', device);
    expect(told.stderr).toContain('2 channels');
  });

  it('lasts until the longest of its traces ends', async () => {
    await writeFile(file('long.csv'), '0,ACT,0,0,0,5,0\n500,PRE,0,0,0,5,0\n1000,END,0,0,0,0,0\n');
    await writeFile(file('short.csv'), '0,ACT,0,0,0,5,0\n500,PRE,0,0,0,5,0\n');
    const energy = async (...files: string[]): Promise<{ dram_energy_total_nJ: number; cycles: number }> => {
      const format = ['--format', 'drampower', '--device', device, '--json'];
      return JSON.parse((await sparkxd('power', ...files.map(file), ...format)).stdout);
    };
    const both = await energy('long.csv', 'short.csv');
    const twice = await energy('long.csv', 'long.csv');
    expect(both.cycles).toBe(1000);
    expect(both.dram_energy_total_nJ).toBe(twice.dram_energy_total_nJ);
    expect(both).not.toEqual(await energy('long.csv'));
  });

  it('names the channel of what its trace breaks', async () => {
    await writeFile(file('bad.csv'), '0,ACT,0,0,0,5,0\n2,RD,0,0,0,5,0\n20,END,0,0,0,0,0\n');
    await writeFile(file('good.csv'), '0,ACT,0,0,0,5,0\n20,END,0,0,0,0,0\n');
    const traces = [file('good.csv'), file('bad.csv'), '--device', device, '--json'];
    const { code, stdout } = await sparkxd('check', ...traces);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ channels: 2, first: [{ channel: 1, rule: 'tRCD' }] });
  });

  it('refuses more traces than channels, and one place for both', async () => {
    const three = await sparkxd('check', trace, trace, trace, '--device', device);
    expect(isRefusal(three)).toBe(true);
    expect(three.stderr).toContain('3 command traces, and lpddr3-1600-4gb has 2 channels');
    const output = await sparkxd('replay', trace, ...spread, '--commands', '-');
    expect(isRefusal(output)).toBe(true);
    expect(output.stderr).toContain('2 channels cannot share standard output');
    const stdin = await sparkxd('power', '-', '-', '--device', device);
    expect(stdin.stderr).toContain('standard input can be the trace of one channel only');
  });
});

describe('a channel that is done before another', () => {
  it.each(['ddr5-4800-16gb', 'lpddr3'])('goes on being refreshed until all are: %s', async (name) => {
    // All accesses lie in the first channel.
    await writeFile(
      file('one.txt'),
      Array.from({ length: 20_000 }, (_, i) => `0x${(i * 128).toString(16)} R\n`).join(''),
    );
    const memory = ['--device', name === 'lpddr3' ? device : name];
    const mapping = ['--address-mapping', 'RoBaRaCoCh'];
    const commands = file('idle.csv');
    const replayed = await sparkxd('replay', file('one.txt'), ...memory, ...mapping, '--commands', commands);
    expect(replayed.code).toBe(0);
    const second = await readFile(file('idle.ch1.csv'), 'utf8');
    expect(second).toMatch(/,REF/);
    expect(second).not.toMatch(/,(ACT|RD)/);
    const both = [file('idle.ch0.csv'), file('idle.ch1.csv')];
    const checked = await sparkxd('check', ...both, ...memory);
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining(': legal\n')]);
  });
});
