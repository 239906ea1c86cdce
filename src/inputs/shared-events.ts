import type { EventColumns, EventSet } from '../datasets/event-set.ts';

/** Room for whole times that threads share. */
export const sharedWholeColumns = (events: number): EventColumns<Uint32Array> => ({
  times: new Uint32Array(new SharedArrayBuffer(4 * events)),
  inputs: new Uint32Array(new SharedArrayBuffer(4 * events)),
});

/** Room for times in double precision that threads share. */
export const sharedColumns = (events: number): EventColumns<Float64Array> => ({
  times: new Float64Array(new SharedArrayBuffer(8 * events)),
  inputs: new Uint32Array(new SharedArrayBuffer(4 * events)),
});

/** The set with labels and offsets that threads share, too. */
export function withSharedSamples(set: EventSet): EventSet {
  const labels = new Uint16Array(new SharedArrayBuffer(2 * set.count));
  const offsets = new Uint32Array(new SharedArrayBuffer(4 * (set.count + 1)));
  labels.set(set.labels);
  offsets.set(set.offsets);
  return { ...set, labels, offsets };
}
