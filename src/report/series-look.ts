import type { ChartSpec } from './chart-parts.ts';

/** How the series of a field look where they may coincide: large rings around small, thin lines on thick. */
export interface SeriesLook {
  /** Transforms that lines and intervals need. */
  readonly ranks: readonly ChartSpec[];
  /** Of points, drawn hollow. */
  readonly point: Readonly<Record<string, unknown>>;
  readonly line: Readonly<Record<string, unknown>>;
  /** Of the intervals behind points. */
  readonly interval: Readonly<Record<string, unknown>>;
}

/** Marks of points: hollow, so that what lies below shows. */
export const HOLLOW = { type: 'point', filled: false, strokeWidth: 1.8 } as const;

/** Their legend is hollow, too. */
export const HOLLOW_LEGEND = { symbolFillColor: 'transparent' } as const;

const SIZES = [150, 50, 95, 22];
const LINE_WIDTHS = [3.5, 1, 2.2, 0.6];
const INTERVAL_WIDTHS = [2.4, 0.9, 1.6, 0.5];
const DASHES = [
  [1, 0],
  [6, 4],
  [2, 3],
  [9, 3, 2, 3],
];

/** A channel of colours or shapes, with its legend (null for none). */
type NamesChannel = {
  readonly field: string;
  readonly title: string;
  readonly sort?: null;
  readonly legend?: Readonly<Record<string, unknown>> | null;
};

/** Which of the values of a field a row has, from 1 on. */
const rankOf = (field: string, as: string): ChartSpec => ({
  window: [{ op: 'dense_rank', as }],
  sort: [{ field }],
});

/** A channel whose values go by a rank: unlike a scale it has no legend, which would merge into that of the points. */
const byRank = (rank: string, [first, ...others]: readonly unknown[]) => ({
  condition: others.map((value, i) => ({
    test: `datum.${rank} % ${others.length + 1} === ${(i + 2) % (others.length + 1)}`,
    value,
  })),
  value: first,
});

/**
 * The channels that tell the values of a field apart beside colour, which has the legend. `shape` is another field that
 * shapes and dashes tell apart.
 */
export function seriesLook(color: NamesChannel, shape: NamesChannel = color): SeriesLook {
  return {
    ranks: [rankOf(color.field, 'colour_rank'), rankOf(shape.field, 'shape_rank')],
    // An order of sizes means nothing here; the ordinal type only keeps Vega-Lite from saying so.
    point: { color, shape, size: { ...color, type: 'ordinal', scale: { range: SIZES } } },
    line: {
      ...{ color, strokeWidth: byRank('colour_rank', LINE_WIDTHS) },
      strokeDash: byRank('shape_rank', DASHES),
    },
    interval: { color, strokeWidth: byRank('colour_rank', INTERVAL_WIDTHS) },
  };
}
