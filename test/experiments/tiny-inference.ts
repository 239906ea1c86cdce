import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DIEHL_COOK_NEURON } from '../../src/snn/neuron-constants.ts';
import { rangeOf } from '../../src/snn/weight-range.ts';
import { formatNetwork } from '../../src/weights/network-file.ts';
import { idxFile } from '../datasets/idx-files.ts';

/** Images of the tiny dataset. */
export const TINY_IMAGES = 8;
/** What the undamaged network answers for half of the images: damage moves the accuracy both ways. */
const OFTEN_ANSWERED = 2;
const SIDE = 8;
const NEURONS = 20;

/** Words that look random and are always the same. */
function* words(seed: number): Generator<number, never> {
  let word = seed;
  for (;;) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    yield word >>> 8;
  }
}

/** Writes a dataset of 8 x 8 images and an untrained network of 20 neurons into a folder; answers their places. */
export async function writeTinyInference(
  folder: string,
): Promise<{ readonly weights: string; readonly dataset: string }> {
  const random = words(7);
  const next = (below: number): number => random.next().value % below;
  const pixels = (count: number): number[] =>
    Array.from({ length: count * SIDE * SIDE }, () => (next(3) === 0 ? next(256) : 0));
  const labels = (count: number): number[] => Array.from({ length: count }, () => next(10));
  const files = {
    'train-images-idx3-ubyte': idxFile('', [30, SIDE, SIDE], pixels(30)),
    'train-labels-idx1-ubyte': idxFile('', [30], labels(30)),
    't10k-images-idx3-ubyte': idxFile('', [TINY_IMAGES, SIDE, SIDE], pixels(TINY_IMAGES)),
    't10k-labels-idx1-ubyte': idxFile(
      '',
      [TINY_IMAGES],
      labels(TINY_IMAGES).map(() => OFTEN_ANSWERED),
    ),
  };
  for (const [name, { bytes }] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const weights = join(folder, 'tiny.safetensors');
  const values = Float32Array.from({ length: SIDE * SIDE * NEURONS }, () => next(1000) / 1500);
  const network = {
    ...rangeOf(values),
    imageRows: SIDE,
    imageColumns: SIDE,
    neurons: NEURONS,
    weightSum: 20,
    constants: DIEHL_COOK_NEURON,
    encoding: { steps: 40, maximumRateHz: 200 },
    weights: values,
    theta: Float32Array.from({ length: NEURONS }, () => next(4)),
    responses: {
      spikes: Uint32Array.from({ length: NEURONS * 10 }, () => next(9)),
      images: Uint32Array.from({ length: 10 }, () => 3),
    },
  };
  await writeFile(weights, formatNetwork({ network, training: '{}', storage: 'fp32' }));
  return { weights, dataset: folder };
}

/** A search of operating points over one network in FP32 without repair, on the paper's timing. */
export const tinySearch = ({ weights, dataset }: Awaited<ReturnType<typeof writeTinyInference>>) =>
  ({
    dataset,
    networks: [weights],
    formats: ['fp32'],
    repairs: ['none'],
    timings: ['paper'],
  }) as const;
