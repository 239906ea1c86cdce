import type { RunRow } from '../results/tables.ts';

/** What a reproduction asks of a study: the paper's means, ours beyond them, a mechanism alone, measured modules, or training. */
export type StudyRole = 'paper' | 'ours' | 'ablation' | 'modules' | 'training';

/** How weights were made that are not a shipped recipe's: going on under errors, or its control, going on without. */
export type Awareness = 'aware' | 'control';

/** What a reproduction computed for one of its studies: one configuration, network and training. */
export interface ReproducedStudy {
  readonly id: string;
  readonly role: StudyRole;
  /** What the studies of one table row share, and how the row is called. */
  readonly configuration: string;
  readonly title: string;
  /** Configuration of the same role that this one differs from in one mechanism. */
  readonly control?: string | undefined;
  /** Shipped name, "n400-mnist". */
  readonly network: string;
  /** 1 is the shipped network; with `awareness`, the seed of what went on from it. */
  readonly trainingSeed: number;
  readonly awareness?: Awareness;
  readonly rows: readonly RunRow[];
  /** Why the program refused it. */
  readonly refused: string | undefined;
}

/** All that a reproduction computes. */
export interface Reproduction {
  readonly studies: readonly ReproducedStudy[];
  /** Accuracy of one network over many rates. */
  readonly curves: readonly ReproducedCurve[];
  /** Accuracy of each network at the mean rate of a chip, one point each. */
  readonly atMean: readonly ReproducedCurve[];
}

/** Accuracy against uniform bit errors in the weights of one network. */
export interface ReproducedCurve {
  readonly network: string;
  readonly format: string;
  readonly repair: string;
  /** Without errors, in FP32. */
  readonly clean: number;
  /** Ascending in the rate. */
  readonly points: readonly ReproducedPoint[];
}

/** Mean accuracy over masks of errors at one rate. */
export interface ReproducedPoint {
  /** Rate at which bits were flipped, and the share that flipped, mean over the masks. */
  readonly ber: number;
  readonly observed: number;
  readonly masks: number;
  readonly accuracy: number;
  /** The 95 % interval for other masks and other images; absent of one mask, which says nothing of others. */
  readonly interval?: { readonly low: number; readonly high: number };
}
