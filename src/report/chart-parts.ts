/** A Vega-Lite 6 specification; plain data. */
export type ChartSpec = Readonly<Record<string, unknown>>;

/** A chart of the report with what it shows, in words, for readers and screen readers. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly spec: ChartSpec;
}

export const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';
export const WIDTH = 560;

export const SUPPLY = {
  field: 'supply_V',
  type: 'quantitative',
  title: 'supply voltage (V)',
  scale: { zero: false, reverse: true, padding: 12 },
} as const;
export const MAPPING = { field: 'mapping', type: 'nominal', title: 'mapping' } as const;

/** Clicking a mapping in a legend fades the others, in every panel of the chart. */
export const PICK = {
  name: 'picked',
  select: { type: 'point', fields: ['mapping'] },
  bind: 'legend',
} as const;
export const FADE = { condition: { param: 'picked', value: 1 }, value: 0.15 } as const;

/** Encodings of a tooltip: titles, and formats of numbers. */
export const tooltip = (fields: Readonly<Record<string, readonly [string, string?]>>) =>
  Object.entries(fields).map(([field, [title, format]]) => ({
    field,
    title,
    type: format === undefined ? 'nominal' : 'quantitative',
    ...(format === undefined ? {} : { format }),
  }));
