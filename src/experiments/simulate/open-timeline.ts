import type { CoreLog } from '../../accelerator/core.ts';
import type { CoreObserver } from '../../dram/core/open-core.ts';
import { createDramTimeline } from '../../dram/timeline/dram-timeline.ts';
import { createTimeline, type Numbers } from '../../engine/timeline.ts';
import type { Device } from '../../hardware/device.ts';
import type { ResolvedTiming } from '../../hardware/resolved-timing.ts';
import { createTextFile } from '../../inputs/trace-files.ts';
import { timelineWindow } from '../../settings/timeline.ts';
import type { Cycles } from '../../units/flavours.ts';
import { drawCores } from './core-timeline.ts';
import type { SimulatedPlan } from './system-rules.ts';

/** The timeline of a simulation while it is written. */
export interface OpenTimeline {
  observer(channel: number): CoreObserver;
  core(core: number): CoreLog;
  /** Completes the file; the memory has run so many cycles. */
  end(cycles: Cycles): void;
  /** Gives up: nothing is left behind. */
  abandon(): void;
}

/** Begins the timeline of a job that wants one: the cores, and the channels of the memory. Throws InputError where it cannot be written. */
export function openTimeline(
  job: { readonly timeline?: string | undefined; readonly timelineWindow?: string | undefined },
  { shape }: SimulatedPlan,
  { organisation }: Device,
  timing: ResolvedTiming,
  about: Numbers,
): OpenTimeline | undefined {
  if (job.timeline === undefined) return undefined;
  const { put, end, abandon } = createTextFile(job.timeline, 'the timeline');
  const timeline = createTimeline(put, timelineWindow(job.timelineWindow), {
    ...about,
    supply_V: timing.supply,
    timing: timing.mode,
    clock_MHz: timing.clock,
    ...(job.timelineWindow === undefined ? {} : { window: job.timelineWindow }),
  });
  const core = drawCores(timeline, shape.clock, shape.cores.length);
  const dram = createDramTimeline(timeline, organisation, timing, 1);
  return {
    observer: dram.observer,
    core,
    end(cycles) {
      dram.end(cycles);
      timeline.end();
      end();
    },
    abandon,
  };
}
