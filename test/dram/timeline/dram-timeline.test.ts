import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONTROLLER } from '../../../src/dram/controller-options.ts';
import { banksPerRank } from '../../../src/hardware/device.ts';
import { loadDevice } from '../../../src/hardware/load-device.ts';
import { refreshedBanks } from '../../../src/hardware/refreshed-banks.ts';
import { resolveTiming } from '../../../src/hardware/resolve-timing.ts';
import type { CommandName, ResolvedConstraint } from '../../../src/hardware/standard.ts';
import { randomCases } from '../../effort.ts';
import type { ReadSpan } from '../../engine/trace-events.ts';
import { shippedModels } from '../../shipped-models.ts';
import { burstsFor, type Channel, channels } from '../random-channel.ts';
import { type DrawnChannel, drawChannel } from './drawn-channel.ts';

/** Picoseconds of a cycle of the random devices, 800 MHz. */
const PS = 1250;
const READS: CommandName[] = ['RD', 'RDA'];
const WRITES: CommandName[] = ['WR', 'WRA'];

/** Random channels, to which the data bus is added: they need no rule that keeps bursts of several ranks or kinds apart. */
const withOneBus = channels.map((channel): Channel => {
  const { organisation, timing } = channel;
  const burst = organisation.burstLength / organisation.dataRate;
  const { read, write } = timing.rules.firstData;
  const apart = (
    preceding: CommandName[],
    following: CommandName[],
    latency: number,
  ): ResolvedConstraint => ({
    ...{ level: 'channel', preceding, following, name: 'bus', window: 1, sibling: false },
    latency: Math.max(1, latency),
  });
  const bus = [
    apart(READS, READS, burst),
    apart(WRITES, WRITES, burst),
    apart(READS, WRITES, read + burst - write),
    apart(WRITES, READS, write + burst - read),
  ];
  return { ...channel, timing: { ...timing, constraints: [...timing.constraints, ...bus] } };
});

/** Rows from ACT to precharge by track name, as a plain reading of the commands has them. */
function rowsOf({ organisation, timing }: Channel, { commands, end }: DrawnChannel): Map<string, string[]> {
  const { autoPrecharge } = timing.rules;
  const open = new Map<string, { row: number; from: number; reads: number; writes: number }>();
  const closed = new Map<string, string[]>();
  const nameOf = (rank: number, bank: number, row: number): string => {
    const subarray = Math.floor(row / organisation.rowsPerSubarray);
    return `DRAM channel 0 / rank ${rank} bank ${bank}${timing.subarrays ? ` subarray ${subarray}` : ''}`;
  };
  const close = (name: string, cycle: number, by: string): void => {
    const found = open.get(name);
    if (!found) return;
    open.delete(name);
    const { row, from, reads, writes } = found;
    const line = `row ${row} ${from * PS} ${cycle * PS} reads ${reads} writes ${writes} ${by}`;
    closed.set(name, [...(closed.get(name) ?? []), line]);
  };
  for (const { cycle, command, rank, bank, row } of commands) {
    const name = nameOf(rank, bank, row);
    if (command === 'ACT') open.set(name, { row, from: cycle, reads: 0, writes: 0 });
    else if (command === 'PRE') close(name, cycle, 'PRE');
    else if (command === 'PREA') {
      for (const other of [...open.keys()])
        if (other.startsWith(`DRAM channel 0 / rank ${rank} `)) close(other, cycle, 'PREA');
    } else if (READS.includes(command) || WRITES.includes(command)) {
      const found = open.get(name)!;
      expect(found.row).toBe(row);
      if (READS.includes(command)) found.reads++;
      else found.writes++;
      if (command === 'RDA' || command === 'WRA')
        close(
          name,
          Math.max(cycle + autoPrecharge![command], found.from + timing.parameters['tRAS']!),
          command,
        );
    }
  }
  for (const name of [...open.keys()]) close(name, Math.max(end, open.get(name)!.from), 'end');
  return closed;
}

const isRow = ({ name }: ReadSpan): boolean => name.startsWith('row ');
const spansNamed = ({ read }: DrawnChannel, track: string, name: string): [number, number][] =>
  (read.spans.get(`DRAM channel 0 / ${track}`) ?? [])
    .filter((span) => span.name === name)
    .map(({ from, to }) => [from / PS, to / PS]);

describe('the timeline of a channel', () => {
  it('shows rows, refreshes, power states and bursts as the commands say, on random devices', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(withOneBus, (channel) => {
        const { organisation, timing } = channel;
        const drawn = drawChannel(channel, 3000);
        const rows = new Map(
          [...drawn.read.spans].flatMap(([track, spans]): [string, string[]][] => {
            const lines = spans
              .filter(isRow)
              .map(({ name, from, to, args: { reads, writes, closed_by: by } }) =>
                [name, from, to, 'reads', reads, 'writes', writes, by].join(' '),
              );
            return lines.length > 0 ? [[track, lines]] : [];
          }),
        );
        expect(rows).toEqual(rowsOf(channel, drawn));
        const banks = banksPerRank(organisation);
        for (let rank = 0; rank < organisation.ranks; rank++) {
          const own = drawn.commands.filter((command) => command.rank === rank);
          const at = (...names: CommandName[]) =>
            own.filter(({ command }) => names.includes(command)).map(({ cycle }) => cycle);
          expect(spansNamed(drawn, `rank ${rank} refresh`, 'REFab')).toEqual(
            at('REFab').map((cycle) => [cycle, cycle + timing.parameters['tRFCab']!]),
          );
          for (let bank = 0; bank < banks; bank++)
            expect(spansNamed(drawn, `rank ${rank} bank ${bank}`, 'REFpb')).toEqual(
              own
                .filter(
                  (refresh) =>
                    refresh.command === 'REFpb' &&
                    refreshedBanks(banks, timing.rules.banksPerREFpb, refresh.bank).includes(bank),
                )
                .map(({ cycle }) => [cycle, cycle + timing.parameters['tRFCpb']!]),
            );
          for (const [name, enter, leave] of [
            ['power-down', 'PDE', 'PDX'],
            ['self-refresh', 'SRE', 'SRX'],
          ] as const) {
            const exits = at(leave);
            expect(spansNamed(drawn, `rank ${rank} power`, name)).toEqual(
              at(enter).map((cycle, i) => [cycle, exits[i] ?? drawn.end]),
            );
          }
          expect((drawn.read.instants.get(`DRAM channel 0 / rank ${rank} power`) ?? []).length).toBe(0);
        }
        const selections = drawn.commands.filter(({ command }) => command === 'SASEL').length;
        const shown = [...drawn.read.instants.values()].flat().filter(({ name }) => name === 'SASEL');
        expect(shown.length).toBe(selections);
        const burst = organisation.burstLength / organisation.dataRate;
        const transfers = drawn.read.spans.get('DRAM channel 0 / data bus') ?? [];
        for (const { from, to, args } of transfers)
          expect((to - from) / PS).toBe(Number(args['bursts']) * burst);
        const { read, write } = timing.rules.firstData;
        const starts = transfers.flatMap(({ name, from, args }) =>
          Array.from({ length: Number(args['bursts']) }, (_, i) => `${name} ${from / PS + i * burst}`),
        );
        expect(starts).toEqual(
          drawn.commands
            .filter(({ command }) => READS.includes(command) || WRITES.includes(command))
            .map(({ command, cycle }) =>
              READS.includes(command) ? `RD ${cycle + read}` : `WR ${cycle + write}`,
            ),
        );
        for (const { command } of drawn.commands) seen.add(command);
        seen.add(timing.subarrays?.scheme ?? 'together');
      }),
      { seed: 5, numRuns: randomCases(60, 400) },
    );
    for (const what of [
      ...READS,
      ...WRITES,
      'PREA',
      'REFab',
      'REFpb',
      'PDE',
      'SRE',
      'SASEL',
      'salp-1',
      'salp-2',
    ])
      expect(seen).toContain(what);
  });

  it('counts the requests that wait in each cycle, as the controller does', () => {
    fc.assert(
      fc.property(withOneBus, (channel) => {
        const drawn = drawChannel(channel, 0);
        for (const [i, name] of ['read queue', 'write queue'].entries()) {
          const values = drawn.read.counters.get(`DRAM channel 0 / ${name}`)!;
          const waits = drawn.waits.filter(({ write }) => write === (i === 1));
          const depth = new Int32Array(drawn.end + 2);
          for (const { entered, issued } of waits) for (let c = entered; c <= issued; c++) depth[c]!++;
          const counted = new Int32Array(drawn.end + 2);
          for (const [n, [at, value]] of values.entries())
            counted.fill(value, at / PS, (values[n + 1]?.[0] ?? Number.POSITIVE_INFINITY) / PS);
          expect(counted).toEqual(depth);
          // The controller's mean leaves out the cycle in which a request is served, its peak does not.
          expect(Math.max(...depth)).toBe(drawn.peaks[i]);
          expect(depth.reduce((a, b) => a + b, 0)).toBe(drawn.waited[i]! + waits.length);
        }
      }),
      { seed: 6, numRuns: randomCases(40, 300) },
    );
  });

  it('shows in a window what it shows of it in all', () => {
    fc.assert(
      fc.property(withOneBus, fc.nat(3000), fc.nat(3000), fc.nat(1249), (channel, a, b, within) => {
        const window = { from: Math.min(a, b) * PS + within, to: Math.max(a, b) * PS + within + 700 };
        const { read: all } = drawChannel(channel, 1000);
        const { read: part } = drawChannel(channel, 1000, window);
        const cut = new Map(
          [...all.spans].flatMap(([track, spans]): [string, string[]][] => {
            const kept = spans
              .filter(({ from, to }) => from < window.to && to > window.from)
              .map(({ name, from, to }) =>
                [name, Math.max(from, window.from), Math.min(to, window.to)].join(' '),
              );
            return kept.length > 0 ? [[track, kept]] : [];
          }),
        );
        const shown = new Map(
          [...part.spans]
            .filter(([, spans]) => spans.length > 0)
            .map(([track, spans]) => [track, spans.map(({ name, from, to }) => [name, from, to].join(' '))]),
        );
        // Bursts of a row that began before the window may be joined differently there: their time on the bus is the same.
        const busTime = (of: ReadonlyMap<string, string[]>): number =>
          (of.get('DRAM channel 0 / data bus') ?? []).reduce((sum, line) => {
            const [, from, to] = line.split(' ').map(Number);
            return sum + to! - from!;
          }, 0);
        expect(busTime(shown)).toBe(busTime(cut));
        for (const of of [cut, shown]) of.delete('DRAM channel 0 / data bus');
        expect(shown).toEqual(cut);
        for (const [counter, values] of all.counters) {
          const valueAt = (of: typeof values, at: number): number | undefined =>
            of.findLast(([since]) => since <= at)?.[1];
          const windowed = part.counters.get(counter)!;
          for (let at = window.from; at < window.to; at += PS)
            expect(valueAt(windowed, at)).toBe(valueAt(values, at));
        }
      }),
      { seed: 7, numRuns: randomCases(40, 200) },
    );
  });

  it('is sound on every shipped device, with all banks busy', async () => {
    for (const name of await shippedModels.list('dram')) {
      const device = await loadDevice(name, shippedModels);
      const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
      const { organisation } = device;
      fc.assert(
        fc.property(burstsFor(organisation, 60), (bursts) => {
          const options = { ...DEFAULT_CONTROLLER, powerDownAfter: 50 };
          const { read } = drawChannel({ organisation, timing, options, bursts }, 100);
          const transfers = read.spans.get('DRAM channel 0 / data bus')!;
          const moved = transfers.reduce((sum, { args }) => sum + Number(args['bursts']), 0);
          expect(moved).toBe(bursts.length);
        }),
        { seed: 12, numRuns: randomCases(2, 6) },
      );
    }
  });
});
