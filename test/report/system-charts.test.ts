import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import type { Chart } from '../../src/report/chart-parts.ts';
import { joinedWindows } from '../../src/report/joined-windows.ts';
import { systemCharts } from '../../src/report/system-charts.ts';
import { systemRows, TRAFFIC, WRITING } from './system-rows.ts';

const ALL = [
  ...['system-bandwidth', 'system-cores-over-time', 'system-cores', 'system-waits'],
  ...['system-latency', 'system-energy'],
];
const idsOf = (charts: readonly Chart[]): string[] => charts.map(({ id }) => id);
const valuesOf = <T>(charts: readonly Chart[], id: string): T[] =>
  (charts.find((chart) => chart.id === id)!.spec['data'] as { values: T[] }).values;

interface Block {
  from_us: number;
  source: string;
  bandwidth_GBps: number;
  low: number;
  high: number;
}

describe('the charts of a system', () => {
  it.each([1, 4, 16])('are drawn without a warning, of %i cores', async (cores) => {
    const charts = systemCharts(systemRows(cores, 30));
    expect(idsOf(charts)).toEqual(cores > 8 ? ALL.filter((id) => id !== 'system-cores-over-time') : ALL);
    for (const { spec, title, description } of charts) {
      const warnings: string[] = [];
      const note = (...said: unknown[]): object => {
        warnings.push(said.join(' '));
        return logger;
      };
      const quiet = (): object => logger;
      const logger = { level: quiet, error: note, warn: note, info: quiet, debug: quiet };
      const compiled = compile(spec as never, { logger: logger as never }).spec;
      const svg = await new View(parse(compiled), { renderer: 'none' }).toSVG();
      expect(warnings).toEqual([]);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(title).toMatch(/^System: /);
      expect(description.length).toBeGreaterThan(60);
    }
  });

  it('are those of the files that are there', () => {
    const { sources, activity, waits } = systemRows(4, 5);
    expect(systemCharts({})).toEqual([]);
    expect(idsOf(systemCharts({ activity }))).toEqual(ALL.slice(0, 2));
    expect(idsOf(systemCharts({ waits }))).toEqual(['system-waits']);
    expect(idsOf(systemCharts({ sources }))).toEqual(['system-cores', 'system-latency', 'system-energy']);
  });

  it('stack the bandwidths of a window, and say the peak', () => {
    const charts = systemCharts(systemRows(4, 5));
    const blocks = valuesOf<Block>(charts, 'system-bandwidth');
    const last = blocks.filter(({ from_us }) => from_us === 40);
    expect(last.map(({ source }) => source)).toEqual([
      'core 0',
      'core 1',
      'core 2',
      'core 3',
      TRAFFIC,
      WRITING,
    ]);
    let below = 0;
    for (const { low, high, bandwidth_GBps } of last) {
      expect(low).toBe(below);
      expect(high - low).toBeCloseTo(bandwidth_GBps, 12);
      below = high;
    }
    expect(below).toBeCloseTo(5 * 0.8, 12);
    expect(charts[0]!.description).toMatch(/windows of 10 us.*peak of the memory, 12\.8 GB\/s/);
    const many = valuesOf<Block>(systemCharts(systemRows(16, 5)), 'system-bandwidth');
    expect(many.filter(({ from_us }) => from_us === 40).map(({ source, high }) => [source, high])).toEqual([
      ['16 cores', expect.closeTo(12.8, 9)],
      [TRAFFIC, expect.closeTo(13.6, 9)],
      [WRITING, expect.closeTo(13.6, 9)],
    ]);
  });

  it('join windows where a picture has no room for all, and lose nothing', () => {
    const rows = systemRows(1, 1001).activity.filter(({ source }) => source === 'core 0');
    const joined = joinedWindows(rows, 240);
    expect(joined.length).toBe(Math.ceil(1001 / 5));
    const total = (all: typeof rows, of: (row: (typeof rows)[number]) => number): number =>
      all.reduce((sum, row) => sum + of(row) * (row.to_us - row.from_us), 0);
    expect(total(joined, (row) => row.bandwidth_GBps)).toBeCloseTo(
      total(rows, (row) => row.bandwidth_GBps),
      6,
    );
    expect(total(joined, (row) => row.wait_dram!)).toBeCloseTo(
      total(rows, (row) => row.wait_dram!),
      6,
    );
    expect(joined.at(-1)!.to_us).toBe(10010);
    expect(joinedWindows(rows, 1001)).toEqual(rows);
  });

  it('fill the time of a core, and the waiting of a core', () => {
    for (const cores of [4, 16]) {
      const charts = systemCharts(systemRows(cores, 5));
      const waits = valuesOf<{ core: string; source: string; share: number }>(charts, 'system-waits');
      const own = waits.filter(({ core }) => core === 'core 3');
      expect(own.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(own.map(({ source }) => source).toSorted()).toEqual(
        [
          ...(cores > 8 ? ['itself', 'other cores'] : ['core 0', 'core 1', 'core 2', 'core 3']),
          ...[TRAFFIC, WRITING, 'no data'],
        ].toSorted(),
      );
      if (cores > 8) continue;
      const parts = valuesOf<{ core: string; from_us: number; part: string; share: number }>(
        charts,
        'system-cores-over-time',
      );
      const window = parts.filter(({ core, from_us }) => core === 'core 3' && from_us === 20);
      expect(window.map(({ part, share }) => [part, share])).toEqual([
        ['busy', 0.25],
        ['waiting for DRAM', 0.5],
        ['waiting for spikes', 0.125],
        ['idle', 0.125],
      ]);
    }
  });

  it('name what all share, and leave out sources without requests', () => {
    const { sources, ...rows } = systemRows(2, 3);
    const silent = sources.map((row) => (row.source === 'core 1' ? { ...row, requests: 0 } : row));
    const charts = systemCharts({ ...rows, sources: silent });
    const energy = valuesOf<{ run: string; part: string; amount: number }>(charts, 'system-energy');
    expect([...new Set(energy.map(({ run }) => run))].at(-1)).toBe('shared by all');
    expect(energy.reduce((sum, { amount }) => sum + amount, 0)).toBe(4 * 10 + 11);
    const latency = valuesOf<{ source: string; latency_ns: number }>(charts, 'system-latency');
    expect([...new Set(latency.map(({ source }) => source))]).toEqual(['core 0', TRAFFIC, WRITING]);
  });
});
