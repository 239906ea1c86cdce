import { decodeWeights } from '../../snn/weight-format.ts';
import { boundsOf, forcePlausibleBits, replaceImplausible } from '../plausible-weights.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';
import { replaceOutliers, restoreSums } from '../repair-field.ts';

/** As `bits`; before the scaling, outliers of the receptive field are replaced by the median around them. */
export const median = {
  name: 'median',
  summary: 'as bits, with outliers of the receptive field replaced by the median around them',
  scope: 'tensor',
  needsPrior: false,
  load(codes, format, fields) {
    const weights = decodeWeights(forcePlausibleBits(codes, format, fields.ceiling), format, fields.ceiling);
    replaceImplausible(weights, boundsOf(format, fields));
    replaceOutliers(weights, fields);
    restoreSums(weights, fields);
    return weights;
  },
} as const satisfies LoadRepairDefinition;
