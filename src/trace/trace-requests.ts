import type { AddressMapping } from '../dram/address.ts';
import type { RequestSource } from '../dram/replay.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import { type AccessRunReader, emptyRun } from './access-run.ts';
import { beyondDevice } from './beyond-device.ts';

/** When a replayed request enters: as fast as the controller accepts it, or not before the time that the trace gives. */
export const ARRIVALS = ['asap', 'trace'] as const;
export type Arrival = (typeof ARRIVALS)[number];

/** Bursts of accesses that are sent as one request: more would gain nothing, and keep signals waiting. */
const MOST_JOINED = 1024;

/** The requests of a trace, and what has been found of them so far. */
export interface TraceRequests extends RequestSource {
  /** Whether any request has a time other than 0. */
  timed(): boolean;
}

/**
 * A trace's runs as requests of one device: each run becomes the bursts that cover its bytes. Times become the first
 * command-clock cycle not before them. Throws InputError for addresses beyond the device; `offset` is what has been
 * subtracted from the trace's own addresses by then.
 */
export function traceRequests(
  trace: AccessRunReader,
  device: Device,
  mapping: AddressMapping,
  arrival: Arrival,
  offset = 0,
): TraceRequests {
  const burst = bytesPerBurst(device.organisation);
  const memoryBytes = mapping.bursts * burst;
  const run = emptyRun();
  let timed = false;
  let lowest = Number.POSITIVE_INFINITY;
  return {
    next(request) {
      if (!trace.next(run)) return false;
      if (run.address < lowest) lowest = run.address;
      const first = Math.floor(run.address / burst);
      const end = Math.ceil((run.address + run.bytes) / burst);
      if (end > mapping.bursts) throw beyondDevice(trace, run, lowest, offset, device, memoryBytes);
      request.address = first * burst;
      request.bursts = end - first;
      if (trace.join && request.address === run.address && request.bursts * burst === run.bytes) {
        trace.join(run, burst, Math.min(MOST_JOINED * burst, memoryBytes - run.address));
        request.bursts = run.bytes / burst;
      }
      request.write = run.write;
      request.arrival = arrival === 'asap' ? 0 : cyclesAt(run.arrival, device.clock);
      timed ||= run.arrival > 0;
      return true;
    },
    timed: () => timed,
  };
}

/** ps x MHz / 1e6, rounded up, in exact integer arithmetic (the product may exceed 2^53). */
function cyclesAt(picoseconds: number, megahertz: number): number {
  const product = picoseconds * megahertz;
  if (Number.isSafeInteger(product)) return Math.ceil(product / 1e6);
  // A clock need not be whole megahertz; a thousandth of a hertz is finer than any data sheet.
  const exact = BigInt(picoseconds) * BigInt(Math.round(megahertz * 1e9));
  return Number((exact + 10n ** 15n - 1n) / 10n ** 15n);
}
