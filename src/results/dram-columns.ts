import type { LatencyHistogram } from '../dram/latency-histogram.ts';
import type { ReplayResult } from '../dram/replay.ts';
import { commandEnergies, conditionEnergies } from '../energy/command-energies.ts';
import { DEFAULT_ENERGY_MODEL, type EnergyOptions, energyOf } from '../energy/energy-of.ts';
import { pinsLabel } from '../energy/io.ts';
import { groupTerms, type LedgerGroup } from '../energy/ledger.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import type { Bytes, Picojoules, Volts } from '../units/flavours.ts';
import { nanosecondsOf, PJ_PER_NJ } from '../units/scale.ts';
import type { RowOf } from './column.ts';
import type { COLUMNS } from './columns.ts';
import type { DRAM_COLUMNS, ENERGY_COLUMNS } from './tables.ts';

/** The terms of DRAM energy that results have, nJ. */
export function termsInNanojoules(
  device: Device,
  activity: ChannelActivity,
  options: EnergyOptions,
): Readonly<Record<LedgerGroup, number>> {
  const terms = groupTerms(energyOf(device, activity, options).terms);
  return {
    act: terms.act / PJ_PER_NJ,
    pre: terms.pre / PJ_PER_NJ,
    rd: terms.rd / PJ_PER_NJ,
    wr: terms.wr / PJ_PER_NJ,
    ref: terms.ref / PJ_PER_NJ,
    background: terms.background / PJ_PER_NJ,
    io: terms.io / PJ_PER_NJ,
  };
}

/** What a window of requests did in the DRAM, as cells of results. */
export type DramCells = RowOf<typeof COLUMNS, (typeof DRAM_COLUMNS)[number]>;
/** The part of these that currents are needed for. */
export type EnergyCells = Pick<DramCells, (typeof ENERGY_COLUMNS)[number]>;

/** Accesses, time and energy of a window as result columns (`energyCells`). */
export function dramCells(
  device: Device,
  window: ReplayResult,
  options: EnergyOptions,
  readFactor = 1,
): DramCells {
  return {
    ...trafficCells(device, window, options.supply),
    ...energyCells(device, window, options, readFactor),
  };
}

/** Accesses and time of a window. */
export function trafficCells(
  device: Device,
  window: ReplayResult,
  supply: Volts,
): Omit<DramCells, keyof EnergyCells> {
  const { access_bytes, bytes } = moved(device, window.reads + window.writes);
  const time = nanosecondsOf(window.cycles, device.clock);
  const read = latencies(window.readLatency, device);
  const written = latencies(window.writeLatency, device);
  return {
    device: device.name,
    supply_V: supply,
    accesses: window.reads + window.writes,
    access_bytes,
    bytes,
    row_hits: window.rowHits,
    row_misses: window.rowMisses,
    row_conflicts: window.rowConflicts,
    cycles: window.cycles,
    time_ns: time,
    bandwidth_GBps: bytes / time,
    bus_utilisation: window.busUtilisation,
    forwarded_reads: window.forwardedReads,
    read_latency_mean_ns: read?.mean,
    read_latency_p50_ns: read?.p50,
    read_latency_p95_ns: read?.p95,
    read_latency_p99_ns: read?.p99,
    read_latency_max_ns: read?.max,
    write_latency_mean_ns: written?.mean,
    write_latency_p50_ns: written?.p50,
    write_latency_p95_ns: written?.p95,
    write_latency_p99_ns: written?.p99,
    write_latency_max_ns: written?.max,
    read_queue_mean: window.readQueue.mean,
    read_queue_peak: window.readQueue.peak,
    write_queue_mean: window.writeQueue.mean,
    write_queue_peak: window.writeQueue.peak,
  };
}

/**
 * Energy of a window. The terms in nJ sum, in their order, to the total. `readFactor` is what the bits read cost over the
 * datasheet's pattern (docs/energy.md, "Data"), 1 by default. Throws InputError for a device without currents (`hasCurrents`).
 */
export function energyCells(
  device: Device,
  window: ReplayResult,
  options: EnergyOptions,
  readFactor = 1,
): EnergyCells {
  const terms = termsInNanojoules(device, window.activity, options);
  const { act, pre, wr, ref, background, io } = terms;
  const rd = terms.rd * readFactor;
  const total = act + pre + rd + wr + ref + background + io;
  const commands = commandEnergies(device, options);
  // The bits read weigh the core's currents, not the pins.
  const core = options.io ? commandEnergies(device, { ...options, io: undefined }) : commands;
  const RD = core.RD * readFactor + (commands.RD - core.RD);
  const { hit, miss, conflict } = conditionEnergies({ ...commands, RD });
  const accesses = window.reads + window.writes;
  return {
    energy_model: options.model ?? DEFAULT_ENERGY_MODEL,
    data_pins: pinsLabel(options.io),
    dram_energy_total_nJ: total,
    dram_energy_act_nJ: act,
    dram_energy_pre_nJ: pre,
    dram_energy_rd_nJ: rd,
    dram_energy_wr_nJ: wr,
    dram_energy_ref_nJ: ref,
    dram_energy_background_nJ: background,
    dram_energy_io_nJ: io,
    energy_per_access_pJ: (total * PJ_PER_NJ) / accesses,
    energy_per_bit_pJ: energyPerBit(total * PJ_PER_NJ, moved(device, accesses).bytes),
    energy_per_access_hit_pJ: hit,
    energy_per_access_miss_pJ: miss,
    energy_per_access_conflict_pJ: conflict,
  };
}

/** The bytes that accesses move, one burst each. */
export function moved(
  { organisation }: Device,
  accesses: number,
): { readonly access_bytes: Bytes; readonly bytes: Bytes } {
  const access_bytes = bytesPerBurst(organisation);
  return { access_bytes, bytes: accesses * access_bytes };
}

/** Energy over the bits moved. */
export const energyPerBit = (energy: Picojoules, bytes: Bytes): Picojoules => energy / (8 * bytes);

/** Latencies of one direction in ns; undefined where nothing moved in it. */
function latencies(latency: LatencyHistogram, { clock }: Device) {
  if (latency.count === 0) return undefined;
  return {
    mean: nanosecondsOf(latency.mean, clock),
    p50: nanosecondsOf(latency.percentile(0.5), clock),
    p95: nanosecondsOf(latency.percentile(0.95), clock),
    p99: nanosecondsOf(latency.percentile(0.99), clock),
    max: nanosecondsOf(latency.max, clock),
  };
}

/** What an energy saves against that of the accurate DRAM, as a share. */
export const saving = (energy: number, accurate: number): number => 1 - energy / accurate;
