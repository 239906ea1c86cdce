/** Hears of the work as it goes on; each phase has a number of steps. */
export interface PhaseMonitor {
  /** A larger part of the work begins, which may have several phases. */
  stage?(name: string): void;
  begin(phase: string, steps: number): void;
  advance(steps: number): void;
  /** Takes a line that the user should read, such as what is assumed of an input; the same line may come several times. */
  remark?(line: string): void;
}

/** For callers that show no progress. */
export const SILENT: PhaseMonitor = { begin() {}, advance() {} };
