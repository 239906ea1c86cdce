import { availableParallelism } from 'node:os';
import type { PhaseMonitor } from '../experiments/monitor.ts';

/** How far long work is. */
export interface Progress {
  /** What is being done, in words: "DRAM commands". */
  readonly phase: string;
  /** Steps done of this phase, and how many it has. */
  readonly done: number;
  readonly total: number;
}

/** How a use case is called: none of it changes a result. */
export interface Calling {
  /** Threads that share the work (default: one a core of the machine). The results are the same for any number. */
  readonly threads?: number;
  /**
   * Stops the work: the promise is then rejected with the signal's reason. `run`, `replay`, `simulate`, `evaluate`, `tolerance` and
   * `optimise` look at it between portions of their work, the other use cases before they begin.
   */
  readonly signal?: AbortSignal;
  /** Called as the work goes on, from the thread that called. */
  readonly onProgress?: (progress: Progress) => void;
  /** Takes each line that a user should read, once: what is assumed of an input, or why a number must be doubted. */
  readonly onRemark?: (line: string) => void;
}

/** What a caller asked for, as the use cases take it. Throws the signal's reason where it is aborted already. */
export function heard({ threads = availableParallelism(), signal, onProgress, onRemark }: Calling): {
  readonly threads: number;
  readonly monitor: PhaseMonitor;
  readonly remark: (line: string) => void;
} {
  signal?.throwIfAborted();
  const said = new Set<string>();
  const remark = (line: string): void => {
    if (said.has(line)) return;
    said.add(line);
    onRemark?.(line);
  };
  let [phase, done, total] = ['', 0, 0];
  // The work calls these between its portions: what they throw ends it.
  const monitor: PhaseMonitor = {
    begin(name, steps) {
      signal?.throwIfAborted();
      [phase, done, total] = [name, 0, steps];
      onProgress?.({ phase, done, total });
    },
    advance(steps) {
      signal?.throwIfAborted();
      done += steps;
      onProgress?.({ phase, done, total });
    },
    remark,
  };
  return { threads, monitor, remark };
}
