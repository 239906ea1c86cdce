/** Hears of the work as it goes on; each phase has a number of steps. */
export interface PhaseMonitor {
  /** A larger part of the work begins, which may have several phases. */
  stage?(name: string): void;
  begin(phase: string, steps: number): void;
  advance(steps: number): void;
}

/** For callers that show no progress. */
export const SILENT: PhaseMonitor = { begin() {}, advance() {} };
