import { InputError } from '../errors/input-error.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';
import { createActivityCounter } from './activity-counter.ts';
import type { AddressMapping } from './address.ts';
import { CONFLICT, HIT, MISS } from './bank-queue.ts';
import { createController } from './controller.ts';
import type { ControllerOptions } from './controller-options.ts';
import { createLatencyHistogram, type LatencyHistogram } from './latency-histogram.ts';
import { ISSUED_COMMANDS } from './timing-table.ts';

/** Consecutive bursts, all read or all written, from a byte address on, not before `arrival` (0: as fast as accepted). */
export interface RequestRun {
  address: number;
  bursts: number;
  write: boolean;
  arrival: Cycles;
}

/** Requests in order of entry; fills the run in place and is false at the end. */
export interface RequestSource {
  next(run: RequestRun): boolean;
}

export interface ReplayResult {
  /** Until the last response. */
  readonly cycles: Cycles;
  readonly reads: number;
  readonly writes: number;
  /** Requests served while their row was open, after an ACT for them, and after a PRE for them (docs/controller.md). */
  readonly rowHits: number;
  readonly rowMisses: number;
  readonly rowConflicts: number;
  /** From entry into the queue to the end of the data. */
  readonly readLatency: LatencyHistogram;
  readonly writeLatency: LatencyHistogram;
  readonly activity: ChannelActivity;
}

/** Sees every command as it is issued. `bank` is flat in its rank, -1 for PREA and REFab. */
export type CommandLog = (
  cycle: Cycles,
  command: CommandName,
  rank: number,
  bank: number,
  row: number,
  column: number,
) => void;

/**
 * Sends all requests of a source through one channel and reports what it did. Throws InputError for a device of several
 * channels: each has its own controller, and one cannot speak for all.
 */
export function replay(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  mapping: AddressMapping,
  source: RequestSource,
  log?: CommandLog,
): ReplayResult {
  if (organisation.channels > 1)
    throw new InputError(`the controller simulates one channel, the device has ${organisation.channels}`, {
      remedy: 'set channels to 1 in the device file and replay the traffic of one channel',
    });
  const activity = createActivityCounter(organisation, timing);
  const conditions = [0, 0, 0];
  const readLatency = createLatencyHistogram();
  const writeLatency = createLatencyHistogram();
  const parameter = (name: string): number => timing.parameters[name] ?? 0;
  const burst = organisation.burstLength / organisation.dataRate;
  const readDone = parameter('RL') + parameter('tDQSCK') + burst;
  const writeDone = parameter('WL') + burst;

  const controller = createController(organisation, timing, options, {
    row(cycle, command, rank, bank, row) {
      activity.row(cycle, command, rank, bank);
      log?.(cycle, ISSUED_COMMANDS[command]!, rank, bank, row, 0);
    },
    columns(cycle, write, rank, bank, row, column, count, step, condition, entered, enteredStep) {
      activity.columns(write, rank, bank, count);
      conditions[condition]!++;
      conditions[HIT]! += count - 1;
      const done = cycle + (write ? writeDone : readDone);
      (write ? writeLatency : readLatency).add(done - entered, step - enteredStep, count);
      if (log)
        for (let i = 0; i < count; i++)
          log(cycle + i * step, write ? 'WR' : 'RD', rank, bank, row, column + i);
    },
  });

  const burstBytes = bytesPerBurst(organisation);
  const run: RequestRun = { address: 0, bursts: 0, write: false, arrival: 0 };
  const at = new Int32Array(6);
  for (let more = source.next(run); more; ) {
    let first = run.address / burstBytes;
    let left = run.bursts;
    // The next run is fetched before this one's last piece enters, so that the controller knows whether more come.
    const { write, arrival } = run;
    more = source.next(run);
    while (left > 0) {
      mapping.decode(first, at);
      const count = Math.min(left, mapping.burstsToRowEnd(first));
      controller.offer(
        write,
        at[1]!,
        at[2]! * organisation.banksPerGroup + at[3]!,
        at[4]!,
        at[5]!,
        count,
        arrival,
      );
      first += count;
      left -= count;
      controller.runUntil(Number.POSITIVE_INFINITY, more || left > 0);
    }
  }
  const cycles = controller.lastDone;
  return {
    cycles,
    reads: readLatency.count,
    writes: writeLatency.count,
    rowHits: conditions[HIT]!,
    rowMisses: conditions[MISS]!,
    rowConflicts: conditions[CONFLICT]!,
    ...{ readLatency, writeLatency },
    activity: activity.activity(cycles),
  };
}
