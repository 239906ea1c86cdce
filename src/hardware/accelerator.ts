import type { Bits, Cycles, Megahertz, Milliwatts, Picojoules } from '../units/flavours.ts';
import type { Provenance } from './provenance.ts';

/** Formats of weights for which an addition's energy may be given. */
export const ADDITION_FORMATS = ['fp32', 'int8'] as const;
export type AdditionFormat = (typeof ADDITION_FORMATS)[number];

/** An SNN accelerator: its on-chip memory, its time and its energy (docs/accelerator.md). */
export interface Accelerator {
  readonly name: string;
  readonly description: string;
  /** On-chip buffer for weight rows. */
  readonly weightBuffer: Bits;
  readonly timing: AcceleratorTiming;
  readonly energy: AcceleratorEnergy;
  readonly provenance: readonly Provenance[];
}

/** Cycles are of the accelerator's own clock. */
export interface AcceleratorTiming {
  readonly clock: Megahertz;
  readonly processingElements: number;
  /** Neurons that one processing element adds to, or updates, at a time. */
  readonly lanes: number;
  readonly cyclesPerAddition: Cycles;
  readonly cyclesPerUpdate: Cycles;
  /** Weight rows that may be under way in DRAM. */
  readonly outstanding: number;
  /** Items that may be looked up but not yet added. */
  readonly prefetch: number;
}

export interface AcceleratorEnergy {
  /** Of one weight added to one neuron, by format. */
  readonly addition: Readonly<Record<AdditionFormat, Picojoules>>;
  /** Of the arithmetic of one neuron's update. */
  readonly update: Picojoules;
  /** Of one read or write of on-chip memory, `sramWidth` wide. */
  readonly sramAccess: Picojoules;
  readonly sramWidth: Bits;
  /** Of the whole chip, whatever it does: leakage, and what its clock costs when nothing is computed. */
  readonly staticPower: Milliwatts;
}
