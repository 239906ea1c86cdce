import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sparkxd } from './program.ts';

const folder = await mkdtemp(join(tmpdir(), 'sparkxd-remarks-'));
const at = (name: string): string => join(folder, name);
const LPDDR4 = ['--device', 'lpddr4-3200-8gb'];
const DOUBT = /^energy of lpddr4-3200-8gb: its currents are those of a 6 Gb x32 part/;
const TRANSFERRED = /^bit errors: profile sparkxd was measured on ddr3 and is taken over to lpddr4/;
const TINY = ['--weights', 'n400-mnist', ...LPDDR4, '--profile', 'sparkxd', '--supply', '1.1'];
await writeFile(at('trace.txt'), '0x0 R\n0x40 R\n');

/** The remarks in the JSON of a quiet command, which says nothing on stderr. */
async function remarksOf(...args: string[]): Promise<string[]> {
  const ran = await sparkxd(...args, '--json', '--quiet');
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  return JSON.parse(ran.stdout).remarks;
}

describe('what must be doubted', () => {
  it('is in the JSON of every command that gives the energy of a device', async () => {
    const replay = ['replay', at('trace.txt'), ...LPDDR4];
    expect(await remarksOf(...replay, '--commands', at('commands.csv'))).toEqual([
      expect.stringMatching(DOUBT),
    ]);
    expect(await remarksOf('power', at('commands.csv'), ...LPDDR4)).toContainEqual(
      expect.stringMatching(DOUBT),
    );
    const both = [TRANSFERRED, DOUBT].map((line) => expect.stringMatching(line));
    expect(await remarksOf('map', ...TINY)).toEqual(expect.arrayContaining(both));
    expect(await remarksOf('simulate', ...TINY, '--images', '1')).toEqual(expect.arrayContaining(both));
    const run = [
      'run',
      ...TINY,
      '--chips',
      '1',
      '--images',
      '10',
      '--inferences',
      '1',
      '--mapping',
      'baseline',
    ];
    expect(await remarksOf(...run, '--out', at('run'))).toEqual(expect.arrayContaining(both));
  });

  it('is printed once without --quiet, and leaves the files of a search as they are', async () => {
    const loud = await sparkxd('replay', at('trace.txt'), ...LPDDR4);
    expect(loud.stderr.split('\n').filter((line) => DOUBT.test(line)).length).toBe(1);
    const search = [
      'run',
      '--optimise',
      '--images',
      '10',
      '--chips',
      '1',
      '--supply',
      '1.35',
      '--repairs',
      'zero',
    ];
    const ran = await sparkxd(...search, '--formats', 'fp32', '--out', at('search'), '--json', '--quiet');
    const { remarks, ...found } = JSON.parse(ran.stdout);
    expect(remarks).toEqual([]);
    expect(JSON.parse(await readFile(at('search/operating-points.json'), 'utf8'))).toEqual(found);
  });
});
