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
  type Knowledge,
  membersBy,
  supplyRange,
  weakShare,
} from '../faults/chip.ts';
export {
  decodeImage,
  ECC_SCHEMES,
  type EccRegion,
  type EccReport,
  type EccScheme,
  encodeImage,
} from '../faults/ecc.ts';
export { type ErrorModel, type ErrorModelOptions, errorModel } from '../faults/error-model.ts';
export type { Grades } from '../faults/grades.ts';
export { type FlipList, type InjectionOptions, injectErrors, listFlips } from '../faults/inject.ts';
export { readBinaryMap, writeBinaryMap } from '../faults/map-binary.ts';
export { type MapContext, readMapCsv, writeMapCsv } from '../faults/map-csv.ts';
export { type MeasuredChip, measuredChip } from '../faults/measured-chip.ts';
export type { RetentionConditions } from '../faults/retention-conditions.ts';
export { subarrayBer } from '../faults/subarray-ber.ts';
export {
  collectWeakCells,
  type MapShape,
  mapShape,
  type Region,
  type WeakCellMap,
} from '../faults/weak-cell-map.ts';
export type { WeakCells } from '../faults/weak-cells.ts';
export { type Chip, weakCellsAt } from '../faults/weak-cells-at.ts';
export type { ShareBalance } from '../faults/weak-share.ts';
export type { Organisation } from '../hardware/device.ts';
export { loadVoltageProfile } from '../hardware/load-voltage-profile.ts';
export type { ModelSource } from '../hardware/model-source.ts';
export { modelsOfTexts } from '../hardware/models-of-texts.ts';
export type { Placement } from '../hardware/placement.ts';
export type { Provenance } from '../hardware/provenance.ts';
export {
  berAt,
  type ErrorCurve,
  type LevelledPoint,
  type ModulesAt,
  type ProfileMember,
  type RetentionSeries,
  type RetentionTable,
  type SubarrayStructure,
  type TestedPoint,
  type VoltageProfile,
} from '../hardware/voltage-profile.ts';
export type { Bytes, Nanoseconds, Volts } from '../units/flavours.ts';
