import type { BatchOutcome } from './batch.ts';
import type { InputSizes } from './cost.ts';
import type { DatasetLibrary } from './inputs.ts';
import type { SweepPoint } from './plan.ts';

/** What an executor is given: the points without a result, and where results go. */
export interface SweepWork {
  readonly folder: string;
  readonly fingerprint: string;
  /** All points of the plan, in its order. */
  readonly points: readonly SweepPoint[];
  readonly pending: ReadonlySet<string>;
  readonly datasets: DatasetLibrary;
  readonly sizes: InputSizes;
}

/** Works points off, or has them worked off elsewhere. */
export interface SweepExecutor {
  /**
   * Answers when the work is done, or, where others do it, handed over (then with a line that says to whom). Throws
   * InputError when it cannot go on; whatever has a result by then keeps it.
   */
  run(work: SweepWork, onBatch: (outcome: BatchOutcome) => void): Promise<string | undefined>;
}
