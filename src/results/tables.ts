import type { RowOf } from './column.ts';
import type { COLUMNS, ColumnName } from './columns.ts';

/** A table of results: which command writes it, and its columns in their order. */
export interface Table<N extends ColumnName = ColumnName, A extends N = N> {
  readonly name: string;
  /** What one row is. */
  readonly says: string;
  readonly columns: readonly N[];
  /** Columns that may be empty in this table, and when. */
  readonly absent: Readonly<Partial<Record<A, string>>>;
}

type Maybe<Row> = { readonly [K in keyof Row]?: Row[K] | undefined };

/** A row of a table, with the types of its columns. */
export type TableRow<T> =
  T extends Table<infer N, infer A>
    ? RowOf<typeof COLUMNS, Exclude<N, A>> & Maybe<RowOf<typeof COLUMNS, A>>
    : never;

const table = <const N extends ColumnName, const A extends N = never>(
  name: string,
  says: string,
  columns: readonly N[],
  absent: Readonly<Record<A, string>> = {} as Readonly<Record<A, string>>,
): Table<N, A> => ({ name, says, columns, absent });

const QUEUES = [
  'bus_utilisation',
  'forwarded_reads',
  'read_latency_mean_ns',
  'read_latency_p50_ns',
  'read_latency_p95_ns',
  'read_latency_p99_ns',
  'read_latency_max_ns',
  'write_latency_mean_ns',
  'write_latency_p50_ns',
  'write_latency_p95_ns',
  'write_latency_p99_ns',
  'write_latency_max_ns',
  'read_queue_mean',
  'read_queue_peak',
  'write_queue_mean',
  'write_queue_peak',
] as const;

const TRAFFIC = [
  'accesses',
  'row_hits',
  'row_misses',
  'row_conflicts',
  'cycles',
  'time_ns',
  'bandwidth_GBps',
  ...QUEUES,
] as const;

const TERMS = [
  'dram_energy_total_nJ',
  'dram_energy_act_nJ',
  'dram_energy_pre_nJ',
  'dram_energy_rd_nJ',
  'dram_energy_wr_nJ',
  'dram_energy_ref_nJ',
  'dram_energy_background_nJ',
] as const;

const CONDITIONS = [
  'energy_per_access_pJ',
  'energy_per_access_hit_pJ',
  'energy_per_access_miss_pJ',
  'energy_per_access_conflict_pJ',
  'energy_saving_vs_nominal',
] as const;

const ACCURACY = ['accuracy', 'accuracy_low', 'accuracy_high'] as const;

export const RUN_TABLE = table(
  'results.csv of `run` and of `sweep merge`',
  'One row is one point: a supply voltage, a mapping, a chip. A merged sweep has a column `axis_NAME` for each axis of its plan behind.',
  [
    ...(['network', 'dataset', 'weight_format', 'ecc', 'pruned_inputs', 'data_energy', 'device'] as const),
    ...([
      'voltage_profile',
      'supply_V',
      'timing',
      'mapping',
      'repair',
      'chip',
      'workload',
      'images',
    ] as const),
    'inferences',
    ...TRAFFIC,
    ...(['ber_chip', 'ber_placed', 'ber_observed', 'flipped_bits'] as const),
    ...ACCURACY,
    'baseline_accuracy',
    ...TERMS,
    'dram_energy_per_inference_nJ',
    ...CONDITIONS,
    ...(['inference_energy_saving_vs_nominal', 'meets_bound'] as const),
  ],
);
export type RunRow = TableRow<typeof RUN_TABLE>;

export const REPLAY_TABLE = table(
  '`replay --csv`',
  'One row is one supply voltage; a sweep of traces has these columns and an `axis_NAME` for each axis behind.',
  ['device', 'supply_V', 'timing', ...TRAFFIC, ...TERMS, ...CONDITIONS],
);
export type ReplayRow = TableRow<typeof REPLAY_TABLE>;

const OF_SUBARRAY = 'the row is of a subarray';

export const BANK_TABLE = table(
  '`replay --bank-csv`',
  'One row is one bank at one supply, followed by its subarrays that were accessed.',
  ['supply_V', 'channel', 'rank', 'bank', 'subarray', 'accesses', 'row_hits', 'row_misses', 'row_conflicts'],
  { row_hits: OF_SUBARRAY, row_misses: OF_SUBARRAY, row_conflicts: OF_SUBARRAY },
);
export type BankRow = TableRow<typeof BANK_TABLE>;

export const POWER_TABLE = table(
  '`power --csv`',
  'One row is one supply voltage; the commands keep their cycles.',
  [
    ...(['device', 'supply_V', 'accesses', 'cycles', 'time_ns', 'bandwidth_GBps'] as const),
    ...TERMS,
    ...(['dram_energy_io_nJ', 'average_power_mW'] as const),
    ...CONDITIONS,
    ...(['energy_saving_hit_vs_nominal', 'energy_saving_miss_vs_nominal'] as const),
    ...(['energy_saving_conflict_vs_nominal', 'sparkxd_saving_per_access_recalled'] as const),
  ],
  { energy_per_access_pJ: 'the trace has no access' },
);
export type PowerRow = TableRow<typeof POWER_TABLE>;

export const LEDGER_TABLE = table(
  '`power --ledger`',
  'One row is one cell of the ledger that holds energy.',
  [...(['supply_V', 'rank', 'place', 'rail', 'term', 'energy_pJ'] as const)],
);
export type LedgerRow = TableRow<typeof LEDGER_TABLE>;

export const SIMULATE_TABLE = table('`simulate --csv`', 'One row is one simulation.', [
  ...(['network', 'dataset', 'weight_format', 'ecc', 'pruned_inputs', 'device', 'voltage_profile'] as const),
  ...(['accelerator', 'supply_V', 'timing', 'mapping', 'repair', 'vote', 'chip', 'workload'] as const),
  ...(['images', 'inferences'] as const),
  ...ACCURACY,
  ...(['ber_chip', 'ber_placed', 'wrong_bits_read_per_inference'] as const),
  ...(['fetches_per_inference', 'buffer_hits_per_inference', 'latency_mean_us', 'latency_p99_us'] as const),
  ...(['pe_utilisation', 'wait_dram', 'wait_lookup', 'bound_by'] as const),
  ...(['accesses', 'cycles', 'bus_utilisation', 'dram_energy_total_nJ'] as const),
  ...(['dram_energy_act_per_inference_nJ', 'dram_energy_pre_per_inference_nJ'] as const),
  ...(['dram_energy_rd_per_inference_nJ', 'dram_energy_wr_per_inference_nJ'] as const),
  ...(['dram_energy_ref_per_inference_nJ', 'dram_energy_background_per_inference_nJ'] as const),
  'dram_energy_per_inference_nJ',
  ...([
    'accelerator_energy_addition_per_inference_nJ',
    'accelerator_energy_update_per_inference_nJ',
  ] as const),
  'accelerator_energy_buffer_write_per_inference_nJ',
  'accelerator_energy_buffer_read_per_inference_nJ',
  ...(['accelerator_energy_state_per_inference_nJ', 'accelerator_energy_static_per_inference_nJ'] as const),
  ...(['accelerator_energy_per_inference_nJ', 'energy_per_inference_nJ'] as const),
]);
export type SimulateRow = TableRow<typeof SIMULATE_TABLE>;

export const EVALUATE_TABLE = table(
  '`evaluate --json` and `--csv`',
  'One row is one evaluation. The JSON has `low` and `high` besides, the same as `accuracy_low` and `accuracy_high`.',
  [...ACCURACY, 'images', 'correct', 'flipped_bits', 'ber_chip', 'ber_placed', 'ber_observed'],
  { ber_chip: 'no chip holds the weights', ber_placed: 'no chip holds the weights' },
);
export type EvaluateRow = TableRow<typeof EVALUATE_TABLE>;

export const TOLERANCE_TABLE = table(
  '`tolerance --csv` and `rows` of its JSON',
  'One row is one bit error rate, on one split of the images; the interval is over masks of errors.',
  ['split', 'damaged_part', 'ber_injected', ...ACCURACY, 'accuracy_lost', 'masks'],
);
export type ToleranceRow = TableRow<typeof TOLERANCE_TABLE>;

export const OPERATING_POINT_TABLE = table(
  'operating-points.csv of `run --optimise`',
  'The baseline first, then the points of the front.',
  [
    ...(['point', 'network', 'weight_format', 'repair', 'supply_V', 'mapping', 'timing'] as const),
    ...(['dram_energy_per_inference_nJ', 'latency_per_inference_ns'] as const),
    ...(['inference_energy_saving_vs_nominal', 'accuracy', 'accuracy_worst_chip'] as const),
    ...(['meets_bound', 'knee', 'optimum', 'reward'] as const),
  ],
  { meets_bound: 'baseline' },
);
export type OperatingPointRow = TableRow<typeof OPERATING_POINT_TABLE>;

export const CURVE_TABLE = table(
  '`train --curve`',
  'One row is one network on the way through its training.',
  ['dataset', 'neurons', 'seed', 'presentations', 'validation_images', ...ACCURACY],
);
export type CurveRow = TableRow<typeof CURVE_TABLE>;

/** All tables, in the order of docs/results.md. */
export const TABLES: readonly Table[] = [
  RUN_TABLE,
  REPLAY_TABLE,
  BANK_TABLE,
  POWER_TABLE,
  LEDGER_TABLE,
  SIMULATE_TABLE,
  EVALUATE_TABLE,
  TOLERANCE_TABLE,
  OPERATING_POINT_TABLE,
  CURVE_TABLE,
];

/** The columns of a row whose cells are numbers and never empty. */
export type NumberColumn<Row> = {
  [K in keyof Row]-?: Row[K] extends number ? K : never;
}[keyof Row];
