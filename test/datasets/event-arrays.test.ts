import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventArray, type EventArrays, eventsOfArrays } from '../../src/datasets/event-arrays.ts';
import { shdEvents } from '../../src/datasets/shd.ts';
import { randomCases } from '../effort.ts';

const array = (values: readonly number[], whole = true, shape = [values.length]): EventArray => ({
  ...{ count: values.length, whole, shape },
  get: (index) => values[index]!,
});
const room = (events: number) => ({ times: new Float64Array(events), inputs: new Uint32Array(events) });
const read = (arrays: EventArrays) => {
  const faults: string[] = [];
  return { set: eventsOfArrays(arrays, room, faults), faults };
};

const SENSOR: EventArrays = {
  t: array([5, 3, 9]),
  x: array([0, 3, 2]),
  y: array([1, 0, 1]),
  p: array([0, 1, 1]),
  shape: array([2, 2, 4]),
  offsets: array([0, 2, 3]),
  labels: array([1, 4]),
};
const { x: _x, y: _y, p: _p, ...BARE } = SENSOR;
const UNITS: EventArrays = { ...BARE, unit: array([0, 699, 5]), shape: array([700]) };

describe('plain arrays of events', () => {
  it('say inputs by polarity, row and column, or by number', () => {
    expect(read(SENSOR)).toEqual({
      faults: [],
      set: {
        ...{ count: 2, classes: 5, shape: [2, 2, 4] },
        labels: Uint16Array.of(1, 4),
        offsets: Uint32Array.of(0, 2, 3),
        times: Float64Array.of(5, 3, 9),
        inputs: Uint32Array.of(4, 8 + 3, 8 + 4 + 2),
      },
    });
    expect([...read(UNITS).set!.inputs]).toEqual([0, 699, 5]);
    const { p, ...plane } = SENSOR;
    expect([...read({ ...plane, shape: array([2, 4]) }).set!.inputs]).toEqual([4, 3, 6]);
  });

  it('have times in a unit that they state', () => {
    const ms = { ...UNITS, t: array([0.25, 1, 2], false), time_unit_us: array([1000], true, []) };
    expect([...read(ms).set!.times]).toEqual([250, 1000, 2000]);
    expect(read({ ...UNITS, classes: array([20], true, []) }).set!.classes).toBe(20);
  });

  it('are read as they were written', () => {
    const event = fc.record({ t: fc.nat(), unit: fc.integer({ min: 0, max: 11 }) });
    const samples = fc.array(
      fc.record({ label: fc.integer({ min: 0, max: 65_535 }), events: fc.array(event) }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(samples, (written) => {
        const all = written.flatMap(({ events }) => events);
        let end = 0;
        const { set, faults } = read({
          t: array(all.map(({ t }) => t)),
          unit: array(all.map(({ unit }) => unit)),
          shape: array([3, 4]),
          offsets: array([0, ...written.map(({ events }) => (end += events.length))]),
          labels: array(written.map(({ label }) => label)),
        });
        expect(faults).toEqual([]);
        const { offsets, times, inputs, labels } = set!;
        const back = written.map((_, s) => ({
          label: labels[s],
          events: Array.from({ length: offsets[s + 1]! - offsets[s]! }, (_, k) => ({
            t: times[offsets[s]! + k],
            unit: inputs[offsets[s]! + k],
          })),
        }));
        expect(back).toEqual(written);
      }),
      { numRuns: randomCases(100, 1000) },
    );
  });

  const without = (arrays: EventArrays, ...names: string[]): EventArrays =>
    Object.fromEntries(Object.entries(arrays).filter(([name]) => !names.includes(name)));

  it.each<[string, EventArrays, string[]]>([
    [
      'arrays that are not there',
      { t: array([1]) },
      ['no array "offsets"', 'no array "labels"', 'no array "shape"', 'neither an array "unit" nor'],
    ],
    ['half of a position', without(SENSOR, 'y'), ['no array "y"']],
    ['two ways to say an input', { ...SENSOR, unit: array([1, 2, 3]) }, ['it has "unit" and also']],
    [
      'a shape of too few extents',
      { ...SENSOR, shape: array([2, 4]) },
      ['expected 3 (polarities, rows, columns)'],
    ],
    ['a shape without inputs', { ...UNITS, shape: array([0]) }, ['shape (0) is not that of 1 to']],
    [
      'a shape too large',
      { ...UNITS, shape: array([2 ** 13, 2 ** 13]) },
      ['is not that of 1 to 16777216 inputs'],
    ],
    ['columns that differ', { ...UNITS, unit: array([1]) }, ['unit has 1 elements, t has 3']],
    ['matrices', { ...UNITS, t: array([1, 2, 3], true, [3, 1]) }, ['t has 2 dimensions, expected 1']],
    ['offsets that do not fit', { ...UNITS, offsets: array([0, 3]) }, ['offsets has 2 elements, expected 3']],
    [
      'offsets that go back and end elsewhere',
      { ...UNITS, offsets: array([1, 0, 9]) },
      [
        'offsets[0] is 1, not 0',
        'offsets[2] is 9, not the number of events, 3',
        'offsets[1] is 0, not a whole',
      ],
    ],
    ['no samples', { ...UNITS, labels: array([]), offsets: array([0]) }, ['no samples']],
    [
      'seconds without a unit',
      { ...UNITS, t: array([0.1, 1, 2], false) },
      ['floating point without "time_unit_us"'],
    ],
    ['a unit that is none', { ...UNITS, time_unit_us: array([0]) }, ['time_unit_us is 0']],
    [
      'values out of range, all at once',
      {
        ...UNITS,
        t: array([-1, Number.NaN, 2], false),
        time_unit_us: array([1]),
        unit: array([0.5, 700, 1], false),
        labels: array([-1, 3]),
        classes: array([3]),
      },
      [
        'the label -1 of sample 0 is not a class from 0 to 2, and so are 1 more',
        't[0] is -1, not a time from 0 to 2^53 us, and so are 1 more',
        'unit[0] is 0.5, not from 0 to 699 as shape (700) says, and so are 1 more',
      ],
    ],
    [
      'a time that overflows',
      { ...UNITS, t: array([2 ** 60, 1, 2]) },
      ['t[0] is 1152921504606847000, not a time from 0 to 2^53 us'],
    ],
    [
      'a position beyond the sensor',
      { ...SENSOR, x: array([4, 0, 0]), y: array([2, 0, 0]), p: array([2, 0, 0]) },
      ['p[0] is 2', 'y[0] is 2', 'x[0] is 4'],
    ],
    ['no classes', { ...UNITS, classes: array([0]) }, ['classes is 0']],
  ])('are refused with %s', (_, arrays, messages) => {
    const { set, faults } = read(arrays);
    expect(set).toBeUndefined();
    expect(faults).toEqual(messages.map((message) => expect.stringContaining(message)));
  });
});

describe('arrays of SHD', () => {
  const rows = (lists: readonly (readonly number[])[], whole = true) => {
    let end = 0;
    return {
      ...array(lists.flat(), whole),
      offsets: Uint32Array.from([0, ...lists.map(({ length }) => (end += length))]),
    };
  };
  const readShd = (change: Partial<Parameters<typeof shdEvents>[0]>) => {
    const faults: string[] = [];
    const times = rows([[0.5, 0.25], [], [1]], false);
    const arrays = {
      times,
      units: rows([[0, 699], [], [3]]),
      labels: array([2, 0, 1]),
      names: undefined,
      ...change,
    };
    return { set: shdEvents(arrays, room(3), faults), faults };
  };

  it('are samples in microseconds, in the order of the file', () => {
    const { set, faults } = readShd({});
    expect(faults).toEqual([]);
    expect(set).toMatchObject({ count: 3, classes: 3, shape: [700] });
    expect([...set!.times]).toEqual([500_000, 250_000, 1_000_000]);
    expect(readShd({ names: 20 }).set!.classes).toBe(20);
  });

  it.each<[string, Parameters<typeof readShd>[0], string[]]>([
    ['no rows', { times: rows([]), units: rows([]), labels: array([]) }, ['no samples']],
    ['rows that differ', { units: rows([[1]]) }, ['spikes/units has 1 rows, spikes/times 3']],
    ['labels too few', { labels: array([1]) }, ['1 labels for the 3 rows']],
    [
      'rows of other lengths',
      { units: rows([[0], [1], [3]]) },
      ['sample 0 has 2 times and 1 units', 'sample 1 has 0 times and 1 units'],
    ],
    [
      'values out of range, all at once',
      {
        times: rows([[0.5, -1], [], [Number.POSITIVE_INFINITY]], false),
        units: rows([[0, 1], [], [700]]),
        labels: array([4, 0, 1]),
        names: 4,
      },
      [
        'the time -1 s of event 1 of sample 0',
        'the time Infinity s of event 0 of sample 2',
        'the unit 700 of event 0 of sample 2 is not a channel from 0 to 699',
        'the label 4 of sample 0 is not a class from 0 to 3',
      ],
    ],
  ])('are refused with %s', (_, change, messages) => {
    const { set, faults } = readShd(change);
    expect(set).toBeUndefined();
    expect(faults).toEqual(messages.map((message) => expect.stringContaining(message)));
  });
});
