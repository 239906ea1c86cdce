import { decodeWeights } from '../../snn/weight-format.ts';
import { boundsOf, clampWeights } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';

/** Brings each weight into the range from 0 (or the negative ceiling) to the ceiling: bound-and-protect with the maximum (SoftSNN, DAC 2022, BnP2). */
export const clamp = {
  name: 'clamp',
  summary: 'each weight into the range from 0 to the ceiling',
  scope: 'weight',
  needsPrior: false,
  signed: true,
  load(codes, format, range) {
    const weights = decodeWeights(codes, format, range.ceiling);
    clampWeights(weights, boundsOf(format, range));
    return weights;
  },
} as const satisfies LoadRepairDefinition;
