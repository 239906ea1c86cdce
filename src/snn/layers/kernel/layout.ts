import { numbered, offsetsOf, sizeOf, valuesOf } from '../../../bytes/shared-layout.ts';
import { KERNEL_LAYOUT } from '../../kernel/layout-table.ts';

const { LANES, FLOAT_BYTES: FLOAT } = valuesOf(KERNEL_LAYOUT.constants);
export const FLOAT_BYTES = FLOAT;

/** What a spike does to the membrane. */
export const RESET = numbered(KERNEL_LAYOUT.codes.Reset.names);

const { fields } = KERNEL_LAYOUT.records.ConvGeometry;
/** Byte offsets of the fields of a ConvGeometry. */
export const GEOMETRY = offsetsOf(fields);
/** Elements of 4 bytes that a ConvGeometry takes. */
export const GEOMETRY_ELEMENTS = sizeOf(fields) / FLOAT;

/** Elements that an array of `size` takes in the memory of a kernel. */
export const paddedSize = (size: number): number => Math.ceil(size / LANES) * LANES;
