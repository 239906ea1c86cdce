import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventSet, sliceSamples } from '../../src/datasets/event-set.ts';
import { eventsToSteps, stepMicroseconds, stepsToHoldAll } from '../../src/datasets/events-to-steps.ts';
import { randomCases } from '../effort.ts';
import { stepsOf } from '../reference/events.ts';

interface Event {
  readonly time: number;
  readonly input: number;
}

/** Samples of events, in double precision or as whole microseconds. */
function setOf(
  samples: readonly (readonly Event[])[],
  column: typeof Float64Array | typeof Uint32Array,
): EventSet {
  const all = samples.flat();
  let end = 0;
  return {
    ...{ count: samples.length, classes: 1, shape: [64], labels: new Uint16Array(samples.length) },
    offsets: Uint32Array.from([0, ...samples.map(({ length }) => (end += length))]),
    times: new column(all.map(({ time }) => time)),
    inputs: Uint32Array.from(all, ({ input }) => input),
  };
}
const spikesOf = ({ offsets, inputs, steps }: ReturnType<typeof eventsToSteps>): number[][] =>
  Array.from({ length: steps }, (_, step) => [...inputs.subarray(offsets[step], offsets[step + 1])]);

const input = fc.integer({ min: 0, max: 7 });
/** Near the bounds between steps of few microseconds, where rounding would show. */
const fraction = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(0, Number.EPSILON, -Number.EPSILON, 2 ** -11))
  .map(([whole, share]) => whole + (whole === 0 ? Math.abs(share) : whole * share));
const eventsOf = (time: fc.Arbitrary<number>) => fc.array(fc.record({ time, input }), { maxLength: 60 });

describe('events in steps', () => {
  it.each([
    ['whole microseconds', Uint32Array, fc.integer({ min: 0, max: 200 })],
    ['whole microseconds of all sizes', Uint32Array, fc.integer({ min: 0, max: 2 ** 32 - 1 })],
    ['times between them', Float64Array, fraction],
    ['times of all sizes', Float64Array, fc.double({ min: 0, max: 2 ** 40, noNaN: true })],
  ] as const)('are those of the reference: %s', (_, column, time) => {
    fc.assert(
      fc.property(
        fc.tuple(eventsOf(time), eventsOf(time)),
        fc.integer({ min: 1, max: 37 }),
        fc.integer({ min: 1, max: 40 }),
        (samples, stepUs, steps) => {
          const set = setOf(samples, column);
          for (const [sample, events] of samples.entries()) {
            const found = eventsToSteps(set, sample, { timeStepS: stepUs / 1e6, steps });
            const { late, merged } = found;
            const kept = events.map(({ input: source }, k) => ({
              input: source,
              time: set.times[set.offsets[sample]! + k]!,
            }));
            expect({ spikes: spikesOf(found), late, merged }).toEqual(stepsOf(kept, stepUs, steps));
          }
        },
      ),
      { numRuns: randomCases(150, 3000) },
    );
  });

  it('are one spike where an input has several in a step, whatever their order, and are left out behind the last', () => {
    const set = setOf(
      [
        [],
        [
          { time: 2999, input: 3 },
          { time: 1000, input: 5 },
          { time: 0, input: 9 },
          { time: 1999, input: 5 },
          { time: 1500, input: 2 },
          { time: 3000, input: 1 },
        ],
      ],
      Uint32Array,
    );
    const found = eventsToSteps(set, 1, { timeStepS: 0.001, steps: 3 });
    expect(spikesOf(found)).toEqual([[9], [2, 5], [3]]);
    expect([found.late, found.merged]).toEqual([1, 1]);
    expect(spikesOf(eventsToSteps(set, 0, { timeStepS: 0.001, steps: 2 }))).toEqual([[], []]);
    expect(eventsToSteps(sliceSamples(set, 1, 2), 0, { timeStepS: 0.001, steps: 3 })).toEqual(found);
    expect(stepsToHoldAll(set, 0.001)).toBe(4);
    expect(stepsToHoldAll(sliceSamples(set, 0, 1), 0.001)).toBe(0);
  });

  it('have steps of whole microseconds where seconds are within rounding of them', () => {
    for (const us of [1, 3, 7, 29, 100, 1000, 4096, 333_333])
      expect([stepMicroseconds(us / 1e6), stepMicroseconds(us * 1e-6)]).toEqual([us, us]);
    expect(stepMicroseconds(0.001 / 3)).toBeCloseTo(333.333, 2);
  });

  it('hold all events in as few steps as that takes', () => {
    fc.assert(
      fc.property(eventsOf(fraction), fc.integer({ min: 1, max: 37 }), (events, stepUs) => {
        const set = setOf([events], Float64Array);
        const timeStepS = stepUs / 1e6;
        const steps = stepsToHoldAll(set, timeStepS);
        expect(steps > 0).toBe(events.length > 0);
        if (steps === 0) return;
        expect(eventsToSteps(set, 0, { timeStepS, steps }).late).toBe(0);
        expect(eventsToSteps(set, 0, { timeStepS, steps: steps - 1 }).late).toBeGreaterThan(0);
      }),
      { numRuns: randomCases(200, 2000) },
    );
  });
});
