import { repairByContext } from '../repair-context.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';
import { restoreSums } from '../repair-field.ts';

/** The weight to expect given the code as read, its neighbours and the bit error rate, then the scaling of `sum`. */
export const context = {
  name: 'context',
  summary: 'the weight to expect given its bits, its neighbours and the bit error rate; needs a prior',
  scope: 'tensor',
  needsPrior: true,
  load(codes, _format, fields, tables) {
    if (!tables) throw new Error('the repair "context" needs its tables');
    const weights = repairByContext(codes, tables, fields);
    restoreSums(weights, fields);
    return weights;
  },
} as const satisfies LoadRepairDefinition;
