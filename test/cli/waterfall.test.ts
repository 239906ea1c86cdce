import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal, parseCsv, sparkxd } from './program.ts';

const trace = new URL('../goldens/drampower41/LPDDR3-1600.B_act_8rd_pre.trace', import.meta.url).pathname;
let folder: string;
let results: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-'));
  results = join(folder, 'power.csv');
  expect((await sparkxd('power', trace, '--supply', '1.35,1.025', '--csv', results)).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

describe('sparkxd waterfall', () => {
  it('leads from one supply to another as data, as CSV and as a picture', async () => {
    const [csv, svg] = [join(folder, 'steps.csv'), join(folder, 'steps.svg')];
    const asked = ['--per', 'run', '--csv', csv, '--svg', svg, '--json'];
    const ran = await sparkxd('waterfall', `${results}:supply_V=1.35`, `${results}:supply_V=1.025`, ...asked);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const { from_pJ, to_pJ, steps } = JSON.parse(ran.stdout) as {
      from_pJ: number;
      to_pJ: number;
      steps: { term: string; change_pJ: number }[];
    };
    // DRAMPower 4.1's 19 119 pJ, but with the precharge over tRP: 18.75 ns for tRC - tRAS of 15 ns.
    expect(from_pJ).toBeCloseTo(19119 + 1107 * (18.75 / 15 - 1), 6);
    expect(1 - to_pJ / from_pJ).toBeCloseTo(1 - (1.025 / 1.35) ** 2, 6);
    expect(from_pJ + steps.reduce((sum, { change_pJ }) => sum + change_pJ, 0)).toBeCloseTo(to_pJ, 6);
    const rows = parseCsv(await readFile(csv, 'utf8'));
    expect(rows.map(({ term }) => term)).toEqual(steps.map(({ term }) => term));
    expect(await readFile(svg, 'utf8')).toMatch(/^<svg .*supply_V=1\.025.*<\/svg>\s*$/s);
  });

  it('refuses rows of several runs, unknown columns and runs that are not there', async () => {
    const one = `${results}:supply_V=1.35`;
    for (const [other, why] of [
      [results, /supply_V is 1\.35, 1\.025/],
      [`${results}:suply_V=1`, /did you mean supply_V/],
      [`${results}:supply_V=1.1`, /no row has supply_V = 1\.1/],
      [join(folder, 'none.csv'), /no such file/],
      [trace, /columns 1 and 3 are both called "0"/],
    ] as const) {
      const ran = await sparkxd('waterfall', one, other);
      expect(ran.code).toBe(1);
      expect(isRefusal(ran)).toBe(true);
      expect(ran.stderr).toMatch(why);
    }
    expect((await sparkxd('waterfall', one)).code).toBe(2);
  });
});

describe('sparkxd data-energy', () => {
  it("weighs the reads of a network's own bits", async () => {
    const ran = await sparkxd('data-energy', 'n400-mnist', '--format', 'fp32,int8', '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const { points } = JSON.parse(ran.stdout) as {
      points: {
        format: string;
        encoding: string;
        bursts: number;
        ones: number;
        read_energy_pJ: number;
        vendors: Record<string, { factor: number; read_energy_pJ: number }>;
      }[];
    };
    const of = (format: string, encoding: string) =>
      points.find((point) => point.format === format && point.encoding === encoding)!;
    expect(of('fp32', 'plain').bursts).toBe((784 * 400 * 4) / 32);
    expect(of('fp32', 'plain').read_energy_pJ).toBeCloseTo(39_200 * 1317, 3);
    expect(of('fp32', 'plain').ones + of('fp32', 'inverted').ones).toBeCloseTo(1, 9);
    for (const { read_energy_pJ, vendors } of points)
      for (const vendor of Object.values(vendors))
        expect(vendor.read_energy_pJ).toBeCloseTo(vendor.factor * read_energy_pJ, 3);
    for (const vendor of ['a', 'b', 'c'])
      expect(of('int8', 'plain').vendors[vendor]!.factor).toBeLessThan(
        of('fp32', 'plain').vendors[vendor]!.factor,
      );
  });

  it('refuses a device without energy, and a supply that it does not have', async () => {
    for (const more of [
      ['--device', 'lpddr5-6400'],
      ['--supply', '0.9'],
    ]) {
      const ran = await sparkxd('data-energy', 'n400-mnist', ...more);
      expect(ran.code).toBe(1);
      expect(isRefusal(ran)).toBe(true);
    }
  });
});
