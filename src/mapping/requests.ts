import type { WeightRowRuns } from './weight-rows.ts';

/**
 * The reads of a window of inferences: for each fetched weight row its runs of bursts. A pull source that fills the
 * caller's run in place, so that nothing is allocated per request.
 */
export interface WeightReads {
  /** Fills `run` with the next reads; false at the end. */
  next(run: { address: number; bursts: number; write: boolean; arrival: number }): boolean;
}

/** Reads of the weight rows in `fetches` (row numbers, in order), as fast as accepted. `burstBytes` scales addresses. */
export function weightReads(
  fetches: Iterable<Uint32Array>,
  { start, burst, count }: WeightRowRuns,
  burstBytes: number,
): WeightReads {
  const inferences = fetches[Symbol.iterator]();
  let rows = new Uint32Array(0);
  let nextRow = 0;
  let segment = 0;
  let segmentEnd = 0;
  return {
    next(run) {
      while (segment === segmentEnd) {
        while (nextRow === rows.length) {
          const following = inferences.next();
          if (following.done) return false;
          rows = following.value as Uint32Array<ArrayBuffer>;
          nextRow = 0;
        }
        const row = rows[nextRow++]!;
        segment = start[row]!;
        segmentEnd = start[row + 1]!;
      }
      run.address = burst[segment]! * burstBytes;
      run.bursts = count[segment]!;
      run.write = false;
      run.arrival = 0;
      segment++;
      return true;
    },
  };
}
