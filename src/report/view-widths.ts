import type { ChartSpec } from './chart-parts.ts';

type Views = readonly ChartSpec[];
const isStep = (width: unknown): width is { readonly step: number } =>
  typeof width === 'object' && width !== null && 'step' in width;

/** The views inside a view. */
const INSIDE = ['layer', 'vconcat', 'hconcat', 'concat'] as const;

/**
 * A chart whose views have other widths: `of` says the width in pixels of a view, or of one bar or cell of a view that has
 * a width for each. Widths of marks and views that say none stay.
 */
export function withWidths(view: ChartSpec, of: (width: number, each: boolean) => number): ChartSpec {
  const { width } = view;
  const own =
    typeof width === 'number'
      ? { width: of(width, false) }
      : isStep(width)
        ? { width: { step: of(width.step, true) } }
        : {};
  const inside = INSIDE.flatMap((name) =>
    view[name] === undefined ? [] : [[name, (view[name] as Views).map((part) => withWidths(part, of))]],
  );
  const repeated = view['spec'] === undefined ? {} : { spec: withWidths(view['spec'] as ChartSpec, of) };
  return { ...view, ...own, ...Object.fromEntries(inside), ...repeated };
}

/** The legends of a chart below it, in so many columns; what is no legend stays, and so does none. */
export function withLegendColumns(spec: ChartSpec, columns: number): ChartSpec {
  const walked = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => walked(one, ''));
    if (typeof value !== 'object' || value === null) return value;
    const parts = Object.entries(value).flatMap(([name, part]) =>
      name === 'data' ? [[name, part]] : [[name, walked(part, name)]],
    );
    const copy = Object.fromEntries(parts) as ChartSpec;
    return key === 'legend' ? { ...copy, orient: 'bottom', direction: 'horizontal', columns } : copy;
  };
  return walked(spec, '') as ChartSpec;
}
