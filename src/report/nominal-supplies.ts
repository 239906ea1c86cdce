import type { TraceRow } from './replay-rows.ts';

/**
 * Nominal supplies by device, V, of the devices whose rows say it: a row at the nominal supply saves exactly nothing, and
 * no row of another supply does.
 */
export function nominalSupplies(
  rows: readonly Pick<TraceRow, 'device' | 'supply_V' | 'energy_saving_vs_nominal'>[],
): ReadonlyMap<string, number> {
  const found = new Map<string, Set<number>>();
  for (const { device, supply_V, energy_saving_vs_nominal } of rows)
    if (energy_saving_vs_nominal === 0) found.set(device, (found.get(device) ?? new Set()).add(supply_V));
  return new Map(
    [...found].flatMap(([device, supplies]): [string, number][] =>
      supplies.size === 1 ? [[device, [...supplies][0]!]] : [],
    ),
  );
}
