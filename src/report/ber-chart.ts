import type { ResultRow } from '../results/result-columns.ts';
import { type Chart, FADE, MAPPING, PICK, SCHEMA, tooltip, WIDTH } from './chart-parts.ts';

/** Rates below this leave no wrong bit in weights of any size here, and would stretch the axis over nothing. */
const LEAST = 1e-9;

/** Accuracy against the bit error rate of the weights; undefined where no point has errors. */
export function berChart(rows: readonly ResultRow[]): Chart | undefined {
  const values = rows
    .filter(({ ber }) => (ber as number) >= LEAST)
    .map(({ supply_V, mapping, chip, ber, flipped_bits, accuracy, accuracy_low, accuracy_high }) => ({
      ...{ supply_V, mapping, chip, ber, flipped_bits, accuracy, accuracy_low, accuracy_high },
    }));
  if (values.length === 0) return undefined;
  const clean = rows[0]!.baseline_accuracy;
  const description =
    'Each point is one chip at one supply voltage: accuracy against the share of weight bits in failing cells, with its 95 % interval over images. The dashed line is the accuracy without errors; rates below 1e-9 are left out.';
  const ber = {
    field: 'ber',
    type: 'quantitative',
    title: 'bit error rate of the weights',
    scale: { type: 'log', padding: 12 },
    axis: { format: '.0e' },
  };
  const accuracy = {
    type: 'quantitative',
    title: 'accuracy',
    scale: { zero: false },
    axis: { format: '.1%' },
  };
  return {
    id: 'ber',
    title: 'Accuracy against bit errors',
    description,
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      width: WIDTH,
      height: 240,
      layer: [
        {
          mark: { type: 'rule', strokeDash: [4, 4] },
          encoding: { y: { datum: clean, type: 'quantitative' } },
        },
        {
          mark: { type: 'rule' },
          encoding: {
            x: ber,
            y: { ...accuracy, field: 'accuracy_low' },
            y2: { field: 'accuracy_high' },
            color: MAPPING,
          },
        },
        {
          params: [PICK],
          mark: { type: 'point', filled: true, size: 50 },
          encoding: {
            x: ber,
            y: { ...accuracy, field: 'accuracy' },
            color: MAPPING,
            opacity: FADE,
            tooltip: tooltip({
              supply_V: ['supply (V)', '.3f'],
              mapping: ['mapping'],
              chip: ['chip'],
              ber: ['bit error rate', '.2e'],
              flipped_bits: ['wrong bits', ',.0f'],
              accuracy: ['accuracy', '.2%'],
            }),
          },
        },
      ],
    },
  };
}
