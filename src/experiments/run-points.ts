import type { ReplayResult } from '../dram/replay.ts';
import { type PricedTraffic, savingRange } from '../energy/saving-range.ts';
import type { Placement } from '../hardware/placement.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { WithChips } from '../inputs/open-memory.ts';
import { timingAt } from '../inputs/timing-at.ts';
import { uncertainOf } from '../inputs/uncertain-of.ts';
import { type MappingPolicy, policyOf } from '../mapping/policy.ts';
import { type DramCells, dramCells, saving } from '../results/dram-columns.ts';
import type { RunRow } from '../results/tables.ts';
import { dataPinsOf } from '../settings/data-pins.ts';
import type { RunJob } from '../settings/jobs/run.ts';
import { formatInWords } from '../settings/tensor-settings.ts';
import type { Accuracy } from '../sparkxd/accuracy.ts';
import type { HeldWeights } from '../sparkxd/held-weights.ts';
import type { StoredTensors } from '../sparkxd/stored-tensors.ts';
import type { Volts } from '../units/flavours.ts';
import type { RunSubject } from './run-inputs.ts';
import { createRunWindows, readFactor } from './run-windows.ts';
import type { UnknownPoint } from './unknown-points.ts';

/** One chip at one supply under one mapping, before its accuracy is known. */
export interface RunPoint<W = Float32Array> {
  readonly supply: Volts;
  readonly mapping: MappingPolicy;
  readonly chip: number | 'measured';
  readonly held: HeldWeights<W>;
}

type AccuracyName = 'accuracy' | 'accuracy_low' | 'accuracy_high' | 'baseline_accuracy' | 'meets_bound';
type SavingName =
  | 'dram_energy_per_inference_nJ'
  | 'energy_saving_vs_nominal'
  | 'inference_energy_saving_vs_nominal'
  | 'inference_saving_low'
  | 'inference_saving_high';

/** A point whose weights lie somewhere. */
type PlacedRunPoint = Omit<RunPoint, 'held'>;

/** What the row of a point says apart from accuracy: the cells before and behind it. */
export interface PointCells {
  readonly before: Omit<RunRow, AccuracyName | SavingName>;
  readonly savings: Pick<RunRow, SavingName>;
}

/** Traffic and energy of weights at a place, and what they save. */
export interface PricedWindow {
  readonly cells: DramCells;
  readonly savings: PointCells['savings'];
}

/** The points of a job whose inputs are read; what they share is made once, when it is first needed. */
export interface RunPoints<W = Float32Array> {
  /** The device's timing at a supply. Throws InputError for a supply that cannot be timed. */
  timing(supply: Volts): Promise<ResolvedTiming>;
  /**
   * The weights as a chip gives them back. In a population of modules, a point of whose module nothing is known at the supply is
   * left without weights; elsewhere it is refused (InputError).
   */
  hold(supply: Volts, mapping: MappingPolicy, chip: number): RunPoint<W> | UnknownPoint;
  /** Traffic, energy and saving of weights that lie at a placement. */
  price(point: PlacedRunPoint, placement: Placement): Promise<PricedWindow>;
  /** All of a point's row but its accuracy. */
  cells(point: RunPoint<W>): Promise<PointCells>;
}

/** What savings are measured against, and what their range is over. */
interface Reference {
  readonly window: ReplayResult;
  readonly readFactor: number;
  readonly cells: DramCells;
  readonly uncertain: Awaited<ReturnType<typeof uncertainOf>> | undefined;
}

/** The points of a job. Throws InputError for settings that make no sense together. */
export function createRunPoints<S extends StoredTensors, W>(
  job: RunJob,
  subject: RunSubject<S, W>,
): RunPoints<W> {
  const { network, dataset, vote, images, memory, prunedInputs, recorder } = subject;
  const windows = createRunWindows(job, subject);
  const { device } = memory;
  const { nominal } = device.supply;
  const io = dataPinsOf(job, device);
  const { inferences } = windows;
  const pricing = { law: job.law, model: job.energyModel, io };
  const timings = new Map<Volts, ResolvedTiming>();
  const readFactors = new Map<MappingPolicy, number>();
  let reference: Promise<Reference> | undefined;

  return { timing, hold, price, cells };

  async function timing(supply: Volts): Promise<ResolvedTiming> {
    const known = timings.get(supply);
    if (known) return known;
    const found = await timingAt(device, supply, job, recorder.models);
    timings.set(supply, found);
    return found;
  }

  function hold(supply: Volts, mapping: MappingPolicy, chip: number): RunPoint<W> | UnknownPoint {
    const unknown = unknownPoint(memory, supply, mapping, chip);
    if (unknown) return unknown;
    const held = memory.hold(memory.at(chip, supply, mapping));
    return { supply, mapping, chip: memory.measured ? 'measured' : chip, held };
  }

  async function findReference(): Promise<Reference> {
    const { window, readFactor } = windows.accurate(await timing(nominal));
    return {
      window,
      readFactor,
      cells: dramCells(device, window, { ...pricing, supply: nominal }, readFactor),
      uncertain: job.range ? await uncertainOf(job.law, device, io, recorder.models) : undefined,
    };
  }

  async function price(point: PlacedRunPoint, placement: Placement): Promise<PricedWindow> {
    const { supply } = point;
    const accurate = await (reference ??= findReference());
    const window = windows.stored.run(placement, await timing(supply));
    const factor = readFactorOf(point, placement);
    const cells = dramCells(device, window, { ...pricing, supply }, factor);
    const range =
      accurate.uncertain &&
      savingRange(
        { baseline: priced(accurate.window, accurate.readFactor), point: priced(window, factor) },
        accurate.uncertain,
        { supply, model: job.energyModel },
      );
    const energy = cells.dram_energy_total_nJ / inferences;
    const accurateEnergy = accurate.cells.dram_energy_total_nJ / inferences;
    return {
      cells,
      savings: {
        dram_energy_per_inference_nJ: energy,
        energy_saving_vs_nominal: saving(cells.energy_per_access_pJ, accurate.cells.energy_per_access_pJ),
        inference_energy_saving_vs_nominal: saving(energy, accurateEnergy),
        ...(range && { inference_saving_low: range.low, inference_saving_high: range.high }),
      },
    };
  }

  async function cells(point: RunPoint<W>): Promise<PointCells> {
    const { supply, mapping, chip, held } = point;
    const { cells: dram, savings } = await price(point, held.placement);
    return {
      before: {
        ...dram,
        network,
        dataset,
        weight_format: formatInWords(job),
        ecc: job.ecc,
        pruned_inputs: prunedInputs,
        data_energy: job.dataEnergy ?? 'none',
        voltage_profile: memory.profile.name,
        profile_transferred: memory.transferred,
        timing: job.timing,
        temperature_C: job.temperature,
        mapping,
        mapping_side_bytes: policyOf(mapping).needsWeakCells ? held.sideBytes : undefined,
        repair: job.repair,
        vote,
        chip,
        ...moduleCells(memory, chip, supply),
        workload: job.workload,
        images,
        inferences,
        ber_chip: held.berChip,
        ber_placed: held.berPlaced,
        ber_observed: held.berObserved,
        flipped_bits: held.flippedBits,
      },
      savings,
    };
  }

  function priced(window: ReplayResult, readFactor: number): PricedTraffic {
    return { activity: window.activity, units: inferences, readFactor };
  }

  /** The same for all chips under a mapping that writes the bits alike on each. */
  function readFactorOf({ supply, mapping, chip }: PlacedRunPoint, placement: Placement): number {
    const known = readFactors.get(mapping);
    if (known !== undefined) return known;
    const place = memory.at(chip === 'measured' ? 1 : chip, supply, mapping);
    const factor = readFactor(job, memory, place, placement);
    if (!policyOf(mapping).needsWeakCells) readFactors.set(mapping, factor);
    return factor;
  }
}

/** The row of a point whose accuracy is known; `clean` is that of the weights as trained. */
export function rowOf(
  { before, savings }: PointCells,
  { accuracy, low, high }: Accuracy,
  clean: Accuracy,
  bound: number,
): RunRow {
  return {
    ...before,
    accuracy,
    accuracy_low: low,
    accuracy_high: high,
    baseline_accuracy: clean.accuracy,
    ...savings,
    meets_bound: accuracy >= clean.accuracy - bound,
  };
}

/** Chips of a memory of any kind of network. */
type KnownChips = Pick<WithChips, 'profile' | 'knowledge' | 'module' | 'modules'>;

/** The point, if its chip takes a module of a population of which nothing is known at the supply. */
export function unknownPoint(
  memory: KnownChips,
  supply: Volts,
  mapping: MappingPolicy,
  chip: number,
): UnknownPoint | undefined {
  const why = memory.profile.population === true ? memory.knowledge(chip, supply) : 'known';
  return why === 'known' ? undefined : { supply, mapping, chip, module: memory.module(chip)!, why };
}

/** The module that a chip takes, and how many of its profile's are known at the supply. */
function moduleCells(
  memory: KnownChips,
  chip: number | 'measured',
  supply: Volts,
): Pick<RunRow, 'module' | 'modules_known' | 'modules_saturated' | 'modules_untested'> {
  const modules = memory.modules(supply);
  return {
    module: chip === 'measured' ? undefined : memory.module(chip),
    modules_known: modules?.known.length,
    modules_saturated: modules?.saturated.length,
    modules_untested: modules?.untested.length,
  };
}
