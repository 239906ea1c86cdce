import type { ImageSet } from '../../datasets/dataset.ts';
import type { StoredNetwork } from '../../inputs/read-network.ts';
import type { EvaluateRow } from '../../results/tables.ts';
import type { Vote } from '../../snn/vote.ts';
import { marksOf, scoreMarks } from '../../sparkxd/accuracy.ts';
import { searchThresholdShift, shiftedThresholds } from '../../sparkxd/optimise-thresholds.ts';
import { pairedShares } from '../../stats/crossed.ts';
import { requireResponses } from '../../weights/network-file.ts';
import type { PhaseMonitor } from '../monitor.ts';
import type { EvaluationPool } from './evaluate-pool.ts';

interface ThresholdWork {
  readonly pool: EvaluationPool;
  readonly stored: StoredNetwork;
  /** As read and repaired, inputs x neurons. */
  readonly weights: Float32Array;
  /** Labelled training images that choose the shift. */
  readonly shown: ImageSet;
  /** Images that the accuracy is reported on. */
  readonly images: ImageSet;
  readonly vote: Vote;
  readonly seed: number;
}

/** Cells of a row of `evaluate` that follow from the optimised threshold. */
type OptimisedThreshold = Omit<
  EvaluateRow,
  'split' | 'vote' | 'flipped_bits' | 'ber_chip' | 'ber_placed' | 'ber_observed' | 'module' | 'latency_curve'
>;

/**
 * Searches one shift of all thresholds on the training images `shown`, then classifies `images` with it and, as the
 * control, with the thresholds as trained. Weights and labels are the same in all of them.
 */
export async function withOptimisedThreshold(
  { pool, stored, weights, shown, images, vote, seed }: ThresholdWork,
  monitor: PhaseMonitor,
): Promise<OptimisedThreshold> {
  const { network, file } = stored;
  const settings = { responses: requireResponses(network, file), vote, seed };
  const marks = async (shiftMv: number, on: ImageSet): Promise<Uint8Array> => {
    const shifted = { ...network, weights, theta: shiftedThresholds(network, shiftMv) };
    const [predicted] = await pool.predict(shifted, [weights], on, settings, monitor.advance);
    return marksOf(predicted!, on);
  };

  const found = await searchThresholdShift(async (shifts) => {
    monitor.begin('searching the threshold', shifts.length * shown.count);
    const accuracies: number[] = [];
    for (const shift of shifts) accuracies.push(scoreMarks(await marks(shift, shown)).accuracy);
    return accuracies;
  });

  monitor.begin('evaluating', images.count * (found.shiftMv === 0 ? 1 : 2));
  const control = await marks(0, images);
  const shifted = found.shiftMv === 0 ? control : await marks(found.shiftMv, images);
  const { accuracy, low, high, images: count, correct } = scoreMarks(shifted);
  const gain = pairedShares(shifted, control);
  return {
    accuracy,
    accuracy_low: low,
    accuracy_high: high,
    images: count,
    correct,
    threshold_shift_mV: found.shiftMv,
    threshold_search_images: shown.count,
    threshold_search_inferences: found.tried * shown.count,
    threshold_search_accuracy: found.accuracy,
    threshold_search_accuracy_unchanged: found.accuracyUnchanged,
    accuracy_unchanged_threshold: scoreMarks(control).accuracy,
    threshold_gain: gain.estimate,
    threshold_gain_low: gain.low,
    threshold_gain_high: gain.high,
  };
}
