import { REPAIR_POLICIES, repairWeights } from '../faults/repair.ts';
import { MAXIMUM_WEIGHT } from '../snn/stdp.ts';
import { decodeWeights, plausibleBits, type WeightFormat } from '../snn/weight-format.ts';
import { type ContextTables, repairByContext } from './repair-context.ts';
import { type ReceptiveFields, replaceOutliers, restoreSums, silenceDamaged } from './repair-field.ts';

/**
 * What is done to a whole weight matrix between DRAM and weight buffer (docs/snn.md: cost and gain of each).
 * - `none`, `clamp`, `zero`: weight by weight (faults/repair.ts).
 * - `force`: bits that no weight can have set are forced to 0, then `clamp`: gates on the data path, weight by weight.
 * - `silence`: neurons whose weight sum is off by more than 5 % are switched off; values stay as read.
 * - `sum`: `zero`, then each neuron's weights are scaled back to the sum that training gave them.
 * - `bits`: bits that no weight can have set are forced to 0, then `sum`.
 * - `median`: as `bits`, and before the scaling outliers of the receptive field are replaced by the median around them.
 * - `context`: the expected weight given the code as read, its neighbours and the bit error rate, then the scaling.
 */
export const LOAD_REPAIRS = [
  ...REPAIR_POLICIES,
  'force',
  'silence',
  'sum',
  'bits',
  'median',
  'context',
] as const;
export type LoadRepair = (typeof LOAD_REPAIRS)[number];

/** The weights, inputs x neurons, that a loader makes of the codes it read. `tables` are for `context` alone. */
export function loadWeights(
  read: Uint32Array,
  format: WeightFormat,
  repair: LoadRepair,
  fields: ReceptiveFields,
  tables?: ContextTables,
): Float32Array {
  if (repair === 'context') {
    if (!tables) throw new Error('the repair "context" needs its tables');
    const weights = repairByContext(read, tables, fields);
    restoreSums(weights, fields);
    return weights;
  }
  const forced = repair === 'force' || repair === 'bits' || repair === 'median';
  const mask = plausibleBits(format);
  const weights = decodeWeights(forced ? read.map((code) => (code & mask) >>> 0) : read, format);
  switch (repair) {
    case 'force':
      repairWeights(weights, 'clamp', MAXIMUM_WEIGHT);
      break;
    case 'silence':
      silenceDamaged(weights, fields);
      break;
    case 'sum':
    case 'bits':
      repairWeights(weights, 'zero', MAXIMUM_WEIGHT);
      restoreSums(weights, fields);
      break;
    case 'median':
      repairWeights(weights, 'zero', MAXIMUM_WEIGHT);
      replaceOutliers(weights, fields);
      restoreSums(weights, fields);
      break;
    default:
      repairWeights(weights, repair, MAXIMUM_WEIGHT);
  }
  return weights;
}
