import { EXACT_FRACTION } from './accuracy-axis.ts';
import {
  accuracyIntervals,
  accuracyPoints,
  type BoundRow,
  mappingLegend,
  pointTips,
  severalChips,
} from './accuracy-charts.ts';
import { BOUND_IN_WORDS, boundRules } from './bound-rules.ts';
import { type Chart, SCHEMA, WIDTH } from './chart-parts.ts';
import { observedBerAxis } from './observed-ber.ts';
import { seriesLook } from './series-look.ts';

/** Accuracy against the bit error rate that was observed in the weights; undefined where no bit was wrong. */
export function berChart(rows: readonly BoundRow[]): Chart | undefined {
  const axis = observedBerAxis(rows.map(({ ber_observed }) => ber_observed));
  if (axis === undefined) return undefined;
  const values = rows.map((row) => ({ ...row, drawn_at: axis.drawnAt(row.ber_observed) }));
  const look = seriesLook(mappingLegend(rows));
  const bound = rows[0]!.required === undefined ? '' : `, ${BOUND_IN_WORDS}`;
  const description = `Each point is ${severalChips(rows) ? 'one chip at one' : 'one'} supply voltage: accuracy against the share of the stored bits that were read wrong, with its 95 % interval over images. The dashed line is the accuracy without errors${bound}.${axis.zeros} The tooltip has the rates expected where the weights lie and over the whole chip.`;
  const { x } = axis;
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
        ...boundRules(rows, 'baseline_accuracy'),
        accuracyIntervals(x, look),
        accuracyPoints(x, look, {
          ...pointTips(rows),
          ber_observed: ['observed bit error rate', '.2e'],
          ber_placed: ['expected where the weights lie', '.2e'],
          ber_chip: ['expected over the chip', '.2e'],
          flipped_bits: ['wrong bits', ',.0f'],
          accuracy: ['accuracy (fraction)', EXACT_FRACTION],
        }),
      ],
    },
  };
}
