import { expressionTitle, FADE, guideTitle, SUPPLY, supplyAxis, WIDTH } from './chart-parts.ts';
import { nameLabels } from './name-labels.ts';
import type { Series } from './replay-axes.ts';
import { chipName, type TraceRow, tracesOf } from './replay-rows.ts';

/** What the charts of one replay have in common. */
export interface Common {
  /** The field that colours tell apart, if any: the trace where there are several, else the chip. */
  readonly colour: 'series' | 'chip' | undefined;
  readonly series: Series;
  /** Whether rows are of different chips. */
  readonly severalChips: boolean;
  /** Names that colours tell apart. */
  readonly names: readonly string[];
  /** The axis of supplies, with room for marks side by side. */
  readonly supply: Readonly<Record<string, unknown>>;
  /** Where a chip's marks stand beside the supply's place, pixels. */
  readonly slotOf: (row: TraceRow) => number;
}

/** More chips than these have one colour: a legend of them tells nobody anything. */
const MOST_COLOURS = 10;
/** Pixels between the marks of two chips at one supply, and between the first and the last, at most. */
const WIDEST_SLOT = 6;
const WIDEST_GROUP = 60;

/** What the charts of these rows have in common. */
export function commonOf(rows: readonly TraceRow[], series: Series): Common {
  const chips = [...new Set(rows.map(({ chip }) => chip))];
  const several = tracesOf(rows).length > 1;
  const colour = several ? 'series' : chips.length > 1 && chips.length <= MOST_COLOURS ? 'chip' : undefined;
  const supplies = [...new Set(rows.map(({ supply_V }) => supply_V))].sort((a, b) => a - b);
  const span = supplies.at(-1)! - supplies[0]!;
  const gaps = supplies.slice(1).map((supply, i) => supply - supplies[i]!);
  const nearest = gaps.length === 0 ? WIDTH : (gaps.reduce((a, b) => Math.min(a, b)) / span) * WIDTH;
  const lines = [...new Set(rows.map(lineOf))];
  const slot = Math.min(WIDEST_SLOT, Math.min(WIDEST_GROUP, nearest * 0.6) / lines.length);
  const room = 12 + Math.ceil(((lines.length - 1) / 2) * slot);
  return {
    colour,
    series,
    supply: { ...SUPPLY, ...supplyAxis(rows), scale: { ...SUPPLY.scale, padding: room } },
    severalChips: chips.length > 1,
    names: [...new Set(rows.map((row) => (colour === 'chip' ? chipName(row.chip) : series.of(row.trace))))],
    slotOf: (row) => Number(((lines.indexOf(lineOf(row)) - (lines.length - 1) / 2) * slot).toFixed(2)),
  };
}

const lineOf = ({ trace, chip }: TraceRow): string => JSON.stringify([trace, chip]);

/** What every row of these charts has. */
export const pointOf = (row: TraceRow, { slotOf, series }: Common) => ({
  supply_V: row.supply_V,
  trace: row.trace,
  series: series.of(row.trace),
  chip: chipName(row.chip),
  slot: slotOf(row),
});

/** Marks of the chips of one supply stand side by side. */
export const SIDE_BY_SIDE = { xOffset: { expr: 'datum.slot' } } as const;

export const coloured = ({ colour, series, names }: Common) =>
  colour === undefined
    ? {}
    : {
        color: {
          field: colour,
          type: 'nominal',
          title: expressionTitle(colour === 'chip' ? 'chip' : series.label),
          sort: null,
          legend: {
            title: guideTitle(colour === 'chip' ? 'chip' : series.label),
            ...(colour === 'chip' ? {} : { orient: 'bottom', columns: 2, ...nameLabels(names) }),
          },
        },
      };
export const faded = ({ colour }: Common) => (colour === undefined ? {} : { opacity: FADE });
/** The same for lines. An `opacity` of theirs would hide that of the points from the legend, which then takes no click. */
export const fadedLine = ({ colour }: Common) => (colour === undefined ? {} : { strokeOpacity: FADE });
/** Clicking an entry of the legend fades the others, in every chart (page-script.ts). */
export const pick = ({ colour }: Common) =>
  colour === undefined
    ? {}
    : { params: [{ name: 'picked', select: { type: 'point', fields: [colour] }, bind: 'legend' }] };
/** Joins the points of one chip on one trace. */
export const DETAIL = [
  { field: 'trace', type: 'nominal' },
  { field: 'chip', type: 'nominal' },
] as const;

/** Lines of a tooltip: whose mark it is. */
export const whose = ({ colour, severalChips }: Common): Readonly<Record<string, readonly [string]>> => ({
  ...(colour === 'series' ? { trace: ['trace'] as const } : {}),
  ...(severalChips ? { chip: ['chip'] as const } : {}),
});

export const HEADINGS = { slot: 'pixels beside the supply' } as const;
