import type { ReplayResult } from '../../dram/replay.ts';
import type { FlippingCells } from '../../faults/inject.ts';
import type { OverTimeRow, ReplayRow } from '../../results/tables.ts';
import type { ReplayJob } from '../../settings/jobs/replay.ts';
import type { Accuracy } from '../../sparkxd/accuracy.ts';
import type { HeldWeights } from '../../sparkxd/held-weights.ts';
import { drawnCells } from '../../sparkxd/read-draws.ts';
import type { LoadRepair } from '../../sparkxd/repair-on-load.ts';
import type { DrawOf } from '../../sparkxd/row-reads.ts';
import { classifyHeld, type HeldAccuracies } from '../accuracy/classify-held.ts';
import type { PhaseMonitor } from '../monitor.ts';
import { overTimeRows } from '../over-time.ts';
import {
  classifyHeldLayers,
  classifyLoadedLayers,
  requireLoadedLayers,
  samplesOf,
} from '../recording/layered-accuracy.ts';
import type { LayeredRecordingOpen, MatrixRecording, OpenRecording } from '../recording/opened-recording.ts';
import {
  classifyRecorded,
  imagesOf,
  type RecordedAnswer,
  requireLoadedRepair,
  requireRecordedImages,
  wrongBitsFetched,
} from '../recording/recorded-accuracy.ts';
import { type AnyHeld, placedFor, type ReadPoint, type ReadsOfReplay } from './reads.ts';
import type { WindowResult } from './windows.ts';

/** Cells of a row that say which reads were wrong. */
export function readCells(
  { profile, transferred, recording }: ReadsOfReplay,
  { chip, module, berChip, found, recorded }: ReadPoint,
  { reads, forwardedReads }: ReplayResult,
): Partial<ReplayRow> {
  const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);
  const readsWrong = sum(found.readsWrong);
  return {
    voltage_profile: profile.name,
    profile_transferred: transferred,
    chip,
    module,
    ber_chip: berChip,
    reads_wrong: readsWrong,
    bits_wrong: sum(found.bitsWrong),
    reads_wrong_share: reads === forwardedReads ? undefined : readsWrong / (reads - forwardedReads),
    ...(recording && recorded
      ? {
          ber_placed: recorded.held.berPlaced,
          ber_observed: recorded.held.berObserved,
          flipped_bits: recorded.held.flippedBits,
        }
      : {}),
  };
}

/** What a recording says of itself, as cells of each of its rows. */
function recordingCells(recording: OpenRecording, job: ReplayJob, repair: LoadRepair): Partial<ReplayRow> {
  const { words, map, workload, policy } = recording;
  return {
    network: words.network,
    dataset: words.dataset,
    weight_format: words.format,
    ecc: words.ecc,
    mapping: policy,
    placed_for: job.replace ? 'each chip and supply' : placedFor(recording),
    repair,
    rewrite_every: job.rewriteEvery,
    vote: words.vote,
    workload,
    inferences: map.inference.images,
  };
}

/** How the samples of a recording are classified. */
interface AnswerWay {
  readonly samples: number;
  /** Throws InputError where the recording does not tell the reads of each sample. */
  requireDiffering(): void;
  /** With what one reading of all weights gave: as trained, and each of `held`. */
  alike(held: readonly AnyHeld[], threads: number, monitor: PhaseMonitor): Promise<HeldAccuracies>;
  /** Each sample with what its own fetches gave back. */
  differing(
    cells: FlippingCells,
    draw: DrawOf | undefined,
    held: AnyHeld,
    onSamples: (count: number) => void,
  ): Promise<RecordedAnswer>;
}

function ofMatrix(recording: MatrixRecording, job: ReplayJob): AnswerWay {
  const { repair, stored, map, vote } = recording;
  const images = imagesOf(recording, job);
  requireLoadedRepair(repair, recording);
  const { seed } = map.inference;
  return {
    samples: images.count,
    requireDiffering: () => requireRecordedImages(recording, images.count),
    alike: (held, threads, monitor) =>
      classifyHeld(
        held.map(({ weights }) => weights as Float32Array),
        { stored, images, seed, vote },
        new Map(),
        threads,
        monitor,
      ),
    differing: (cells, draw, held, onImages) =>
      classifyRecorded(recording, images, cells, draw, held as HeldWeights, onImages),
  };
}

function ofLayers(recording: LayeredRecordingOpen, job: ReplayJob): AnswerWay {
  const samples = samplesOf(recording, job);
  type Held = HeldWeights<readonly Float32Array[]>;
  return {
    samples: samples.set.count,
    requireDiffering() {
      requireLoadedLayers(recording);
      requireRecordedImages(recording, samples.set.count);
    },
    alike: (held, threads, monitor) =>
      classifyHeldLayers(recording, held as readonly Held[], samples, threads, monitor),
    differing: (cells, draw, held, onSamples) =>
      classifyLoadedLayers(recording, samples, cells, draw, held as Held, onSamples),
  };
}

/** What the network makes of the reads of a point. */
export interface PointAnswer {
  readonly cells: Partial<ReplayRow>;
  /** By the inferences since the weights were written, where flips persist and are not certain. */
  readonly overTime: readonly OverTimeRow[];
}

/** A point of a recording, and the replay of its commands. */
export interface AnsweredPoint {
  readonly read: ReadPoint;
  readonly window: WindowResult;
}

/**
 * What the network makes of the reads of each point, as cells of its row. Weights that load alike are classified once;
 * where reads differ, each inference takes what its own fetches gave. Throws InputError for repairs and images that the
 * recording does not allow.
 */
export async function answersOf(
  recording: OpenRecording,
  points: readonly AnsweredPoint[],
  job: ReplayJob,
  threads: number,
  monitor: PhaseMonitor,
): Promise<ReadonlyMap<ReadPoint, PointAnswer>> {
  const way = recording.kind === 'layers' ? ofLayers(recording, job) : ofMatrix(recording, job);
  const { repair } = recording;
  const differing = points.filter(({ read }) => read.recorded!.cells !== undefined);
  if (differing.length > 0) way.requireDiffering();
  const alike = points.map(({ read }) => read).filter(({ recorded }) => recorded!.cells === undefined);
  const { clean, accuracies } = await way.alike(
    alike.map(({ recorded }) => recorded!.held),
    threads,
    monitor,
  );
  if (differing.length > 0) monitor.begin('images, read by read', differing.length * way.samples);

  const ofRecording = recordingCells(recording, job, repair);
  const answers = new Map<ReadPoint, PointAnswer>();
  for (const point of points) {
    const { accuracy, wrong, overTime = [] } = await answer(point);
    const cells = {
      ...ofRecording,
      images: accuracy.images,
      wrong_bits_read_per_inference: wrong,
      accuracy: accuracy.accuracy,
      accuracy_low: accuracy.low,
      accuracy_high: accuracy.high,
      baseline_accuracy: clean.accuracy,
      meets_bound: accuracy.accuracy >= clean.accuracy - job.bound,
    };
    answers.set(point.read, { cells, overTime });
  }
  return answers;

  async function answer({ read, window }: AnsweredPoint): Promise<{
    accuracy: Accuracy;
    wrong: number;
    overTime?: readonly OverTimeRow[];
  }> {
    const { cells: weak, held, place, layout } = read.recorded!;
    if (weak === undefined)
      return {
        accuracy: accuracies[alike.indexOf(read)]!,
        wrong: wrongBitsFetched(recording, place, layout.placement),
      };
    const activations = window.draws?.drawsOf(weak, recording.memory.stored.layout);
    const { cells, draw } = drawnCells(weak, job.draw, activations);
    const { accuracy, wrongBitsPerInference, record } = await way.differing(
      cells,
      draw,
      held,
      monitor.advance,
    );
    return {
      accuracy,
      wrong: wrongBitsPerInference,
      ...(job.draw === 'persistent' && {
        overTime: overTimeRows(record, job.rewriteEvery, { supply_V: read.supply, chip: read.chip }),
      }),
    };
  }
}
