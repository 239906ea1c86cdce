import type { WeightBuffer } from './weight-buffer.ts';

/**
 * How an inference reads its weights. `stream`: each inference reads every weight row once, in order (the pattern of
 * the SparkXD paper). `event`: each input spike needs its input's weight row; a row on chip is not fetched again.
 */
export const WORKLOADS = ['stream', 'event'] as const;
export type Workload = (typeof WORKLOADS)[number];

/** Weight rows that one `stream` inference fetches, in order. */
export function streamFetches(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}

/**
 * Weight rows that one `event` inference fetches, in order: its input spikes (input numbers in the order in which
 * they occur) less those whose row is in the buffer. The buffer keeps its rows for the next inference.
 */
export function eventFetches(spikes: ArrayLike<number>, buffer: WeightBuffer): Uint32Array {
  const fetched = new Uint32Array(spikes.length);
  let count = 0;
  for (let i = 0; i < spikes.length; i++) {
    const row = spikes[i]!;
    if (!buffer.touch(row)) fetched[count++] = row;
  }
  return fetched.slice(0, count);
}
