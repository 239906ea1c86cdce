import { createBusyWindows } from '../../accelerator/busy-windows.ts';
import type { CoreActivity, CoreLog } from '../../accelerator/core.ts';
import type { TransferredBursts } from '../../accelerator/dram-port.ts';
import type { System } from '../../accelerator/system.ts';
import { createWaitsForData } from '../../accelerator/waits-for-data.ts';
import { transferTimes } from '../../dram/channel-statistics.ts';
import { kilohertzOf } from '../../engine/clock-crossing.ts';
import { type Ticks, ticksPerCycle } from '../../engine/common-tick.ts';
import { bytesPerBurst, type Device } from '../../hardware/device.ts';
import type { ResolvedTiming } from '../../hardware/resolved-timing.ts';
import { NOBODY } from '../../results/source-names.ts';
import type { ActivityRow, WaitRow } from '../../results/tables.ts';
import type { Cycles, Picoseconds } from '../../units/flavours.ts';
import type { SimulatedPlan } from './system-rules.ts';

/** What sources and cores did over time, while it is watched. */
export interface ActivityWatch {
  readonly transferred: TransferredBursts;
  core(core: number): CoreLog;
  /** Counts what is known of the past. To be called after each inference. */
  settle(system: System): void;
  /** The tables; the memory has ended after so many cycles. */
  end(system: System, cycles: Cycles): { readonly activity: ActivityRow[]; readonly waits: WaitRow[] };
}

/** What a core does, as the columns have it; each is a series of its own. */
const CORE_SERIES: Readonly<Record<CoreActivity, number>> = {
  add: 0,
  update: 0,
  'wait-dram': 1,
  'wait-lookup': 2,
  'wait-spikes': 3,
};
const SERIES_OF_CORE = 4;

const NS_PER_MS = 1e6;
const PS_PER_NS = 1000;
const NS_PER_US = 1000;

/**
 * Watches the data on the buses by source, and what cores do, in windows of a length that is doubled where there would be too many of
 * them; and whose data cross the buses while a core waits. Times are exact: whole ticks of the clocks of cores and memory.
 */
export function watchActivity(
  window: Picoseconds,
  { shape }: SimulatedPlan,
  { clock, organisation }: Device,
  timing: ResolvedTiming,
  names: readonly string[],
): ActivityWatch {
  const dramClock = kilohertzOf(clock);
  const [core, dram] = ticksPerCycle([shape.clock, dramClock]) as [Ticks, Ticks];
  const ticksPerNs = (dram * dramClock) / NS_PER_MS;
  const burst: Ticks = transferTimes(organisation, timing).burst * dram;
  const cores = shape.cores.length;
  const windows = createBusyWindows(names.length + SERIES_OF_CORE * cores, (window / PS_PER_NS) * ticksPerNs);
  const seriesOf = (k: number, activity: CoreActivity): number =>
    names.length + SERIES_OF_CORE * k + CORE_SERIES[activity];
  const channels = shape.cores.map(({ pieces }) => {
    const rows: (readonly number[])[] = [];
    return (row: number): readonly number[] => {
      rows[row] ??= [...new Set(pieces.channel.slice(pieces.start[row]!, pieces.start[row + 1]!))];
      return rows[row];
    };
  });
  const waits = createWaitsForData(cores, names.length, organisation.channels, (k, row) => channels[k]!(row));

  return {
    transferred(source, channel, _write, end, count, step) {
      const put = (to: Ticks, length: Ticks): void => {
        windows.add(source, to - length, to);
        waits.data(source, channel, to - length, to);
      };
      // Without a gap between them, bursts are one interval.
      if (step * dram === burst) put((end + (count - 1) * step) * dram, count * burst);
      else for (let i = 0; i < count; i++) put((end + i * step) * dram, burst);
    },
    core: (k) => (kind, from, to, row) => {
      windows.add(seriesOf(k, kind), from * core, to * core);
      if (kind === 'wait-dram') waits.wait(k, row, from * core, to * core);
    },
    settle(system) {
      waits.settle(Math.min(system.now * core, system.port.ran * dram));
    },
    end(system, cycles) {
      const end = Math.max(cycles * dram, system.now * core);
      waits.settle(end);
      const nanoseconds = (ticks: Ticks): number => ticks / ticksPerNs;
      const length = (window / PS_PER_NS / NS_PER_US) * 2 ** windows.doublings;
      const burstBytes = bytesPerBurst(organisation);
      const peak = (burstBytes * organisation.channels) / nanoseconds(burst);
      const activity: ActivityRow[] = [];
      for (let w = 0; w * windows.length < end; w++) {
        const last = (w + 1) * windows.length >= end;
        const time = last ? end - w * windows.length : windows.length;
        const share = (k: number, of: CoreActivity): number => windows.time(seriesOf(k, of), w) / time;
        for (const [i, source] of names.entries())
          activity.push({
            from_us: w * length,
            to_us: last ? nanoseconds(end) / NS_PER_US : (w + 1) * length,
            source,
            bandwidth_GBps: ((windows.time(i, w) / burst) * burstBytes) / nanoseconds(time),
            peak_bandwidth_GBps: peak,
            ...(i < cores
              ? {
                  pe_utilisation: share(i, 'add'),
                  wait_dram: share(i, 'wait-dram'),
                  wait_lookup: share(i, 'wait-lookup'),
                  ...(cores > 1 ? { wait_spikes: share(i, 'wait-spikes') } : {}),
                }
              : {}),
          });
      }
      return {
        activity,
        waits: shape.cores.flatMap((_, k) => {
          const whole = waits.waited(k);
          const row = (source: string, time: Ticks): WaitRow => ({
            core: names[k]!,
            source,
            ...(whole > 0 ? { waited_share: time / whole } : {}),
            waited_us: nanoseconds(time) / NS_PER_US,
          });
          const known = names.map((_, i) => waits.waitedFor(k, i));
          // Rounding of parts may leave less than nothing.
          const rest = Math.max(
            0,
            known.reduce((left, time) => left - time, whole),
          );
          return [...names.map((source, i) => row(source, known[i]!)), row(NOBODY, rest)];
        }),
      };
    },
  };
}
