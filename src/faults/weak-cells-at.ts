import { InputError } from '../errors/input-error.ts';
import type { Volts } from '../units/flavours.ts';
import { type GeneratedChip, profileSupply } from './chip.ts';
import { type MeasuredChip, measuredWeakCells } from './measured-chip.ts';
import { type RetentionConditions, retentionBer, withRetention } from './retention.ts';
import { generatedWeakCells, type WeakCells } from './weak-cells.ts';

/** A chip, made from a seed or measured: whatever uses one does not ask which. */
export type Chip = GeneratedChip | MeasuredChip;

/**
 * The weak cells of a chip at a supply (volts of the device's knob), and, when conditions are given, under them.
 * Throws InputError for a supply or conditions outside what is known of the chip.
 */
export function weakCellsAt(chip: Chip, supply: Volts, conditions?: RetentionConditions): WeakCells {
  if (chip.kind === 'measured') {
    if (conditions)
      throw new InputError('a measured map has no retention data', {
        remedy: 'leave out refresh interval and temperature: the map is of the conditions it was measured in',
      });
    return measuredWeakCells(chip, supply);
  }
  const weak = generatedWeakCells(chip, supply);
  if (!conditions) return weak;
  return withRetention(weak, chip, retentionBer(chip.profile, profileSupply(chip, supply), conditions));
}
