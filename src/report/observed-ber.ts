import { logAxis, zerosInWords } from './log-axis.ts';

/** The axis along which accuracy is drawn against bit errors: those that were observed in the weights. */
export interface ObservedBerAxis {
  /** The encoding; marks have their place in the field `drawn_at`. */
  readonly x: Readonly<Record<string, unknown>>;
  readonly drawnAt: (rate: number) => number;
  /** Where points without a wrong bit stand, in words; empty where there are none. */
  readonly zeros: string;
}

/** The logarithmic axis of observed bit error rates, with a place marked 0; undefined where no bit was wrong. */
export function observedBerAxis(rates: readonly number[]): ObservedBerAxis | undefined {
  const axis = logAxis(rates, '.0e');
  if (axis === undefined) return undefined;
  return {
    x: {
      field: 'drawn_at',
      type: 'quantitative',
      title: 'observed bit error rate',
      scale: axis.scale,
      axis: axis.axis,
    },
    drawnAt: axis.drawnAt,
    zeros: zerosInWords(axis, rates, 'points without a wrong bit stand'),
  };
}
