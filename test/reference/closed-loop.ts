import type { Schedule } from '../../src/accelerator/schedule.ts';
import type { ControllerOptions } from '../../src/dram/controller-options.ts';
import type { Organisation } from '../../src/hardware/device.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import { type Burst, referenceController } from './controller.ts';

/** A core and its buffer as their timing sees them; the clock in kHz, cycles are the core's. */
export interface LoopMachine {
  clock: number;
  passCycles: number;
  updateCycles: number;
  bufferRows: number;
  outstanding: number;
  prefetch: number;
}

/** Bursts of each weight row, without arrivals. */
export type RowBursts = readonly (readonly ChannelBurst[])[];
type ChannelBurst = Omit<Burst, 'arrival' | 'write'> & { channel: number };

export interface ReferenceInference {
  start: number;
  latency: number;
  busy: number;
  waitedForDram: number;
  waitedForLookup: number;
  fetches: number;
}

interface Fetch {
  row: number;
  /** DRAM cycle of the request. */
  cycle: number;
}

/**
 * The closed loop of docs/accelerator.md, every cycle of the accelerator ticked. The memory is the
 * reference controller, run from its beginning over all requests so far whenever there is a new one: what it had answered
 * by then does not depend on what comes later. Clocks in kHz; shares no code with src/accelerator or src/dram.
 */
export function referenceClosedLoop(
  machine: LoopMachine,
  memory: {
    organisation: Organisation;
    timing: ResolvedTiming;
    options: ControllerOptions;
    clock: number;
    bursts: RowBursts;
  },
  schedules: readonly Schedule[],
): { inferences: ReferenceInference[]; fetches: Fetch[]; commands: readonly (readonly object[])[] } {
  const { organisation, timing } = memory;
  const p = timing.parameters;
  const dataEnd = (p['RL'] ?? 0) + (p['tDQSCK'] ?? 0) + organisation.burstLength / organisation.dataRate;
  const depth = Math.max(1, Math.min(machine.prefetch, machine.bufferRows));
  const fetches: Fetch[] = [];
  /** By channel. */
  let commands = Array.from(
    { length: organisation.channels },
    (): ReturnType<typeof referenceController>['commands'] => [],
  );
  /** DRAM cycle by which each fetch has its data. */
  let answered: number[] = [];
  const inferences: ReferenceInference[] = [];
  let held: number[] = [];
  let tick = 0;

  /** The commands of a channel, and the cycle in which it is done; it idles until cycle `until`. */
  function runChannel(channel: number, until = 0) {
    const bursts = fetches.flatMap(({ row, cycle }) =>
      memory.bursts[row]!.filter((burst) => burst.channel === channel).map((burst) => ({
        ...{ ...burst, write: false, arrival: cycle },
      })),
    );
    return referenceController(organisation, timing, memory.options, bursts, until);
  }
  function runMemory(): void {
    answered = fetches.map(() => 0);
    commands = Array.from({ length: organisation.channels }, (_, channel) => {
      const run = runChannel(channel).commands;
      noteAnswers(run, channel);
      return run;
    });
  }
  function noteAnswers(run: (typeof commands)[number], channel: number): void {
    const readBefore = new Map<string, number>();
    for (const { cycle, command, rank, bank, row, column } of run) {
      if (command !== 'RD' && command !== 'RDA') continue;
      const place = [channel, rank, bank, row, column].join();
      const times = readBefore.get(place) ?? 0;
      readBefore.set(place, times + 1);
      // The k-th read of a burst belongs to the k-th fetch of the row that holds it.
      const weightRow = memory.bursts.findIndex((list) =>
        list.some((b) => [b.channel, b.rank, b.bank, b.row, b.column].join() === place),
      );
      const fetch = fetches.map((f, i) => ({ ...f, i })).filter((f) => f.row === weightRow)[times]!.i;
      answered[fetch] = Math.max(answered[fetch]!, cycle + dataEnd);
    }
  }
  /** Whether the data are there when the accelerator's cycle begins: compared as fractions of a millisecond. */
  const hasArrived = (fetch: number): boolean => answered[fetch]! * machine.clock <= tick * memory.clock;

  for (const { rows, passes, updates, buffered } of schedules) {
    const start = tick;
    const firstFetch = fetches.length;
    const lookedUp: { fetch: number | undefined; tick: number }[] = [];
    let finished = 0;
    let adding: { left: number } | undefined;
    let updatesLeft = updates[0]! * machine.updateCycles;
    const counts = { busy: 0, waitedForDram: 0, waitedForLookup: 0 };
    /** The wait so far of the item that is next, charged to what ends it. */
    let waited = 0;
    const latestFetch = (row: number): number => fetches.map((f) => f.row).lastIndexOf(row);

    for (;;) {
      // What takes no time is done at once: additions of nothing, updates that are over.
      for (let moved = true; moved; ) {
        moved = false;
        if (updatesLeft > 0) break;
        if (!adding && finished < lookedUp.length) {
          const item = lookedUp[finished]!;
          if (tick > item.tick && hasArrived(item.fetch!)) {
            const after = item.tick + 1;
            const arrivedThen = answered[item.fetch!]! * machine.clock <= after * memory.clock;
            if (arrivedThen) counts.waitedForLookup += waited;
            else counts.waitedForDram += waited;
            waited = 0;
            adding = { left: passes[finished]! * machine.passCycles };
            moved = true;
          }
        }
        if (adding?.left === 0) {
          adding = undefined;
          finished++;
          updatesLeft = updates[finished]! * machine.updateCycles;
          moved = true;
        }
      }
      if (finished === rows.length && updatesLeft === 0) break;

      // One lookup a cycle, if there is a place for the item and, where its row must be fetched, for the fetch.
      const next = lookedUp.length;
      if (next < rows.length && next - finished < depth) {
        const row = rows[next]!;
        if (buffered && held.includes(row)) {
          held = [...held.filter((other) => other !== row), row];
          lookedUp.push({ fetch: latestFetch(row), tick });
        } else if (fetches.filter((_, i) => !hasArrived(i)).length < machine.outstanding) {
          if (buffered && machine.bufferRows > 0) held = [...held, row].slice(-machine.bufferRows);
          fetches.push({ row, cycle: Math.ceil((tick * memory.clock) / machine.clock) });
          runMemory();
          lookedUp.push({ fetch: fetches.length - 1, tick });
        }
      }

      if (updatesLeft > 0) {
        updatesLeft--;
        counts.busy++;
      } else if (adding) {
        adding.left--;
        counts.busy++;
      } else waited++;
      tick++;
    }
    inferences.push({ start, latency: tick - start, ...counts, fetches: fetches.length - firstFetch });
  }
  // Channels that are done idle until the last of them is.
  const done = commands.map((_, channel) => runChannel(channel).lastDone);
  const end = Math.max(...done);
  return {
    inferences,
    fetches,
    commands: commands.map((own, channel) =>
      done[channel]! < end ? runChannel(channel, end).commands : own,
    ),
  };
}
