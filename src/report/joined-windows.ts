import type { ActivityRow } from '../results/tables.ts';

/** The rows of a source over time. */
export type SourceWindows = readonly ActivityRow[];

/** By source, in the order of their appearance. */
export function windowsBySource(activity: readonly ActivityRow[]): ReadonlyMap<string, SourceWindows> {
  const found = new Map<string, ActivityRow[]>();
  for (const row of activity) {
    const rows = found.get(row.source);
    if (rows) rows.push(row);
    else found.set(row.source, [row]);
  }
  return found;
}

/**
 * The windows of one source, as many neighbours joined as leave at most `most` of them: a picture shows no more. What they hold are
 * means over time.
 */
export function joinedWindows(rows: SourceWindows, most: number): ActivityRow[] {
  const each = Math.ceil(rows.length / most);
  if (each === 1) return [...rows];
  return Array.from({ length: Math.ceil(rows.length / each) }, (_, i): ActivityRow => {
    const group = rows.slice(i * each, (i + 1) * each);
    const [first, last] = [group[0]!, group.at(-1)!];
    const time = last.to_us - first.from_us;
    const mean = (of: (row: ActivityRow) => number): number =>
      group.reduce((sum, row) => sum + of(row) * (row.to_us - row.from_us), 0) / time;
    return {
      ...first,
      to_us: last.to_us,
      bandwidth_GBps: mean((row) => row.bandwidth_GBps),
      ...(first.pe_utilisation === undefined
        ? {}
        : {
            pe_utilisation: mean((row) => row.pe_utilisation ?? 0),
            wait_dram: mean((row) => row.wait_dram ?? 0),
            wait_lookup: mean((row) => row.wait_lookup ?? 0),
          }),
      ...(first.wait_spikes === undefined ? {} : { wait_spikes: mean((row) => row.wait_spikes ?? 0) }),
    };
  });
}
