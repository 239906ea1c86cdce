import type { RunRow } from '../results/tables.ts';
import { type Chart, FADE, MAPPING, PICK, SCHEMA, tooltip, WIDTH } from './chart-parts.ts';
import { observedBerAxis } from './observed-ber.ts';

/** Accuracy against the bit error rate that was observed in the weights; undefined where no bit was wrong. */
export function berChart(rows: readonly RunRow[]): Chart | undefined {
  const axis = observedBerAxis(rows.map(({ ber_observed }) => ber_observed));
  if (axis === undefined) return undefined;
  const values = rows.map((row) => ({ ...row, drawn_at: axis.drawnAt(row.ber_observed) }));
  const clean = rows[0]!.baseline_accuracy;
  const description = `Each point is one chip at one supply voltage: accuracy against the share of the stored bits that were read wrong, with its 95 % interval over images. The dashed line is the accuracy without errors.${axis.zeros} The tooltip has the rates expected where the weights lie and over the whole chip.`;
  const { x } = axis;
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
    headings: { drawn_at: 'drawn at' },
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
            x,
            y: { ...accuracy, field: 'accuracy_low' },
            y2: { field: 'accuracy_high' },
            color: MAPPING,
          },
        },
        {
          params: [PICK],
          mark: { type: 'point', filled: true, size: 50 },
          encoding: {
            x,
            y: { ...accuracy, field: 'accuracy' },
            color: MAPPING,
            opacity: FADE,
            tooltip: tooltip({
              supply_V: ['supply (V)', '.3f'],
              mapping: ['mapping'],
              chip: ['chip'],
              ber_observed: ['observed bit error rate', '.2e'],
              ber_placed: ['expected where the weights lie', '.2e'],
              ber_chip: ['expected over the chip', '.2e'],
              flipped_bits: ['wrong bits', ',.0f'],
              accuracy: ['accuracy', '.2%'],
            }),
          },
        },
      ],
    },
  };
}
