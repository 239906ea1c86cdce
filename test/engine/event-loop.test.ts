import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAST_TICK, NEVER } from '../../src/engine/common-tick.ts';
import { createEventLoop } from '../../src/engine/event-loop.ts';
import { InputError } from '../../src/errors/input-error.ts';

/** What a component does at its events, one entry an event: how long until its next, and whom else it has act when. */
interface Step {
  wait: number;
  other: number;
  after: number;
}
interface Script {
  first: number;
  steps: Step[];
}

const waits = fc.oneof(fc.nat(3), fc.nat(40), fc.constant(NEVER));
const scripts: fc.Arbitrary<Script[]> = fc.array(
  fc.record({
    first: waits,
    steps: fc.array(fc.record({ wait: waits, other: fc.nat(30), after: waits }), { maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 9 },
);

/** Events [time, component]: the least time of all that is announced, of equal ones the component added first. */
function sortedEvents(drawn: readonly Script[]): [number, number][] {
  const events: [number, number][] = [];
  const done = drawn.map(() => 0);
  const announced = drawn.map(({ first }) => first);
  for (;;) {
    const [next] = announced
      .map((time, component) => ({ time, component }))
      .filter(({ time }) => time !== NEVER)
      .sort((a, b) => a.time - b.time || a.component - b.component);
    if (!next) return events;
    const { time, component } = next;
    events.push([time, component]);
    const step = drawn[component]!.steps[done[component]!++];
    if (step) announced[step.other % drawn.length] = time + step.after;
    announced[component] = step ? time + step.wait : NEVER;
  }
}

function loopOf(drawn: readonly Script[]) {
  const loop = createEventLoop();
  const events: [number, number][] = [];
  drawn.forEach(({ first, steps }, component) => {
    let done = 0;
    loop.add(
      {
        advance(now) {
          events.push([now, component]);
          const step = steps[done++];
          if (step) loop.announce(step.other % drawn.length, now + step.after);
          return step ? now + step.wait : NEVER;
        },
      },
      first,
    );
  });
  return { loop, events };
}

describe('the event loop', () => {
  it('runs what a sorted list would, with ties in the order of adding', () => {
    fc.assert(
      fc.property(scripts, (drawn) => {
        const { loop, events } = loopOf(drawn);
        loop.run();
        expect(events).toEqual(sortedEvents(drawn));
        expect(loop.events).toBe(events.length);
        if (events.length > 0) expect(loop.now).toBe(events.at(-1)![0]);
      }),
      { seed: 11, numRuns: 1000 },
    );
  });

  it('runs up to a time, that time included, and goes on from there', () => {
    fc.assert(
      fc.property(scripts, fc.nat(60), (drawn, until) => {
        const { loop, events } = loopOf(drawn);
        const all = sortedEvents(drawn);
        loop.run(until);
        expect(events).toEqual(all.filter(([time]) => time <= until));
        loop.run();
        expect(events).toEqual(all);
      }),
      { seed: 12, numRuns: 500 },
    );
  });

  it('halts after the event under way, and can be run again', () => {
    const loop = createEventLoop();
    const seen: number[] = [];
    loop.add(
      {
        advance(now) {
          seen.push(now);
          if (now === 2) loop.halt();
          return now < 4 ? now + 1 : NEVER;
        },
      },
      0,
    );
    loop.run();
    expect(seen).toEqual([0, 1, 2]);
    loop.run();
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  it('refuses an event in the past, and a run beyond 2^53 ticks', () => {
    const loop = createEventLoop();
    const number = loop.add({ advance: (now) => (now === 5 ? LAST_TICK : 2 * now) }, 5);
    loop.run(5);
    expect(() => loop.announce(number, 4)).toThrow('an event at 4, before 5');
    expect(() => loop.run()).toThrow(InputError);
    expect(loop.now).toBe(LAST_TICK);
  });
});
