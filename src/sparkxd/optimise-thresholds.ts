import type { Network } from '../snn/network.ts';
import { lowestTheta } from '../snn/thresholds.ts';

/** What a search over one common shift of all thresholds found. */
export interface ThresholdSearch {
  /** Added to the threshold of every neuron, mV; 0 leaves them as trained. */
  readonly shiftMv: number;
  /** Share of the search's images right with the shift, and with the thresholds as trained. */
  readonly accuracy: number;
  readonly accuracyUnchanged: number;
  /** Shifts tried, each on all images of the search. */
  readonly tried: number;
}

/** Shifts of the first pass, mV, are the multiples of this, up to `WIDEST` either way. */
const FIRST_STEP = 4;
const WIDEST = 32;
/** Then the step is halved so many times, and the shifts on either side of the best are tried. */
const HALVINGS = 3;

/**
 * One common shift for the thresholds of a layer whose weights come back damaged, so that the accuracy on labelled images
 * is greatest: FalVolt-like (Siddique and Hoque, 2023, optimise the threshold voltage of each layer while they train the
 * network again; here the weights stay as they are read, and no gradient is needed). The threshold voltage of the layer is
 * what moves; what each neuron has learned to add to it stays. A grid of 17 shifts from -32 to 32 mV, then three times the
 * two shifts half a step beside the best: 23 in all. Of equal accuracies the shift nearest to 0 wins, so that
 * thresholds stay where nothing is gained.
 *
 * @param accuracyOf share of the images right at each shift (mV), in their order
 */
export async function searchThresholdShift(
  accuracyOf: (shiftsMv: readonly number[]) => Promise<readonly number[]>,
): Promise<ThresholdSearch> {
  const found = new Map<number, number>();
  const tryAt = async (shiftsMv: readonly number[]): Promise<void> => {
    const accuracies = await accuracyOf(shiftsMv);
    for (const [i, shift] of shiftsMv.entries()) found.set(shift, accuracies[i]!);
  };
  const best = (): number =>
    [...found.keys()].reduce((a, b) => {
      const more = found.get(b)! - found.get(a)!;
      return more > 0 || (more === 0 && Math.abs(b) < Math.abs(a)) ? b : a;
    });
  const side = WIDEST / FIRST_STEP;
  await tryAt(Array.from({ length: 2 * side + 1 }, (_, k) => (k - side) * FIRST_STEP));
  let step = FIRST_STEP;
  for (let halving = 0; halving < HALVINGS; halving++) {
    step /= 2;
    const centre = best();
    await tryAt([centre - step, centre + step]);
  }
  const chosen = best();
  return {
    shiftMv: chosen,
    accuracy: found.get(chosen)!,
    accuracyUnchanged: found.get(0)!,
    tried: found.size,
  };
}

/**
 * The network's theta (mV) with every threshold `shiftMv` higher. None falls so low that a neuron would fire without
 * input.
 */
export function shiftedThresholds(
  { theta, constants }: Pick<Network, 'theta' | 'constants'>,
  shiftMv: number,
): Float32Array {
  if (shiftMv === 0) return theta;
  const lowest = lowestTheta(constants);
  return theta.map((above) => Math.max(above + shiftMv, lowest));
}
