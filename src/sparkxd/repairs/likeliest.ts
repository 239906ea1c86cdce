import { decodeWeights, largestWeight } from '../../snn/weight-format.ts';
import { replaceImplausible } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';

/** Sets weights outside the range from 0 to the ceiling to the most probable one: bound-and-protect (SoftSNN, DAC 2022, BnP3). */
export const likeliest = {
  name: 'likeliest',
  summary: 'weights outside the range from 0 to the ceiling become the most probable weight',
  scope: 'weight',
  needsPrior: false,
  load(codes, format, { ceiling, likeliest: value }) {
    const weights = decodeWeights(codes, format, ceiling);
    replaceImplausible(weights, largestWeight(format, ceiling), value);
    return weights;
  },
} as const satisfies LoadRepairDefinition;
