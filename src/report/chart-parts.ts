import { escapeControls } from '../errors/printable.ts';

/** A Vega-Lite 6 specification; plain data. */
export type ChartSpec = Readonly<Record<string, unknown>>;

/** A chart of the report with what it shows, in words, for readers and screen readers. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly spec: ChartSpec;
  /** Headings of the table of its data, for fields that are not called what a reader knows. */
  readonly headings?: Readonly<Record<string, string>>;
}

/** A choice of the reader's that every chart obeys; the empty value, always there, is all. */
export interface ChartControl {
  /** Sets a parameter of the charts; or picks a value of a field, as a click on it in a legend does. */
  readonly does: { readonly parameter: string } | { readonly picks: string };
  readonly label: string;
  /** What the empty value is called; "all" by default. */
  readonly none?: string;
  readonly values: readonly string[];
}

export const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Width of what a chart draws; a page and a picture give it another one. */
export const WIDTH = 560;
/** The same of one of two panels beside each other, and of a chart that has the page for itself. */
export const PANEL = 400;
export const PAGE = 800;

export const SUPPLY = {
  field: 'supply_V',
  type: 'quantitative',
  title: 'supply voltage (V)',
  scale: { zero: false, nice: false, reverse: true, padding: 12 },
} as const;

/** Most supplies that are written below an axis each; with more the axis has round numbers. */
const MOST_SUPPLIES = 9;

/** The axis of supplies, with a number at each supply that was simulated. */
export function supplyAxis(rows: readonly { readonly supply_V: unknown }[]): typeof SUPPLY {
  const values = [...new Set(rows.map(({ supply_V }) => supply_V))];
  const axis = { values, format: '.6~g', labelOverlap: 'greedy' };
  return values.length > MOST_SUPPLIES ? SUPPLY : { ...SUPPLY, ...{ axis } };
}

export const MAPPING = { field: 'mapping', type: 'nominal', title: 'mapping' } as const;

/** Clicking a mapping in a legend fades the others, in every chart (page-script.ts). */
export const PICK = {
  name: 'picked',
  select: { type: 'point', fields: ['mapping'] },
  bind: 'legend',
} as const;
export const FADE = { condition: { param: 'picked', value: 1 }, value: 0.15 } as const;

/** Names that Vega takes for an object's own, or refuses as keys. */
const REFUSED_KEYS: readonly string[] = [...Object.getOwnPropertyNames(Object.prototype), 'then'];

/** A title that may be anything, for an axis or a legend. */
export const guideTitle = (title: string): string =>
  escapeControls(REFUSED_KEYS.includes(title) ? `"${title}"` : title);

/**
 * The same for a channel or a tooltip: Vega-Lite puts these titles into expressions, as keys and as strings in which it
 * escapes quotation marks alone.
 */
export const expressionTitle = (title: string): string => guideTitle(title).replaceAll('\\', '\\\\');

/** A row's value in a Vega expression, whatever the field is called. */
export const datumField = (field: string): string => `datum[${JSON.stringify(field)}]`;

/** Encodings of a tooltip: titles, and formats of numbers. */
export const tooltip = (fields: Readonly<Record<string, readonly [string, string?]>>) =>
  Object.entries(fields).map(([field, [title, format]]) => ({
    field,
    title: expressionTitle(title),
    type: format === undefined ? 'nominal' : 'quantitative',
    ...(format === undefined ? {} : { format }),
  }));
