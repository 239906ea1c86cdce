import type { Chart, ChartControl, ChartSpec } from './chart-parts.ts';
import { withoutControls } from './markup.ts';
import { createShownNames } from './shown-names.ts';

type Row = Readonly<Record<string, unknown>>;
type RowsOf = (rows: readonly Row[]) => readonly Row[];

/** Charts and choices of a page, and the whole name of each that is cut, by what is shown. */
export interface ShownCharts {
  readonly charts: readonly Chart[];
  readonly controls: readonly ChartControl[];
  readonly whole: ReadonlyMap<string, string>;
}

/**
 * Charts and choices with the names in their data as a page shows them, the same name alike in all. Charts that share
 * rows still do. `whole` has the whole name of each that is cut, by what is shown.
 */
export function withShownNames(charts: readonly Chart[], controls: readonly ChartControl[]): ShownCharts {
  const names = new Map<string, string>();
  const shown = createShownNames(names);
  const tables = new Map<readonly Row[], readonly Row[]>();
  const rowsOf: RowsOf = (rows) => {
    const table = tables.get(rows) ?? rows.map((row) => shownRow(row, shown));
    tables.set(rows, table);
    return table;
  };
  const shownCharts = charts.map((chart) => ({ ...chart, spec: withRows(chart.spec, rowsOf) }));
  const shownControls = controls.map((control) => ({ ...control, values: control.values.map(shown) }));
  const cut = [...names].filter(([name, text]) => text !== withoutControls(name));
  return {
    charts: shownCharts,
    controls: shownControls,
    whole: new Map(cut.map(([name, text]) => [text, withoutControls(name)])),
  };
}

/** One chart with the names in its data as a picture shows them. */
export function specWithShownNames(spec: ChartSpec): ChartSpec {
  const shown = createShownNames();
  return withRows(spec, (rows) => rows.map((row) => shownRow(row, shown)));
}

/** A chart whose parts have data of their own has none itself. */
function withRows(spec: ChartSpec, rowsOf: RowsOf): ChartSpec {
  const { values } = (spec['data'] ?? {}) as { readonly values?: readonly Row[] };
  return values === undefined ? spec : { ...spec, data: { values: rowsOf(values) } };
}

function shownRow(row: Row, shown: (name: string) => string): Row {
  const copy: Record<string, unknown> = { ...row };
  for (const field of Object.keys(row)) {
    const value = row[field];
    if (typeof value === 'string') copy[field] = shown(value);
  }
  return copy;
}
