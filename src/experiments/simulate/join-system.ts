import { weightsOfSources } from '../../accelerator/build-system.ts';
import type { CoreLog } from '../../accelerator/core.ts';
import type { PortMemory } from '../../accelerator/dram-port.ts';
import { cutIntoPieces } from '../../accelerator/row-pieces.ts';
import { createSystem, type FetchLog, type SystemShape } from '../../accelerator/system.ts';
import type { AddressMapping } from '../../dram/address.ts';
import { createCommandHash } from '../../dram/command-hash.ts';
import type { CoreObserver } from '../../dram/core/open-core.ts';
import { bothObservers } from '../../dram/replay.ts';
import { kilohertzOf } from '../../engine/clock-crossing.ts';
import { type Accelerator, EQUAL_WEIGHTS } from '../../hardware/accelerator.ts';
import type { Device } from '../../hardware/device.ts';
import type { ResolvedTiming } from '../../hardware/resolved-timing.ts';
import { openTraffic } from '../../inputs/open-traffic.ts';
import type { Remark } from '../../inputs/recorder.ts';
import type { WeightRowRuns } from '../../mapping/weight-rows.ts';
import { activityWindow } from '../../settings/activity.ts';
import { controllerOptions } from '../../settings/controller-settings.ts';
import type { SimulateJob } from '../../settings/jobs/simulate.ts';
import { openTimeline } from './open-timeline.ts';
import { sourceNames } from './source-rows.ts';
import type { SimulatedPlan } from './system-rules.ts';
import { watchActivity } from './watch-activity.ts';

/** What a simulated system is made of, and who hears of what it does. */
export interface SystemParts {
  readonly job: SimulateJob;
  readonly accelerator: Accelerator;
  readonly device: Device;
  readonly timing: ResolvedTiming;
  readonly addresses: AddressMapping;
  /** Where the weight rows lie. */
  readonly runs: WeightRowRuns;
  readonly plan: SimulatedPlan;
  readonly network: string;
  readonly remark: Remark;
  readonly fetched: FetchLog;
  readonly observer?: ((channel: number) => CoreObserver | undefined) | undefined;
}

/** A system that was joined. */
export type JoinedSystem = Awaited<ReturnType<typeof joinSystem>>;

/**
 * Joins cores, memory and other traffic to a system with all that watches it, and the same without the traffic, where there is any. Throws
 * InputError for traffic that cannot serve, and where a file cannot be begun.
 */
export async function joinSystem(parts: SystemParts) {
  const { job, accelerator, device, timing, addresses, runs, plan, network, remark, fetched, observer } =
    parts;
  const { organisation } = device;
  const dramClock = kilohertzOf(device.clock);
  const window = activityWindow(job.activityWindow);
  const timeline = openTimeline(job, plan, device, timing, {
    network,
    accelerator: accelerator.name,
    device: device.name,
  });
  const traffic = await openTraffic(
    job.traffic ?? [],
    { device, timing, mapping: addresses, runs, seed: job.seed },
    remark,
  );
  const hash = job.hash ? createCommandHash() : undefined;
  const names = sourceNames(plan, job.traffic ?? [], job.load);
  const watch = window === undefined ? undefined : watchActivity(window, plan, device, timing, names);

  const shape: SystemShape = {
    ...plan.shape,
    ...(job.load
      ? {
          loader: {
            pieces: cutIntoPieces(runs, organisation, addresses),
            outstanding: accelerator.timing.outstanding,
          },
        }
      : {}),
  };
  const weights = (flows: number): number[] =>
    weightsOfSources(accelerator.system?.memoryWeights ?? EQUAL_WEIGHTS, plan.shape.cores.length, flows);
  const port: PortMemory = {
    organisation,
    timing,
    options: controllerOptions(job.controller),
    ...(accelerator.system ? { arbiter: accelerator.system.memoryArbiter } : {}),
  };
  const observers = [observer, timeline?.observer];
  const system = createSystem(
    { ...shape, traffic: traffic.flows, weights: weights(traffic.flows.length) },
    dramClock,
    {
      ...port,
      ...(hash ? { log: hash.log } : {}),
      ...(watch ? { transferred: watch.transferred } : {}),
      observer: (channel) =>
        observers.reduce<CoreObserver | undefined>(
          (all, one) => bothObservers(all, one?.(channel)),
          undefined,
        ),
    },
    {
      fetched,
      ...(timeline || watch ? { core: (core) => bothLogs(timeline?.core(core), watch?.core(core)) } : {}),
    },
  );
  /** The same without the traffic, which shows what that costs. */
  const alone =
    traffic.flows.length === 0 ? undefined : createSystem({ ...shape, weights: weights(0) }, dramClock, port);

  return { system, alone, names, traffic, timeline, watch, hash };
}

/** The log of a core that two want to hear. */
function bothLogs(a: CoreLog | undefined, b: CoreLog | undefined): CoreLog {
  return (kind, from, to, row) => {
    a?.(kind, from, to, row);
    b?.(kind, from, to, row);
  };
}
