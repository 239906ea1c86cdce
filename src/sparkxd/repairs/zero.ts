import { decodeWeights } from '../../snn/weight-format.ts';
import { zeroImplausible } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';

/** Sets weights outside the range that training allows to 0. */
export const zero = {
  name: 'zero',
  summary: 'weights outside the range that training allows become 0',
  scope: 'weight',
  needsPrior: false,
  load(codes, format) {
    const weights = decodeWeights(codes, format);
    zeroImplausible(weights);
    return weights;
  },
} as const satisfies LoadRepairDefinition;
