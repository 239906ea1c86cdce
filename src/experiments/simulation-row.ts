import type { InferenceTiming, LoopMachine } from '../accelerator/closed-loop.ts';
import type { DramPort } from '../accelerator/dram-port.ts';
import type { OnChipEnergy } from '../accelerator/on-chip-energy.ts';
import { hasCurrents } from '../energy/energy-of.ts';
import { pinsLabel } from '../energy/io.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import type { OpenMemory } from '../inputs/open-memory.ts';
import type { SimulateRow } from '../results/columns.ts';
import { energyPerBit, moved, termsInNanojoules } from '../results/dram-columns.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import type { SimulateJob } from '../settings/jobs/simulate.ts';
import { inputCount } from '../snn/network.ts';
import type { Accuracy } from '../sparkxd/accuracy.ts';
import { curveInUse } from '../sparkxd/curve-use.ts';
import type { HeldWeights } from '../sparkxd/held-weights.ts';
import { mean } from '../stats/moments.ts';
import type { Bytes, Volts } from '../units/flavours.ts';
import { PJ_PER_NJ, US_PER_MS } from '../units/scale.ts';

interface Simulated {
  readonly job: SimulateJob;
  readonly network: string;
  readonly dataset: string;
  readonly memory: OpenMemory;
  readonly held: HeldWeights;
  readonly supply: Volts;
  readonly machine: LoopMachine;
  readonly port: DramPort;
  /** By inference. */
  readonly timings: readonly InferenceTiming[];
  readonly energies: readonly OnChipEnergy[];
  readonly accuracy: Accuracy;
  /** Means over inferences. */
  readonly flippedBits: number;
  readonly items: number;
}

/** The results of a simulation as one row. DRAM terms sum, in their order, to the total, as `replay` sums them. */
export function simulationRow(simulated: Simulated): SimulateRow {
  const { job, memory, held, supply, machine, port, timings, energies, accuracy } = simulated;
  const { device, stored } = memory;
  const activity = port.activity();
  const { access_bytes, bytes } = moved(device, port.bursts);
  const onChip = (kind: keyof OnChipEnergy): number => mean(energies.map((of) => of[kind])) / PJ_PER_NJ;
  const chip = {
    accelerator_energy_addition_per_inference_nJ: onChip('addition'),
    accelerator_energy_update_per_inference_nJ: onChip('update'),
    accelerator_energy_buffer_write_per_inference_nJ: onChip('bufferWrite'),
    accelerator_energy_buffer_read_per_inference_nJ: onChip('bufferRead'),
    accelerator_energy_state_per_inference_nJ: onChip('state'),
    accelerator_energy_static_per_inference_nJ: onChip('static'),
  };
  const accelerator = Object.values(chip).reduce((sum, energy) => sum + energy, 0);

  const latencies = timings.map(({ latency }) => latency).sort((a, b) => a - b);
  // Cycles over kHz are milliseconds.
  const microseconds = (cycles: number): number => (cycles / machine.clock) * US_PER_MS;
  const fetches = mean(timings.map((timing) => timing.fetches));
  return {
    network: simulated.network,
    dataset: simulated.dataset,
    weight_format: job.format,
    ecc: job.ecc,
    pruned_inputs: inputCount(stored.network) - stored.inputs.length,
    device: device.name,
    voltage_profile: memory.profile.name,
    profile_transferred: memory.transferred,
    accelerator: job.accelerator,
    supply_V: supply,
    timing: job.timing,
    latency_curve: curveInUse(device, { timing: job.timing, latencies: true, profile: memory.profile }),
    temperature_C: job.temperature,
    mapping: job.mapping,
    repair: job.repair,
    vote: job.vote,
    chip: memory.measured ? 'measured' : job.chip,
    module: memory.module(job.chip),
    rewrite_every: job.rewriteEvery,
    workload: job.workload,
    images: job.images,
    inferences: job.images,
    accuracy: accuracy.accuracy,
    accuracy_low: accuracy.low,
    accuracy_high: accuracy.high,
    ber_chip: held.berChip,
    ber_placed: held.berPlaced,
    ber_observed: held.berObserved,
    flipped_bits: held.flippedBits,
    wrong_bits_read_per_inference: simulated.flippedBits,
    fetches_per_inference: fetches,
    buffer_hits_per_inference: simulated.items - fetches,
    latency_mean_us: microseconds(mean(latencies)),
    latency_p99_us: microseconds(latencies[Math.ceil(0.99 * latencies.length) - 1]!),
    ...waits(timings),
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

/** The energy of the DRAM, and of both sides. */
function dramEnergy(
  { job, memory, supply }: Simulated,
  activity: ChannelActivity,
  bytes: Bytes,
  accelerator: number,
) {
  const { law, energyModel: model, images } = job;
  const pins = dataPinsOf(job, memory.device);
  const terms = termsInNanojoules(memory.device, activity, { supply, law, model, io: pins });
  const { act, pre, rd, wr, ref, background, io } = terms;
  const total = act + pre + rd + wr + ref + background + io;
  return {
    energy_model: model,
    data_pins: pinsLabel(pins),
    dram_energy_total_nJ: total,
    energy_per_bit_pJ: bytes > 0 ? energyPerBit(total * PJ_PER_NJ, bytes) : undefined,
    dram_energy_act_per_inference_nJ: act / images,
    dram_energy_pre_per_inference_nJ: pre / images,
    dram_energy_rd_per_inference_nJ: rd / images,
    dram_energy_wr_per_inference_nJ: wr / images,
    dram_energy_ref_per_inference_nJ: ref / images,
    dram_energy_background_per_inference_nJ: background / images,
    dram_energy_io_per_inference_nJ: io / images,
    dram_energy_per_inference_nJ: total / images,
    energy_per_inference_nJ: total / images + accelerator,
  };
}

/** What the processing elements do with their time, as shares of it, and the largest of these. */
function waits(timings: readonly InferenceTiming[]) {
  const total = (of: (timing: InferenceTiming) => number): number =>
    timings.reduce((sum, timing) => sum + of(timing), 0);
  const time = total(({ latency }) => latency);
  const compute = total(({ busy }) => busy) / time;
  const dram = total(({ waitedForDram }) => waitedForDram) / time;
  const lookup = total(({ waitedForLookup }) => waitedForLookup) / time;
  const shares = Object.entries({ compute, dram, lookup });
  const [bound_by] = shares.reduce((most, share) => (share[1] > most[1] ? share : most));
  return { pe_utilisation: compute, wait_dram: dram, wait_lookup: lookup, bound_by };
}
