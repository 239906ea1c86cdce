import { decodeWeights } from '../../snn/weight-format.ts';
import { clampWeights } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';

/** Brings each weight into the range that training allows. */
export const clamp = {
  name: 'clamp',
  summary: 'each weight into the range that training allows',
  scope: 'weight',
  needsPrior: false,
  load(codes, format) {
    const weights = decodeWeights(codes, format);
    clampWeights(weights);
    return weights;
  },
} as const satisfies LoadRepairDefinition;
