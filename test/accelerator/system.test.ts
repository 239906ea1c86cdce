import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases } from '../effort.ts';
import { referenceSystem } from '../reference/system.ts';
import { eventDriven, randomSystems, referenceShape, runActions } from './random-system.ts';

describe('the system', () => {
  it('is the ticking reference: same requests, commands, latencies and waits', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(randomSystems, (drawn) => {
        const expected = referenceSystem(referenceShape(drawn), drawn.actions);
        const observed = eventDriven(drawn);
        const actions = runActions(observed, drawn.actions);
        observed.system.finish();
        expect(observed.system.heldBack()).toEqual(expected.heldBack);
        expect(actions).toEqual(expected.actions);
        expect(observed.fetches).toEqual(expected.fetches);
        for (const [source, counts] of observed.system.port.counts.entries()) {
          const { latencies, ...own } = expected.counts[source]!;
          expect(counts).toMatchObject(own);
          expect(
            counts.latencies().flatMap(([latency, times]) => Array<number>(times).fill(latency)),
          ).toEqual(latencies.sort((a, b) => a - b));
        }
        for (let channel = 0; channel < drawn.channel.organisation.channels; channel++) {
          const seen = observed.commands
            .filter((command) => command[6] === channel)
            .map(([cycle, command, rank, bank, row, column]) => ({
              cycle,
              command,
              rank,
              bank,
              row,
              column,
            }));
          expect(seen).toEqual(expected.commands[channel]);
        }
      }),
      { seed: 9, numRuns: cases(40, 400) },
    );
  });
});
