import type { CoreActivity, CoreLog } from '../../accelerator/core.ts';
import { type Kilohertz, picosecondBefore } from '../../engine/clock-crossing.ts';
import type { Timeline } from '../../engine/timeline.ts';

/** How a timeline calls what a core does; `row` stands for the number of the weight row. */
const NAMES: Readonly<Record<CoreActivity, (row: number) => string>> = {
  add: (row) => `add row ${row}`,
  update: () => 'update neurons',
  'wait-dram': (row) => `wait for DRAM: row ${row}`,
  'wait-lookup': (row) => `wait for lookup: row ${row}`,
  'wait-spikes': () => 'wait for spikes',
};

/** Draws the cores of a system on a timeline, a track each, before the memory's processes. */
export function drawCores(timeline: Timeline, clock: Kilohertz, cores: number): (core: number) => CoreLog {
  const process = timeline.process('cores', 0);
  const tracks = Array.from({ length: cores }, (_, core) => timeline.track(process, `core ${core}`, core));
  return (core) => (kind, from, to, row) => {
    const begin = picosecondBefore(from, clock);
    const end = picosecondBefore(to, clock);
    if (timeline.shows(begin, end))
      timeline.span(tracks[core]!, NAMES[kind](row), begin, end, { from_cycle: from, cycles: to - from });
  };
}
