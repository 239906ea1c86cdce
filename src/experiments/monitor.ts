/** Hears of the work as it goes on; each phase has a number of steps. */
export interface PhaseMonitor {
  begin(phase: string, steps: number): void;
  advance(steps: number): void;
}

/** For callers that show no progress. */
export const SILENT: PhaseMonitor = { begin() {}, advance() {} };
