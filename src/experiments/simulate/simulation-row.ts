import type { LayerScheduleKind } from '../../accelerator/build-layers.ts';
import type { OnChipEnergy } from '../../accelerator/on-chip-energy.ts';
import type { System } from '../../accelerator/system.ts';
import { hasCurrents } from '../../energy/energy-of.ts';
import { pinsLabel } from '../../energy/io.ts';
import type { Accelerator } from '../../hardware/accelerator.ts';
import type { ChannelActivity } from '../../hardware/activity.ts';
import type { OpenMemory } from '../../inputs/open-memory.ts';
import { energyPerBit, moved, termsInNanojoules } from '../../results/dram-columns.ts';
import type { SimulateRow, SourceRow } from '../../results/tables.ts';
import { dataPinsOf } from '../../settings/data-pins.ts';
import type { SimulateJob } from '../../settings/jobs/simulate.ts';
import type { Accuracy } from '../../sparkxd/accuracy.ts';
import { curveInUse } from '../../sparkxd/curve-use.ts';
import type { HeldWeights } from '../../sparkxd/held-weights.ts';
import { mean } from '../../stats/moments.ts';
import type { Bytes, Cycles, Volts } from '../../units/flavours.ts';
import { PJ_PER_NJ, US_PER_MS } from '../../units/scale.ts';
import { coreShares } from './core-shares.ts';
import type { SimulatedBatch, SimulatedLoad } from './simulated-system.ts';
import type { SimulatedPlan } from './system-rules.ts';

interface Simulated {
  readonly job: SimulateJob;
  /** What results say of the network and its weights: names, format, and what names a class. */
  readonly words: {
    readonly network: string;
    readonly dataset: string;
    readonly format: string;
    readonly vote: string;
  };
  /** Inputs whose weights are not stored. */
  readonly prunedInputs: number;
  readonly memory: Pick<OpenMemory, 'device' | 'profile' | 'transferred' | 'measured' | 'module'>;
  readonly held: Pick<HeldWeights<unknown>, 'berChip' | 'berPlaced' | 'berObserved' | 'flippedBits'>;
  readonly supply: Volts;
  readonly accelerator: Accelerator;
  readonly plan: SimulatedPlan;
  /** Of a network of layers; in a pipeline each core has rows that no other has. */
  readonly layerSchedule?: LayerScheduleKind;
  readonly system: System;
  /** Of the memory over all that was simulated. */
  readonly activity: ChannelActivity;
  readonly batches: readonly SimulatedBatch[];
  /** Each writing of the weights; if the job wants them written first, that one is the first. */
  readonly loads: readonly SimulatedLoad[];
  readonly sources: readonly SourceRow[];
  /** The same without other traffic, where there is any. */
  readonly alone?: { readonly batches: readonly SimulatedBatch[]; readonly sources: readonly SourceRow[] };
  readonly accuracy: Accuracy;
  /** Mean over inferences. */
  readonly flippedBits: number;
}

/** The results of a simulation as one row. DRAM terms sum, in their order, to the total, as `replay` sums them. */
export function simulationRow(simulated: Simulated): SimulateRow {
  const { job, memory, held, supply, plan, system, activity, batches, accuracy } = simulated;
  const { device } = memory;
  const { port } = system;
  const { images } = job;
  const { access_bytes, bytes } = moved(device, port.bursts);
  /** Mean over inferences, of which those of a batch have equal parts. */
  const perInference = (of: (batch: SimulatedBatch) => number): number =>
    mean(batches.flatMap((batch) => new Array<number>(batch.images).fill(of(batch) / batch.images)));
  const onChip = (kind: keyof OnChipEnergy): number => perInference(({ energy }) => energy[kind]) / PJ_PER_NJ;
  const chip = {
    accelerator_energy_addition_per_inference_nJ: onChip('addition'),
    accelerator_energy_update_per_inference_nJ: onChip('update'),
    accelerator_energy_buffer_write_per_inference_nJ: onChip('bufferWrite'),
    accelerator_energy_buffer_read_per_inference_nJ: onChip('bufferRead'),
    accelerator_energy_state_per_inference_nJ: onChip('state'),
    accelerator_energy_static_per_inference_nJ: onChip('static'),
    ...interconnectEnergy(simulated),
  };
  const accelerator = Object.values(chip).reduce((sum, energy) => sum + energy, 0);

  const latencies = batches
    .flatMap((batch) => new Array<number>(batch.images).fill(batch.timing.latency))
    .sort((a, b) => a - b);
  const microseconds = (cycles: Cycles): number => microsecondsOf(plan, cycles);
  // With buffers of their own, all cores fetch their parts of the same rows, unless each has its own layers.
  const fetchesOf = ({ timing: { cores } }: SimulatedBatch): number =>
    plan.shape.store.shared || simulated.layerSchedule === 'pipeline'
      ? cores.reduce((total, core) => total + core.fetches, 0)
      : cores[0]!.fetches;
  const fetches = perInference(fetchesOf);
  const items = perInference((batch) => batch.items);
  return {
    network: simulated.words.network,
    dataset: simulated.words.dataset,
    weight_format: simulated.words.format,
    ecc: job.ecc,
    pruned_inputs: simulated.prunedInputs,
    device: device.name,
    voltage_profile: memory.profile.name,
    profile_transferred: memory.transferred,
    accelerator: job.accelerator,
    cores: plan.shape.cores.length,
    layer_schedule: simulated.layerSchedule,
    batch: job.batch,
    traffic: job.traffic?.join(' '),
    supply_V: supply,
    timing: job.timing,
    latency_curve: curveInUse(device, { timing: job.timing, latencies: true, profile: memory.profile }),
    temperature_C: job.temperature,
    mapping: job.mapping,
    repair: job.repair,
    vote: simulated.words.vote,
    chip: memory.measured ? 'measured' : job.chip,
    module: memory.module(job.chip),
    rewrite_every: job.rewriteEvery,
    workload: job.workload,
    images,
    inferences: images,
    accuracy: accuracy.accuracy,
    accuracy_low: accuracy.low,
    accuracy_high: accuracy.high,
    ber_chip: held.berChip,
    ber_placed: held.berPlaced,
    ber_observed: held.berObserved,
    flipped_bits: held.flippedBits,
    wrong_bits_read_per_inference: simulated.flippedBits,
    fetches_per_inference: fetches,
    buffer_hits_per_inference: items - fetches,
    latency_mean_us: microseconds(mean(latencies)),
    latency_p99_us: microseconds(latencies[Math.ceil(0.99 * latencies.length) - 1]!),
    ...waits(batches),
    ...loading(simulated),
    ...costOfTraffic(simulated),
    accesses: port.bursts,
    access_bytes,
    bytes,
    cycles: activity.cycles,
    bus_utilisation:
      activity.cycles === 0
        ? 0
        : (port.bursts * port.burstCycles) / (activity.cycles * device.organisation.channels),
    ...(hasCurrents(device) ? dramEnergy(simulated, activity, bytes, accelerator) : {}),
    ...chip,
    accelerator_energy_per_inference_nJ: accelerator,
  };
}

/** The energy of the DRAM, and of both sides. Of an inference: less what writing the weights first took. */
function dramEnergy(
  { job, memory, supply, loads }: Simulated,
  activity: ChannelActivity,
  bytes: Bytes,
  accelerator: number,
) {
  const { law, energyModel: model, images } = job;
  const pins = dataPinsOf(job, memory.device);
  const termsOf = (of: ChannelActivity) =>
    termsInNanojoules(memory.device, of, { supply, law, model, io: pins });
  const all = termsOf(activity);
  const first = job.load ? termsOf(loads[0]!.activity) : undefined;
  const perInference = (term: keyof typeof all): number => (all[term] - (first?.[term] ?? 0)) / images;
  const total = totalOf(all);
  const inference = (total - (first ? totalOf(first) : 0)) / images;
  return {
    energy_model: model,
    data_pins: pinsLabel(pins),
    dram_energy_total_nJ: total,
    energy_per_bit_pJ: bytes > 0 ? energyPerBit(total * PJ_PER_NJ, bytes) : undefined,
    dram_energy_act_per_inference_nJ: perInference('act'),
    dram_energy_pre_per_inference_nJ: perInference('pre'),
    dram_energy_rd_per_inference_nJ: perInference('rd'),
    dram_energy_wr_per_inference_nJ: perInference('wr'),
    dram_energy_ref_per_inference_nJ: perInference('ref'),
    dram_energy_background_per_inference_nJ: perInference('background'),
    dram_energy_io_per_inference_nJ: perInference('io'),
    dram_energy_per_inference_nJ: inference,
    dram_energy_load_nJ: first && totalOf(first),
    energy_per_inference_nJ: inference + accelerator,
  };
}

const totalOf = ({ act, pre, rd, wr, ref, background, io }: ReturnType<typeof termsInNanojoules>): number =>
  act + pre + rd + wr + ref + background + io;

/** Energy of what crosses between cores and memory, where they are joined. */
function interconnectEnergy({ accelerator, system, job }: Simulated) {
  if (!accelerator.system) return {};
  const bytes = system.ways.reduce((sum, { link }) => sum + link.bytes, 0);
  const energy = bytes * accelerator.system.interconnect.energyPerByte;
  return { accelerator_energy_interconnect_per_inference_nJ: energy / job.images / PJ_PER_NJ };
}

/** How long writing the weights took: before all inferences, and each time in between (mean). */
function loading({ job, loads, plan }: Simulated) {
  const microseconds = (cycles: Cycles): number => microsecondsOf(plan, cycles);
  const between = loads.slice(1);
  return {
    load_us: job.load ? microseconds(loads[0]!.latency) : undefined,
    rewriting_us:
      between.length === 0 ? undefined : microseconds(mean(between.map(({ latency }) => latency))),
  };
}

/** What other traffic costs the cores, against the same without it; an inference's part (mean). */
function costOfTraffic({ job, plan, sources, alone }: Simulated) {
  if (!alone) return {};
  const { images } = job;
  const latency = (of: readonly SimulatedBatch[]): number =>
    microsecondsOf(plan, of.reduce((sum, batch) => sum + batch.timing.latency * batch.images, 0) / images);
  const cores = plan.shape.cores.length;
  const sum = (of: readonly SourceRow[], column: 'row_hits' | 'dram_energy_total_nJ'): number =>
    of.slice(0, cores).reduce((total, row) => total + (row[column] ?? 0), 0);
  const more = (column: 'row_hits' | 'dram_energy_total_nJ'): number =>
    (sum(sources, column) - sum(alone.sources, column)) / images;
  return {
    latency_alone_mean_us: latency(alone.batches),
    row_hits_lost_to_traffic_per_inference: -more('row_hits'),
    dram_energy_lost_to_traffic_per_inference_nJ:
      sources[0]!.dram_energy_total_nJ === undefined ? undefined : more('dram_energy_total_nJ'),
  };
}

/** Cycles of the cores in us: over kHz they are milliseconds. */
const microsecondsOf = ({ shape }: SimulatedPlan, cycles: Cycles): number =>
  (cycles / shape.clock) * US_PER_MS;

/** What the processing elements do with their time, as shares of that of all cores, and the largest of these. */
function waits(batches: readonly SimulatedBatch[]) {
  const timings = batches.map(({ timing }) => timing);
  const shares = coreShares(timings, [...timings[0]!.cores.keys()]);
  const named = [
    ['compute', shares.pe_utilisation],
    ['dram', shares.wait_dram],
    ['lookup', shares.wait_lookup],
    ['spikes', shares.wait_spikes ?? 0],
    ['cores', shares.wait_cores ?? 0],
  ] as const;
  const [bound_by] = named.reduce((most, one) => (one[1] > most[1] ? one : most));
  return { ...shares, bound_by };
}
