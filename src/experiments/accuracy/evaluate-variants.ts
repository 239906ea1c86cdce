import type { ImageSet } from '../../datasets/dataset.ts';
import type { Network } from '../../snn/network.ts';
import type { PredictionSettings } from '../../snn/predict.ts';
import { type Accuracy, scorePredictions } from '../../sparkxd/accuracy.ts';
import type { EvaluationPool } from './evaluate-pool.ts';

/** Accuracy of each variant of the network's weights on `images`; all variants see the same input spikes. */
export async function evaluateVariants(
  pool: EvaluationPool,
  network: Network,
  variants: readonly Float32Array[],
  images: ImageSet,
  settings: PredictionSettings,
  onImages?: (count: number) => void,
): Promise<Accuracy[]> {
  const predictions = await pool.predict(network, variants, images, settings, onImages);
  return predictions.map((prediction) => scorePredictions(prediction, images));
}
