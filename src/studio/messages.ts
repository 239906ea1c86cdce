import type { PointCells } from '../experiments/run-points.ts';
import type { DramCells } from '../results/dram-columns.ts';
import type { RunRow } from '../results/tables.ts';
import type { Accuracy } from '../sparkxd/accuracy.ts';
import type { Choice, SettingTexts } from './settings.ts';

/** What the page tells the model worker. */
export type ToModel =
  | { readonly kind: 'settings'; readonly id: number; readonly texts: SettingTexts }
  | { readonly kind: 'file'; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };

/** What the model worker tells the page; `id` is that of the settings that it answers. */
export type FromModel =
  | { readonly kind: 'offers'; readonly offers: Offers }
  | { readonly kind: 'view'; readonly id: number; readonly view: PointView }
  | { readonly kind: 'cells'; readonly id: number; readonly cells: CellsView }
  | { readonly kind: 'fields'; readonly id: number; readonly fields: FieldsView }
  | { readonly kind: 'curve'; readonly id: number; readonly curve: readonly CurvePoint[] }
  | { readonly kind: 'accuracy'; readonly id: number; readonly accuracy: AccuracyView }
  | { readonly kind: 'dropped'; readonly name: string; readonly file: DroppedFile }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** What can be chosen. */
export interface Offers {
  readonly choices: readonly Choice[];
  /** Shipped names, by the setting that takes them. */
  readonly shipped: Readonly<Record<string, readonly string[]>>;
}

/** What a file that was dropped is taken for, and the setting that takes its name; or why it is not taken. */
export type DroppedFile =
  | { readonly setting: string; readonly texts: SettingTexts }
  | { readonly trace: TraceView }
  | { readonly message: string };

/** What a trace that was dropped does in the chosen device at its supply. */
export interface TraceView {
  readonly format: string;
  readonly cells: DramCells;
  /** Against the same trace at nominal supply. */
  readonly saving: number;
  readonly command: string;
  /** The first commands, in order of time. */
  readonly steps: readonly ControllerStep[];
}

/** A command of the controller, and why it came no sooner. */
export interface ControllerStep {
  readonly cycle: number;
  readonly command: string;
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly row: number;
  readonly column: number;
  /** The constraint that allowed it in its cycle and not before, and the command that this counts from. */
  readonly waitedFor?: { readonly constraint: string; readonly latency: number; readonly since: string };
}

/** A timing parameter at nominal supply and at the chosen one. */
export interface Latency {
  readonly name: string;
  readonly nominalCycles: number;
  readonly cycles: number;
  readonly nominalNs: number;
  readonly ns: number;
}

/** The floor plan: subarrays by index, bank after bank. */
export interface PlanView {
  /** Name of each bank: its number, or channel.rank.bank. */
  readonly banks: readonly string[];
  readonly subarraysPerBank: number;
  /** Expected bit error rate of each subarray. */
  readonly ber: Float64Array;
  /** Bytes of weights in each subarray. */
  readonly placedBytes: Float64Array;
}

/** All that is known of a point before its images are shown to the network. */
export interface PointView {
  readonly texts: SettingTexts;
  readonly command: string;
  readonly supply: number;
  /** Supplies of the device at which its errors are known, V. */
  readonly range: { readonly lowest: number; readonly nominal: number };
  readonly cells: PointCells;
  readonly latencies: readonly Latency[];
  readonly clock: number;
  readonly plan: PlanView;
  /** Subarrays that hold weights, and of these the ones above the limit of the bit error rate. */
  readonly use: { readonly used: number; readonly aboveLimit: number; readonly safe: number };
  readonly berLimit: number;
  readonly bound: number;
  /** Bits of the stored image. */
  readonly bits: number;
  /** What is assumed of the inputs, a line each. */
  readonly remarks: readonly string[];
  /** From the settings' arrival in the worker to this view, ms. */
  readonly took: number;
}

/** The weak cells under the weights, each once. */
export interface CellsView {
  /** DRAM rows that hold weights, in their order: channel, rank, bank, row of each. */
  readonly rows: Uint32Array;
  readonly rowBits: number;
  /** Of each cell, the place of its row among these and its bit of the row. */
  readonly row: Uint32Array;
  readonly bit: Uint32Array;
}

/** Pixels, four bytes each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Receptive fields of the first neurons. */
export interface FieldsView {
  readonly clean: Pixels;
  readonly read: Pixels;
  readonly shown: number;
  readonly neurons: number;
  /** Weights that are not as they were trained, of all. */
  readonly changed: number;
  readonly weights: number;
}

/** One supply of the curves. */
export interface CurvePoint {
  readonly supply: number;
  readonly berChip: number;
  readonly berPlaced: number;
  /** pJ an access, by term. */
  readonly energy: Readonly<Record<EnergyTerm, number>>;
  readonly saving: number;
}

export const ENERGY_TERMS = ['act', 'pre', 'rd', 'wr', 'ref', 'background', 'io'] as const;
export type EnergyTerm = (typeof ENERGY_TERMS)[number];

/** Accuracy over the images shown so far. */
export interface AccuracyView {
  readonly read: Accuracy;
  readonly clean: Accuracy;
  readonly images: number;
  /** The row that `sparkxd run` writes of the point, once all images were shown. */
  readonly row?: RunRow;
  /** From the settings' arrival in the worker to this figure, ms. */
  readonly took: number;
}
