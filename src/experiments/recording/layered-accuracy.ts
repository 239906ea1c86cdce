import { InputError } from '../../errors/input-error.ts';
import type { FlippingCells } from '../../faults/inject.ts';
import { createTurn } from '../../files/turn.ts';
import type { ReplayJob } from '../../settings/jobs/replay.ts';
import { createLayeredInference } from '../../snn/layers/infer-layers.ts';
import { weightTensors } from '../../snn/layers/layered-network.ts';
import { marksOf, scoreMarks } from '../../sparkxd/accuracy.ts';
import type { HeldWeights } from '../../sparkxd/held-weights.ts';
import { createSampleInput, type LayeredSamples } from '../../sparkxd/layered-samples.ts';
import type { DrawOf } from '../../sparkxd/row-reads.ts';
import { mean } from '../../stats/moments.ts';
import { classifyLayers, type HeldAccuracies } from '../accuracy/classify-held.ts';
import type { PhaseMonitor } from '../monitor.ts';
import type { LayeredRecordingOpen } from './opened-recording.ts';
import type { RecordedAnswer } from './recorded-accuracy.ts';

/** Weights of all tensors as loaded. */
type Held = HeldWeights<readonly Float32Array[]>;

/** The samples of the accuracy. Throws InputError for more than there are. */
export function samplesOf(
  { open, map }: LayeredRecordingOpen,
  { images }: Pick<ReplayJob, 'images'>,
): LayeredSamples {
  return open.split(
    'test',
    images === 'recorded' ? map.inference.images : images === 'all' ? undefined : images,
  );
}

/** Accuracy of the weights as trained, and of each of those held. */
export function classifyHeldLayers(
  { open, map }: LayeredRecordingOpen,
  held: readonly Held[],
  samples: LayeredSamples,
  threads: number,
  monitor: PhaseMonitor,
): Promise<HeldAccuracies> {
  const { runnable } = open;
  return classifyLayers(
    weightTensors(runnable.network).map(({ weights }) => weights),
    held.map(({ weights }) => weights),
    { runnable, samples, seed: map.inference.seed },
    new Map(),
    threads,
    monitor,
  );
}

/**
 * Throws InputError where reads differ and the trace cannot tell which of them an inference made: in the workload `event` the hidden
 * spikes of a damaged network ask for other rows than those of the network as trained, which the trace holds.
 */
export function requireLoadedLayers({ workload, map, open }: LayeredRecordingOpen): void {
  if (workload === 'stream') return;
  throw new InputError(
    `each read may give something else, and the hidden spikes of damaged weights ask for other rows than the trace holds: ${map.inference.images} inferences of ${open.dataset} as trained`,
    {
      remedy:
        'record the workload stream, make flips certain (--flip-probability 1, error model 0, 1 or 2), or --no-accuracy',
    },
  );
}

/** Classifies the first samples of a recording of the workload `stream`, each with what its own reads of all rows gave back. */
export async function classifyLoadedLayers(
  { memory, open, map, repair }: LayeredRecordingOpen,
  samples: LayeredSamples,
  cells: FlippingCells,
  draw: DrawOf | undefined,
  held: Held,
  onSamples: (count: number) => void,
): Promise<RecordedAnswer> {
  const { layout } = memory.stored;
  const inference = createLayeredInference(open.runnable);
  inference.setWeights(held.weights);
  const input = createSampleInput(open.runnable, samples, map.inference.seed);
  const reads = memory.under({ repair }).reads(cells, true, draw);
  const predictions = new Uint16Array(samples.set.count);
  const wrong: number[] = [];
  const turn = createTurn();
  for (let sample = 0; sample < samples.set.count; sample++) {
    let bits = 0;
    for (const [tensor, { firstRow, rows }] of layout.parts.entries())
      for (let row = 0; row < rows; row++) {
        bits += reads.flippedBits(firstRow + row, sample);
        if (reads.varies(firstRow + row))
          inference.setRow(tensor, row, reads.weights(firstRow + row, sample));
      }
    predictions[sample] = inference.present(input(sample)).class;
    wrong.push(bits);
    onSamples(1);
    await turn();
  }
  const marks = marksOf(predictions, samples.set);
  return {
    accuracy: scoreMarks(marks),
    wrongBitsPerInference: mean(wrong),
    record: { marks, wrongBits: wrong },
  };
}
