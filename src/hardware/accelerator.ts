import type { Bits, Cycles, Megahertz, Milliwatts, Picojoules } from '../units/flavours.ts';
import type { Provenance } from './provenance.ts';

/** Formats of weights of which an accelerator may state the energy of an addition. */
export type AdditionFormat = 'fp32' | 'bf16' | 'fp16' | 'int16' | 'int8' | 'int4';

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
  /** Of one weight added to one neuron, by format; undefined where the model gives none. */
  readonly addition: Readonly<Record<AdditionFormat, Picojoules | undefined>>;
  /** Of the arithmetic of one neuron's update. */
  readonly update: Picojoules;
  /** Of one read or write of on-chip memory, `sramWidth` wide. */
  readonly sramAccess: Picojoules;
  readonly sramWidth: Bits;
  /** Of the whole chip, whatever it does: leakage, and what its clock costs when nothing is computed. */
  readonly staticPower: Milliwatts;
}
