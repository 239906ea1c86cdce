import type { AntiRows, ErrorModelId } from '../../faults/error-model.ts';
import type { MappingPolicy } from '../../mapping/policy.ts';
import type { WeightFormat } from '../../snn/weight-format.ts';

/** The memory, and the supplies at which it is looked at. */
export interface MemoryOptions {
  readonly device: string;
  readonly profile: string;
  readonly supply?: number[];
  readonly lowestSupply?: number;
  readonly json?: boolean;
}

/** Which chip: generated with its error model, or the user's map. */
export interface ChipOptions extends MemoryOptions {
  readonly chip: number;
  readonly seed: number;
  readonly member?: string;
  readonly model: ErrorModelId;
  readonly spread?: number;
  readonly flip?: number;
  readonly flipDischarged?: number;
  readonly antiRows?: AntiRows;
  readonly subarraySpread?: number;
  readonly import?: string;
}

export interface RegionOptions {
  readonly banks?: number[];
  readonly rows?: [number, number];
}

export interface ErrorsOptions extends ChipOptions, RegionOptions {
  readonly refreshInterval?: number;
  readonly temperature?: number;
  readonly export?: string;
  readonly picture?: string;
}

export interface FitOptions extends MemoryOptions, RegionOptions {
  readonly reads: number;
}

export interface ExplainOptions extends ChipOptions {
  readonly weights: string;
  readonly format: WeightFormat;
  readonly mapping: MappingPolicy;
  readonly berLimit: number;
  readonly limit: number;
  readonly csv?: string;
}
