import { createWeightBuffer } from '../../accelerator/weight-buffer.ts';
import type { ImageSet } from '../../datasets/dataset.ts';
import { firstImages } from '../../datasets/first-images.ts';
import { InputError } from '../../errors/input-error.ts';
import type { FlippingCells } from '../../faults/inject.ts';
import { createTurn } from '../../files/turn.ts';
import type { Placement } from '../../hardware/placement.ts';
import type { ReplayJob } from '../../settings/jobs/replay.ts';
import { createInput } from '../../snn/infer.ts';
import { createClassifier } from '../../snn/vote.ts';
import { type Accuracy, marksOf, scoreMarks } from '../../sparkxd/accuracy.ts';
import { createFetchedInference, createLoadedInference } from '../../sparkxd/fetched-inference.ts';
import type { HeldWeights } from '../../sparkxd/held-weights.ts';
import type { InferenceRecord } from '../../sparkxd/over-time.ts';
import { isRowRepair, type LoadRepair } from '../../sparkxd/repair-on-load.ts';
import type { DrawOf } from '../../sparkxd/row-reads.ts';
import { createRowSpikes } from '../../sparkxd/row-spikes.ts';
import type { MemoryPlace } from '../../sparkxd/weight-memory.ts';
import { mean } from '../../stats/moments.ts';
import { requireResponses } from '../../weights/network-file.ts';
import type { MatrixRecording, OpenRecording } from './opened-recording.ts';

/** What the network makes of the reads of a recording. */
export interface RecordedAnswer {
  readonly accuracy: Accuracy;
  readonly wrongBitsPerInference: number;
  /** The same by inference. */
  readonly record: InferenceRecord;
}

/** The images of the accuracy. Throws InputError for more than there are. */
export function imagesOf(recording: MatrixRecording, { images }: Pick<ReplayJob, 'images'>): ImageSet {
  const { dataset, map } = recording;
  const count = images === 'recorded' ? map.inference.images : images === 'all' ? undefined : images;
  return firstImages(dataset.test, count, `test images of ${dataset.name}`);
}

/** Throws InputError for a repair of the whole matrix where an inference does not load all of it. */
export function requireLoadedRepair(repair: LoadRepair, { workload }: OpenRecording): void {
  if (workload === 'stream' || isRowRepair(repair)) return;
  throw new InputError(
    `the repair "${repair}" needs all weights at once, but an inference of the workload "${workload}" loads some of them`,
    { remedy: 'choose a repair of single weights, or record the workload stream' },
  );
}

/** Throws InputError for images whose reads the trace does not hold, where each read may give something else. */
export function requireRecordedImages({ map }: OpenRecording, images: number): void {
  if (images <= map.inference.images) return;
  throw new InputError(
    `the trace holds the reads of ${map.inference.images} images, and each read may give something else`,
    {
      remedy: `leave out --images, give at most ${map.inference.images}, or make flips certain (--flip-probability 1, error model 0, 1 or 2)`,
    },
  );
}

/** Wrong bits that an inference fetches on average, check bits included, where every read gives the same. */
export function wrongBitsFetched(
  { memory, fetches }: OpenRecording,
  place: MemoryPlace,
  placement: Placement,
): number {
  const reads = memory.under({ repair: 'none' }).reads(memory.cells(place, placement), false);
  const { rows } = memory.stored.layout;
  const wrong = Uint32Array.from({ length: rows }, (_, row) => reads.flippedBits(row, 0));
  return mean(fetches.map((fetched) => fetched.reduce((sum, row) => sum + wrong[row]!, 0)));
}

/**
 * Classifies the first images of a recording with what its own fetches gave back: item by item, a row on chip being used
 * again as the recording's accelerator did. `cells` are those of the weights as they lie, `draw` their draws, `held`
 * what a reading of all of them gave.
 */
export async function classifyRecorded(
  recording: MatrixRecording,
  images: ImageSet,
  cells: FlippingCells,
  draw: DrawOf | undefined,
  held: HeldWeights,
  onImages: (count: number) => void,
): Promise<RecordedAnswer> {
  const { memory, stored, map, workload, vote, repair } = recording;
  const { network } = stored;
  const { inputs, layout } = memory.stored;
  const spikesOf = createInput(network, images, map.inference.seed);
  const rowSpikes = createRowSpikes(memory.stored);
  const classify = createClassifier(requireResponses(network, stored.file), vote);
  const weights = { ...network, weights: held.weights };
  const whole = !isRowRepair(repair);
  const reads = memory.under({ repair: whole ? 'none' : repair }).reads(cells, true, draw);
  const inference = whole
    ? createLoadedInference(weights, memory.loads(cells, held.berPlaced, draw), reads)
    : createFetchedInference(weights, reads, inputs, workload);
  const buffer = createWeightBuffer(map.inference.buffer_rows, layout.rows);
  const predictions = new Uint8Array(images.count);
  const wrong: number[] = [];
  const turn = createTurn();
  for (let image = 0; image < images.count; image++) {
    const spikes = rowSpikes(spikesOf(image));
    const items = workload === 'stream' ? layout.rows : spikes.offsets[spikes.steps]!;
    for (let item = 0; item < items; item++)
      if (workload === 'stream' || !buffer.touch(spikes.inputs[item]!)) inference.fetch(item);
    const { counts, flippedBits } = inference.respond(spikes);
    predictions[image] = classify(counts);
    wrong.push(flippedBits);
    onImages(1);
    await turn();
  }
  const marks = marksOf(predictions, images);
  return {
    accuracy: scoreMarks(marks),
    wrongBitsPerInference: mean(wrong),
    record: { marks, wrongBits: wrong },
  };
}
