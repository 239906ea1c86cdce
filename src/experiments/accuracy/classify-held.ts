import type { ImageSet } from '../../datasets/dataset.ts';
import { sha256 } from '../../files/sha256.ts';
import type { StoredNetwork } from '../../inputs/read-network.ts';
import type { Vote } from '../../snn/vote.ts';
import type { Accuracy } from '../../sparkxd/accuracy.ts';
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
): Promise<{ clean: Accuracy; accuracies: Accuracy[] }> {
  // Chips that read no bit wrong share an array.
  const keyOfArray = new Map<Float32Array, string>();
  const keyOf = (weights: Float32Array): string => {
    const key = keyOfArray.get(weights) ?? `${vote} ${weightsKey(weights)}`;
    keyOfArray.set(weights, key);
    return key;
  };
  const cleanKey = keyOf(network.weights);
  const variants = new Map([[cleanKey, network.weights]]);
  const keys = held.map((weights) => {
    const key = keyOf(weights);
    variants.set(key, weights);
    return key;
  });
  for (const key of variants.keys()) if (known.has(key)) variants.delete(key);
  const settings = { responses: requireResponses(network, file), vote, seed };
  monitor.begin('images', variants.size * images.count);
  if (variants.size > 0) {
    const pool = await createEvaluationPool(threads);
    try {
      const weights = [...variants.values()];
      const count = (done: number): void => monitor.advance(done);
      const found = await evaluateVariants(pool, network, weights, images, settings, count);
      for (const [i, key] of [...variants.keys()].entries()) known.set(key, found[i]!);
    } finally {
      await pool.close();
    }
  }
  return { clean: known.get(cleanKey)!, accuracies: keys.map((key) => known.get(key)!) };
}
