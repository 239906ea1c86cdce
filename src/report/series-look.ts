/** How the series of a field look where they may coincide: large rings around small, whole lines below broken ones. */
export interface SeriesLook {
  /** Of points, drawn hollow. */
  readonly point: Readonly<Record<string, unknown>>;
  readonly line: Readonly<Record<string, unknown>>;
  /** Of the intervals behind points. */
  readonly interval: Readonly<Record<string, unknown>>;
}

/** Marks of points: hollow, so that what lies below shows. */
export const HOLLOW = { type: 'point', filled: false, strokeWidth: 1.8 } as const;

const SIZES = [150, 50, 95, 22];
const WIDTHS = [3.5, 1, 2.2, 0.6];
const DASHES = [
  [1, 0],
  [6, 4],
  [2, 3],
  [9, 3, 2, 3],
];

/** A channel of colours, with its legend (null for none). */
type ColourChannel = {
  readonly field: string;
  readonly title: string;
  readonly sort?: null;
  readonly legend?: Readonly<Record<string, unknown>> | null;
};

/**
 * The channels that tell the values of a field apart beside colour. One legend has them all, where they have the title of
 * `color`. `shape` is another field that shapes tell apart.
 */
export function seriesLook(color: ColourChannel, shape: ColourChannel = color): SeriesLook {
  // An order of sizes means nothing here; the ordinal type only keeps Vega-Lite from saying so.
  const channel = (of: ColourChannel, range: readonly unknown[], type = 'ordinal') => ({
    ...{ ...of, type },
    scale: { range },
  });
  const width = channel(color, WIDTHS);
  return {
    point: { color, shape, size: channel(color, SIZES) },
    line: { color, strokeWidth: width, strokeDash: channel(shape, DASHES, 'nominal') },
    interval: { color, strokeWidth: width },
  };
}
