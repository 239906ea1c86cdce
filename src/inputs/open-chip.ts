import { InputError } from '../errors/input-error.ts';
import { createChip, supplyRange } from '../faults/chip.ts';
import { type ErrorModelId, type ErrorModelOptions, errorModel } from '../faults/error-model.ts';
import { mapAssumption } from '../faults/map-assumption.ts';
import { type MeasuredChip, measuredChip } from '../faults/measured-chip.ts';
import { mapShape, type Region, wholeMemory } from '../faults/weak-cell-map.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import type { Device } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import { streamKey } from '../random/streams.ts';
import { requireChipChoice } from '../sparkxd/memory-rules.ts';
import type { Volts } from '../units/flavours.ts';
import { levelledInWords, openProfile } from './open-profile.ts';
import { readMapFile } from './read-map-file.ts';
import { createInputRecorder, type InputRecorder } from './recorder.ts';
import { retentionAt } from './retention-at.ts';

/** A memory and, for a CSV map of it, down to which supply it lists every failing cell. */
export interface MapRequest {
  readonly device: string;
  /** Circuit curve in place of the device's. */
  readonly latencyCurve?: string | undefined;
  /** By default SparkXD's, where its errors are known (open-profile.ts). */
  readonly profile?: string | undefined;
  /** By default the lowest of the profile; a binary map says it itself. */
  readonly lowestSupply?: Volts | undefined;
}

/** Which chip: one made from a seed, or one that a map lists. */
export interface ChipRequest extends MapRequest {
  readonly seed: number;
  readonly chip: number;
  readonly errorModel: ErrorModelId;
  readonly modelOptions?: ErrorModelOptions;
  /** Member of the profile's population; drawn for the chip by default. */
  readonly member?: string | undefined;
  readonly subarraySpread?: number | undefined;
  /** A map of the user's own instead of a generated chip. */
  readonly weakCells?: string | undefined;
  /** Temperature (degC) at which the cells must keep their charge; retention is left out by default. */
  readonly temperature?: number | undefined;
}

export interface OpenedChip {
  readonly device: Device;
  readonly profile: VoltageProfile;
  readonly chip: Chip;
  /** Supplies at which the chip's cells are known. */
  readonly lowest: Volts;
  readonly highest: Volts;
}

/** Loads device and profile and makes the chip, or reads its map. Throws InputError for whatever is wrong with them. */
export async function openChip(
  request: ChipRequest,
  recorder: InputRecorder = createInputRecorder(),
): Promise<OpenedChip> {
  const { seed, chip: number, weakCells, errorModel: model, member, subarraySpread } = request;
  requireChipChoice(request);
  if (weakCells !== undefined) {
    const opened = await openMap(request, weakCells, seed, recorder);
    retentionAt(request, opened.device, opened.profile, recorder.remark);
    return opened;
  }
  const device = await loadDevice(request.device, recorder.models, request.latencyCurve);
  const profile = await openProfile(request.profile, device, recorder);
  const retention = retentionAt(request, device, profile, recorder.remark);
  const chip = createChip(profile, device, {
    seed,
    chip: number,
    model: errorModel(model, request.modelOptions),
    ...(member === undefined ? {} : { member }),
    ...(retention === undefined ? {} : { retention }),
    ...(subarraySpread === undefined ? {} : { structure: { spread: subarraySpread } }),
  });
  for (const line of levelledInWords(profile, [chip.member])) recorder.remark(line);
  return { device, profile, chip, ...supplyRange(chip) };
}

/**
 * The chip that a map file lists; `seed` decides which reads of its cells with a flip probability below 1 flip. What is
 * assumed of the cells that it does not list is a remark of the recorder. Throws
 * InputError for a file that is no map, or a map of another memory.
 */
export async function openMap(
  { device: deviceName, latencyCurve, profile: profileName, lowestSupply }: MapRequest,
  file: string,
  seed = 1,
  recorder: InputRecorder = createInputRecorder(),
): Promise<OpenedChip & { readonly chip: MeasuredChip }> {
  const device = await loadDevice(deviceName, recorder.models, latencyCurve);
  const profile = await openProfile(profileName, device, recorder, true);
  const { nominal } = device.supply;
  const profileLowest = Math.min(...profile.members.map(({ curve }) => curve.voltages[0]!));
  const lowest = lowestSupply ?? (profileLowest * nominal) / profile.nominal;
  const context = { shape: mapShape(device.organisation), nominal, lowest };
  const map = await readMapFile(file, context, recorder.note);
  const chip = measuredChip(map, device, streamKey(seed, 'measured weak cells'), file);
  recorder.remark(mapAssumption(chip));
  return { device, profile, chip, lowest: map.lowest, highest: map.nominal };
}

/** Banks and rows (both ends included) of a device, all by default. Throws InputError for what it does not have. */
export function regionOf(
  device: Device,
  banks: readonly number[] | undefined,
  rows: readonly [number, number] | undefined,
): Region {
  const shape = mapShape(device.organisation);
  const all = wholeMemory(shape);
  for (const bank of banks ?? [])
    if (bank >= shape.banks)
      throw new InputError(`bank ${bank} is not in ${device.name}, which has banks 0 to ${shape.banks - 1}`);
  if (rows && !(rows[0] <= rows[1] && rows[1] < shape.rows))
    throw new InputError(
      `rows ${rows[0]}:${rows[1]} are not in ${device.name}, which has rows 0 to ${shape.rows - 1} a bank`,
    );
  return {
    banks: banks ?? all.banks,
    firstRow: rows ? rows[0] : all.firstRow,
    endRow: rows ? rows[1] + 1 : all.endRow,
  };
}
