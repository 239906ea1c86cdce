import type { ImageSet } from '../../datasets/dataset.ts';
import { sha256 } from '../../files/sha256.ts';
import type { StoredNetwork } from '../../inputs/read-network.ts';
import type { RunnableNetwork } from '../../snn/layers/layered-network.ts';
import type { Vote } from '../../snn/vote.ts';
import { type Accuracy, scorePredictions } from '../../sparkxd/accuracy.ts';
import type { LayeredSamples } from '../../sparkxd/layered-samples.ts';
import { requireResponses } from '../../weights/network-file.ts';
import type { PhaseMonitor } from '../monitor.ts';
import { createEvaluationPool } from './evaluate-pool.ts';
import { evaluateVariants } from './evaluate-variants.ts';

/** Accuracies by the vote and the key of the weights as loaded: of one network, on the same images, under one seed. */
export type KnownAccuracies = Map<string, Accuracy>;

/** Key of weights: equal for equal bytes. */
export const weightsKey = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  sha256(new Uint8Array(buffer, byteOffset, byteLength));

/** The network that classifies, what it is shown, and the seed of its input spikes. */
export interface Classification {
  readonly stored: StoredNetwork;
  readonly images: ImageSet;
  readonly seed: number;
  readonly vote: Vote;
}

/** Accuracy of the weights as trained, and of each of some that a memory gave back. */
export interface HeldAccuracies {
  readonly clean: Accuracy;
  readonly accuracies: readonly Accuracy[];
}

/**
 * Accuracy of the weights as trained and of each of `held`. Weights that are the same are classified once, and not again
 * if `known` has them; what is found is added to it.
 */
export async function classifyHeld(
  held: readonly Float32Array[],
  { stored: { network, file }, images, seed, vote }: Classification,
  known: KnownAccuracies,
  threads: number,
  monitor: PhaseMonitor,
): Promise<HeldAccuracies> {
  const settings = { responses: requireResponses(network, file), vote, seed };
  const keyOf = keepKeys((weights: Float32Array) => `${vote} ${weightsKey(weights)}`);
  return classifyOnce(network.weights, held, keyOf, known, async (variants) => {
    monitor.begin('images', variants.length * images.count);
    const pool = await createEvaluationPool(threads);
    try {
      const count = (done: number): void => monitor.advance(done);
      return await evaluateVariants(pool, network, variants, images, settings, count);
    } finally {
      await pool.close();
    }
  });
}

/** The same of a layered network. */
export async function classifyLayers(
  sound: readonly Float32Array[],
  held: readonly (readonly Float32Array[])[],
  { runnable, samples, seed }: LayeredClassification,
  known: KnownAccuracies,
  threads: number,
  monitor: PhaseMonitor,
): Promise<HeldAccuracies> {
  const keyOf = keepKeys(
    (weights: readonly Float32Array[]) =>
      `${runnable.presentation.readout} ${weights.map(weightsKey).join(' ')}`,
  );
  return classifyOnce(sound, held, keyOf, known, async (variants) => {
    monitor.begin('images', variants.length * samples.set.count);
    const pool = await createEvaluationPool(threads);
    try {
      const predictions = await pool.predictLayers(runnable, variants, samples, seed, (done) =>
        monitor.advance(done),
      );
      return predictions.map((prediction) => scorePredictions(prediction, samples.set));
    } finally {
      await pool.close();
    }
  });
}

/** A layered network that classifies, what it is shown, and the seed of its input. */
export interface LayeredClassification {
  readonly runnable: RunnableNetwork;
  readonly samples: LayeredSamples;
  readonly seed: number;
}

/** Keys of weights, each worked out once: chips that read no bit wrong share arrays. */
function keepKeys<W extends object>(make: (weights: W) => string): (weights: W) => string {
  const keys = new Map<W, string>();
  return (weights) => {
    const key = keys.get(weights) ?? make(weights);
    keys.set(weights, key);
    return key;
  };
}

async function classifyOnce<W>(
  sound: W,
  held: readonly W[],
  keyOf: (weights: W) => string,
  known: KnownAccuracies,
  classify: (variants: readonly W[]) => Promise<readonly Accuracy[]>,
): Promise<HeldAccuracies> {
  const cleanKey = keyOf(sound);
  const variants = new Map([[cleanKey, sound]]);
  const keys = held.map((weights) => {
    const key = keyOf(weights);
    variants.set(key, weights);
    return key;
  });
  for (const key of variants.keys()) if (known.has(key)) variants.delete(key);
  if (variants.size > 0) {
    const found = await classify([...variants.values()]);
    for (const [i, key] of [...variants.keys()].entries()) known.set(key, found[i]!);
  }
  return { clean: known.get(cleanKey)!, accuracies: keys.map((key) => known.get(key)!) };
}
