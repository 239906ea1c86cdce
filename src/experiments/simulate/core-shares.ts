import type { CoreTiming } from '../../accelerator/core.ts';
import type { SystemTiming } from '../../accelerator/system.ts';

/** What processing elements do with their time, as shares of it. What waits for other cores is absent where there is one core. */
export interface CoreShares {
  readonly pe_utilisation: number;
  readonly wait_dram: number;
  readonly wait_lookup: number;
  readonly wait_spikes?: number;
  /** In which a core is done, and another is not. */
  readonly wait_cores?: number;
}

/** The shares of these cores together, over all that the timings are of. */
export function coreShares(timings: readonly SystemTiming[], cores: readonly number[]): CoreShares {
  const time = timings.reduce((sum, { latency }) => sum + latency, 0) * cores.length;
  const share = (of: (core: CoreTiming) => number): number =>
    timings.reduce((sum, timing) => cores.reduce((all, core) => all + of(timing.cores[core]!), sum), 0) /
    time;
  const own = {
    pe_utilisation: share(({ busy }) => busy),
    wait_dram: share(({ waitedForDram }) => waitedForDram),
    wait_lookup: share(({ waitedForLookup }) => waitedForLookup),
  };
  if (timings[0]!.cores.length === 1) return own;
  const wait_spikes = share(({ waitedForSpikes }) => waitedForSpikes);
  const left = 1 - (own.pe_utilisation + own.wait_dram + own.wait_lookup + wait_spikes);
  // Rounding leaves something of nothing.
  return { ...own, wait_spikes, wait_cores: left < 1e-12 ? 0 : left };
}
