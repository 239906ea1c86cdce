import { meanInterval } from '../stats/student.ts';
import { PUBLISHED } from './published.ts';
import { PUBLISHED_NOMINAL, PUBLISHED_SAVINGS, PUBLISHED_SUPPLIES } from './published-savings.ts';
import type { ResultRow } from './result-columns.ts';

/** What a reproduction computed for one of its studies. */
export interface ReproducedStudy {
  readonly id: string;
  /** Its row in the table of ablations; undefined for a network of the grid. */
  readonly ablation: string | undefined;
  readonly rows: readonly ResultRow[];
  /** Why the program refused it. */
  readonly refused: string | undefined;
}

type NumberColumn =
  | 'supply_V'
  | 'accuracy'
  | 'baseline_accuracy'
  | 'energy_saving_vs_nominal'
  | 'inference_energy_saving_vs_nominal'
  | 'bandwidth_GBps'
  | 'ber';
const number = (row: ResultRow, column: NumberColumn): number => row[column] as number;
const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`;

/** Mean and half the width of Student's 95 % interval over chips, in percent; the mean alone for one chip. */
function overChips(rows: readonly ResultRow[], of: (row: ResultRow) => number): string {
  const { estimate, high } = meanInterval(rows.map(of));
  const mean = (estimate * 100).toFixed(2);
  return Number.isFinite(high) ? `${mean} ± ${((high - estimate) * 100).toFixed(2)}` : mean;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), `|${'---|'.repeat(header.length)}`, ...rows.map(line)].join('\n');
}

const at = (rows: readonly ResultRow[], supply: number, mapping: string): ResultRow[] =>
  rows.filter((row) => row.supply_V === supply && row.mapping === mapping);

/** The lowest supply at which every chip keeps the bound, with its rows; undefined if none. */
function lowestWithin(rows: readonly ResultRow[], mapping: string): ResultRow[] | undefined {
  return [...PUBLISHED_SUPPLIES]
    .sort((a, b) => a - b)
    .map((supply) => at(rows, supply, mapping))
    .find((chips) => chips.length > 0 && chips.every((row) => row.meets_bound === true));
}

/** The Markdown text of a reproduction: SparkXD's and EnforceSNN's numbers beside ours, then each mechanism alone. */
export function reproductionText(studies: readonly ReproducedStudy[], command: string): string {
  const grid = studies.filter(({ ablation }) => ablation === undefined);
  const first = grid[0]!.rows[0]!;
  const chips = new Set(grid[0]!.rows.map(({ chip }) => chip)).size;
  return `${[
    '# SparkXD beside its reproduction',
    `Written by \`${command}\`; do not edit. ${chips} chips, ${first.images} test images, ${first.inferences} inferences in the DRAM, one training seed a network; ± is half of Student's 95 % interval over chips. Device ${first.device}, profile ${first.voltage_profile}, timing ${first.timing}, FP32, repair ${first.repair} in the grid. Accuracy within 1 % means one percentage point below the same weights without errors. "Recalled" published numbers are remembered, "verified" ones were read in a stored abstract or source.`,
    '## Energy by supply',
    savings(grid),
    '## Networks',
    networks(grid),
    summary(grid, studies),
    '## Each mechanism alone',
    ablations(studies),
  ].join('\n\n')}\n`;
}

function savings(grid: readonly ReproducedStudy[]): string {
  const rows = PUBLISHED_SAVINGS.map(({ supply, perAccess, total }) => {
    const mean = (mapping: string, column: NumberColumn): number => {
      const found = grid.flatMap(({ rows }) => at(rows, supply, mapping));
      return found.reduce((sum, row) => sum + number(row, column), 0) / found.length;
    };
    return [
      supply.toFixed(3),
      percent(perAccess),
      percent(mean('baseline', 'energy_saving_vs_nominal')),
      percent(mean('sparkxd', 'energy_saving_vs_nominal')),
      percent(total),
      percent(mean('sparkxd', 'inference_energy_saving_vs_nominal')),
    ];
  });
  const header = [
    'supply, V',
    'per access, SparkXD (recalled)',
    'per access, ours, baseline mapping',
    "ours, SparkXD's mapping",
    'per inference, SparkXD (recalled)',
    "per inference, ours, SparkXD's mapping",
  ];
  return `Saving of DRAM energy against the accurate DRAM at 1.35 V, mean over the networks; all accuracies, whether within the bound or not.\n\n${table(header, rows)}`;
}

function networks(grid: readonly ReproducedStudy[]): string {
  const lowest = PUBLISHED_SUPPLIES.at(-1)!;
  const rows = grid.map(({ id, rows }) => {
    const cells = (mapping: string): string[] => {
      const within = lowestWithin(rows, mapping);
      return [
        overChips(at(rows, lowest, mapping), (row) => number(row, 'accuracy')),
        within ? number(within[0]!, 'supply_V').toFixed(3) : 'none',
        within ? overChips(within, (row) => number(row, 'inference_energy_saving_vs_nominal')) : '-',
      ];
    };
    return [id, percent(number(rows[0]!, 'baseline_accuracy')), ...cells('baseline'), ...cells('sparkxd')];
  });
  const of = (mapping: string): string[] => [
    `accuracy at ${lowest} V, ${mapping}, %`,
    `lowest supply with every chip within 1 %, ${mapping}, V`,
    `saving per inference there, %`,
  ];
  return table(['network', 'clean accuracy', ...of('baseline'), ...of('sparkxd')], rows);
}

function summary(grid: readonly ReproducedStudy[], studies: readonly ReproducedStudy[]): string {
  const within = grid.map(({ rows }) => lowestWithin(rows, 'sparkxd'));
  const savings = within.flatMap((rows) =>
    rows ? [number(rows[0]!, 'inference_energy_saving_vs_nominal')] : [],
  );
  const saving = savings.length === grid.length ? overNetworks(savings) : 'not all networks keep the bound';
  const ratios = grid.map(({ rows }) => {
    const of = (mapping: string): number =>
      number(at(rows, PUBLISHED_NOMINAL, mapping)[0]!, 'bandwidth_GBps');
    return of('sparkxd') / of('baseline');
  });
  const speed = `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}x`;
  const int8 = studies.find(({ id }) => id === 'int8-median')?.rows ?? [];
  const quantised =
    int8.length === 0
      ? 'not computed'
      : `${overChips(int8, (row) => number(row, 'inference_energy_saving_vs_nominal'))} % (${kept(int8)} within 1 %)`;
  return table(
    ['what', 'published', 'status', 'ours'],
    [
      [
        "saving within 1 %, SparkXD's mapping, mean over the networks",
        `about ${percent(PUBLISHED.saving.value, 0)}`,
        PUBLISHED.saving.status,
        saving,
      ],
      [
        "data throughput of SparkXD's mapping over the baseline's, nominal supply",
        `${PUBLISHED.throughput.value}x`,
        PUBLISHED.throughput.status,
        speed,
      ],
      [
        'EnforceSNN, quantised weights: greatest saving; ours: INT8, median repair, 1.025 V',
        percent(PUBLISHED.enforceSaving.value, 1),
        PUBLISHED.enforceSaving.status,
        quantised,
      ],
    ],
  );
}

/** Mean over networks with the interval over them. */
function overNetworks(values: readonly number[]): string {
  const { estimate, high } = meanInterval(values);
  const spread = Number.isFinite(high) ? ` ± ${((high - estimate) * 100).toFixed(2)}` : '';
  return `${(estimate * 100).toFixed(2)}${spread} % (${values.length} networks)`;
}

const kept = (rows: readonly ResultRow[]): string =>
  `${rows.filter((row) => row.meets_bound === true).length} of ${rows.length} chips`;

function ablations(studies: readonly ReproducedStudy[]): string {
  const rows = studies.flatMap(({ ablation, rows, refused }) => {
    if (ablation === undefined) return [];
    if (refused !== undefined) return [[ablation, `refused: ${refused.split('\n')[0]}`, '', '', '', '']];
    return [
      [
        ablation,
        overChips(rows, (row) => number(row, 'ber')),
        overChips(rows, (row) => number(row, 'accuracy')),
        overChips(rows, (row) => number(row, 'accuracy') - number(row, 'baseline_accuracy')),
        kept(rows),
        overChips(rows, (row) => number(row, 'inference_energy_saving_vs_nominal')),
      ],
    ];
  });
  const header = [
    'mechanism',
    'bits in failing cells, %',
    'accuracy, %',
    'against clean, points',
    'within 1 %',
    'saving per inference, %',
  ];
  return `N400 on MNIST at ${PUBLISHED_SUPPLIES.at(-1)} V unless named otherwise. The saving is against FP32 weights in the baseline mapping at 1.35 V.\n\n${table(header, rows)}`;
}
