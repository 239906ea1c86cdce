import { requireCurrents } from '../energy/energy-of.ts';
import { createChip } from '../faults/chip.ts';
import { type ErrorModelId, type ErrorModelOptions, errorModel } from '../faults/error-model.ts';
import { type Chip, heldAt } from '../faults/weak-cells-at.ts';
import type { Device } from '../hardware/device.ts';
import { loadDevice } from '../hardware/load-device.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import { requireChipChoice, requireCurveUse } from '../sparkxd/memory-rules.ts';
import type { Volts } from '../units/flavours.ts';
import { type MapRequest, openMap } from './open-chip.ts';
import { isTransferred, levelledInWords, openProfile } from './open-profile.ts';
import type { InputRecorder } from './recorder.ts';
import { retentionAt } from './retention-at.ts';

/** What a job says of its device and of its chips. */
export interface ChipChoice extends MapRequest {
  readonly timing: TimingMode;
  /** Whether the device must give currents, because its energy is what is asked for. */
  readonly needsCurrents?: boolean;
  readonly errorModel: ErrorModelId;
  readonly modelOptions?: ErrorModelOptions;
  /** A measured map of weak cells (CSV or .wcm) instead of generated chips. */
  readonly weakCells?: string | undefined;
  /** Temperature (degC) at which the cells must keep their charge; retention is left out by default. */
  readonly temperature?: number | undefined;
  /** Of the chips. */
  readonly seed: number;
}

/** A device and the chips that a memory may be made of. */
export interface OpenChips {
  readonly device: Device;
  readonly profile: VoltageProfile;
  /** Whether the chips are one that a map lists, whatever its number. */
  readonly measured: boolean;
  /** Whether the errors of its chips were measured on devices of another standard. */
  readonly transferred: boolean;
  /** The chip of a number under the job's seed, or the one of the map. */
  chip(number: number): Chip;
  /** The chip of a number in a device that runs at a supply (`heldAt`). */
  heldAt(number: number, supply: Volts): Chip;
  /** The member of the profile that a chip takes; undefined for the one of the map. */
  module(number: number): string | undefined;
}

/**
 * Opens a job's device, profile and chips; each chip is made once, when it is first asked for. All that is read is noted in
 * `recorder`. Throws InputError for files that cannot serve, and for settings that make no sense together.
 */
export async function openChips(choice: ChipChoice, recorder: InputRecorder): Promise<OpenChips> {
  requireChipChoice(choice);
  const { weakCells, seed } = choice;
  const device = await loadDevice(choice.device, recorder.models, choice.latencyCurve);
  if (choice.needsCurrents) requireCurrents(device);
  const profile = await openProfile(choice.profile, device, recorder, weakCells !== undefined);
  requireCurveUse(choice, profile);
  const retention = retentionAt(choice, device, profile, recorder.remark);
  const map = weakCells === undefined ? undefined : await openMap(choice, weakCells, seed, recorder);
  const made = new Map<number, Chip>();
  const chip = (number: number): Chip => {
    if (map) return map.chip;
    const model = errorModel(choice.errorModel, choice.modelOptions);
    const known = made.get(number);
    if (known) return known;
    const found = createChip(profile, device, {
      seed,
      chip: number,
      model,
      ...(retention ? { retention } : {}),
    });
    for (const line of levelledInWords(profile, [found.member])) recorder.remark(line);
    made.set(number, found);
    return found;
  };
  return {
    device,
    profile,
    measured: map !== undefined,
    transferred: map === undefined && isTransferred(profile, device),
    chip,
    heldAt: (number, supply) => heldAt(chip(number), supply),
    module(number) {
      const one = chip(number);
      return one.kind === 'measured' ? undefined : one.member.name;
    },
  };
}
