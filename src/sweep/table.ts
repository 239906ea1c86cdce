import { RESULT_COLUMNS, type ResultColumn, type ResultRow } from '../results/result-columns.ts';
import { writeRows } from '../results/write-rows.ts';
import type { RowFormat } from '../settings/row-formats.ts';
import { type AxisName, valueOn } from './axes.ts';
import type { SweepPoint } from './plan.ts';
import type { SweepHeader } from './store.ts';

/** The files of a merged sweep. */
export interface MergedTable {
  readonly rows: number;
  readonly manifest: string;
  /** The rows in a form: all forms hold the same values. */
  write(form: RowFormat): Promise<string | Uint8Array>;
}

/** Results as `run` writes them, with a column `axis_NAME` for each axis of the plan behind; and its manifest. */
export function mergedTable(
  header: SweepHeader,
  points: readonly SweepPoint[],
  rows: readonly ResultRow[],
): MergedTable {
  const axes = axesOf(header);
  const columns: ResultColumn[] = [
    ...RESULT_COLUMNS,
    ...axes.map((axis) => ({ name: axisColumn(axis), unit: '', definition: `value of the axis ${axis}` })),
  ];
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
export const axesOf = ({ plan }: SweepHeader): AxisName[] => Object.keys(plan.axes) as AxisName[];

/** Column of results.csv that has an axis's value. */
export const axisColumn = (axis: AxisName): string => `axis_${axis.replaceAll('-', '_')}`;
