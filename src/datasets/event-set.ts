/**
 * Labelled recordings of events. An event is a moment and the input that spiked then; events of a sample lie in one piece, in the
 * order of their file, which need not be that of time.
 */
export interface EventSet {
  /** Samples. */
  readonly count: number;
  readonly classes: number;
  /** Of the input, C order: (polarities, rows, columns) of a sensor, (channels) of a cochlea. */
  readonly shape: readonly number[];
  /** One class a sample, 0 to classes - 1. */
  readonly labels: Uint16Array;
  /** count + 1: sample s has the events from offsets[s] to offsets[s + 1] (exclusive). */
  readonly offsets: Uint32Array;
  /** Microseconds from the beginning of its sample, one an event; whole ones, or double precision. */
  readonly times: EventTimes;
  /** Number of the input in C order of `shape`, one an event. */
  readonly inputs: Uint32Array;
}

export type EventTimes = Uint32Array | Float64Array;

/** A training part and a test part; either may not be there. */
export interface EventDataset {
  readonly name: string;
  readonly train?: EventSet;
  readonly test?: EventSet;
}

/** Room for the events of a set, which a decoder fills. The caller says whether threads share it. */
export interface EventColumns<T extends EventTimes = EventTimes> {
  readonly times: T;
  readonly inputs: Uint32Array;
}

/** Events of one set at most: what 32-bit offsets and the memory of a machine bear (N-MNIST's training part has 2^28). */
export const MOST_EVENTS = 2 ** 29;
/** Inputs of one sample at most. */
export const MOST_INPUTS = 2 ** 24;
/** Classes at most. */
export const MOST_CLASSES = 2 ** 16;
/** Times lie below this, in microseconds: whole ones up to here are exact in double precision. */
export const TIME_LIMIT_US = 2 ** 53;

/** Samples `from` to `to` (exclusive), sharing the memory of `set`. */
export function sliceSamples(set: EventSet, from: number, to: number): EventSet {
  return {
    ...set,
    count: to - from,
    labels: set.labels.subarray(from, to),
    offsets: set.offsets.subarray(from, to + 1),
  };
}

/** Least and greatest time of a sample's events, in microseconds; undefined for a sample without events. */
export function spanOf(
  { offsets, times }: EventSet,
  sample: number,
): { readonly first: number; readonly last: number } | undefined {
  const [from, to] = [offsets[sample]!, offsets[sample + 1]!];
  if (from === to) return undefined;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = from; k < to; k++) {
    const time = times[k]!;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return { first, last };
}
