import type { EccScheme } from '../faults/ecc.ts';
import type { WeightFormat } from '../snn/weight-format.ts';

/** How weights are written: their format, and the check bits that each row of them carries. */
export interface WeightCoding {
  readonly format: WeightFormat;
  readonly ecc: EccScheme;
  /** Top bits of a weight that its parity bit covers, under `parity`; by default those of the format (`FRAGILE_BITS`). */
  readonly parityBits?: number | undefined;
}
