import { InputError } from '../../errors/input-error.ts';
import type { RunInputs } from '../../experiments/run-inputs.ts';
import { type RunPoints, unknownPoint } from '../../experiments/run-points.ts';
import type { MappingPolicy } from '../../mapping/policy.ts';
import { expectedBer } from '../../sparkxd/held-weights.ts';
import { PJ_PER_NJ } from '../../units/scale.ts';
import { type CurvePoint, ENERGY_TERMS, type EnergyTerm } from '../messages.ts';

/** Supplies of the curves lie this far apart, V; in a wide range further. */
const STEP = 0.025;
const MOST_POINTS = 24;

/** Supplies from the nominal one down to the lowest, a round number of steps apart. */
export function curveSupplies({ lowest, nominal }: { lowest: number; nominal: number }): number[] {
  const step = STEP * Math.max(1, Math.ceil((nominal - lowest) / STEP / MOST_POINTS));
  const supplies: number[] = [];
  for (let k = 0; ; k++) {
    const supply = Number((nominal - k * step).toFixed(6));
    if (supply < lowest - 1e-9) return supplies;
    supplies.push(supply);
  }
}

/** One supply of the curves of a chip under a mapping; undefined where nothing is known of the chip there. */
export async function curvePoint(
  inputs: RunInputs,
  points: RunPoints,
  {
    supply,
    mapping,
    chip,
  }: { readonly supply: number; readonly mapping: MappingPolicy; readonly chip: number },
): Promise<CurvePoint | undefined> {
  const { memory } = inputs;
  try {
    if (unknownPoint(memory, supply, mapping, chip)) return undefined;
    const place = memory.at(chip, supply, mapping);
    const placement = memory.place(place);
    const { cells, savings } = await points.price({ supply, mapping, chip }, placement);
    const rates = memory.errorRates(memory.chip(chip), supply);
    return {
      supply,
      berChip: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
      berPlaced: expectedBer(placement, memory.device, rates),
      energy: Object.fromEntries(
        ENERGY_TERMS.map((term) => [term, (cells[`dram_energy_${term}_nJ`] * PJ_PER_NJ) / cells.accesses]),
      ) as Record<EnergyTerm, number>,
      saving: savings.energy_saving_vs_nominal,
    };
  } catch (error) {
    // A mapping may find no safe place at so low a supply; the curve ends there.
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
