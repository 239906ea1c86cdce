import { bankLevels, subarrayCount, subarrayIndex } from '../hardware/bank-index.ts';
import type { Volts } from '../units/flavours.ts';
import { type GeneratedChip, levelAt } from './chip.ts';
import { meanFlip } from './error-model.ts';
import { type MeasuredChip, measuredWeakCells } from './measured-chip.ts';
import { retentionOf } from './retention.ts';
import type { RetentionConditions } from './retention-conditions.ts';
import type { Chip } from './weak-cells-at.ts';

/**
 * Bit error rate of each subarray of a chip at a supply, for data of as many ones as zeros, by subarray
 * index (hardware/bank-index.ts). For a generated chip it is the expected rate, for a measured one the rate of the
 * cells listed. Retention counts under the conditions, by default those of the chip. Throws InputError for a supply outside what is known.
 */
export function subarrayBer(chip: Chip, supply: Volts, conditions?: RetentionConditions): Float64Array {
  return chip.kind === 'measured' ? listedBer(chip, supply) : expectedBer(chip, supply, conditions);
}

function expectedBer(
  chip: GeneratedChip,
  supply: Volts,
  conditions: RetentionConditions | undefined,
): Float64Array {
  const level = levelAt(chip, supply);
  const flip = meanFlip(chip.model);
  const { factor: grade, start } = chip.grades;
  const lines = start.at(-1)!;
  const leaky = retentionOf(chip, supply, conditions) ?? 0;
  return chip.factors.map((factor) => {
    let share = 0;
    for (let g = 0; g < grade.length; g++)
      share += Math.min(1, level * factor * grade[g]!) * ((start[g + 1]! - start[g]!) / lines);
    return leaky + (1 - leaky) * share * flip;
  });
}

function listedBer(chip: MeasuredChip, supply: Volts): Float64Array {
  const { map, organisation } = chip;
  const weak = measuredWeakCells(chip, supply);
  const { channel, rank, bank, row } = map;
  const levels = bankLevels(organisation);
  const ber = new Float64Array(subarrayCount(levels));
  for (let i = 0; i < map.size; i++) {
    if (!(map.failureVoltage[i]! > supply)) continue;
    const subarray = subarrayIndex(levels, channel[i]!, rank[i]!, bank[i]!, row[i]!);
    ber[subarray]! += (map.flips[2 * i]! + map.flips[2 * i + 1]!) / 2;
  }
  const cells = levels.rowsPerSubarray * weak.rowBits;
  return ber.map((flips) => flips / cells);
}
