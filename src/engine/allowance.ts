import { grown } from '../bytes/grown.ts';
import { NEVER } from './common-tick.ts';

/** A limit of requests under way, whose answers may be known before their time comes. Times are of one clock. */
export interface Allowance {
  /** A request begins; its answer is not known. */
  begin(): void;
  /** The answer of one request is known: it comes at `time`, which may lie ahead. */
  end(time: number): void;
  /** The first time from `time` on at which another request may begin, as far as is known: NEVER if an answer must be known first. */
  roomFrom(time: number): number;
  /** Requests whose answer is not known. */
  readonly unknown: number;
}

/** Times that are asked for never fall. */
export function createAllowance(limit: number): Allowance {
  let unknown = 0;
  /** Times of answers that lie ahead of the latest time that was asked for. */
  let ends = new Float64Array(Math.min(limit, 16));
  let known = 0;
  return {
    begin() {
      unknown++;
    },
    end(time) {
      unknown--;
      if (known === ends.length) ends = grown(ends, 2 * known);
      ends[known++] = time;
    },
    roomFrom(time) {
      let first = NEVER;
      let kept = 0;
      for (let i = 0; i < known; i++) {
        const end = ends[i]!;
        if (end <= time) continue;
        ends[kept++] = end;
        if (end < first) first = end;
      }
      known = kept;
      return unknown + known < limit ? time : first;
    },
    get unknown() {
      return unknown;
    },
  };
}
