import { InputError } from '../errors/input-error.ts';
import type { Bytes, Cycles } from '../units/flavours.ts';
import { type AccessTraceOptions, type Carries, type Losses, unitStart } from './access-format.ts';
import { type AccessRun, emptyRun } from './access-run.ts';
import { createCycleClock } from './cycle-clock.ts';

/**
 * Returns a function that cuts a run into the accesses that a format can say, and calls `emit` for each with the cycle in
 * which it arrives. What the format has no place for is counted in `losses`. The function throws InputError for a run
 * that is not made of whole accesses (of `unit` bytes) where the format gives no sizes, for a time that would become
 * cycles of an unknown clock, and, before its first access is emitted, for a run that exceeds `options.limit`.
 */
export function accessParts(
  carries: Carries,
  unit: Bytes,
  options: AccessTraceOptions,
  losses: Losses,
  emit: (access: Readonly<AccessRun>, cycle: Cycles) => void,
): (run: Readonly<AccessRun>) => void {
  const clock = options.clock === undefined ? undefined : createCycleClock(options.clock);
  const { limit = Number.POSITIVE_INFINITY } = options;
  const part = emptyRun();
  let accesses = 0;

  const cycleOf = (arrival: number): Cycles => {
    if (arrival === 0 || carries.arrival !== 'cycles') return 0;
    if (!clock)
      throw new InputError('the times of the trace would become cycles of an unknown clock', {
        remedy: 'give --clock MHZ',
      });
    return clock.nearestCycle(arrival);
  };

  return (run) => {
    const { address, bytes, arrival, source } = run;
    const end = address + bytes;
    if (carries.extent === 'units' && (address % unit !== 0 || bytes % unit !== 0))
      throw new InputError(
        `a run of ${bytes} bytes at 0x${address.toString(16)} is not made of whole accesses of ${unit} bytes`,
        { remedy: 'give their size: --access-bytes N' },
      );
    accesses +=
      carries.extent === 'runs' ? 1 : (unitStart(end - 1, unit) - unitStart(address, unit)) / unit + 1;
    if (accesses > limit)
      throw new InputError(
        `${accesses.toLocaleString('en')} accesses with the run of ${bytes.toLocaleString('en')} bytes at 0x${address.toString(16)}: the limit is ${limit.toLocaleString('en')}`,
        { remedy: 'write larger accesses (--access-bytes), keep runs whole (sxt, csv), or raise --limit' },
      );
    const cycle = cycleOf(arrival);
    const inexact = carries.arrival === 'cycles' && arrival > 0 && clock?.picosecondsAt(cycle) !== arrival;

    part.write = run.write;
    part.arrival = arrival;
    part.source = source;
    for (let from = address; from < end; from += part.bytes) {
      part.address = from;
      part.bytes = carries.extent === 'runs' ? bytes : Math.min(end, unitStart(from, unit) + unit) - from;
      if (carries.arrival === 'nothing' && arrival > 0) losses.arrivals++;
      if (inexact) losses.roundedArrivals++;
      if (!carries.source && source > 0) losses.sources++;
      emit(part, cycle);
    }
  };
}
