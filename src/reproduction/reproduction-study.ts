import type { RunRow } from '../results/columns.ts';

/** How weights are stored: 32 bits as the paper has them, half as many in floating point, or as small integers. */
export type WeightKind = 'single' | 'half' | 'integer';

/** What a reproduction computed for one of its studies: one configuration, network and training. */
export interface ReproducedStudy {
  readonly id: string;
  /** The paper's grid, means beyond it on the same networks, or a mechanism alone on one network. */
  readonly role: 'grid' | 'beyond' | 'ablation';
  readonly weights: WeightKind;
  /** What the studies of one table row share, and how the row is called. */
  readonly configuration: string;
  readonly title: string;
  /** Shipped name, "n400-mnist". */
  readonly network: string;
  /** 1 is the shipped network. */
  readonly trainingSeed: number;
  readonly rows: readonly RunRow[];
  /** Why the program refused it. */
  readonly refused: string | undefined;
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
  readonly ber: number;
  readonly masks: number;
  readonly accuracy: number;
  /** The 95 % interval for other masks and other images; absent of one mask, which says nothing of others. */
  readonly interval?: { readonly low: number; readonly high: number };
}
