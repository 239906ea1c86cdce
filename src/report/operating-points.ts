import { pinsOfRows } from '../results/pins-of-rows.ts';
import type { OperatingPointRow } from '../results/tables.ts';
import { ACCURACY, EXACT_FRACTION } from './accuracy-axis.ts';
import { type Chart, SCHEMA, tooltip, WIDTH } from './chart-parts.ts';

/** Accuracy of the worst chip against energy: the front, its knee and optimum, the bound, and the baseline. */
export function operatingPointChart(rows: readonly OperatingPointRow[], required: number): Chart {
  const description = `Operating points that no other beats in energy, latency and accuracy: accuracy of the worst chip on the validation images against DRAM energy of an inference (${pinsOfRows(rows)}), with the latency as size. The knee, the point of least energy within the bound (optimum) and the baseline (FP32, nominal supply, baseline mapping) are named; the rule is the accuracy required.`;
  const x = {
    field: 'dram_energy_per_inference_nJ',
    type: 'quantitative',
    title: 'DRAM energy of one inference (nJ)',
    scale: { zero: false, padding: 12 },
  };
  const y = {
    ...ACCURACY,
    field: 'accuracy_worst_chip',
    title: 'validation accuracy of the worst chip (fraction)',
  };
  const values = rows
    .filter(({ split }) => split !== 'test')
    .map((row) => ({
      ...row,
      mark: [row.point === 'baseline' && 'baseline', row.optimum && 'optimum', row.knee && 'knee']
        .filter(Boolean)
        .join(', '),
    }));
  return {
    id: 'operating-points',
    title: 'Operating points: energy, accuracy, latency',
    description,
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      width: WIDTH,
      height: 320,
      layer: [
        {
          data: { values: [{ required }] },
          mark: { type: 'rule', strokeDash: [4, 4] },
          encoding: { y: { field: 'required', type: 'quantitative' } },
        },
        {
          mark: { type: 'point', filled: true },
          encoding: {
            x,
            y,
            size: {
              field: 'latency_per_inference_ns',
              type: 'quantitative',
              title: 'latency (ns)',
              legend: { format: '~s' },
            },
            color: { field: 'supply_V', type: 'ordinal', title: 'supply (V)', scale: { scheme: 'viridis' } },
            shape: { field: 'point', type: 'nominal', title: 'point' },
            tooltip: tooltip({
              network: ['network'],
              weight_format: ['format'],
              repair: ['repair'],
              mapping: ['mapping'],
              timing: ['timing'],
              supply_V: ['supply (V)', '.3f'],
              accuracy_worst_chip: ['validation accuracy, worst chip (fraction)', EXACT_FRACTION],
              ber_observed: ['observed bit error rate', '.2e'],
              ber_chip: ['expected over the chip', '.2e'],
              inference_energy_saving_vs_nominal: ['saving (fraction)', EXACT_FRACTION],
            }),
          },
        },
        { mark: { type: 'text', dy: -12 }, encoding: { x, y, text: { field: 'mark' } } },
      ],
    },
  };
}
