import type { SourceCounts } from '../../accelerator/source-counts.ts';
import type { System, SystemTiming } from '../../accelerator/system.ts';
import { type EnergyOptions, hasCurrents } from '../../energy/energy-of.ts';
import type { ChannelActivity } from '../../hardware/activity.ts';
import { bytesPerBurst, type Device } from '../../hardware/device.ts';
import { termsInNanojoules } from '../../results/dram-columns.ts';
import { SHARED } from '../../results/source-names.ts';
import type { SourceRow } from '../../results/tables.ts';
import type { Cycles } from '../../units/flavours.ts';
import { nanosecondsOf } from '../../units/scale.ts';
import { coreShares } from './core-shares.ts';
import type { SimulatedPlan } from './system-rules.ts';

/** What `sourceRows` tells of. */
export interface SimulatedSources {
  readonly system: System;
  /** Of the sources, as `sourceNames` has them. */
  readonly names: readonly string[];
  /** Of the cores in each batch. */
  readonly timings: readonly SystemTiming[];
  readonly device: Device;
  /** Of the memory over all that was simulated. */
  readonly activity: ChannelActivity;
  readonly options: EnergyOptions;
}

/** Cores, then other traffic as it was described, then what writes the weights. */
export const sourceNames = (
  { shape }: SimulatedPlan,
  traffic: readonly string[],
  loads: boolean,
): string[] => [...shape.cores.map((_, k) => `core ${k}`), ...traffic, ...(loads ? ['weights written'] : [])];

/** One row a source, and one of what they share. Energies of the rows sum to that of the whole, to rounding. */
export function sourceRows(simulated: SimulatedSources): SourceRow[] {
  const { system, names, device, activity } = simulated;
  const { counts, burstCycles } = system.port;
  const heldBack = system.heldBack();
  const cores = simulated.timings[0]?.cores.length ?? 0;
  const time = nanosecondsOf(activity.cycles, device.clock);
  const burstBytes = bytesPerBurst(device.organisation);
  const energies = energiesOf(simulated);
  const rows = names.map((source, i): SourceRow => {
    const of = counts[i]!;
    const bursts = of.reads - of.forwardedReads + of.writes;
    const bytes = (of.reads + of.writes) * burstBytes;
    const nanoseconds = (cycles: Cycles): number => nanosecondsOf(cycles, device.clock);
    const flow = i - cores;
    return {
      source,
      requests: of.requests,
      reads: of.reads,
      writes: of.writes,
      forwarded_reads: of.forwardedReads,
      bytes,
      bandwidth_GBps: time === 0 ? 0 : bytes / time,
      bus_share:
        activity.cycles === 0 ? 0 : (bursts * burstCycles) / (activity.cycles * device.organisation.channels),
      row_hits: of.rowHits,
      row_misses: of.rowMisses,
      row_conflicts: of.rowConflicts,
      request_latency_mean_ns: of.requests === 0 ? 0 : nanoseconds(of.latencySum) / of.requests,
      request_latency_p50_ns: nanoseconds(of.latencyPercentile(0.5)),
      request_latency_p95_ns: nanoseconds(of.latencyPercentile(0.95)),
      request_latency_p99_ns: nanoseconds(of.latencyPercentile(0.99)),
      request_latency_max_ns: nanoseconds(of.latencyPercentile(1)),
      ...(flow >= 0 && flow < heldBack.length && of.requests > 0
        ? { held_back_ns: nanoseconds(heldBack[flow]!) / of.requests }
        : {}),
      ...(i < cores ? coreShares(simulated.timings, [i]) : {}),
      ...energies.of(of),
    };
  });
  return [...rows, { source: SHARED, ...energies.shared }];
}

/** Commands of one kind cost the same, whoever they serve. */
function energiesOf({ system, device, activity, options }: SimulatedSources) {
  if (!hasCurrents(device)) return { of: () => ({}), shared: {} };
  const terms = termsInNanojoules(device, activity, options);
  const sum = (of: (rank: ChannelActivity['ranks'][number]) => ArrayLike<number>): number =>
    activity.ranks.reduce((total, rank) => total + Array.from(of(rank)).reduce((a, b) => a + b, 0), 0);
  const commands = { act: sum(({ act }) => act), rd: sum(({ rd }) => rd), wr: sum(({ wr }) => wr) };
  const share = (energy: number, own: number, all: number): number => (all === 0 ? 0 : (energy * own) / all);
  // An activation is of the request that it was for, and so is the precharge that ends it.
  const actsOf = ({ rowMisses, rowConflicts }: SourceCounts): number => rowMisses + rowConflicts;
  const parts = (acts: number, reads: number, writes: number) => ({
    dram_energy_act_nJ: share(terms.act, acts, commands.act),
    dram_energy_pre_nJ: share(terms.pre, acts, commands.act),
    dram_energy_rd_nJ: share(terms.rd, reads, commands.rd),
    dram_energy_wr_nJ: share(terms.wr, writes, commands.wr),
    dram_energy_io_nJ: share(terms.io, reads + writes, commands.rd + commands.wr),
  });
  const total = (own: ReturnType<typeof parts>): number =>
    own.dram_energy_act_nJ +
    own.dram_energy_pre_nJ +
    own.dram_energy_rd_nJ +
    own.dram_energy_wr_nJ +
    own.dram_energy_io_nJ;
  const undone = commands.act - system.port.counts.reduce((acts, of) => acts + actsOf(of), 0);
  const rest = parts(undone, 0, 0);
  return {
    of(counts: SourceCounts) {
      const own = parts(actsOf(counts), counts.reads - counts.forwardedReads, counts.writes);
      return { ...own, dram_energy_total_nJ: total(own) };
    },
    shared: {
      ...rest,
      dram_energy_ref_nJ: terms.ref,
      dram_energy_background_nJ: terms.background,
      dram_energy_total_nJ: total(rest) + terms.ref + terms.background,
    },
  };
}
