import { wholeImage } from '../image-pieces.ts';
import type { MappingPolicyDefinition } from '../policy-definition.ts';
import { oneByOne } from '../row-orders.ts';

/** Columns of a row, rows of a bank, banks: the sequential placement that SparkXD (DAC 2021) compares with. */
export const baseline = {
  name: 'baseline',
  summary: 'any subarray; one bank after the other, row by row',
  needsErrorRates: false,
  needsWeakCells: false,
  careful: false,
  bitLayout: 'rows',
  fillings: (request, free) => wholeImage(request, oneByOne(free, request.organisation)),
} as const satisfies MappingPolicyDefinition;
