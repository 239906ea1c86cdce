import type { Network } from '../snn/network.ts';
import { lowestTheta } from '../snn/thresholds.ts';

/** What a search over one common factor of all thresholds found. */
export interface ThresholdSearch {
  /** Of every neuron's threshold above its resting potential; 1 leaves them as trained. */
  readonly factor: number;
  /** Share of the search's images right with the factor, and with the thresholds as trained. */
  readonly accuracy: number;
  readonly accuracyUnchanged: number;
  /** Factors tried, each on all images of the search. */
  readonly tried: number;
}

/** Factors of the first pass are 2 to the multiples of this, up to `WIDEST` either way. */
const FIRST_STEP = 1 / 4;
const WIDEST = 2;
/** Then the step is halved so many times, and the factors on either side of the best are tried. */
const HALVINGS = 3;

/**
 * One common factor for the thresholds of a layer whose weights come back damaged, so that the accuracy on labelled images
 * is greatest: FalVolt-like (Siddique and Hoque, 2023, optimise the threshold voltage of each layer while they train the
 * network again; here the weights stay as they are read, and no gradient is needed). A grid of 17 factors from 1/4 to 4,
 * evenly spaced in their logarithms, then three times the two factors half a step beside the best: 23 in all. Of equal
 * accuracies the factor nearest to 1 wins, so that thresholds stay where nothing is gained.
 *
 * @param accuracyOf share of the images right at each factor, in their order
 */
export async function searchThresholdFactor(
  accuracyOf: (factors: readonly number[]) => Promise<readonly number[]>,
): Promise<ThresholdSearch> {
  const found = new Map<number, number>();
  const tryAt = async (exponents: readonly number[]): Promise<void> => {
    const accuracies = await accuracyOf(exponents.map((exponent) => 2 ** exponent));
    for (const [i, exponent] of exponents.entries()) found.set(exponent, accuracies[i]!);
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
    factor: 2 ** chosen,
    accuracy: found.get(chosen)!,
    accuracyUnchanged: found.get(0)!,
    tried: found.size,
  };
}

/**
 * The network's theta (mV) with every threshold, measured from the resting potential, multiplied by `factor`. None falls
 * so low that a neuron would fire without input.
 */
export function scaledThresholds(
  { theta, constants }: Pick<Network, 'theta' | 'constants'>,
  factor: number,
): Float32Array {
  if (factor === 1) return theta;
  const base = constants.thresholdMv - constants.restPotentialMv;
  const lowest = lowestTheta(constants);
  return theta.map((above) => Math.max(factor * (base + above) - base, lowest));
}
