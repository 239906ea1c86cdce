import type { Cell } from '../results/column.ts';
import { type TraceRow, tracesOf } from './replay-rows.ts';
import { createShownNames } from './shown-names.ts';

/** What tells the traces of a page apart: an axis of a sweep, or a column in which replays differ. */
export interface TraceAxis {
  /** The column. */
  readonly column: string;
  /** What charts and choices call it. */
  readonly label: string;
  /** Its field in the data of charts: a file may call an axis anything, a field may be called few things. */
  readonly field: string;
  /** Values in order of appearance. */
  readonly values: readonly string[];
  /** The value of a trace. */
  readonly of: ReadonlyMap<string, string>;
}

/** The supply is what charts are over; chips of one supply stand side by side or are averaged. */
const WITHIN_A_TRACE: readonly string[] = ['axis_supply', 'axis_chip'];

/** Columns that may tell the files of several replays apart. */
const COLUMNS = [
  'trace',
  'device',
  'mapping',
  'repair',
  'ecc',
  'weight_format',
  'voltage_profile',
  'timing',
  'temperature_C',
  'energy_model',
] as const;

/** The axes in which the traces of these rows differ: those of the sweep, or else columns, of which the trace is the first. */
export function traceAxes(rows: readonly TraceRow[]): TraceAxis[] {
  if (tracesOf(rows).length < 2) return [];
  const ofSweep = Object.keys(rows[0]!).filter((name) => name.startsWith('axis_'));
  const columns = ofSweep.length > 0 ? ofSweep.filter((name) => !WITHIN_A_TRACE.includes(name)) : COLUMNS;
  const shown = createShownNames();
  return columns
    .flatMap((column): Omit<TraceAxis, 'field'>[] => {
      const of = valuesOfTraces(rows, column);
      const values = of === undefined ? [] : [...new Set(of.values())];
      const label = column.replace(/^axis_/, '').replaceAll('_', '-') || 'axis without a name';
      return values.length > 1 ? [{ column, label: shown(label), values, of: of! }] : [];
    })
    .map((axis, i) => ({ ...axis, field: `axis_${i + 1}` }));
}

/** The value of each trace, undefined where a trace has several: then it does not tell traces apart. */
function valuesOfTraces(rows: readonly TraceRow[], column: string): Map<string, string> | undefined {
  const of = new Map<string, string>();
  for (const row of rows) {
    const value = String((row as Readonly<Record<string, Cell>>)[column] ?? 'none');
    if ((of.get(row.trace) ?? value) !== value) return undefined;
    of.set(row.trace, value);
  }
  return of;
}

/** More colours than these tell nobody anything. */
const MOST_SERIES = 10;

/** What has a colour of its own in the charts of several traces: each trace or, of many, each value of one axis. */
export interface Series {
  readonly label: string;
  readonly of: (trace: string) => string;
  /** The axis, where a series holds several traces. */
  readonly axis?: TraceAxis | undefined;
}

export function traceSeries(rows: readonly TraceRow[], axes: readonly TraceAxis[]): Series {
  if (tracesOf(rows).length <= MOST_SERIES)
    return { label: axes.length === 1 ? axes[0]!.label : 'trace', of: (trace) => trace };
  const few = axes.filter(({ values }) => values.length <= MOST_SERIES);
  const axis = few.find(({ label }) => label === 'device') ?? few[0];
  return axis === undefined
    ? { label: 'trace', of: () => 'all traces' }
    : { label: axis.label, of: (trace) => axis.of.get(trace)!, axis };
}
