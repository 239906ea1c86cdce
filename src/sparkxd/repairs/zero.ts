import { decodeWeights } from '../../snn/weight-format.ts';
import { boundsOf, replaceImplausible } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';

/** Sets weights outside the range from 0 (or the negative ceiling) to the ceiling to 0: bound-and-protect with zero (SoftSNN, DAC 2022, BnP1). */
export const zero = {
  name: 'zero',
  summary: 'weights outside the range from 0 to the ceiling become 0',
  scope: 'weight',
  needsPrior: false,
  signed: true,
  load(codes, format, range) {
    const weights = decodeWeights(codes, format, range.ceiling);
    replaceImplausible(weights, boundsOf(format, range));
    return weights;
  },
} as const satisfies LoadRepairDefinition;
