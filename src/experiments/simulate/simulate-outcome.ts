import type { System } from '../../accelerator/system.ts';
import type { ChannelActivity } from '../../hardware/activity.ts';
import type { Device } from '../../hardware/device.ts';
import type { ActivityRow, OverTimeRow, SimulateRow, SourceRow, WaitRow } from '../../results/tables.ts';
import { dataPinsOf } from '../../settings/data-pins.ts';
import type { SimulateJob } from '../../settings/jobs/simulate.ts';
import type { Volts } from '../../units/flavours.ts';
import type { JoinedSystem } from './join-system.ts';
import type { SimulatedBatch } from './simulated-system.ts';
import { sourceNames, sourceRows } from './source-rows.ts';
import type { SimulatedPlan } from './system-rules.ts';

export interface SimulateOutcome {
  readonly row: SimulateRow;
  /** Who asked the memory, and what none of them has alone. */
  readonly sources: readonly SourceRow[];
  /** What sources and cores did over time, and for whom each core waited, where the job gives a window (`activityWindow`). */
  readonly activity?: readonly ActivityRow[];
  readonly waits?: readonly WaitRow[];
  /** Of all DRAM commands, if the job wants it; `replay --hash` gives the same for the recording. */
  readonly hash?: string;
  /** By the inferences since the weights were written, where flips persist and are not certain. */
  readonly over_time?: readonly OverTimeRow[];
}

/** What a system did, from which the rows of its sources follow. */
export interface SystemRun {
  readonly job: SimulateJob;
  readonly device: Device;
  readonly supply: Volts;
  readonly plan: SimulatedPlan;
  readonly joined: JoinedSystem;
  readonly activity: ChannelActivity;
  readonly batches: readonly SimulatedBatch[];
  readonly batchesAlone: readonly SimulatedBatch[];
}

/** The rows of the sources of a system; and of the same without other traffic, where there is any. */
export function sourcesOfRun(run: SystemRun): {
  readonly sources: SourceRow[];
  readonly alone?: { readonly batches: readonly SimulatedBatch[]; readonly sources: SourceRow[] };
} {
  const { job, device, supply, plan, joined, activity, batches, batchesAlone } = run;
  const { system, alone, names } = joined;
  const options = { supply, law: job.law, model: job.energyModel, io: dataPinsOf(job, device) };
  const sourcesOf = (
    of: System,
    named: readonly string[],
    done: readonly SimulatedBatch[],
    did: ChannelActivity,
  ): SourceRow[] =>
    sourceRows({
      ...{ system: of, names: named, device, activity: did, options },
      timings: done.map(({ timing }) => timing),
    });
  return {
    sources: sourcesOf(system, names, batches, activity),
    ...(alone && {
      alone: {
        batches: batchesAlone,
        sources: sourcesOf(alone, sourceNames(plan, [], job.load), batchesAlone, alone.finish()),
      },
    }),
  };
}
