import { decodeWeights } from '../../snn/weight-format.ts';
import { boundsOf, replaceImplausible } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';

/** Sets weights outside the range from 0 to the ceiling to the most probable one: bound-and-protect (SoftSNN, DAC 2022, BnP3). */
export const likeliest = {
  name: 'likeliest',
  summary: 'weights outside the range from 0 to the ceiling become the most probable weight',
  scope: 'weight',
  needsPrior: false,
  signed: false,
  load(codes, format, range) {
    const weights = decodeWeights(codes, format, range.ceiling);
    replaceImplausible(weights, boundsOf(format, range), range.likeliest);
    return weights;
  },
} as const satisfies LoadRepairDefinition;
