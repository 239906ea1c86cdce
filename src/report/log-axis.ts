/** Most labels of decades on one axis. */
const MOST_LABELS = 10;

/** A logarithmic axis that has a place for zero, and the members of an encoding that draw it. */
export interface LogAxis {
  /** Where a value is drawn: itself, or for zero one decade below the least decade that is shown. */
  readonly drawnAt: (value: number) => number;
  readonly scale: Readonly<Record<string, unknown>>;
  readonly axis: Readonly<Record<string, unknown>>;
}

/**
 * The axis of values that are zero or positive; `format` (of d3) writes the decades, and "0" stands where zeros are drawn.
 * Undefined where no value is positive: then there is nothing to spread.
 */
export function logAxis(values: readonly number[], format: string): LogAxis | undefined {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return undefined;
  const least = positive.reduce((a, b) => Math.min(a, b));
  const most = positive.reduce((a, b) => Math.max(a, b));
  const low = Math.floor(Math.log10(least));
  const high = Math.max(Math.ceil(Math.log10(most)), low + 1);
  const hasZero = positive.length < values.length;
  const zeroAt = decade(low - 1);
  const step = Math.ceil((high - low + 1) / MOST_LABELS);
  const labels = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) =>
    decade(low + i * step),
  );
  const labelled = hasZero ? [zeroAt, ...labels] : labels;
  return {
    drawnAt: (value) => (value > 0 ? value : zeroAt),
    scale: { type: 'log', domain: [labelled[0], decade(high)], nice: false, padding: 8 },
    axis: {
      values: labelled,
      ...(hasZero
        ? { labelExpr: `datum.value < ${decade(low)} / 2 ? '0' : format(datum.value, '${format}')` }
        : { format }),
    },
  };
}

/** Says where zeros are drawn on a logarithmic axis, if there are any: "the 3 points without a wrong bit stand at its end". */
export function zerosInWords({ drawnAt }: LogAxis, values: readonly number[], standing: string): string {
  const zeros = values.filter((value) => drawnAt(value) !== value).length;
  return zeros === 0 ? '' : ` The axis is logarithmic; the ${zeros} ${standing} at its end, marked 0.`;
}

/** A power of ten, exactly as it is written. */
const decade = (exponent: number): number => Number(`1e${exponent}`);
