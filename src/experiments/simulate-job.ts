import type { Workload } from '../accelerator/workload.ts';
import type { ControllerOptions } from '../dram/controller-options.ts';
import type { VoltageLaw } from '../energy/voltage-law.ts';
import type { EccScheme } from '../faults/ecc.ts';
import type { AdditionFormat } from '../hardware/accelerator.ts';
import type { SubarrayScheme, TimingMode } from '../hardware/resolved-timing.ts';
import type { MappingPolicy } from '../mapping/policy.ts';
import type { Vote } from '../snn/vote.ts';
import type { RunRepair } from '../sparkxd/repair-on-load.ts';
import type { Volts } from '../units/flavours.ts';

/** What `sparkxd simulate` is asked for. */
export interface SimulateJob {
  readonly weights: string;
  readonly dataset: string;
  readonly device: string;
  readonly profile: string;
  readonly accelerator: string;
  readonly workload: Workload;
  /** Test images, inferred one after the other. */
  readonly images: number;
  readonly format: AdditionFormat;
  readonly mapping: MappingPolicy;
  /** Nominal unless told. */
  readonly supply?: Volts;
  readonly timing: TimingMode;
  readonly law: VoltageLaw;
  readonly chip: number;
  readonly berLimit: number;
  readonly occupied: number;
  /** Probability that a read of a weak cell flips; the bit error rate stays, so there are more weak cells the lower it is. */
  readonly flipProbability: number;
  readonly ecc: EccScheme;
  readonly repair: RunRepair;
  readonly vote: Vote;
  readonly controller: ControllerOptions;
  readonly subarrays?: SubarrayScheme | undefined;
  readonly seed: number;
  /** Writes the requests with their times. */
  readonly record?: string;
  readonly hash: boolean;
}
