import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { overTimeChart } from '../../src/report/over-time-chart.ts';
import type { OverTimeRow } from '../../src/results/tables.ts';

const rowsOf = (every: number | undefined, chip = 1): OverTimeRow[] =>
  [0, 1, 2, 4].map((from) => ({
    supply_V: 1.025,
    chip,
    rewrite_every: every,
    inferences_from: from,
    inferences_to: Math.max(from, 2 * from - 1),
    images: 8,
    accuracy: 0.75,
    accuracy_low: 0.4,
    accuracy_high: 0.9,
    wrong_bits_read_per_inference: 100 * from,
  }));

const linesOf = (files: Parameters<typeof overTimeChart>[0]): string[] => {
  const { values } = overTimeChart(files)!.spec['data'] as { values: { line: string }[] };
  return [...new Set(values.map(({ line }) => line))];
};

describe('the chart of accuracy since the weights were written', () => {
  it('is drawn without a warning, a point a block in both panels', async () => {
    const warnings: string[] = [];
    const note = (...said: unknown[]): object => {
      warnings.push(said.join(' '));
      return logger;
    };
    const quiet = (): object => logger;
    const logger = { level: quiet, error: note, warn: note, info: quiet, debug: quiet };
    const chart = overTimeChart([
      { name: 'a', rows: rowsOf(10) },
      { name: 'b', rows: rowsOf(undefined) },
    ])!;
    const { spec } = compile(chart.spec as never, { logger: logger as never });
    const svg = await new View(parse(spec), { renderer: 'none' }).toSVG();
    expect(warnings).toEqual([]);
    expect(svg).not.toMatch(/NaN|undefined|null/);
    expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(16);
    expect(chart.description).toMatch(/time and energy of these writes are not counted/);
  });

  it('has a line for each interval of writing, chip, and file where points repeat', () => {
    expect(linesOf([{ name: 'a', rows: rowsOf(10) }])).toEqual(['written every 10']);
    expect(linesOf([{ name: 'a', rows: [...rowsOf(undefined, 1), ...rowsOf(undefined, 2)] }])).toEqual([
      'written once, chip 1',
      'written once, chip 2',
    ]);
    expect(
      linesOf([
        { name: 'a', rows: rowsOf(10) },
        { name: 'b', rows: rowsOf(10) },
      ]),
    ).toEqual(['a, written every 10', 'b, written every 10']);
    expect(overTimeChart([])).toBeUndefined();
  });
});
