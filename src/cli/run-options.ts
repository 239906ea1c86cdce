import type { VoltageJob } from '../experiments/run.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import type { RowFormat } from '../results/write-rows.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import type { RunRepair } from '../sparkxd/repair-on-load.ts';
import type { ControllerFlags } from './controller-options.ts';

/** The job as the command line gives it, and what becomes of the results. */
export interface RunOptions
  extends Omit<VoltageJob, 'weights' | 'supplies' | 'mappings' | 'law' | 'controller' | 'subarrays'>,
    ControllerFlags {
  readonly network: string;
  readonly weights?: string;
  readonly supply: number[];
  readonly mapping: MappingPolicy[];
  readonly jobs: number;
  readonly out: string;
  readonly also: RowFormat[];
  readonly optimise?: boolean;
  readonly networks?: string[];
  readonly formats?: WeightFormat[];
  readonly repairs?: RunRepair[];
  readonly timings?: TimingMode[];
  readonly rewardWeight?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}
