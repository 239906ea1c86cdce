import { wholeImage } from '../image-pieces.ts';
import type { MappingPolicyDefinition } from '../policy-definition.ts';
import { acrossBanks } from '../row-orders.ts';
import { isSafe } from '../subarray-safety.ts';

/** Safe subarrays only; columns, banks (ranks and channels right after), rows of the subarray, subarrays (SparkXD, DAC 2021). */
export const sparkxd = {
  name: 'sparkxd',
  summary: 'subarrays within the error limit; consecutive rows in different banks',
  needsErrorRates: true,
  needsWeakCells: false,
  careful: true,
  bitLayout: 'rows',
  fillings: (request, free) =>
    wholeImage(request, acrossBanks(free.filter(isSafe(request)), request.organisation)),
} as const satisfies MappingPolicyDefinition;
