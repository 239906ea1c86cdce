import type { InferenceTiming, LoopMachine } from '../accelerator/closed-loop.ts';
import type { DramPort } from '../accelerator/dram-port.ts';
import type { OnChipEnergy } from '../accelerator/on-chip-energy.ts';
import type { Device } from '../hardware/device.ts';
import { termsInNanojoules } from '../results/dram-columns.ts';
import type { SimulationRow } from '../results/simulation-columns.ts';
import type { Accuracy } from '../sparkxd/accuracy.ts';
import { mean } from '../stats/moments.ts';
import type { Volts } from '../units/flavours.ts';
import type { SimulateJob } from './simulate-job.ts';

interface Simulated {
  readonly job: SimulateJob;
  readonly device: Device;
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

const PJ_PER_NJ = 1000;
/** Cycles over kHz are milliseconds. */
const US_PER_MS = 1000;

/** The results of a simulation as one row. DRAM terms sum, in their order, to the total, as `replay` sums them. */
export function simulationRow({
  job,
  device,
  supply,
  machine,
  port,
  timings,
  energies,
  accuracy,
  flippedBits,
  items,
}: Simulated): SimulationRow {
  const activity = port.activity();
  const { act, pre, rd, wr, ref, background } = termsInNanojoules(device, activity, {
    supply,
    law: job.law,
  });
  const dram = act + pre + rd + wr + ref + background;
  const perInference = (energy: number): number => energy / job.images;
  const chip = (kind: keyof OnChipEnergy): number => mean(energies.map((of) => of[kind])) / PJ_PER_NJ;
  const kinds = {
    addition_nJ: chip('addition'),
    update_nJ: chip('update'),
    buffer_write_nJ: chip('bufferWrite'),
    buffer_read_nJ: chip('bufferRead'),
    state_nJ: chip('state'),
    static_nJ: chip('static'),
  };
  const onChip = Object.values(kinds).reduce((sum, energy) => sum + energy, 0);

  const total = (of: (timing: InferenceTiming) => number): number =>
    timings.reduce((sum, timing) => sum + of(timing), 0);
  const time = total(({ latency }) => latency);
  const shares = {
    compute: total(({ busy }) => busy) / time,
    dram: total(({ waitedForDram }) => waitedForDram) / time,
    lookup: total(({ waitedForLookup }) => waitedForLookup) / time,
  };
  const bound = (Object.keys(shares) as (keyof typeof shares)[]).reduce((most, kind) =>
    shares[kind] > shares[most] ? kind : most,
  );
  const latencies = timings.map(({ latency }) => latency).sort((a, b) => a - b);
  const microseconds = (cycles: number): number => (cycles / machine.clock) * US_PER_MS;
  const fetches = mean(timings.map((timing) => timing.fetches));
  const dramPerInference = perInference(dram);
  return {
    weights: job.weights,
    device: device.name,
    accelerator: job.accelerator,
    workload: job.workload,
    mapping: job.mapping,
    format: job.format,
    ecc: job.ecc,
    supply_V: supply,
    chip: job.chip,
    images: job.images,
    accuracy: accuracy.accuracy,
    accuracy_low: accuracy.low,
    accuracy_high: accuracy.high,
    flipped_bits_mean: flippedBits,
    fetches_mean: fetches,
    buffer_hits_mean: items - fetches,
    latency_mean_us: microseconds(mean(latencies)),
    latency_p99_us: microseconds(latencies[Math.ceil(0.99 * latencies.length) - 1]!),
    pe_utilisation: shares.compute,
    wait_dram: shares.dram,
    wait_lookup: shares.lookup,
    bound,
    dram_cycles: activity.cycles,
    dram_bursts: port.bursts,
    dram_bus_utilisation:
      activity.cycles === 0
        ? 0
        : (port.bursts * port.burstCycles) / (activity.cycles * device.organisation.channels),
    dram_energy_total_nJ: dram,
    dram_act_nJ: perInference(act),
    dram_pre_nJ: perInference(pre),
    dram_rd_nJ: perInference(rd),
    dram_wr_nJ: perInference(wr),
    dram_ref_nJ: perInference(ref),
    dram_background_nJ: perInference(background),
    dram_nJ: dramPerInference,
    ...kinds,
    on_chip_nJ: onChip,
    energy_nJ: dramPerInference + onChip,
  };
}
