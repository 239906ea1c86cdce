import type { EventSet } from './event-set.ts';

/** The spikes of one sample, step by step. */
export interface SteppedEvents {
  readonly steps: number;
  /** steps + 1: the spikes of step k lie from offsets[k] to offsets[k + 1] (exclusive). */
  readonly offsets: Uint32Array;
  /** Inputs that spike, ascending within a step, each at most once in it. */
  readonly inputs: Uint32Array;
  /** Events behind the last step, which are left out. */
  readonly late: number;
  /** Events left out because the same input had spiked in the same step already. */
  readonly merged: number;
}

/** Times differ from whole microseconds by no more than this share when seconds are turned into microseconds. */
const ROUNDING = 2 ** -50;

/**
 * Microseconds of a time step. A step within rounding of a whole number of microseconds is that number, so that "1 ms" read as
 * 0.001 s is 1000 us.
 */
export function stepMicroseconds(timeStepS: number): number {
  const us = timeStepS * 1e6;
  const whole = Math.round(us);
  return whole > 0 && Math.abs(us - whole) <= whole * ROUNDING ? whole : us;
}

/**
 * Sorts the events of a sample into steps: an event at time t lies in step floor(t / time step), whatever the order of the events.
 * Several events of one input in one step are one spike. Where the time step is a whole number of microseconds the step is exact, also
 * for times between whole microseconds; otherwise it is that of the quotient in double precision.
 */
export function eventsToSteps(
  { offsets: samples, times, inputs: sources }: EventSet,
  sample: number,
  { timeStepS, steps }: { readonly timeStepS: number; readonly steps: number },
): SteppedEvents {
  const [from, to] = [samples[sample]!, samples[sample + 1]!];
  const stepUs = stepMicroseconds(timeStepS);
  const isWhole = Number.isInteger(stepUs);

  const stepOfEvent = new Int32Array(to - from);
  const ends = new Uint32Array(steps + 1);
  let late = 0;
  for (let k = from; k < to; k++) {
    const time = times[k]!;
    let step = Math.floor(time / stepUs);
    // The quotient rounds to the next whole number where it is just below it, never the other way; the product is exact.
    if (isWhole && step * stepUs > time) step--;
    if (step >= steps) {
      stepOfEvent[k - from] = -1;
      late++;
    } else {
      stepOfEvent[k - from] = step;
      ends[step + 1]!++;
    }
  }
  for (let step = 0; step < steps; step++) ends[step + 1]! += ends[step]!;

  const sorted = new Uint32Array(to - from - late);
  const next = ends.slice(0, steps);
  for (let k = from; k < to; k++) {
    const step = stepOfEvent[k - from]!;
    if (step >= 0) sorted[next[step]!++] = sources[k]!;
  }

  const offsets = new Uint32Array(steps + 1);
  let kept = 0;
  for (let step = 0; step < steps; step++) {
    const [begin, end] = [ends[step]!, ends[step + 1]!];
    if (end - begin > 1) sorted.subarray(begin, end).sort();
    // What is kept moves to the front of the same array, never past what is still to be read.
    for (let k = begin; k < end; k++)
      if (k === begin || sorted[k] !== sorted[kept - 1]) sorted[kept++] = sorted[k]!;
    offsets[step + 1] = kept;
  }
  return { steps, offsets, inputs: sorted.slice(0, kept), late, merged: sorted.length - kept };
}

/** Steps that hold every event of every sample; 0 for a set without events. */
export function stepsToHoldAll({ times, offsets, count }: EventSet, timeStepS: number): number {
  let last = -1;
  for (let k = offsets[0]!; k < offsets[count]!; k++) if (times[k]! > last) last = times[k]!;
  if (last < 0) return 0;
  const stepUs = stepMicroseconds(timeStepS);
  const step = Math.floor(last / stepUs);
  return (Number.isInteger(stepUs) && step * stepUs > last ? step - 1 : step) + 1;
}
