import { InputError } from '../errors/input-error.ts';
import type { Volts } from '../units/flavours.ts';
import type { GeneratedChip } from './chip.ts';
import { type MeasuredChip, measuredWeakCells } from './measured-chip.ts';
import { retentionOf, withRetention } from './retention.ts';
import type { RetentionConditions } from './retention-conditions.ts';
import { generatedWeakCells, type WeakCells } from './weak-cells.ts';

/** A chip, made from a seed or measured: whatever uses one does not ask which. */
export type Chip = GeneratedChip | MeasuredChip;

/**
 * The weak cells of a chip at a supply (volts of the device's knob), and under conditions, by default those of the chip,
 * if it has any.
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
  const ber = retentionOf(chip, supply, conditions);
  return ber === undefined ? weak : withRetention(weak, chip, ber);
}

/** The chip in a device that runs at a supply, whatever the supply whose errors its cells show: retention is of that supply. */
export const heldAt = (chip: Chip, supply: Volts): Chip =>
  chip.kind === 'measured' || chip.retention === undefined
    ? chip
    : { ...chip, retention: { ...chip.retention, supply } };
