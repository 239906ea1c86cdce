import { decodeWeights } from '../../snn/weight-format.ts';
import { boundsOf, forcePlausibleBits, replaceImplausible } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';
import { restoreSums } from '../repair-field.ts';

/** Forces bits that no weight can have set to 0, then does what `sum` does. */
export const bits = {
  name: 'bits',
  summary: 'bits that no weight can have set become 0, then as sum',
  scope: 'tensor',
  needsPrior: false,
  load(codes, format, fields) {
    const weights = decodeWeights(forcePlausibleBits(codes, format, fields.ceiling), format, fields.ceiling);
    replaceImplausible(weights, boundsOf(format, fields));
    restoreSums(weights, fields);
    return weights;
  },
} as const satisfies LoadRepairDefinition;
