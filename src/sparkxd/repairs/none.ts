import { decodeWeights } from '../../snn/weight-format.ts';
import type { LoadRepairDefinition } from '../repair-definition.ts';

/** Leaves every weight as read, whatever errors made of it. */
export const none = {
  name: 'none',
  summary: 'weights as read',
  scope: 'weight',
  needsPrior: false,
  signed: true,
  load: (codes, format, { ceiling }) => decodeWeights(codes, format, ceiling),
} as const satisfies LoadRepairDefinition;
