import { decodeWeights } from '../../snn/weight-format.ts';
import { boundsOf, clampWeights, forcePlausibleBits } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';

/** Forces bits that no weight can have set to 0, then clamps: gates on the data path, weight by weight. */
export const force = {
  name: 'force',
  summary: 'bits that no weight can have set become 0, then as clamp',
  scope: 'weight',
  needsPrior: false,
  signed: false,
  load(codes, format, range) {
    const { ceiling } = range;
    const weights = decodeWeights(forcePlausibleBits(codes, format, ceiling), format, ceiling);
    clampWeights(weights, boundsOf(format, range));
    return weights;
  },
} as const satisfies LoadRepairDefinition;
