/** How fractions are written along an axis, and under the pointer. */
export const FRACTION = '.3~f';
export const EXACT_FRACTION = '.4~f';

/**
 * The axis of accuracies: fractions, as in the CSV file. It begins where the data do and ends at a round number, which is
 * never above 1: room in pixels would end it at 1.005.
 */
export const ACCURACY = {
  type: 'quantitative',
  title: 'accuracy (fraction)',
  scale: { zero: false, nice: true },
  axis: { format: FRACTION },
} as const;
