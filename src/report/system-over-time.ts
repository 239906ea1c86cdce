import type { ActivityRow } from '../results/tables.ts';
import { FRACTION } from './accuracy-axis.ts';
import { type Chart, SCHEMA, tooltip, WIDTH } from './chart-parts.ts';
import { joinedWindows, windowsBySource } from './joined-windows.ts';
import { nameLabels } from './name-labels.ts';
import { MOST_CORES, type SourceKinds, sourceColours } from './source-colours.ts';
import { CORE_PARTS } from './system-bars.ts';

/** Windows of a picture. */
const BANDWIDTH_WINDOWS = 240;
const CORE_WINDOWS = 120;

const TIME = { field: 'from_us', type: 'quantitative', title: 'time (us)', scale: { nice: false } } as const;

/** Bandwidth by source over time, one on the other, below the peak of the memory. */
export function bandwidthChart(activity: readonly ActivityRow[], kinds: SourceKinds): Chart {
  const bySource = [...windowsBySource(activity)].map(
    ([source, rows]) => [source, joinedWindows(rows, BANDWIDTH_WINDOWS)] as const,
  );
  const many = kinds.cores.length > MOST_CORES;
  const together = `${kinds.cores.length} cores`;
  const windows = bySource[0]![1];
  const peak = activity[0]!.peak_bandwidth_GBps;
  const values = windows.flatMap(({ from_us, to_us }, window) => {
    const amounts = new Map<string, number>();
    for (const [source, rows] of bySource) {
      const name = many && kinds.cores.includes(source) ? together : source;
      amounts.set(name, (amounts.get(name) ?? 0) + rows[window]!.bandwidth_GBps);
    }
    let below = 0;
    return [...amounts].map(([source, bandwidth]) => {
      const low = below;
      below += bandwidth;
      return { from_us, to_us, source, bandwidth_GBps: bandwidth, low, high: below };
    });
  });
  const names = [...(many ? [together] : kinds.cores), ...kinds.others];
  const colour = sourceColours(kinds);
  const color = {
    field: 'source',
    type: 'nominal',
    title: null,
    sort: null,
    scale: { domain: names, range: names.map(colour) },
    legend: nameLabels(names),
  };
  const y = { field: 'low', type: 'quantitative', title: 'bandwidth (GB/s)', scale: { domainMin: 0 } };
  const description = `Data on the buses by source, one source on the other, over time, in windows of ${lengthInWords(windows[0]!)}; the dashed rule is the peak of the memory, ${peakInWords(peak)}.`;
  return {
    id: 'system-bandwidth',
    title: 'System: bandwidth by source over time',
    description,
    headings: {
      bandwidth_GBps: 'bandwidth (GB/s)',
      from_us: 'from (us)',
      to_us: 'to (us)',
      low: 'drawn from',
      high: 'drawn to',
    },
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      width: WIDTH,
      height: 240,
      layer: [
        {
          // The stroke, which closes the seams between windows, would draw what is nothing.
          transform: [{ filter: 'datum["bandwidth_GBps"] > 0' }],
          mark: { type: 'rect', strokeWidth: 0.5 },
          encoding: {
            x: TIME,
            x2: { field: 'to_us' },
            y,
            y2: { field: 'high' },
            color,
            stroke: color,
            tooltip: tooltip({
              source: ['source'],
              bandwidth_GBps: ['bandwidth (GB/s)', ',.3f'],
              from_us: ['from (us)', ',.2f'],
              to_us: ['to (us)', ',.2f'],
            }),
          },
        },
        {
          data: { values: [{ peak }] },
          mark: { type: 'rule', strokeDash: [4, 4] },
          encoding: { y: { field: 'peak', type: 'quantitative' } },
        },
      ],
    },
  };
}

/** What each core does over time, a panel a core; undefined where there are too many of them. */
export function coresOverTimeChart(
  activity: readonly ActivityRow[],
  { cores }: SourceKinds,
): Chart | undefined {
  if (cores.length > MOST_CORES) return undefined;
  const bySource = windowsBySource(activity);
  const parts = CORE_PARTS.filter(
    ([column]) => column === 'wait_cores' || activity.some((row) => (row[column] ?? 0) > 0),
  ).map(([column, name, colour]) => [column, column === 'wait_cores' ? IDLE : name, colour] as const);
  let length = '';
  const values = cores.flatMap((core) => {
    const windows = joinedWindows(bySource.get(core)!, CORE_WINDOWS);
    length = lengthInWords(windows[0]!);
    return windows.flatMap((row) => {
      let below = 0;
      return parts.map(([column, part]) => {
        const low = below;
        below = column === 'wait_cores' ? 1 : Math.min(1, below + (row[column] ?? 0));
        return { core, from_us: row.from_us, to_us: row.to_us, part, share: below - low, low, high: below };
      });
    });
  });
  const color = {
    field: 'part',
    type: 'nominal',
    title: null,
    sort: null,
    scale: { domain: parts.map(([, part]) => part), range: parts.map(([, , colour]) => colour) },
    legend: { orient: 'top', columns: 3 },
  };
  const description = `Share of each window of ${length} in which the processing elements of a core work, wait for a weight row from DRAM, for the lookup of a row on chip or for spikes of other cores; a core is idle where it is done before others, and where no inference runs.`;
  return {
    id: 'system-cores-over-time',
    title: 'System: what each core does over time',
    description,
    headings: {
      from_us: 'from (us)',
      to_us: 'to (us)',
      share: 'share (fraction)',
      low: 'drawn from',
      high: 'drawn to',
    },
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      facet: {
        row: {
          field: 'core',
          type: 'nominal',
          sort: null,
          title: null,
          header: { labelAngle: 0, labelAlign: 'left' },
        },
      },
      spacing: 8,
      spec: {
        width: WIDTH,
        height: 60,
        transform: [{ filter: 'datum["share"] > 0' }],
        mark: { type: 'rect', strokeWidth: 0.5 },
        encoding: {
          x: TIME,
          x2: { field: 'to_us' },
          y: {
            field: 'low',
            type: 'quantitative',
            title: 'fraction',
            scale: { domain: [0, 1] },
            axis: { format: FRACTION, values: [0, 0.5, 1] },
          },
          y2: { field: 'high' },
          color,
          stroke: color,
          tooltip: tooltip({
            core: ['core'],
            part: ['part'],
            share: ['share (fraction)', FRACTION],
            from_us: ['from (us)', ',.2f'],
            to_us: ['to (us)', ',.2f'],
          }),
        },
      },
    },
  };
}

const IDLE = 'idle';

const peakInWords = (peak: number): string => `${Number(peak.toPrecision(4))} GB/s`;
const lengthInWords = ({ from_us, to_us }: ActivityRow): string =>
  `${Number((to_us - from_us).toPrecision(4))} us`;
