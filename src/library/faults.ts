/**
 * `sparkxd/faults`: which cells of a chip fail at a supply, and what that does to bytes. A chip follows from a seed and a number,
 * always the same; a measured map can take its place.
 *
 * ```ts
 * import { createChip, injectErrors, loadVoltageProfile, subarrayBer } from 'sparkxd/faults';
 *
 * const profile = await loadVoltageProfile('sparkxd', models);
 * const chip = createChip(profile, device, { seed: 1, chip: 3 });
 * const rates = subarrayBer(chip, 1.1);
 * ```
 */
export { InputError, type Place } from '../errors/input-error.ts';
export {
  type ChipOptions,
  type ChipSite,
  createChip,
  type GeneratedChip,
  membersBy,
  supplyRange,
  weakShare,
} from '../faults/chip.ts';
export { decodeImage, ECC_SCHEMES, type EccRegion, type EccScheme, encodeImage } from '../faults/ecc.ts';
export { type ErrorModel, errorModel } from '../faults/error-model.ts';
export { type FlipList, type InjectionOptions, injectErrors, listFlips } from '../faults/inject.ts';
export { readBinaryMap, writeBinaryMap } from '../faults/map-binary.ts';
export { type MapContext, readMapCsv, writeMapCsv } from '../faults/map-csv.ts';
export { type MeasuredChip, measuredChip } from '../faults/measured-chip.ts';
export { subarrayBer } from '../faults/subarray-ber.ts';
export { collectWeakCells, mapShape, type WeakCellMap } from '../faults/weak-cell-map.ts';
export type { WeakCells } from '../faults/weak-cells.ts';
export { type Chip, weakCellsAt } from '../faults/weak-cells-at.ts';
export { loadVoltageProfile } from '../hardware/load-voltage-profile.ts';
export { modelsOfTexts } from '../hardware/models-of-texts.ts';
export type { Placement } from '../hardware/placement.ts';
export { berAt, type ProfileMember, type VoltageProfile } from '../hardware/voltage-profile.ts';
export type { Volts } from '../units/flavours.ts';
