import type { ChannelActivity } from '../hardware/activity.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';
import { createActivityCounter } from './activity-counter.ts';
import type { AddressMapping } from './address.ts';
import { type ControllerSink, createController } from './controller.ts';
import type { ControllerOptions } from './controller-options.ts';
import { CONFLICT, MISS } from './request-queue.ts';

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
  readonly rowHits: number;
  readonly rowMisses: number;
  readonly rowConflicts: number;
  readonly activity: ChannelActivity;
}

/** Sends all requests of a source through one channel and reports what it did. `log` sees every command. */
export function replay(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  mapping: AddressMapping,
  source: RequestSource,
  log?: ControllerSink['command'],
): ReplayResult {
  const activity = createActivityCounter(organisation, timing);
  const served = [0, 0, 0];
  let writes = 0;
  const controller = createController(organisation, timing, options, {
    command(cycle, command, rank, bank, row, column) {
      activity.command(cycle, command, rank, bank);
      log?.(cycle, command, rank, bank, row, column);
    },
    served(write, _rank, _bank, _row, condition) {
      served[condition]!++;
      if (write) writes++;
    },
  });

  const burstBytes = bytesPerBurst(organisation);
  const run: RequestRun = { address: 0, bursts: 0, write: false, arrival: 0 };
  const at = new Int32Array(6);
  let burst = 0;
  let left = 0;
  let inRow = 0;
  let more = true;
  const advance = (): void => {
    if (left === 0) {
      more = source.next(run);
      if (!more) return;
      burst = run.address / burstBytes;
      left = run.bursts;
      inRow = 0;
    }
    if (inRow === 0) {
      mapping.decode(burst, at);
      inRow = mapping.burstsToRowEnd(burst);
    }
  };

  advance();
  while (more || controller.waiting > 0) {
    if (more && run.arrival <= controller.cycle && controller.hasRoom(run.write)) {
      const bank = at[2]! * organisation.banksPerGroup + at[3]!;
      controller.offer(run.write, at[1]!, bank, at[4]!, at[5]!);
      burst++;
      left--;
      at[5]!++;
      inRow--;
      advance();
    }
    // The next entry may be a cycle away, or wait for its arrival, or for a command to make room.
    const mayEnter = more && controller.hasRoom(run.write);
    controller.step(mayEnter ? Math.max(controller.cycle + 1, run.arrival) : Number.POSITIVE_INFINITY);
  }
  const cycles = controller.lastDone;
  return {
    cycles,
    reads: served[0]! + served[1]! + served[2]! - writes,
    writes,
    rowHits: served[0]!,
    rowMisses: served[MISS]!,
    rowConflicts: served[CONFLICT]!,
    activity: activity.activity(cycles),
  };
}
