import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { savingStages, savingStepsChart } from '../../src/report/saving-steps.ts';
import type { RunRow } from '../../src/results/tables.ts';
import { runRow } from '../results/rows.ts';

const ACCURATE = 200;
const row = (supply: number, mapping: string, energy: number, meets = true): RunRow =>
  runRow({
    ...{ supply_V: supply, mapping, meets_bound: meets, dram_energy_per_inference_nJ: energy },
    inference_energy_saving_vs_nominal: 1 - energy / ACCURATE,
  });
const grid = [
  ...[row(1.35, 'baseline', 100), row(1.35, 'sparkxd', 96)],
  ...[row(1.1, 'baseline', 70, false), row(1.1, 'sparkxd', 66)],
  ...[row(1.025, 'baseline', 60, false), row(1.025, 'sparkxd', 55, false)],
];

describe('the steps of a saving', () => {
  it('lead from FP32 on accurate DRAM over storage and supply to the mapping of the cheapest point within the bound', () => {
    const { stages, meetsBound } = savingStages(grid);
    expect(meetsBound).toBe(true);
    expect(stages.map(({ name }) => name.replaceAll('\n', ' '))).toEqual([
      ...['accurate DRAM, FP32', 'as stored at 1.35 V', 'supply 1.1 V', 'mapping sparkxd'],
    ]);
    expect(stages.map(({ energy }) => energy)).toEqual(
      [ACCURATE, 100, 70, 66].map((e) => expect.closeTo(e, 9)),
    );
  });

  it('leave out what changes nothing: FP32 in the baseline mapping at nominal supply is the accurate DRAM', () => {
    const plain = [row(1.35, 'baseline', ACCURATE), row(1.1, 'baseline', 150)];
    expect(savingStages(plain).stages.map(({ energy }) => energy)).toEqual([
      ACCURATE,
      expect.closeTo(150, 9),
    ]);
  });

  it('average chips, of which every one must meet the bound', () => {
    const rows = [row(1.35, 'baseline', 100), row(1.1, 'baseline', 60), row(1.1, 'baseline', 80, false)];
    expect(savingStages(rows).stages.map(({ energy }) => energy)).toEqual([ACCURATE, 100]);
    const all = rows.map((one) => ({ ...one, meets_bound: false }));
    expect(savingStages(all)).toMatchObject({ meetsBound: false });
    expect(savingStages(all).stages.at(-1)!.energy).toBe(70);
  });

  it('are bars that hang where the one before ends, and say the whole saving', () => {
    const chart = savingStepsChart(grid)!;
    expect(chart.description).toContain('67.00 % less');
    const { values } = chart.spec['data'] as { values: { low: number; high: number; kind: string }[] };
    expect(values.map(({ kind }) => kind)).toEqual(['whole', 'saved', 'saved', 'saved', 'whole']);
    for (let i = 1; i < values.length - 1; i++)
      expect(values[i]!.high).toBeCloseTo(i === 1 ? ACCURATE : values[i - 1]!.low, 9);
    expect(values.at(-1)).toMatchObject({ low: 0, high: expect.closeTo(66, 9) });
    expect(compile(chart.spec as never).spec.marks).toHaveLength(2);
  });

  it('are not drawn for rows whose saving leaves no accurate energy to begin from', () => {
    expect(savingStepsChart([runRow({ inference_energy_saving_vs_nominal: 1 })])).toBeUndefined();
  });
});
