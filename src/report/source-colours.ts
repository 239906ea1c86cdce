import { NOBODY, SHARED } from '../results/source-names.ts';
import type { ActivityRow, SourceRow } from '../results/tables.ts';
import { distinct, isOfCore, type SystemTables } from './system-files.ts';

/** Cores that are drawn one by one; more than these are drawn together where each would have a colour. */
export const MOST_CORES = 8;

/** Cores are blue, other traffic is orange to brown, writing of weights green; all show on light and on dark paper. */
const CORES = ['#1f5fa8', '#2f74bd', '#4187cc', '#5599d6', '#6aaade', '#80bae6', '#97caee', '#afd8f4'];
const TRAFFIC = ['#e8590c', '#f2994a', '#c2410c', '#d4a017', '#b5651d', '#f4b183'];
const WEIGHTS = '#2a9d6f';
const NONE = '#9aa4ae';

/** The sources of a system in their order, by kind. */
export interface SourceKinds {
  readonly cores: readonly string[];
  readonly others: readonly string[];
}

/** The name of what writes the weights. */
const WRITING = 'weights written';

export function sourceKinds({ sources, activity, waits }: SystemTables): SourceKinds {
  const rows: readonly (SourceRow | ActivityRow)[] = sources ?? activity ?? [];
  const cores = waits ? waits.map(({ core }) => core) : rows.filter(isOfCore).map(({ source }) => source);
  const all = rows.length > 0 ? rows : (waits ?? []);
  const known = [...cores, SHARED, NOBODY];
  return {
    cores: distinct(cores),
    others: distinct(all.map(({ source }) => source)).filter((source) => !known.includes(source)),
  };
}

/** Colours by source; of many cores one, for all of them together. */
export function sourceColours({ cores, others }: SourceKinds): (source: string) => string {
  const traffic = others.filter((source) => source !== WRITING);
  return (source) => {
    if (source === WRITING) return WEIGHTS;
    if (traffic.includes(source)) return TRAFFIC[traffic.indexOf(source) % TRAFFIC.length]!;
    if (source === SHARED || source === NOBODY) return NONE;
    return CORES[Math.max(0, cores.indexOf(source)) % CORES.length]!;
  };
}
