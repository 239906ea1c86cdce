import { NOBODY } from '../results/source-names.ts';
import type { WaitRow } from '../results/tables.ts';
import { FRACTION } from './accuracy-axis.ts';
import { type Chart, SCHEMA, tooltip } from './chart-parts.ts';
import { nameLabels } from './name-labels.ts';
import { MOST_CORES, type SourceKinds } from './source-colours.ts';

const CELL_WIDTH = 70;
const CELL_HEIGHT = 34;

/** Who waited for whom: a row a core, a column a source, the share of the core's waiting as colour and number. */
export function waitsChart(waits: readonly WaitRow[], { cores, others }: SourceKinds): Chart {
  // A column for each of many cores would fit on no page.
  const many = cores.length > MOST_CORES;
  const columnOf = ({ core, source }: WaitRow): string => {
    if (source === NOBODY) return NO_DATA;
    return many && cores.includes(source) ? (source === core ? ITSELF : OTHERS) : source;
  };
  const cells = new Map<string, { core: string; source: string; share: number; time_us: number }>();
  for (const row of waits) {
    const source = columnOf(row);
    const key = JSON.stringify([row.core, source]);
    const cell = cells.get(key) ?? { core: row.core, source, share: 0, time_us: 0 };
    cell.share += row.waited_share ?? 0;
    cell.time_us += row.waited_us;
    cells.set(key, cell);
  }
  const values = [...cells.values()];
  const columns = [...(many ? [ITSELF, OTHERS] : cores), ...others, NO_DATA];
  const most = Math.max(0, ...values.map(({ share }) => share));
  const x = {
    field: 'source',
    type: 'nominal',
    sort: columns,
    title: 'whose data were on the bus',
    axis: {
      orient: 'top',
      labelAngle: columns.some((name) => name.length > 10) ? -30 : 0,
      ...nameLabels(columns),
    },
  };
  const y = {
    field: 'core',
    type: 'nominal',
    sort: cores,
    title: 'core that waited',
    axis: nameLabels(cores),
  };
  // Of the numbers, too, which lie over the cells.
  const says = tooltip({
    core: ['core'],
    source: ['data of'],
    share: ['share of its waiting (fraction)', FRACTION],
    time_us: ['time (us)', ',.2f'],
  });
  const description =
    'Of the time in which a core (row) waited for a weight row from DRAM, the share in which data of each source (column) crossed the bus of the channel on which the awaited row lies. Its own data are rows awaited or fetched ahead. No data: latencies of the memory, of its queues and of the interconnect. Fractions; each row sums to 1.';
  return {
    id: 'system-waits',
    title: 'System: who waited for whom',
    description,
    headings: { time_us: 'time (us)', share: 'share of the waiting (fraction)' },
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      width: { step: CELL_WIDTH },
      height: { step: many ? CELL_HEIGHT / 2 : CELL_HEIGHT },
      encoding: { x, y, tooltip: says },
      layer: [
        {
          mark: 'rect',
          encoding: {
            color: {
              field: 'share',
              type: 'quantitative',
              title: 'share of the waiting',
              scale: { domain: [0, most || 1], range: ['#eef4fb', '#5b9bd5'] },
              legend: null,
            },
          },
        },
        {
          // All cells are light enough for it, whatever the colours of the page.
          mark: { type: 'text', fontSize: 12, color: '#1f2328' },
          encoding: {
            text: { field: 'share', type: 'quantitative', format: '.3f' },
          },
        },
      ],
    },
  };
}

const NO_DATA = 'no data';
const ITSELF = 'itself';
const OTHERS = 'other cores';
