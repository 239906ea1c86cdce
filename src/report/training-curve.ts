import type { CurveRow } from '../results/tables.ts';
import { FRACTION } from './accuracy-axis.ts';
import { type Chart, SCHEMA, WIDTH } from './chart-parts.ts';

/** Accuracy against the training images shown, a line a training. */
export function trainingCurveChart(curves: readonly (readonly CurveRow[])[]): Chart {
  const description =
    'Accuracy on the validation images against the training images shown so far (repetitions counted), a line a training; the band is the 95 % interval over images.';
  const values = curves.flatMap((points) =>
    points.map((point) => ({
      ...point,
      training: `N${point.neurons}, ${point.dataset}, seed ${point.seed}`,
    })),
  );
  const x = {
    field: 'presentations',
    type: 'quantitative',
    title: 'training images shown',
    scale: { type: 'log', nice: false },
    axis: { format: '~s', tickCount: 5 },
  };
  const accuracy = {
    type: 'quantitative',
    title: 'accuracy on validation images (fraction)',
    scale: { zero: false },
    axis: { format: FRACTION },
  };
  const color = { field: 'training', type: 'nominal', title: 'training' };
  return {
    id: 'training-curve',
    title: 'Accuracy against training images',
    description,
    spec: {
      $schema: SCHEMA,
      description,
      background: 'white',
      data: { values },
      width: WIDTH,
      height: 320,
      layer: [
        {
          mark: { type: 'area', opacity: 0.2 },
          encoding: {
            x,
            y: { ...accuracy, field: 'accuracy_low' },
            y2: { field: 'accuracy_high' },
            color,
          },
        },
        {
          mark: { type: 'line', point: true },
          encoding: { x, y: { ...accuracy, field: 'accuracy' }, color },
        },
      ],
    },
  };
}
