import type { ArbiterKind } from '../engine/arbiter.ts';
import type { Bits, Cycles, Megahertz, Milliwatts, Picojoules } from '../units/flavours.ts';
import type { ModelPlaces } from './model-places.ts';
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
  /** Several cores, each as `timing` says; absent, the accelerator is one core that stands at the memory. */
  readonly system?: CoreSystem;
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

/** The most cores of a system. */
export const MOST_CORES = 64;

/**
 * How cores and memory are joined. `bus`: one way out of the cores and one back, which they share, and on which every core hears
 * the spikes of the others; `crossbar`: both ways for each core on its own, where spikes cross once for each core that gets them.
 */
export const INTERCONNECTS = ['bus', 'crossbar'] as const;
export type InterconnectKind = (typeof INTERCONNECTS)[number];

/** Shares of the memory under its weighted arbiter: of each core, of each traffic, and of what writes the weights. */
export interface MemoryWeights {
  readonly cores: number;
  readonly traffic: number;
  readonly loading: number;
}
export const EQUAL_WEIGHTS: MemoryWeights = { cores: 1, traffic: 1, loading: 1 };

/** How cores share their memory. */
export interface CoreSystem {
  readonly cores: number;
  /** Whether the weight buffer is one for all cores; otherwise each has its own of that size. */
  readonly sharedBuffer: boolean;
  /** On-chip memory for the state of all neurons; undefined where the model bounds it by nothing. */
  readonly neuronState: Bits | undefined;
  readonly interconnect: {
    readonly kind: InterconnectKind;
    readonly clock: Megahertz;
    /** Bits that cross a way in a cycle. */
    readonly width: Bits;
    /** Cycles from the end of a transfer to its arrival. */
    readonly latency: Cycles;
    readonly arbiter: ArbiterKind;
    /** Of a byte over one way. */
    readonly energyPerByte: Picojoules;
  };
  /** Between the sources of requests, at each channel of the memory. */
  readonly memoryArbiter: ArbiterKind;
  readonly memoryWeights: MemoryWeights;
  /** Where the entries of the file stand, for messages. */
  readonly places: ModelPlaces;
}
