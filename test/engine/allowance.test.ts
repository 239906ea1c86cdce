import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAllowance } from '../../src/engine/allowance.ts';
import { NEVER } from '../../src/engine/common-tick.ts';

const steps = fc.array(
  fc.record({
    wait: fc.oneof(fc.constant(0), fc.nat(9)),
    begins: fc.boolean(),
    /** Which of those whose answer is not known gets one, and how far ahead. */
    answers: fc.option(fc.record({ which: fc.nat(9), ahead: fc.nat(20) })),
  }),
  { maxLength: 60 },
);

describe('an allowance of requests under way', () => {
  it('is a list of ends, of which so many may lie ahead or be unknown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(20)), steps, (limit, drawn) => {
        const allowance = createAllowance(limit);
        const ends: number[] = [];
        let now = 0;
        for (const { wait, begins, answers } of drawn) {
          now += wait;
          const ahead = ends.filter((end) => end > now);
          const room = ahead.length < limit ? now : Math.min(...ahead);
          expect(allowance.roomFrom(now)).toBe(room);
          if (begins && room === now) {
            allowance.begin();
            ends.push(NEVER);
          }
          const open = [...ends.keys()].filter((i) => ends[i] === NEVER);
          if (answers && open.length > 0) {
            const end = now + answers.ahead;
            allowance.end(end);
            ends[open[answers.which % open.length]!] = end;
          }
          expect(allowance.unknown).toBe(ends.filter((end) => end === NEVER).length);
        }
      }),
      { seed: 23, numRuns: 500 },
    );
  });
});
