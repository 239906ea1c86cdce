import { COLUMNS } from '../results/columns.ts';
import type { ShownColumn } from './numbers-table.ts';
import { axisLabel } from './sweep-axes.ts';
import { ENERGY_TERMS, type SweepGroups } from './sweep-groups.ts';

/** Units of the columns of groups that are none of the CSV file. */
const OWN_UNITS: Readonly<Record<string, string>> = {
  accuracy_worst: 'fraction',
  required: 'fraction',
  'row misses': 'per 1000 accesses',
  'row conflicts': 'per 1000 accesses',
};

/** Names of the CSV file for what the charts call otherwise. */
const CSV_NAMES: Readonly<Record<string, string>> = {
  ...ENERGY_TERMS,
  'row misses': 'row_misses',
  'row conflicts': 'row_conflicts',
};

/** The columns of a table of the groups, those of the axes first; names are those of the CSV file, with the unit of the groups. */
export function groupColumns({ groups, axes, unit }: SweepGroups): ShownColumn[] {
  return Object.keys(groups[0]!)
    .filter((name) => name !== 'supply_V' || !axes.has('axis_supply'))
    .map((name) => {
      const known = name in COLUMNS ? COLUMNS[name as keyof typeof COLUMNS] : undefined;
      const csv = CSV_NAMES[name];
      const definition = known?.definition ?? (name.startsWith('axis_') ? axisLabel(name) : name);
      const column = { name, definition };
      if (name in ENERGY_TERMS) {
        const heading = `${csv!.replace(/_nJ$/, '')} (${unit})`;
        return { ...column, heading, unit };
      }
      if (csv !== undefined)
        return { ...column, heading: `${csv} (${OWN_UNITS[name]})`, unit: OWN_UNITS[name]! };
      return { ...column, unit: OWN_UNITS[name] ?? known?.unit ?? '' };
    });
}
