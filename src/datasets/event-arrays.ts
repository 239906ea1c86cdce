import { classesOf } from './event-classes.ts';
import {
  type EventColumns,
  type EventSet,
  MOST_CLASSES,
  MOST_EVENTS,
  MOST_INPUTS,
  TIME_LIMIT_US,
} from './event-set.ts';
import { andMore, isIndexBelow, misfitsOf, type NumberColumn } from './number-columns.ts';

/** An array of a file with its extents. */
export interface EventArray extends NumberColumn {
  readonly shape: readonly number[];
}

/** What each array holds, for messages and documentation. */
export const EVENT_ARRAYS = {
  t: 'times of all events',
  unit: 'input of each event',
  x: 'column of each event',
  y: 'row of each event',
  p: 'polarity of each event',
  shape: 'extents of the input',
  offsets: 'where each sample begins, and the end',
  labels: 'class of each sample',
  classes: 'number of classes',
  time_unit_us: 'microseconds of one unit of t',
} as const;
export type EventArrayName = keyof typeof EVENT_ARRAYS;

export type EventArrays = Readonly<Partial<Record<EventArrayName, EventArray>>>;

/**
 * The samples that plain arrays hold. `t`, and either `unit` or `x` and `y`, with `p` where the input has polarities, are one an event;
 * `offsets` has a number more than there are samples, `labels` one a sample; `shape` is the input's: (polarities, rows, columns) with
 * `p`, (rows, columns) without, any with `unit`. `t` is in microseconds, or in units of `time_unit_us`, which floating-point times must
 * state. `columns` gives room for a number of events. Adds to `faults` all that is wrong, by array and element.
 */
export function eventsOfArrays(
  arrays: EventArrays,
  columns: (events: number) => EventColumns<Float64Array>,
  faults: string[],
): EventSet | undefined {
  const before = faults.length;
  const { t, offsets, labels } = arrays;
  requireArrays(arrays, faults);
  if (!t || !offsets || !labels) return undefined;
  const shape = shapeOf(arrays, faults);
  const unitUs = timeUnitOf(arrays, faults);
  requireExtents(arrays, faults);
  const stated = arrays.classes && scalarOf('classes', arrays.classes, faults);
  if (stated !== undefined && !(Number.isInteger(stated) && stated >= 1 && stated <= MOST_CLASSES))
    faults.push(`classes is ${stated}, not a number of classes from 1 to ${MOST_CLASSES}`);
  if (faults.length > before || !shape) return undefined;

  const classes = classesOf(labels, stated, faults);
  requireOffsets(offsets, t.count, faults);
  const late = misfitsOf(t, (time) => time >= 0 && time * unitUs < TIME_LIMIT_US);
  if (late)
    faults.push(`t[${late.first}] is ${t.get(late.first)}, not a time from 0 to 2^53 us${andMore(late)}`);
  for (const [name, end] of bounds(arrays, shape)) {
    const column = arrays[name]!;
    const strange = misfitsOf(column, isIndexBelow(end));
    if (strange)
      faults.push(
        `${name}[${strange.first}] is ${column.get(strange.first)}, not from 0 to ${end - 1} as shape (${shape.join(', ')}) says${andMore(strange)}`,
      );
  }
  if (faults.length > before) return undefined;

  const { times, inputs } = columns(t.count);
  const inputOf = inputNumber(arrays, shape);
  for (let k = 0; k < t.count; k++) {
    times[k] = t.get(k) * unitUs;
    inputs[k] = inputOf(k);
  }
  return {
    ...{ count: labels.count, classes, shape, times, inputs },
    labels: Uint16Array.from({ length: labels.count }, (_, sample) => labels.get(sample)),
    offsets: Uint32Array.from({ length: offsets.count }, (_, sample) => offsets.get(sample)),
  };
}

function requireArrays(arrays: EventArrays, faults: string[]): void {
  const need = (name: EventArrayName): void => {
    if (!arrays[name]) faults.push(`it has no array "${name}" (${EVENT_ARRAYS[name]})`);
  };
  for (const name of ['t', 'offsets', 'labels', 'shape'] as const) need(name);
  const { unit, x, y, p } = arrays;
  if (!unit && !x && !y) faults.push('it has neither an array "unit" nor arrays "x" and "y"');
  else if (unit && (x || y || p))
    faults.push('it has "unit" and also "x", "y" or "p": one of both says the input');
  else if (!unit) {
    need('x');
    need('y');
  }
}

function shapeOf({ shape, unit, p }: EventArrays, faults: string[]): readonly number[] | undefined {
  if (!shape) return undefined;
  const wanted = unit ? undefined : p ? 3 : 2;
  if (
    shape.shape.length !== 1 ||
    shape.count < 1 ||
    shape.count > 4 ||
    (wanted ?? shape.count) !== shape.count
  ) {
    faults.push(
      `shape has ${shape.count} extents, expected ${wanted === 3 ? '3 (polarities, rows, columns)' : wanted === 2 ? '2 (rows, columns), since there is no "p"' : '1 to 4'}`,
    );
    return undefined;
  }
  const extents = Array.from({ length: shape.count }, (_, axis) => shape.get(axis));
  const size = extents.reduce((product, extent) => product * extent, 1);
  if (extents.every((extent) => Number.isInteger(extent) && extent >= 1) && size <= MOST_INPUTS)
    return extents;
  faults.push(`shape (${extents.join(', ')}) is not that of 1 to ${MOST_INPUTS} inputs`);
  return undefined;
}

function scalarOf(name: EventArrayName, array: EventArray, faults: string[]): number | undefined {
  if (array.count === 1) return array.get(0);
  faults.push(`${name} has ${array.count} elements, expected one number`);
  return undefined;
}

function timeUnitOf({ t, time_unit_us: unit }: EventArrays, faults: string[]): number {
  if (!unit) {
    if (t && !t.whole)
      faults.push(
        't is floating point without "time_unit_us" (1 for microseconds, 1000 for ms, 1000000 for s)',
      );
    return 1;
  }
  const us = scalarOf('time_unit_us', unit, faults) ?? 1;
  if (us > 0 && us < TIME_LIMIT_US) return us;
  faults.push(`time_unit_us is ${us}, not a time above 0`);
  return 1;
}

/** One dimension each, and as many as there are events or samples. */
function requireExtents(arrays: EventArrays, faults: string[]): void {
  const { t, offsets, labels } = arrays;
  for (const name of ['t', 'unit', 'x', 'y', 'p', 'offsets', 'labels'] as const) {
    const array = arrays[name];
    if (array && array.shape.length !== 1)
      faults.push(`${name} has ${array.shape.length} dimensions, expected 1`);
  }
  for (const name of ['unit', 'x', 'y', 'p'] as const)
    if (arrays[name] && arrays[name].count !== t!.count)
      faults.push(`${name} has ${arrays[name].count} elements, t has ${t!.count}`);
  if (t!.count > MOST_EVENTS) faults.push(`t has ${t!.count} elements, more than ${MOST_EVENTS}`);
  if (labels!.count === 0) faults.push('no samples: labels is empty');
  if (offsets!.count !== labels!.count + 1)
    faults.push(
      `offsets has ${offsets!.count} elements, expected ${labels!.count + 1}, one more than labels`,
    );
}

function requireOffsets(offsets: NumberColumn, events: number, faults: string[]): void {
  const last = offsets.count - 1;
  if (offsets.get(0) !== 0) faults.push(`offsets[0] is ${offsets.get(0)}, not 0`);
  if (offsets.get(last) !== events)
    faults.push(`offsets[${last}] is ${offsets.get(last)}, not the number of events, ${events}`);
  let before = 0;
  for (let k = 0; k < offsets.count; k++) {
    const offset = offsets.get(k);
    if (!(Number.isInteger(offset) && offset >= before)) {
      faults.push(`offsets[${k}] is ${offset}, not a whole number of at least ${before}, the one before it`);
      return;
    }
    before = offset;
  }
}

/** The arrays that say an event's input, and the end of what each may hold. */
function bounds({ unit, p }: EventArrays, shape: readonly number[]): (readonly [EventArrayName, number])[] {
  if (unit) return [['unit', shape.reduce((product, extent) => product * extent, 1)]];
  const [columns, rows] = [shape.at(-1)!, shape.at(-2)!];
  return [...(p ? [['p', shape[0]!] as const] : []), ['y', rows], ['x', columns]];
}

function inputNumber({ unit, x, y, p }: EventArrays, shape: readonly number[]): (event: number) => number {
  if (unit) return (k) => unit.get(k);
  const [columns, rows] = [shape.at(-1)!, shape.at(-2)!];
  return (k) => ((p ? p.get(k) : 0) * rows + y!.get(k)) * columns + x!.get(k);
}
