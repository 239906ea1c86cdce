import { wholeImage } from '../image-pieces.ts';
import type { MappingPolicyDefinition } from '../policy-definition.ts';
import { acrossBanks } from '../row-orders.ts';

/** SparkXD's order without its care: shows what changing banks alone is worth. */
export const bankInterleaved = {
  name: 'bank-interleaved',
  summary: 'any subarray; consecutive rows in different banks',
  needsErrorRates: false,
  needsWeakCells: false,
  careful: false,
  bitLayout: 'rows',
  fillings: (request, free) => wholeImage(request, acrossBanks(free, request.organisation)),
} as const satisfies MappingPolicyDefinition;
