import { decodeWeights, largestWeight } from '../../snn/weight-format.ts';
import { clampWeights, forcePlausibleBits } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';

/** Forces bits that no weight can have set to 0, then clamps: gates on the data path, weight by weight. */
export const force = {
  name: 'force',
  summary: 'bits that no weight can have set become 0, then as clamp',
  scope: 'weight',
  needsPrior: false,
  load(codes, format, { ceiling }) {
    const weights = decodeWeights(forcePlausibleBits(codes, format, ceiling), format, ceiling);
    clampWeights(weights, largestWeight(format, ceiling));
    return weights;
  },
} as const satisfies LoadRepairDefinition;
