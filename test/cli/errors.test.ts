import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const json = async (...args: string[]) => {
  const ran = await sparkxd('errors', ...args, '--json');
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(ran.stdout);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-errors-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('sparkxd errors', () => {
  it('prints statistics of a chip at each supply, the same every time', async () => {
    const once = await sparkxd('errors', '--supply', '1.1,1.07', '--banks', '0:1', '--rows', '0:2047');
    expect(once).toMatchObject({ code: 0, stderr: '' });
    expect(once.stdout).toContain('profile sparkxd');
    expect(once.stdout).toMatch(/1\.07 {2}/);
    expect(
      (await sparkxd('errors', '--supply', '1.1,1.07', '--banks', '0:1', '--rows', '0:2047')).stdout,
    ).toBe(once.stdout);
  });

  it('exports a map, and an imported map drives what the chip itself does', async () => {
    for (const file of ['map.csv', 'map.wcm']) {
      const region = ['--banks', '2', '--rows', '1024:4095', '--supply', '1.06,1.1'];
      const chip = await json('--chip', '4', ...region, '--export', at(file));
      const map = await json('--import', at(file), ...region);
      expect(map.supplies).toEqual(chip.supplies);
      expect(map.supplies[0].weak).toBeGreaterThan(20);
    }
    const cells = parseCsv(await readFile(at('map.csv'), 'utf8'));
    expect(Object.keys(cells[0]!)).toEqual(['bank', 'row', 'bit', 'failure_voltage_V', 'flip_probability']);
    for (const cell of cells) {
      expect(cell['bank']).toBe('2');
      expect(Number(cell['row'])).toBeGreaterThanOrEqual(1024);
      expect(Number(cell['failure_voltage_V'])).toBeGreaterThan(1.06);
    }
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('compares maps: a lower supply contains a higher one, another chip does not', async () => {
    await sparkxd('errors', '--supply', '1.08', '--export', at('high.csv'));
    await sparkxd('errors', '--supply', '1.07', '--export', at('low.csv'));
    await sparkxd('errors', '--supply', '1.07', '--chip', '2', '--export', at('other.csv'));
    const nested = await json('compare', at('high.csv'), at('low.csv'), '--supply', '1.07');
    expect(nested.supplies[0]).toMatchObject({ firstInSecond: true, secondInFirst: false });
    const other = await sparkxd('errors', 'compare', at('low.csv'), at('other.csv'));
    expect(other.stdout).toContain('neither contains the other');
  });

  it('fits the model that made a map', async () => {
    await sparkxd('errors', '--model', '2', '--supply', '1.07', '--export', at('rows.wcm'));
    const { supplies } = await json('fit', at('rows.wcm'));
    expect(supplies[0].best).toBe(2);
    expect(supplies[0].models[2].spread.low).toBeLessThan(1.4);
    expect(supplies[0].models[2].spread.high).toBeGreaterThan(1.4);
  });

  it('explains the bits of a network that flip', async () => {
    const { flips, flipped_bits, bits } = await json(
      'explain',
      '--weights',
      'n400-mnist',
      '--supply',
      '1.05',
    );
    expect(bits).toBe(784 * 400 * 32);
    expect(flips.length).toBe(flipped_bits);
    expect(flipped_bits).toBeGreaterThan(0);
    for (const flip of flips) {
      expect(flip.neuron).toBeLessThan(400);
      expect(flip.input).toBeLessThan(784);
      expect(flip.read).not.toBe(flip.stored);
    }
  });

  it('draws the floor plan', async () => {
    await sparkxd('errors', '--supply', '1.06', '--picture', at('plan.svg'));
    const svg = await readFile(at('plan.svg'), 'utf8');
    expect(svg.startsWith('<svg')).toBe(true);
    expect(svg.match(/<title>bank \d, subarray \d+: \d+ weak cells/g)).toHaveLength(8 * 32);
  });

  it('adds retention errors', async () => {
    const base = ['--profile', 'voltron-c', '--member', 'C2', '--supply', '1.25', '--banks', '0'];
    const [cool, hot] = [
      await json(...base),
      await json(...base, '--refresh-interval', '2048', '--temperature', '70'),
    ];
    expect(cool.supplies[0].weak).toBe(0);
    expect(hot.supplies[0].weak).toBeGreaterThan(100);
  });
});

describe('what errors refuses', () => {
  it.each([
    [
      'a supply that was not measured',
      ['--supply', '1.0'],
      /outside the range of voltage profile sparkxd, 1.025 to 1.35 V/,
    ],
    ['a bank that is not there', ['--banks', '8'], /bank 8 is not in/],
    [
      'an unknown profile',
      ['--profile', 'sparkdx'],
      /unknown voltage profile "sparkdx"[\s\S]*did you mean sparkxd\?/,
    ],
    ['retention without data', ['--refresh-interval', '64'], /has no retention data/],
    ['a temperature alone', ['--temperature', '50'], /without a refresh interval/],
    ['a map that is not there', ['--import', '/nowhere/map.csv'], /cannot read the weak-cell map/],
    ['an unwritable export', ['--banks', '0', '--export', '/proc/map.csv'], /cannot write the weak-cell map/],
  ])('%s', async (_, args, what) => {
    const ran = await sparkxd('errors', ...args);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(what);
    expect(isRefusal(ran)).toBe(true);
  });

  it('a map for another geometry', async () => {
    await writeFile(at('wide.csv'), 'bank,row,bit,failure_voltage_V\n0,0,32768,1.1\n');
    const ran = await sparkxd('errors', '--import', at('wide.csv'));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/wide.csv:2/);
    expect(ran.stderr).toMatch(/bit 32768 is outside the memory/);
    expect(isRefusal(ran)).toBe(true);
  });

  it.each([
    ['a model that EDEN does not have', ['--model', '4']],
    ['a probability above 1', ['--flip', '1.5']],
    ['rows backwards', ['--rows', '9:3']],
    ['an unknown sub-command', ['frobnicate']],
  ])('%s, as a usage error', async (_, args) => {
    expect((await sparkxd('errors', ...args)).code).toBe(2);
  });
});
