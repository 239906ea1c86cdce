import type { LatencyHistogram } from '../dram/latency-histogram.ts';
import type { ReplayResult } from '../dram/replay.ts';
import { commandEnergies, conditionEnergies } from '../energy/command-energies.ts';
import { type EnergyOptions, energyOf } from '../energy/energy-of.ts';
import { groupTerms } from '../energy/ledger.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import type { ResultRow } from './result-columns.ts';

const PJ_PER_NJ = 1000;

/** The six terms of DRAM energy that results have, nJ. */
export function termsInNanojoules(
  device: Device,
  activity: ChannelActivity,
  options: EnergyOptions,
): Readonly<Record<'act' | 'pre' | 'rd' | 'wr' | 'ref' | 'background', number>> {
  const terms = groupTerms(energyOf(device, activity, options).terms);
  return {
    act: terms.act / PJ_PER_NJ,
    pre: terms.pre / PJ_PER_NJ,
    rd: terms.rd / PJ_PER_NJ,
    wr: terms.wr / PJ_PER_NJ,
    ref: terms.ref / PJ_PER_NJ,
    background: terms.background / PJ_PER_NJ,
  };
}

/**
 * Accesses, time and energy of a window as result columns. The six terms in nJ sum, in their order, to the total.
 * `readFactor` is what the bits read cost over the datasheet's pattern (docs/energy.md, "Data"); 1 unless told.
 */
export function dramColumns(
  device: Device,
  window: ReplayResult,
  options: EnergyOptions,
  readFactor = 1,
): ResultRow {
  const { act, pre, rd: plainRd, wr, ref, background } = termsInNanojoules(device, window.activity, options);
  const rd = plainRd * readFactor;
  const total = act + pre + rd + wr + ref + background;
  const commands = commandEnergies(device, options);
  const { hit, miss, conflict } = conditionEnergies({ ...commands, RD: commands.RD * readFactor });
  const accesses = window.reads + window.writes;
  const time = (window.cycles * 1000) / device.clock;
  return {
    device: device.name,
    supply_V: options.supply,
    accesses,
    row_hits: window.rowHits,
    row_misses: window.rowMisses,
    row_conflicts: window.rowConflicts,
    cycles: window.cycles,
    time_ns: time,
    bandwidth_GBps: (accesses * bytesPerBurst(device.organisation)) / time,
    bus_utilisation: window.busUtilisation,
    forwarded_reads: window.forwardedReads,
    ...latencyColumns('read', window.readLatency, device),
    ...latencyColumns('write', window.writeLatency, device),
    read_queue_mean: window.readQueue.mean,
    read_queue_peak: window.readQueue.peak,
    write_queue_mean: window.writeQueue.mean,
    write_queue_peak: window.writeQueue.peak,
    dram_energy_total_nJ: total,
    dram_energy_act_nJ: act,
    dram_energy_pre_nJ: pre,
    dram_energy_rd_nJ: rd,
    dram_energy_wr_nJ: wr,
    dram_energy_ref_nJ: ref,
    dram_energy_background_nJ: background,
    energy_per_access_pJ: (total * PJ_PER_NJ) / accesses,
    energy_per_access_hit_pJ: hit,
    energy_per_access_miss_pJ: miss,
    energy_per_access_conflict_pJ: conflict,
  };
}

/** Latencies of one direction; absent where nothing moved in it. */
function latencyColumns(
  direction: 'read' | 'write',
  latency: LatencyHistogram,
  { clock }: Device,
): ResultRow {
  if (latency.count === 0) return {};
  const ns = (cycles: number): number => (cycles * 1000) / clock;
  return {
    [`${direction}_latency_mean_ns`]: ns(latency.mean),
    [`${direction}_latency_p50_ns`]: ns(latency.percentile(0.5)),
    [`${direction}_latency_p95_ns`]: ns(latency.percentile(0.95)),
    [`${direction}_latency_p99_ns`]: ns(latency.percentile(0.99)),
    [`${direction}_latency_max_ns`]: ns(latency.max),
  };
}

/** Adds the energy of one inference of a window of several. */
export function perInference(row: ResultRow, inferences: number): ResultRow {
  return { ...row, dram_energy_per_inference_nJ: (row.dram_energy_total_nJ as number) / inferences };
}

/** Adds the savings against the accurate DRAM: per access, and per inference where the rows have it. */
export function withSaving(row: ResultRow, accurate: ResultRow): ResultRow {
  const saving = (column: 'energy_per_access_pJ' | 'dram_energy_per_inference_nJ'): number =>
    1 - (row[column] as number) / (accurate[column] as number);
  const result = { ...row, energy_saving_vs_nominal: saving('energy_per_access_pJ') };
  if (row.dram_energy_per_inference_nJ === undefined) return result;
  return { ...result, inference_energy_saving_vs_nominal: saving('dram_energy_per_inference_nJ') };
}
