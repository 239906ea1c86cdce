import { decodeWeights, largestWeight } from '../../snn/weight-format.ts';
import { clampWeights } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';

/** Brings each weight into the range from 0 to the ceiling: bound-and-protect with the maximum (SoftSNN, DAC 2022, BnP2). */
export const clamp = {
  name: 'clamp',
  summary: 'each weight into the range from 0 to the ceiling',
  scope: 'weight',
  needsPrior: false,
  load(codes, format, { ceiling }) {
    const weights = decodeWeights(codes, format, ceiling);
    clampWeights(weights, largestWeight(format, ceiling));
    return weights;
  },
} as const satisfies LoadRepairDefinition;
