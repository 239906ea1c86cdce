import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { gunzipSync, strFromU8 } from 'fflate';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from '../../src/report/html-report.ts';
import { runReport } from '../../src/report/run-report.ts';
import { sweepControls } from '../../src/report/sweep-axes.ts';
import { sweepCharts } from '../../src/report/sweep-charts.ts';
import { markFront, type SweepGroup, type SweepRow, sweepGroups } from '../../src/report/sweep-groups.ts';
import { RUN_TABLE } from '../../src/results/tables.ts';
import { fileColumns, type Row, writeRows } from '../../src/results/write-rows.ts';
import { runRow } from '../results/rows.ts';

const row = (network: string, supply: number, mapping: string, chip: number): SweepRow => ({
  ...runRow({
    ...{ network, supply_V: supply, mapping, chip, accesses: 1000, row_misses: 5, row_conflicts: 2 },
    ...{ accuracy: supply - 0.4 + chip / 100, accuracy_low: supply - 0.45, accuracy_high: supply - 0.35 },
    dram_energy_per_inference_nJ: supply * supply * (mapping === 'sparkxd' ? 90 : 100),
  }),
  ...{ axis_network: network, axis_supply: supply, axis_mapping: mapping, axis_chip: chip },
});
const rows = ['n400', 'n900'].flatMap((network) =>
  [1.3, 1.1].flatMap((supply) =>
    ['baseline', 'sparkxd'].flatMap((mapping) => [1, 2].map((chip) => row(network, supply, mapping, chip))),
  ),
);

describe('the groups of a sweep', () => {
  it('are the points that differ in chip only, with means, worst accuracy and outermost interval', () => {
    const { groups, axes, averaged } = sweepGroups(rows);
    expect([...axes.keys()]).toEqual(['axis_network', 'axis_supply', 'axis_mapping']);
    expect(averaged).toEqual(['axis_chip']);
    expect(groups).toHaveLength(8);
    expect(groups[0]).toMatchObject({
      points: 2,
      accuracy: 0.915,
      accuracy_worst: 0.91,
      dram_energy_per_inference_nJ: 169,
    });
    expect(groups[0]).toMatchObject({ accuracy_low: 0.85, accuracy_high: 0.95, 'row misses': 5 });
  });

  it('are never more than the limit: further axes are averaged over, supply and mapping last', () => {
    const { groups, averaged } = sweepGroups(rows, { limit: 4 });
    expect(averaged).toEqual(['axis_chip', 'axis_network']);
    expect(groups.map(({ points }) => points)).toEqual([4, 4, 4, 4]);
    expect(sweepGroups(rows, { limit: 1 }).groups).toHaveLength(1);
  });

  it('are on the front exactly if no other of the dataset is as good in both and better in one', () => {
    const group = fc
      .record({
        axis_dataset: fc.constantFrom('mnist', 'fashion'),
        dram_energy_per_inference_nJ: fc.integer({ min: 1, max: 6 }),
        accuracy_worst: fc.integer({ min: 1, max: 6 }),
      })
      .map(
        (drawn): SweepGroup => ({
          ...{ points: 1, supply_V: 1, accuracy: 1, accuracy_low: 1, accuracy_high: 1, baseline_accuracy: 1 },
          ...{ ber_chip: 0, ber_placed: 0, ber_observed: 0 },
          ...drawn,
        }),
      );
    fc.assert(
      fc.property(fc.array(group), (groups) => {
        const plain = groups.map(
          (a, i) =>
            !groups.some((b, j) => {
              if (b['axis_dataset'] !== a['axis_dataset'] || i === j) return false;
              if (
                b.dram_energy_per_inference_nJ > a.dram_energy_per_inference_nJ ||
                b.accuracy_worst < a.accuracy_worst
              )
                return false;
              return (
                b.dram_energy_per_inference_nJ < a.dram_energy_per_inference_nJ ||
                b.accuracy_worst > a.accuracy_worst ||
                j < i
              );
            }),
        );
        expect(markFront(groups).map(({ front }) => front)).toEqual(plain);
      }),
      { seed: 9 },
    );
  });
});

describe('the charts of a sweep', () => {
  const all = sweepGroups(rows);
  // A sweep of one point has no axes, one without supply has another axis across: all must be drawable.
  const shapes = [
    ['many axes', all],
    ['one point', sweepGroups(rows.slice(0, 1))],
    ['mappings alone', sweepGroups(rows.slice(0, 4))],
  ] as const;

  it.each(shapes)('compile without a warning: %s', (_, groups) => {
    for (const { spec, description } of sweepCharts(groups)) {
      const warnings: string[] = [];
      const note = (...said: unknown[]): object => {
        warnings.push(said.join(' '));
        return logger;
      };
      const quiet = (): object => logger;
      const logger = { level: quiet, error: note, warn: note, info: quiet, debug: quiet };
      compile(spec as never, { logger: logger as never });
      expect(warnings).toEqual([]);
      expect(description.length).toBeGreaterThan(40);
    }
  });

  it.each(['accuracy', 'energy', 'pareto'])('have a legend that takes a click: %s', (id) => {
    const { spec } = sweepCharts(all).find((chart) => chart.id === id)!;
    const [legend] = compile(spec as never).spec.legends!;
    expect(legend?.encode?.labels).toMatchObject({ interactive: true });
  });

  it('show what the controls choose, and all at first', async () => {
    const controls = sweepControls(all);
    expect(controls.map(({ label }) => label)).toEqual(['network', 'supply', 'mapping']);
    const pareto = sweepCharts(all).find(({ id }) => id === 'pareto')!;
    const view = new View(parse(compile(pareto.spec as never).spec), { renderer: 'none' });
    const points = async (): Promise<number> => {
      const svg = await (await view.runAsync()).toSVG();
      return svg.match(/aria-roledescription="point"/g)?.length ?? 0;
    };
    expect(await points()).toBe(8);
    const [network, supply] = controls.map(({ does }) => ('parameter' in does ? does.parameter : ''));
    view.signal(network!, 'n900').signal(supply!, '1.1');
    expect(await points()).toBe(2);
  });
});

describe('sparkxd report of a merged sweep', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sparkxd-report-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const write = async (merged: readonly Row[], manifest = '{"command": "sweep"}'): Promise<void> => {
    const axes = Object.keys(rows[0]!).filter((name) => name.startsWith('axis_'));
    const columns = fileColumns(RUN_TABLE, axes);
    await writeFile(join(folder, 'results.csv'), (await writeRows('csv', columns, merged)) as string);
    await writeFile(join(folder, 'manifest.json'), manifest);
  };

  it('is one file, the same each time, that asks nothing of the network', async () => {
    await write(rows);
    const first = await readFile((await runReport({ folder }))[0]!, 'utf8');
    expect(await readFile((await runReport({ folder }))[0]!, 'utf8')).toBe(first);
    const markup = first.replaceAll(/<script>[\s\S]*?<\/script>/g, '');
    expect(markup).not.toMatch(/(src|href)="(?!#|data:)/);
    expect(markup).toContain('16 points in 8 groups; axes: network, supply, mapping; averaged over: chip');
    expect(markup.match(/<select /g)).toHaveLength(3);
    expect(markup.match(/class="chart"/g)).toHaveLength(6);
    expect(markup.match(/<details class="data"/g)).toHaveLength(6);
  });

  it('stays under 3 MB for 1000 points', async () => {
    await write(Array.from({ length: 1000 }, (_, i) => row(`net${i}`, 1.1 + (i % 7) / 100, 'baseline', 1)));
    const html = await readFile((await runReport({ folder }))[0]!, 'utf8');
    expect(html.length).toBeLessThan(3_000_000);
  });

  it('offers a large CSV compressed, whole', () => {
    const csv = 'supply_V,accuracy\r\n'.repeat(40_000);
    const numbers = { says: '', table: { columns: [], rows: [] } };
    const html = reportPage({
      ...{ title: 't', summary: [], charts: [], numbers, csv, manifest: '{}', scripts: [] },
    });
    const packed = /results\.csv\.gz" href="data:application\/gzip;base64,([^"]+)"/.exec(html)![1]!;
    expect(strFromU8(gunzipSync(Buffer.from(packed, 'base64')))).toBe(csv);
    expect(html.length).toBeLessThan(csv.length / 10);
  });

  it('refuses what is not a merged sweep, naming file and line', async () => {
    await write([rows[0]!, { ...rows[1]!, accuracy: undefined }]);
    await expect(runReport({ folder })).rejects.toThrow(/no number in the column accuracy\n.*results\.csv:3/);
    await write([]);
    await expect(runReport({ folder })).rejects.toThrow(/no results/);
    await write(rows, '{"command": "train"}');
    await expect(runReport({ folder })).rejects.toThrow(/not the manifest of a sparkxd run or sweep/);
    await writeFile(join(folder, 'manifest.json'), '{"command": "sweep"}');
    const text = await readFile(join(folder, 'results.csv'), 'utf8');
    await writeFile(join(folder, 'results.csv'), text.replace('axis_network', 'network_axis'));
    await expect(runReport({ folder })).rejects.toThrow(/columns .*"network_axis"\n.*results\.csv:1/);
  });
});
