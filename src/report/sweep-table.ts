import type { ShownColumn } from './numbers-table.ts';
import { axisLabel } from './sweep-axes.ts';
import { ENERGY_TERMS, type SweepGroups } from './sweep-groups.ts';

/** The columns of a table of the groups, those of the axes first; units stand in the headings. */
export function groupColumns({ groups, axes, unit }: SweepGroups): ShownColumn[] {
  const units: Readonly<Record<string, string>> = {
    ...Object.fromEntries(Object.keys(ENERGY_TERMS).map((term) => [term, unit])),
    'row misses': 'per 1000 accesses',
    'row conflicts': 'per 1000 accesses',
  };
  return Object.keys(groups[0]!)
    .filter((name) => name !== 'supply_V' || !axes.has('axis_supply'))
    .map((name) => {
      const heading = name.startsWith('axis_') ? axisLabel(name) : name;
      const column = { name, unit: units[name] ?? '', definition: heading };
      return { ...column, heading: name in units ? `${heading} (${units[name]})` : heading };
    });
}
