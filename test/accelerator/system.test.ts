import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { replay } from '../../src/dram/replay.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import { randomCases } from '../effort.ts';
import { referenceSystem } from '../reference/system.ts';
import {
  type Command,
  eventDriven,
  type ObservedSystem,
  type RandomSystem,
  randomSystems,
  referenceShape,
  runActions,
} from './random-system.ts';

/** The log tells the channels in turn; the order within each is what counts. */
const ofChannel = (commands: readonly Command[], channel: number): Command[] =>
  commands.filter((command) => command[6] === channel);

const channelsOf = ({ channel }: RandomSystem): number[] => [...Array(channel.organisation.channels).keys()];

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function run(drawn: RandomSystem) {
  const observed = eventDriven(drawn);
  const actions = runActions(observed, drawn.actions);
  return { ...observed, actions, activity: observed.system.finish() };
}

describe('the system', () => {
  it('is the ticking reference: same requests, commands, latencies and waits', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(randomSystems, (drawn) => {
        const expected = referenceSystem(referenceShape(drawn), drawn.actions);
        const { system, actions, fetches, taken, commands } = run(drawn);
        expect(actions).toEqual(expected.actions);
        expect(fetches).toEqual(expected.fetches);
        expect(system.heldBack()).toEqual(expected.heldBack);
        for (const [source, counts] of system.port.counts.entries()) {
          const { latencies, ...own } = expected.counts[source]!;
          expect(counts).toMatchObject(own);
          const seen = counts.latencies().flatMap(([latency, times]) => Array<number>(times).fill(latency));
          expect(seen).toEqual(latencies.sort((a, b) => a - b));
        }
        for (const channel of channelsOf(drawn)) {
          const seen = ofChannel(commands, channel).map(([cycle, command, rank, bank, row, column]) => ({
            cycle,
            command,
            rank,
            bank,
            row,
            column,
          }));
          expect(seen).toEqual(expected.commands[channel]);
          const runs = expected.taken.filter((one) => one.channel === channel);
          expect(taken.filter(({ place }) => place.channel === channel)).toEqual(
            runs.map(({ source, write, places, cycle }) => ({
              source,
              write,
              place: places[0],
              count: places.length,
              cycle,
            })),
          );
        }
      }),
      { seed: 9, numRuns: randomCases(60, 400) },
    );
  });

  it('issues the commands of a replay of what its channels took, with the same activity', () => {
    fc.assert(
      fc.property(randomSystems, (drawn) => {
        const { taken, commands, activity } = run(drawn);
        const replayed = replayOf(drawn, taken);
        const loads = drawn.actions.includes('load');
        for (const channel of channelsOf(drawn)) {
          const own = ofChannel(commands, channel);
          const other = ofChannel(replayed.commands, channel);
          // A system that writes its weights has its memory idle to the end of that.
          if (loads) expect(own.slice(0, other.length)).toEqual(other);
          else expect(own).toEqual(other);
        }
        if (!loads && taken.length > 0) expect(activity).toEqual(replayed.activity);
      }),
      { seed: 29, numRuns: randomCases(60, 200) },
    );
  });

  it('counts each request, burst and command for one of its sources', () => {
    fc.assert(
      fc.property(randomSystems, (drawn) => {
        const { system, actions, fetches, taken, commands } = run(drawn);
        const { counts } = system.port;
        const bursts = (kinds: readonly string[]): number =>
          commands.filter(([, command]) => kinds.includes(command)).length;
        const reads = sum(counts.map((own) => own.reads));
        const writes = sum(counts.map((own) => own.writes));
        const forwarded = sum(counts.map((own) => own.forwardedReads));
        expect(reads - forwarded).toBe(bursts(['RD', 'RDA']));
        expect(writes).toBe(bursts(['WR', 'WRA']));
        expect(system.port.bursts).toBe(reads + writes - forwarded);
        expect(sum(taken.map(({ count }) => count))).toBe(reads + writes);
        const cores = drawn.cores.length;
        for (const [source, own] of counts.entries()) {
          expect(own.rowHits + own.rowMisses + own.rowConflicts + own.forwardedReads).toBe(
            own.reads + own.writes,
          );
          expect(sum([...own.byChannel])).toBe(own.reads + own.writes - own.forwardedReads);
          expect(sum(own.latencies().map(([, requests]) => requests))).toBe(own.requests);
          expect(sum(own.latencies().map(([latency, requests]) => latency * requests))).toBe(own.latencySum);
          const fromTaken = taken.filter((one) => one.source === source);
          expect(own.reads + own.writes).toBe(sum(fromTaken.map(({ count }) => count)));
          if (source < cores) expect(own.requests).toBe(fetches[source]!.length);
        }
        const loads = drawn.actions.filter((action) => action === 'load').length;
        expect(counts.at(-1)!.requests).toBe(loads * drawn.rows.length);
        for (const { latency, cores: timings } of actions) {
          for (const core of timings)
            expect(core.busy + core.waitedForDram + core.waitedForLookup + core.waitedForSpikes).toBe(
              core.end - core.start,
            );
          if (timings.length > 0)
            expect(Math.max(...timings.map(({ end, start }) => end - start))).toBe(latency);
        }
        for (const [core, own] of fetches.entries())
          expect(sum(actions.map(({ cores: timings }) => timings[core]?.fetches ?? 0))).toBe(own.length);
      }),
      { seed: 30, numRuns: randomCases(60, 200) },
    );
  });

  it('does the same each time', () => {
    fc.assert(
      fc.property(randomSystems, (drawn) => {
        const [first, second] = [run(drawn), run(drawn)].map(({ system, ...seen }) => ({
          ...seen,
          events: system.loop.events,
          counts: system.port.counts.map((own) => [
            own.requests,
            own.rowHits,
            own.latencySum,
            own.latencies(),
          ]),
          ways: system.ways.map(({ name, link }) => [name, link.busy, link.bytes]),
        }));
        expect(first).toEqual(second);
      }),
      { seed: 31, numRuns: randomCases(20, 60) },
    );
  });
});

describe('the end of a system', () => {
  const one = fc.sample(randomSystems, { seed: 32, numRuns: 1 })[0]!;
  const { organisation } = one.channel;
  const updates = { rows: [], passes: [], updates: [3], buffered: true, images: 1 };
  /** A core that updates its neurons until cycle 60, by the clock of the memory, and traffic. */
  const until60 = (cycles: readonly number[]): RandomSystem => ({
    ...one,
    channel: { ...one.channel, organisation: { ...organisation, channels: 1 } },
    clock: 1000,
    dramClock: 1000,
    cores: [{ passCycles: 1, updateCycles: 20, neurons: 1 }],
    slices: [one.rows],
    store: { capacity: 1, outstanding: 1, shared: false },
    interconnect: undefined,
    traffic: [
      { outstanding: 9, requests: cycles.map((cycle) => ({ cycle, first: 0, count: 1, write: false })) },
    ],
    weights: [1, 1, 1],
    actions: [updates],
  });

  it('is the end of its traffic: what is due before is sent, although the core was known to be done', () => {
    const { system, actions } = run(until60([0, 58, 59, 60, 61]));
    expect(actions[0]!.latency).toBe(60);
    expect(system.port.counts[1]!.requests).toBe(3);
  });

  it('may be the end of a writing of the weights, and what is due then is not sent either', () => {
    const drawn = { ...until60([]), actions: ['load' as const] };
    const end = run(drawn).actions[0]!.latency;
    // Not under way at the end, and far from the rows that are written, so that the writing takes as long as alone.
    const due = (cycle: number) => ({ ...drawn, traffic: until60([cycle]).traffic });
    expect(run(due(end)).system.port.counts[1]!.requests).toBe(0);
    expect(run(due(end - 1)).system.port.counts[1]!.requests).toBe(1);
  });
});

/** What the channels took as a stream of requests, in the order of time. */
function replayOf({ channel, order }: RandomSystem, taken: ObservedSystem['taken']) {
  const { organisation, timing, options } = channel;
  const mapping = createOrderedMapping(organisation, order);
  const commands: Command[] = [];
  const inOrder = [...taken].sort((a, b) => a.cycle - b.cycle);
  let next = 0;
  const source = {
    next(request: { address: number; bursts: number; write: boolean; arrival: number }): boolean {
      const one = inOrder[next++];
      if (!one) return false;
      const { rank, bank, row, column } = one.place;
      const group = Math.floor(bank / organisation.banksPerGroup);
      const burst = mapping.encode(
        one.place.channel,
        rank,
        group,
        bank % organisation.banksPerGroup,
        row,
        column,
      );
      request.address = burst * bytesPerBurst(organisation);
      request.bursts = one.count;
      request.write = one.write;
      request.arrival = one.cycle;
      return true;
    },
  };
  const { activity } = replay(organisation, timing, options, mapping, source, (...command) => {
    commands.push(command);
  });
  return { commands, activity };
}
