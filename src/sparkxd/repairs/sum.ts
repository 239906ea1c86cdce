import { decodeWeights } from '../../snn/weight-format.ts';
import { boundsOf, replaceImplausible } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';
import { restoreSums } from '../repair-field.ts';

/** Sets implausible weights to 0, then scales each neuron's weights back to the sum that training gave them. */
export const sum = {
  name: 'sum',
  summary: "as zero, then each neuron's weights scaled to the sum that training gave them",
  scope: 'tensor',
  needsPrior: false,
  load(codes, format, fields) {
    const weights = decodeWeights(codes, format, fields.ceiling);
    replaceImplausible(weights, boundsOf(format, fields));
    restoreSums(weights, fields);
    return weights;
  },
} as const satisfies LoadRepairDefinition;
