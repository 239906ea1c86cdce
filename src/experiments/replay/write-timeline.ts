import { createDramTimeline } from '../../dram/timeline/dram-timeline.ts';
import { createTimeline } from '../../engine/timeline.ts';
import type { ResolvedTiming } from '../../hardware/resolved-timing.ts';
import { createTextFile } from '../../inputs/trace-files.ts';
import { timelineWindow } from '../../settings/timeline.ts';
import type { Bench, Replayer, ReplayTasks } from './replayer.ts';

/** Replays the trace once more, for its timeline alone. */
export async function writeTimeline(
  { job, device }: Bench,
  replayer: Replayer,
  timing: ResolvedTiming,
  through: ReplayTasks['through'],
  file: string,
): Promise<void> {
  const { put, end, abandon } = createTextFile(file, 'the timeline');
  try {
    const timeline = createTimeline(put, timelineWindow(job.timelineWindow), {
      trace: job.trace,
      device: device.name,
      supply_V: timing.supply,
      timing: timing.mode,
      clock_MHz: timing.clock,
      ...(job.timelineWindow === undefined ? {} : { window: job.timelineWindow }),
    });
    const dram = createDramTimeline(timeline, device.organisation, timing);
    const { result } = await replayer.replay(timing, { observer: dram.observer, through });
    dram.end(result.cycles);
    timeline.end();
    end();
  } catch (error) {
    abandon();
    throw error;
  }
}
