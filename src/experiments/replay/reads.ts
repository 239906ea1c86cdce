import type { Dataset } from '../../datasets/dataset.ts';
import type { AddressMapping } from '../../dram/address.ts';
import { InputError } from '../../errors/input-error.ts';
import type { FlippingCells } from '../../faults/inject.ts';
import { type StoredBit, wrongBits } from '../../faults/row-cells.ts';
import { subarrayBer } from '../../faults/subarray-ber.ts';
import { type Chip, heldAt } from '../../faults/weak-cells-at.ts';
import type { Device } from '../../hardware/device.ts';
import type { Placement } from '../../hardware/placement.ts';
import type { VoltageProfile } from '../../hardware/voltage-profile.ts';
import { openChip } from '../../inputs/open-chip.ts';
import { isTransferred } from '../../inputs/open-profile.ts';
import type { InputRecorder } from '../../inputs/recorder.ts';
import { rowStarts } from '../../mapping/weight-image.ts';
import { weightRowRuns } from '../../mapping/weight-rows.ts';
import type { ReplayJob } from '../../settings/jobs/replay.ts';
import { errorSupply } from '../../sparkxd/error-supply.ts';
import type { HeldWeights } from '../../sparkxd/held-weights.ts';
import { requireCurveUse } from '../../sparkxd/memory-rules.ts';
import { uncertainCells } from '../../sparkxd/read-draws.ts';
import { bitLayoutOf } from '../../sparkxd/stored-tensors.ts';
import type { MemoryPlace } from '../../sparkxd/weight-memory.ts';
import { mean } from '../../stats/moments.ts';
import type { MemoryMap } from '../../trace/memory-map.ts';
import { type RowRanges, rowRanges } from '../../trace/row-ranges.ts';
import type { Volts } from '../../units/flavours.ts';
import { requirePersistence } from '../over-time.ts';
import { openRecording } from '../recording/open-recording.ts';
import type { OpenRecording } from '../recording/opened-recording.ts';
import { addressRanges } from '../recording/recording-metadata.ts';
import { storedBits } from './stored-bits.ts';
import { noWrongReads, type WatchedChip } from './watched-chip.ts';

/** Where a recording's weights lie at one point; points of one key lie alike. */
export interface Layout {
  readonly key: string;
  readonly placement: Placement;
  readonly rows: RowRanges;
  /** What the weights hold there. */
  readonly stored: StoredBit;
}

/** A chip at a supply: what its reads give back. */
export interface ReadPoint extends WatchedChip {
  readonly supply: Volts;
  readonly chip: number | 'measured';
  /** The member of the profile that the chip takes; undefined for that of a map. */
  readonly module: string | undefined;
  readonly berChip: number;
  readonly recorded: RecordedPoint | undefined;
}

/** Weights as loaded, of the recording's kind of network. */
export type AnyHeld = HeldWeights<Float32Array | readonly Float32Array[]>;

/** What is known of a recording's weights on a chip at a supply. */
export interface RecordedPoint {
  readonly layout: Layout;
  readonly held: AnyHeld;
  readonly place: MemoryPlace;
  /** The cells that may flip, where any of them does not flip for certain. */
  readonly cells: FlippingCells | undefined;
}

/** What the reads of a replay give back. */
export interface ReadsOfReplay {
  readonly profile: Pick<VoltageProfile, 'name' | 'testLatency'>;
  /** Whether its errors were measured on devices of another standard. */
  readonly transferred: boolean;
  readonly recording: OpenRecording | undefined;
  /** Numbers of the chips. */
  readonly chips: readonly (number | 'measured')[];
  /** Whether the chip's cells are known at the supply. */
  knows(supply: Volts, chip: number | 'measured'): Promise<boolean>;
  /** Throws InputError for a supply outside what is known of the chip, and for weights that do not fit. */
  at(supply: Volts, chip: number | 'measured'): Promise<ReadPoint>;
}

/**
 * Opens what the reads of a trace give back: of a recording by its memory map, of any trace by a profile or a map of weak
 * cells; undefined where neither is there. Throws InputError for settings that say nothing of such a trace.
 */
export async function openReads(
  job: ReplayJob,
  map: MemoryMap | undefined,
  device: Device,
  mapping: AddressMapping,
  recorder: InputRecorder,
  datasetOf?: (name: string) => Promise<Dataset>,
): Promise<ReadsOfReplay | undefined> {
  requireSettings(job, map);
  if (map === undefined && job.profile === undefined && job.weakCells === undefined) {
    requireCurveUse(job, undefined);
    return undefined;
  }
  const chosen =
    job.chip ?? (job.chips === undefined ? undefined : Array.from({ length: job.chips }, (_, i) => i + 1));
  if (map !== undefined) {
    const recording = await openRecording(map, job, device, mapping, recorder, datasetOf);
    return readsOfRecording(recording, mapping, chosen ?? [recording.chip ?? 1]);
  }
  return readsOfAnyTrace(job, recorder, chosen ?? [1]);
}

async function readsOfRecording(
  recording: OpenRecording,
  mapping: AddressMapping,
  chosen: readonly number[],
): Promise<ReadsOfReplay> {
  const { memory, policy } = recording;
  const image = bitLayoutOf(memory.stored, policy).write(memory.stored.image);
  const layoutOf = (key: string, placement: Placement, rows: RowRanges): Layout => ({
    key,
    placement,
    rows,
    stored: storedBits(placement, image, memory.device),
  });
  const asRecorded = recording.placement && layoutOf('recorded', recording.placement, recording.rows);
  return {
    profile: memory.profile,
    transferred: memory.transferred,
    recording,
    chips: memory.measured ? ['measured'] : chosen,
    knows: async (supply, chip) => isKnown(() => memory.errorRates(memory.chip(numberOf(chip)), supply)),
    async at(supply, chip) {
      const place = memory.at(numberOf(chip), supply, policy);
      const layout = asRecorded ?? layoutOf(...placedAnew(recording, place, mapping));
      const held = memory.holdAt(place, layout.placement);
      const wrong = wrongBits(place.chip(), memory.cellSupply(supply), layout.stored);
      const cells = wrong.alwaysFlips ? undefined : memory.cells(place, layout.placement);
      return {
        supply,
        chip,
        module: memory.module(numberOf(chip)),
        wrong,
        found: noWrongReads(memory.device.organisation),
        berChip: held.berChip,
        recorded: {
          layout,
          held,
          place,
          cells: cells && uncertainCells(cells).length > 0 ? cells : undefined,
        },
      };
    },
  };
}

/** A measured map is one chip, whatever its number. */
const numberOf = (chip: number | 'measured'): number => (chip === 'measured' ? 1 : chip);

/** Whether error rates can be told: they are where the supply lies in what was measured. */
function isKnown(rates: () => Float64Array): boolean {
  try {
    rates();
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** The layout of weights that a policy places; `mapping` gives their addresses. */
function placedAnew(
  { memory }: OpenRecording,
  place: MemoryPlace,
  mapping: AddressMapping,
): [key: string, placement: Placement, rows: RowRanges] {
  const { organisation } = memory.device;
  const { layout } = memory.stored;
  const placement = memory.place(place);
  const runs = weightRowRuns(layout, placement, organisation, mapping);
  const ranges = addressRanges(runs, layout.burstBytes);
  return [JSON.stringify(ranges), placement, rowRanges(ranges, rowStarts(layout))];
}

async function readsOfAnyTrace(
  job: ReplayJob,
  recorder: InputRecorder,
  chosen: readonly number[],
): Promise<ReadsOfReplay> {
  const opened = new Map<number, Chip>();
  const open = (chip: number) =>
    openChip(
      {
        device: job.device,
        latencyCurve: job.latencyCurve,
        profile: job.profile,
        weakCells: job.weakCells,
        errorModel: job.errorModel ?? 0,
        modelOptions: { flipCharged: job.flipProbability ?? 1 },
        seed: job.seed ?? 1,
        chip,
        temperature: job.temperature,
      },
      recorder,
    );
  const { device, profile } = await open(1);
  requireCurveUse(job, profile);
  const chipOf = async (number: number): Promise<Chip> => {
    const chip = opened.get(number) ?? (await open(number)).chip;
    opened.set(number, chip);
    return chip;
  };
  const cellSupply = (supply: Volts): Volts => errorSupply(device, profile, supply, job.timing);
  return {
    profile,
    transferred: job.weakCells === undefined && isTransferred(profile, device),
    recording: undefined,
    chips: job.weakCells === undefined ? chosen : ['measured'],
    async knows(supply, number) {
      const chip = heldAt(await chipOf(numberOf(number)), supply);
      return isKnown(() => subarrayBer(chip, cellSupply(supply)));
    },
    async at(supply, number) {
      const chip = heldAt(await chipOf(numberOf(number)), supply);
      return {
        supply,
        chip: number,
        module: chip.kind === 'measured' ? undefined : chip.member.name,
        wrong: wrongBits(chip, cellSupply(supply)),
        found: noWrongReads(device.organisation),
        berChip: mean(subarrayBer(chip, cellSupply(supply))),
        recorded: undefined,
      };
    },
  };
}

/** Throws InputError for settings of reads where nothing says what reads give back, or of a recording where there is none. */
function requireSettings(job: ReplayJob, map: MemoryMap | undefined): void {
  requirePersistence(job);
  if (job.chip !== undefined && job.chips !== undefined)
    throw new InputError('--chip names chips, --chips counts them', { remedy: 'give one of the two' });
  if (job.mapping !== undefined && !job.replace)
    throw new InputError('the weights of a recording stay where they were', {
      remedy: 'give --replace with --mapping, or leave it out',
    });
  const given = (names: readonly (keyof ReplayJob & keyof typeof FLAGS)[]): string | undefined => {
    const name = names.find((setting) => job[setting] !== undefined && job[setting] !== false);
    return name && FLAGS[name];
  };
  const ofRecording = given([
    'repair',
    'vote',
    'prior',
    'weights',
    'dataset',
    'replace',
    'rewriteEvery',
    'overTime',
  ]);
  if (job.noAccuracy && ofRecording !== undefined)
    throw new InputError(
      `--no-accuracy leaves the memory map of a recording aside, which ${ofRecording} needs`,
      {
        remedy: 'leave out one of the two',
      },
    );
  if (map === undefined && ofRecording !== undefined)
    throw new InputError(
      `${ofRecording} is of the weights of a recording, and this trace has no memory map`,
      {
        place: { file: job.trace },
        remedy: 'leave it out; accuracy needs a recording of sparkxd record or simulate --record',
      },
    );
  const ofReads = given(['chip', 'chips', 'errorModel', 'flipProbability', 'ecc', 'seed', 'wrongReads']);
  if (map === undefined && job.profile === undefined && job.weakCells === undefined && ofReads !== undefined)
    throw new InputError(`${ofReads} is of wrong reads, and nothing says which reads are wrong`, {
      remedy: 'give --profile NAME, or --weak-cells FILE',
    });
}

const FLAGS = {
  repair: '--repair',
  vote: '--vote',
  prior: '--prior',
  weights: '--weights',
  dataset: '--dataset',
  replace: '--replace',
  rewriteEvery: '--rewrite-every',
  overTime: '--over-time',
  chip: '--chip',
  chips: '--chips',
  errorModel: '--error-model',
  flipProbability: '--flip-probability',
  ecc: '--ecc',
  seed: '--seed',
  wrongReads: '--wrong-reads',
} as const;

/** For which chip and supply a recording's weights were placed, in words. */
export const placedFor = ({ map }: OpenRecording): string => {
  const { chip, supply_V } = map.placement;
  if (chip === null) return 'any';
  return chip === 'measured' ? `the measured chip at ${supply_V} V` : `chip ${chip} at ${supply_V} V`;
};
