import { decodeWeights, largestWeight } from '../../snn/weight-format.ts';
import { replaceImplausible } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';

/** Sets weights outside the range from 0 to the ceiling to 0: bound-and-protect with zero (SoftSNN, DAC 2022, BnP1). */
export const zero = {
  name: 'zero',
  summary: 'weights outside the range from 0 to the ceiling become 0',
  scope: 'weight',
  needsPrior: false,
  load(codes, format, { ceiling }) {
    const weights = decodeWeights(codes, format, ceiling);
    replaceImplausible(weights, largestWeight(format, ceiling));
    return weights;
  },
} as const satisfies LoadRepairDefinition;
