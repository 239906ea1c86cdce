import { decodeWeights } from '../../snn/weight-format.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';
import { neuronSums, type ReceptiveFields } from '../repair-field.ts';

/** Switches off neurons whose weight sum is off by more than 5 %; the other weights stay as read. For rare, grave errors. */
export const silence = {
  name: 'silence',
  summary: 'neurons whose weight sum is off by more than 5 % fall silent',
  scope: 'tensor',
  needsPrior: false,
  load(codes, format, fields) {
    const weights = decodeWeights(codes, format, fields.ceiling);
    silenceDamaged(weights, fields);
    return weights;
  },
} as const satisfies LoadRepairDefinition;

/** How far a neuron's sum may be off, as a share, before it counts as damaged. */
const SUM_TOLERANCE = 0.05;

/** Sets all weights of the neurons to 0 whose sum is off: they fall silent, the others decide. In place. */
export function silenceDamaged(weights: Float32Array, { neurons, weightSum, sums }: ReceptiveFields): void {
  // Written so that a sum that is not a number counts as off.
  const sound = neuronSums(weights, neurons).map((sum, neuron) => {
    const known = sums?.[neuron] ?? weightSum;
    return Math.abs(sum - known) <= SUM_TOLERANCE * known ? 1 : 0;
  });
  for (let k = 0; k < weights.length; k++) if (sound[k % neurons] === 0) weights[k] = 0;
}
