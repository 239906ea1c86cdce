import { fileColumns, writeRows } from '../results/write-rows.ts';
import type { RowFormat } from '../settings/row-formats.ts';
import { valueOn } from './axes.ts';
import type { SweepPoint } from './plan.ts';
import { type PointRow, type SweepHeader, tableOf } from './store.ts';

/** The files of a merged sweep. */
export interface MergedTable {
  readonly rows: number;
  readonly manifest: string;
  /** The rows in a form: all forms hold the same values. */
  write(form: RowFormat): Promise<string | Uint8Array>;
}

/** Results as `run` or `replay` writes them, with a column `axis_NAME` for each axis of the plan behind; and its manifest. */
export function mergedTable(
  header: SweepHeader,
  points: readonly SweepPoint[],
  rows: readonly PointRow[],
): MergedTable {
  const axes = axesOf(header);
  const columns = fileColumns(tableOf(header), axes.map(axisColumn));
  const whole = rows.map((row, i) => ({
    ...row,
    ...Object.fromEntries(axes.map((axis) => [axisColumn(axis), valueOn(points[i]!.settings, axis)])),
  }));
  return {
    rows: rows.length,
    manifest: `${JSON.stringify(header, null, 2)}\n`,
    write: (form) => writeRows(form, columns, whole),
  };
}

/** The axes of a sweep, in the plan's order. */
export const axesOf = ({ plan }: SweepHeader): string[] => Object.keys(plan.axes);

/** Column of results.csv that has an axis's value. */
export const axisColumn = (axis: string): string => `axis_${axis.replaceAll('-', '_')}`;
