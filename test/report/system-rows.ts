import type { ActivityRow, SourceRow, WaitRow } from '../../src/results/tables.ts';

// A system of so many cores, one traffic and the writing of weights, over so many windows of 10 us, whose numbers agree.

export interface SystemRows {
  readonly sources: SourceRow[];
  readonly activity: ActivityRow[];
  readonly waits: WaitRow[];
  /** Of the row of results. */
  readonly bytes: number;
  readonly cores: number;
}

export const TRAFFIC = 'random:1GBps';
export const WRITING = 'weights written';

const WINDOW = 10;
const BURST = 32;
const BURSTS_OF_WINDOW = 250;

export function systemRows(cores: number, windows: number): SystemRows {
  const ofCores = Array.from({ length: cores }, (_, core) => `core ${core}`);
  const names = [...ofCores, TRAFFIC, WRITING];
  const isCore = (source: string): boolean => ofCores.includes(source);
  // Weights are written in the first window alone.
  const isBusy = (source: string, window: number): boolean => (source === WRITING) === (window === 0);
  const windowsOf = (source: string): number => (source === WRITING ? 1 : windows - 1);
  const bytesOf = (source: string): number => windowsOf(source) * BURSTS_OF_WINDOW * BURST;
  const activity = Array.from({ length: windows }, (_, window) =>
    names.map((source): ActivityRow => {
      const busy = isBusy(source, window) ? 1 : 0;
      return {
        from_us: window * WINDOW,
        to_us: (window + 1) * WINDOW,
        source,
        bandwidth_GBps: (busy * BURSTS_OF_WINDOW * BURST) / (WINDOW * 1000),
        peak_bandwidth_GBps: 12.8,
        ...(isCore(source)
          ? { pe_utilisation: busy * 0.25, wait_dram: busy * 0.5, wait_lookup: 0, wait_spikes: busy * 0.125 }
          : {}),
      };
    }),
  ).flat();
  const sources = names.map(
    (source): SourceRow => ({
      source,
      requests: 10,
      reads: source === WRITING ? 0 : windowsOf(source) * BURSTS_OF_WINDOW,
      writes: source === WRITING ? BURSTS_OF_WINDOW : 0,
      forwarded_reads: 0,
      bytes: bytesOf(source),
      bandwidth_GBps: 0.5,
      bus_share: 0.1,
      row_hits: 1,
      row_misses: 1,
      row_conflicts: 1,
      request_latency_mean_ns: 40,
      request_latency_p50_ns: 30,
      request_latency_p95_ns: 60,
      request_latency_p99_ns: 90,
      request_latency_max_ns: 5000,
      ...(isCore(source)
        ? { pe_utilisation: 0.25, wait_dram: 0.5, wait_lookup: 0, wait_spikes: 0.125, wait_cores: 0.125 }
        : {}),
      dram_energy_act_nJ: 1,
      dram_energy_pre_nJ: 2,
      dram_energy_rd_nJ: 3,
      dram_energy_wr_nJ: 4,
      dram_energy_io_nJ: 0,
      dram_energy_total_nJ: 10,
    }),
  );
  const waited = (windows - 1) * WINDOW * 0.5;
  const waits = ofCores.flatMap((core) =>
    [...names, 'nobody'].map((source): WaitRow => {
      const share = 1 / (cores + 3);
      return { core, source, waited_share: share, waited_us: share * waited };
    }),
  );
  const shared: SourceRow = {
    source: 'shared',
    dram_energy_ref_nJ: 5,
    dram_energy_background_nJ: 6,
    dram_energy_total_nJ: 11,
  };
  return {
    sources: [...sources, shared],
    activity,
    waits,
    bytes: names.reduce((sum, source) => sum + bytesOf(source), 0),
    cores,
  };
}
