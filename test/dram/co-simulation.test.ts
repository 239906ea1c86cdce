import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { type CoSimulation, createCoSimulation } from '../../src/dram/co-simulation.ts';
import { type ControllerOptions, DEFAULT_CONTROLLER } from '../../src/dram/controller-options.ts';
import { replay } from '../../src/dram/replay.ts';
import { InputError } from '../../src/errors/input-error.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { FULL, randomCases } from '../effort.ts';
import { type Burst, referenceController } from '../reference/controller.ts';
import { shippedModels } from '../shipped-models.ts';
import { type Channel, channels as randomChannels } from './random-channel.ts';
import { type ClientRun, type Command, clientOf, runClient, sourceOf } from './random-client.ts';

const ORDERS = ['row-bank-column', 'row-column-bank', 'bank-row-column'] as const;

const memories = fc
  .tuple(randomChannels, fc.constantFrom(1, 1, 2, 4), fc.constantFrom(...ORDERS))
  .map(([{ organisation, timing, options }, channels, order]) => ({
    channel: { organisation: { ...organisation, channels }, timing, options },
    order,
  }));

const byChannel = (commands: readonly Command[], channel: number): Command[] =>
  commands.filter((command) => command[6] === channel);

const drained = (memory: CoSimulation<number>): void => {
  memory.drain();
};

/** Holds a run against the replay of what it took: commands, and all statistics. */
function equalsReplay(
  { organisation, timing, options }: Omit<Channel, 'bursts'>,
  mapping: ReturnType<typeof createOrderedMapping>,
  { taken, commands, memory }: ClientRun,
): void {
  const replayed: Command[] = [];
  const result = replay(organisation, timing, options, mapping, sourceOf(taken), (...command) =>
    replayed.push(command),
  );
  for (let channel = 0; channel < organisation.channels; channel++)
    expect(byChannel(commands, channel)).toEqual(byChannel(replayed, channel));
  expect(memory.now).toBe(result.cycles);
  const { readLatency, writeLatency, ...counts } = memory.statistics();
  const { readLatency: replayedReads, writeLatency: replayedWrites, ...replayedCounts } = result;
  expect(counts).toEqual(replayedCounts);
  expect(memory.activity()).toEqual(result.activity);
  for (const [latency, expected] of [
    [readLatency, replayedReads],
    [writeLatency, replayedWrites],
  ] as const) {
    expect([latency.mean, latency.min, latency.max]).toEqual([expected.mean, expected.min, expected.max]);
    expect(latency.percentile(0.9)).toBe(expected.percentile(0.9));
  }
}

/** The cycle after the last data of each request, by the reference, one channel after the other. */
function referenceEnds(
  { organisation, timing, options }: Omit<Channel, 'bursts'>,
  mapping: ReturnType<typeof createOrderedMapping>,
  taken: ClientRun['taken'],
): number[] {
  const at = new Int32Array(6);
  const bursts = Array.from({ length: organisation.channels }, (): { burst: Burst; request: number }[] => []);
  for (const [request, { address, bursts: count, write, arrival }] of taken.entries())
    for (let i = 0; i < count; i++) {
      mapping.decode(address / bytesPerBurst(organisation) + i, at);
      const bank = at[2]! * organisation.banksPerGroup + at[3]!;
      const burst = { write, rank: at[1]!, bank, row: at[4]!, column: at[5]!, arrival };
      bursts[at[0]!]!.push({ burst, request });
    }
  const ends = taken.map(() => 0);
  for (const own of bursts) {
    const done: number[] = [];
    const list = own.map(({ burst }) => burst);
    referenceController({ ...organisation, channels: 1 }, timing, options, list, 0, done);
    own.forEach(({ request }, i) => {
      ends[request] = Math.max(ends[request]!, done[i]!);
    });
  }
  return ends;
}

describe('a memory driven one request at a time', () => {
  it('issues the commands of a replay of its recording, and its requests end as the reference says', () => {
    let refusals = 0;
    let forwarded = 0;
    let sameCycle = 0;
    fc.assert(
      fc.property(memories, clientOf(6), ({ channel, order }, client) => {
        const mapping = createOrderedMapping(channel.organisation, order);
        const run = runClient(channel, mapping, client, drained);
        equalsReplay(channel, mapping, run);
        const ends = referenceEnds(channel, mapping, run.taken);
        const expected = run.taken
          .map(({ id, write, arrival, address, bursts }, number) => ({
            ...{ id, write, address, at: arrival, cycle: ends[number]!, number },
            bytes: bursts * bytesPerBurst(channel.organisation),
          }))
          .sort((a, b) => a.cycle - b.cycle || a.number - b.number)
          .map(({ number: _, ...completion }) => completion);
        expect(run.completions).toEqual(expected);
        expect(run.completions.length).toBe(client.threads.flat().length);
        expect(run.memory.underWay).toBe(0);
        refusals += run.refusals;
        forwarded += run.memory.statistics().forwardedReads;
        sameCycle += expected.filter(({ cycle }, i) => i > 0 && expected[i - 1]!.cycle === cycle).length;
      }),
      { seed: 11, numRuns: randomCases(60, 300) },
    );
    // Back pressure, forwarding and ties were all met.
    expect(refusals).toBeGreaterThan(randomCases(1000));
    expect(forwarded).toBeGreaterThan(randomCases(20));
    expect(sameCycle).toBeGreaterThan(FULL ? 4 : 0);
  });

  it('tells its client the same however it is run, and nothing before nextEvent', () => {
    let bounded = 0;
    fc.assert(
      fc.property(
        memories,
        clientOf(4),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 9 }),
        fc.boolean(),
        ({ channel, order }, client, pauses, logged) => {
          const mapping = createOrderedMapping(channel.organisation, order);
          const whole = runClient(channel, mapping, client, drained, logged);
          const ways: ((memory: CoSimulation<number>, seen: { callbacks: number[] }) => void)[] = [
            (memory, { callbacks }) => {
              while (memory.underWay > 0) {
                const bound = memory.nextEvent();
                expect(bound).toBeGreaterThan(memory.now);
                if (bound > memory.now + 1) bounded++;
                callbacks.length = 0;
                memory.runUntil(memory.now + 1);
                if (callbacks.length > 0) expect(callbacks[0]).toBeGreaterThanOrEqual(bound);
              }
            },
            (memory) => {
              for (let i = 0; memory.underWay > 0; i++)
                memory.runUntil(memory.now + pauses[i % pauses.length]!);
            },
            (memory) => {
              while (memory.underWay > 0) memory.runUntil(memory.nextEvent());
            },
          ];
          for (const way of ways) {
            const { taken, completions, rooms, memory, commands } = runClient(
              channel,
              mapping,
              client,
              way,
              logged,
            );
            expect(taken).toEqual(whole.taken);
            expect(completions).toEqual(whole.completions);
            expect(rooms).toEqual(whole.rooms);
            expect(memory.statistics().rowHits).toBe(whole.memory.statistics().rowHits);
            for (let one = 0; one < channel.organisation.channels; one++) {
              const before = byChannel(whole.commands, one);
              expect(byChannel(commands, one).slice(0, before.length)).toEqual(before);
            }
          }
        },
      ),
      { seed: 12, numRuns: randomCases(25, 120) },
    );
    expect(bounded).toBeGreaterThan(randomCases(1000));
  });

  it.runIf(FULL)('does so on shipped devices, with every policy', async () => {
    const policies: Partial<ControllerOptions>[] = [
      {},
      { scheduler: 'fcfs', forwardWrites: true },
      { pagePolicy: 'closed', postponedRefreshes: 4 },
      { pagePolicy: 'timeout', rowHitCap: 4, powerDownAfter: 60, selfRefreshAfter: 4000 },
    ];
    for (const name of ['ddr3-1600-1gb', 'ddr4-2400-8gb', 'lpddr4-3200-8gb', 'hbm2-2000-4x8gb']) {
      const device = await loadDevice(name, shippedModels);
      const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
      const { organisation } = device;
      fc.assert(
        fc.property(
          clientOf(30),
          fc.constantFrom(...policies),
          fc.constantFrom(...ORDERS),
          (client, policy, order) => {
            const mapping = createOrderedMapping(organisation, order);
            const channel = { organisation, timing, options: { ...DEFAULT_CONTROLLER, ...policy } };
            const run = runClient(channel, mapping, client, drained);
            equalsReplay(channel, mapping, run);
          },
        ),
        { seed: 13, numRuns: randomCases(20, 80) },
      );
    }
  });
});

describe('what a client must know', async () => {
  const device = await loadDevice('ddr4-2400-8gb', shippedModels);
  const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
  const { organisation } = device;
  const mapping = createOrderedMapping(organisation, 'row-bank-column');
  const open = (
    listeners: Parameters<typeof createCoSimulation<number>>[4] = {},
    entry?: number,
  ): CoSimulation<number> =>
    createCoSimulation(organisation, timing, DEFAULT_CONTROLLER, mapping, listeners, entry);
  const refusal = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
    throw new Error('nothing was refused');
  };

  it('is the idle latency: ACT, tRCD, RL and the burst', () => {
    const ends: number[] = [];
    const memory = open({ onDone: ({ cycle }) => ends.push(cycle) });
    memory.offer({ id: 0, address: 0, at: 100 });
    const { tRCD = 0, RL = 0 } = timing.parameters;
    expect(memory.drain()).toBe(100 + tRCD + RL + 4);
    expect(ends).toEqual([100 + tRCD + RL + 4]);
  });

  it('is the order of requests done in one cycle: that of their offers', async () => {
    const hbm = await loadDevice('hbm2-2000-4x8gb', shippedModels);
    const ofHbm = await resolveTiming(hbm, hbm.supply.nominal, 'nominal');
    const order = createOrderedMapping(hbm.organisation, 'row-bank-column');
    for (const channels of [
      [0, 1, 2],
      [2, 0, 1],
    ]) {
      const done: number[][] = [];
      const memory = createCoSimulation<number>(hbm.organisation, ofHbm, DEFAULT_CONTROLLER, order, {
        onDone: ({ id, cycle }) => done.push([id, cycle]),
      });
      for (const channel of channels)
        memory.offer({ id: channel, address: order.encode(channel, 0, 0, 0, 0, 0) * memory.burstBytes });
      const cycle = memory.drain();
      expect(done).toEqual(channels.map((channel) => [channel, cycle]));
    }
  });

  it('is back pressure: one request is taken in, `entry` wait, one more enters a cycle', () => {
    for (const entry of [1, 3]) {
      const memory = open({}, entry);
      const fill = (): number => {
        let count = 0;
        while (memory.offer({ id: count, address: count * 64 })) count++;
        return count;
      };
      expect(fill()).toBe(1 + entry);
      expect(memory.underWay).toBe(1 + entry);
      memory.runUntil(1);
      expect(fill()).toBe(1);
      memory.runUntil(3);
      expect(fill()).toBe(Math.min(2, entry + 1));
    }
  });

  it('goes on with refreshes while nothing is asked', () => {
    const commands: string[] = [];
    const memory = open({ onCommand: (_, command) => commands.push(command) });
    const { tREFI = 0 } = timing.parameters;
    memory.runUntil(3 * tREFI + 1);
    expect(commands).toEqual(['REFab', 'REFab', 'REFab']);
    const silent = open();
    silent.runUntil(3 * tREFI + 1);
    expect(silent.statistics()).toMatchObject({ cycles: 3 * tREFI + 1, reads: 0 });
    expect(silent.activity().ranks[0]!.refAllBank).toBe(3);
    expect(silent.nextEvent()).toBe(Number.POSITIVE_INFINITY);
  });

  it('is refused in words', () => {
    const memory = open();
    memory.runUntil(10);
    expect(refusal(() => memory.offer({ id: 0, address: 3 }))).toMatchInlineSnapshot(`
      "8 bytes from address 3 on are not bursts of this memory
        it has 134217728 bursts of 8 bytes, from address 0 on"
    `);
    expect(refusal(() => memory.offer({ id: 0, address: 0, bytes: 4 }))).toContain('4 bytes from address 0');
    expect(refusal(() => memory.offer({ id: 0, address: memory.capacity }))).toContain('from address 0 on');
    expect(refusal(() => memory.offer({ id: 0, address: -64 }))).toContain('not bursts');
    expect(refusal(() => memory.offer({ id: 0, address: Number.NaN }))).toContain('not bursts');
    expect(refusal(() => memory.offer({ id: 0, address: 0, at: 9 }))).toMatchInlineSnapshot(`
      "a request at cycle 9, when cycle 10 comes next
        give a whole number from 10 on"
    `);
    expect(refusal(() => memory.offer({ id: 0, address: 0, at: 10.5 }))).toContain(
      'a whole number from 10 on',
    );
    expect(refusal(() => memory.runUntil(9))).toMatchInlineSnapshot(`
      "cannot run until cycle 9, when cycle 10 comes next
        give a whole number from 10 on; drain runs until all requests are done"
    `);
    expect(refusal(() => memory.runUntil(Number.POSITIVE_INFINITY))).toContain('drain');
    expect(refusal(() => open({}, 0))).toContain('an entry of 0 requests');
    expect(memory.underWay).toBe(0);
    const nested = open({ onDone: () => nested.statistics() });
    nested.offer({ id: 0, address: 0 });
    expect(refusal(() => nested.drain())).toMatchInlineSnapshot(`
      "statistics was called by a listener
        listeners may offer requests; run and read the statistics when runUntil or drain has returned"
    `);
  });
});
