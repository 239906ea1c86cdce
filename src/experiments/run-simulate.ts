import { createClosedLoop, type FetchLog, type InferenceTiming } from '../accelerator/closed-loop.ts';
import { createDramPort } from '../accelerator/dram-port.ts';
import { loopMachine } from '../accelerator/loop-machine.ts';
import { type OnChipEnergy, onChipEnergy } from '../accelerator/on-chip-energy.ts';
import { scheduleOf } from '../accelerator/schedule.ts';
import { sliceImages } from '../datasets/dataset.ts';
import { requireImages } from '../datasets/first-images.ts';
import { createOrderedMapping } from '../dram/address-mapping.ts';
import { createCommandHash } from '../dram/command-hash.ts';
import { kilohertzOf, picosecondBefore } from '../engine/clock-crossing.ts';
import { InputError } from '../errors/input-error.ts';
import { bytesPerBurst, type Device } from '../hardware/device.ts';
import { loadAccelerator } from '../hardware/load-accelerator.ts';
import { modelFiles } from '../inputs/model-files.ts';
import { openChip } from '../inputs/open-chip.ts';
import { readDataset } from '../inputs/read-dataset.ts';
import { readNetwork } from '../inputs/read-network.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { createTraceFile, type TraceFileWriter } from '../inputs/trace-files.ts';
import { type WeightRowRuns, weightRowRuns } from '../mapping/weight-rows.ts';
import type { SimulationRow } from '../results/simulation-columns.ts';
import { createInput } from '../snn/infer.ts';
import { inputCount } from '../snn/network.ts';
import { createClassifier } from '../snn/vote.ts';
import { scorePredictions } from '../sparkxd/accuracy.ts';
import { ADDRESS_ORDER } from '../sparkxd/dram-windows.ts';
import { createFetchedInference } from '../sparkxd/fetched-inference.ts';
import { isRowRepair, ROW_REPAIRS } from '../sparkxd/repair-on-load.ts';
import { createRowReads } from '../sparkxd/row-reads.ts';
import { errorSupply } from '../sparkxd/error-supply.ts';
import { holdWeights } from '../sparkxd/held-weights.ts';
import { storeWeights, weightBytesOfRow } from '../sparkxd/stored-weights.ts';
import { mean } from '../stats/moments.ts';
import { emptyRun } from '../trace/access-run.ts';
import { requireResponses } from '../weights/network-file.ts';
import { recordingMetadata } from './recording-metadata.ts';
import { requireSameSize } from './run-evaluation.ts';
import type { SimulateJob } from './simulate-job.ts';
import { simulationRow } from './simulation-row.ts';

export interface SimulateOutcome {
  readonly row: SimulationRow;
  /** Of all DRAM commands, if asked for; `replay --hash` gives the same for the recording. */
  readonly hash?: string;
}

/**
 * Inference on an accelerator whose weights come from DRAM, both in one loop: accuracy with the chip's errors, time and
 * energy of both sides. Throws InputError for input that cannot serve.
 */
export async function runSimulate(job: SimulateJob, onImage: () => void): Promise<SimulateOutcome> {
  const [opened, accelerator, stored, dataset] = await Promise.all([
    openChip({ ...job, model: 0, modelOptions: { flipCharged: job.flipProbability } }),
    loadAccelerator(job.accelerator, modelFiles),
    readNetwork(job.weights),
    readDataset(job.dataset),
  ]);
  requireSameSize(stored, dataset);
  requireImages(dataset.test, job.images, `test images of ${dataset.name}`);
  const { network } = stored;
  const { device, chip, profile } = opened;
  const { organisation } = device;
  const supply = job.supply ?? device.supply.nominal;
  const timing = await timingAt(device, supply, job);

  const { repair } = job;
  const certain = job.flipProbability === 1;
  if (!certain && !isRowRepair(repair))
    throw new InputError(
      `the repair "${repair}" needs all weights of a neuron at once, but each read gives others`,
      { remedy: `give --flip-probability 1, or one of the repairs ${ROW_REPAIRS.join(', ')}` },
    );
  const inDram = storeWeights(network, { format: job.format, ecc: job.ecc }, device);
  const { layout } = inDram;
  const holding = { ...job, supply: errorSupply(device, profile, supply, job.timing) };
  const first = holdWeights(inDram, device, chip, holding);
  const mapping = createOrderedMapping(organisation, ADDRESS_ORDER);
  const runs = weightRowRuns(layout, first.placement, organisation, mapping);
  const hash = job.hash ? createCommandHash() : undefined;
  const port = createDramPort({
    ...{ organisation, timing, options: job.controller, mapping, runs },
    ...(hash ? { log: hash.log } : {}),
  });
  // Check bits are fetched, but what the buffer holds is corrected weights.
  const rowBytes = weightBytesOfRow(network.neurons, job.format);
  const machine = loopMachine(accelerator, network.neurons, rowBytes);
  const dramClock = kilohertzOf(device.clock);

  const reads = createRowReads(inDram, chip, {
    ...{ placement: first.placement, supply: holding.supply, mapping: job.mapping },
    // Where every read is alike no row is decoded again.
    repair: isRowRepair(repair) ? repair : 'none',
  });
  const inference = createFetchedInference(
    { ...network, weights: first.weights },
    reads,
    layout.rows,
    job.workload,
  );
  const input = createInput(network, dataset.test, job.seed);
  const classify = createClassifier(requireResponses(network, stored.file), job.vote);
  const predictions = new Uint8Array(job.images);
  const timings: InferenceTiming[] = [];
  const energies: OnChipEnergy[] = [];
  const items: number[] = [];
  const flipped: number[] = [];

  const trace =
    job.record === undefined
      ? undefined
      : createTraceFile(job.record, {
          ...recordingMetadata(network, dataset, device, accelerator, job),
          arrivals: 'closed loop',
        });
  try {
    const record = trace && recorder(trace, runs, device);
    const loop = createClosedLoop(machine, port, dramClock, layout.rows, (row, cycle, item) => {
      inference.fetch(item);
      record?.(row, cycle, item);
    });
    for (let image = 0; image < job.images; image++) {
      const spikes = input(image);
      const schedule = scheduleOf(job.workload, inputCount(network), spikes);
      const inferred = loop.run(schedule);
      const { counts, flippedBits } = inference.respond(spikes);
      predictions[image] = classify(counts);
      flipped.push(flippedBits);
      timings.push(inferred);
      items.push(schedule.rows.length);
      energies.push(
        onChipEnergy(
          {
            ...{ neurons: network.neurons, rowBytes, format: job.format },
            ...{ fetches: inferred.fetches, passes: spikes.offsets[spikes.steps]!, updates: spikes.steps },
            latency: inferred.latency,
          },
          accelerator,
        ),
      );
      onImage();
    }
    trace?.end();
  } catch (error) {
    trace?.abandon();
    throw error;
  }

  const row = simulationRow({
    ...{ job, device, supply, machine, port, timings, energies },
    accuracy: scorePredictions(predictions, sliceImages(dataset.test, 0, job.images)),
    flippedBits: mean(flipped),
    items: mean(items),
  });
  return hash ? { row, hash: hash.digest() } : { row };
}

/** Writes each fetch as its runs of bursts, at the picosecond that the device takes for the same cycle again. */
function recorder(
  trace: TraceFileWriter,
  { start, burst, count }: WeightRowRuns,
  { organisation, clock }: Device,
): FetchLog {
  const bytes = bytesPerBurst(organisation);
  const kilohertz = kilohertzOf(clock);
  const run = emptyRun();
  return (row, cycle) => {
    run.arrival = picosecondBefore(cycle, kilohertz);
    for (let i = start[row]!; i < start[row + 1]!; i++) {
      run.address = burst[i]! * bytes;
      run.bytes = count[i]! * bytes;
      trace.append(run);
    }
  };
}
