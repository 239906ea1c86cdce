import type { RowOf } from './column.ts';
import { type COLUMNS, type ColumnName, SHARED_SOURCE } from './columns.ts';

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
  'access_bytes',
  'bytes',
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
  'dram_energy_io_nJ',
] as const;

const CONDITIONS_OF_ONE = [
  'energy_per_access_pJ',
  'energy_per_bit_pJ',
  'energy_per_access_hit_pJ',
  'energy_per_access_miss_pJ',
  'energy_per_access_conflict_pJ',
] as const;
const CONDITIONS = [...CONDITIONS_OF_ONE, 'energy_saving_vs_nominal'] as const;

/** What needs the currents of the device. */
export const ENERGY_COLUMNS = ['energy_model', 'data_pins', ...TERMS, ...CONDITIONS_OF_ONE] as const;

/** What a window of requests did in the DRAM, as far as it follows from one supply. */
export const DRAM_COLUMNS = ['device', 'supply_V', ...TRAFFIC, ...ENERGY_COLUMNS] as const;

/** The same reason for several columns to be absent. */
const absentWhere = <const N extends ColumnName>(
  columns: readonly N[],
  when: string,
): Readonly<Record<N, string>> =>
  Object.fromEntries(columns.map((name) => [name, when])) as Readonly<Record<N, string>>;

const NO_CURRENTS = 'the device gives no currents';

const ACCURACY = ['accuracy', 'accuracy_low', 'accuracy_high'] as const;

const NO_RANGE = 'no --range was given';

export const RUN_TABLE = table(
  'results.csv of `run` and of `sweep merge`',
  'One row is one point: a supply voltage, a mapping, a chip. A merged sweep has a column `axis_NAME` for each axis of its plan behind.',
  [
    'network',
    'dataset',
    'weight_format',
    'ecc',
    'pruned_inputs',
    'data_energy',
    'device',
    'voltage_profile',
    'profile_transferred',
    'supply_V',
    'energy_model',
    'data_pins',
    'timing',
    'temperature_C',
    'mapping',
    'mapping_side_bytes',
    'repair',
    'vote',
    'chip',
    'module',
    'modules_known',
    'modules_saturated',
    'modules_untested',
    'workload',
    'images',
    'inferences',
    ...TRAFFIC,
    'ber_chip',
    'ber_placed',
    'ber_observed',
    'flipped_bits',
    ...ACCURACY,
    'baseline_accuracy',
    ...TERMS,
    'dram_energy_per_inference_nJ',
    ...CONDITIONS,
    'inference_energy_saving_vs_nominal',
    'inference_saving_low',
    'inference_saving_high',
    'meets_bound',
  ],
  { inference_saving_low: NO_RANGE, inference_saving_high: NO_RANGE },
);
export type RunRow = TableRow<typeof RUN_TABLE>;

const NOT_RECORDED =
  'the trace is no recording of a network, its accuracy was not asked for, or the supply is beyond its profile';
const NO_PROFILE = 'no voltage profile says which reads are wrong';

const REPLAY_WITHOUT_CURRENTS = absentWhere([...ENERGY_COLUMNS, 'energy_saving_vs_nominal'], NO_CURRENTS);

export const REPLAY_TABLE = table(
  '`replay --csv`',
  'One row is one supply voltage and, where reads may be wrong, one chip; a sweep of traces has these columns and an `axis_NAME` for each axis behind.',
  [
    'network',
    'dataset',
    'weight_format',
    'ecc',
    'device',
    'voltage_profile',
    'profile_transferred',
    'supply_V',
    'energy_model',
    'data_pins',
    'timing',
    'latency_curve',
    'temperature_C',
    'mapping',
    'placed_for',
    'repair',
    'vote',
    'chip',
    'module',
    'rewrite_every',
    'workload',
    'images',
    'inferences',
    ...TRAFFIC,
    'ber_chip',
    'ber_placed',
    'ber_observed',
    'flipped_bits',
    'wrong_bits_read_per_inference',
    'reads_wrong',
    'bits_wrong',
    'reads_wrong_share',
    ...ACCURACY,
    'baseline_accuracy',
    ...TERMS,
    ...CONDITIONS,
    'saving_low',
    'saving_high',
    'meets_bound',
  ],
  {
    network: NOT_RECORDED,
    dataset: NOT_RECORDED,
    weight_format: NOT_RECORDED,
    ecc: NOT_RECORDED,
    voltage_profile: NO_PROFILE,
    profile_transferred: NO_PROFILE,
    mapping: NOT_RECORDED,
    placed_for: NOT_RECORDED,
    repair: NOT_RECORDED,
    vote: NOT_RECORDED,
    chip: NO_PROFILE,
    module: `${NO_PROFILE}, or the chip is a map of the user`,
    workload: NOT_RECORDED,
    images: NOT_RECORDED,
    inferences: NOT_RECORDED,
    ber_chip: NO_PROFILE,
    ber_placed: NOT_RECORDED,
    ber_observed: NOT_RECORDED,
    flipped_bits: NOT_RECORDED,
    wrong_bits_read_per_inference: NOT_RECORDED,
    reads_wrong: NO_PROFILE,
    bits_wrong: NO_PROFILE,
    reads_wrong_share: NO_PROFILE,
    accuracy: NOT_RECORDED,
    accuracy_low: NOT_RECORDED,
    accuracy_high: NOT_RECORDED,
    baseline_accuracy: NOT_RECORDED,
    meets_bound: NOT_RECORDED,
    ...REPLAY_WITHOUT_CURRENTS,
    saving_low: NO_RANGE,
    saving_high: NO_RANGE,
  },
);
export type ReplayRow = TableRow<typeof REPLAY_TABLE>;

const OF_SUBARRAY = 'the row is of a subarray';

export const BANK_TABLE = table(
  '`replay --bank-csv`',
  'One row is one bank at one supply and, where reads may be wrong, of one chip, followed by its subarrays that were accessed.',
  [
    'supply_V',
    'chip',
    'channel',
    'rank',
    'bank',
    'subarray',
    'accesses',
    'row_hits',
    'row_misses',
    'row_conflicts',
    'reads_wrong',
    'bits_wrong',
  ],
  {
    chip: NO_PROFILE,
    row_hits: OF_SUBARRAY,
    row_misses: OF_SUBARRAY,
    row_conflicts: OF_SUBARRAY,
    reads_wrong: NO_PROFILE,
    bits_wrong: NO_PROFILE,
  },
);
export type BankRow = TableRow<typeof BANK_TABLE>;

const WRONG_READ = [
  'access',
  'issued_ns',
  'address',
  'channel',
  'rank',
  'bank',
  'row',
  'column',
  'wrong_bit_positions',
  'wrong_bit_positions_after_ecc',
] as const;
const SERVED = 'One row is one read that came back wrong, in the order in which each channel served them';

export const WRONG_READ_TABLE = table('`replay --wrong-reads`', `${SERVED}.`, WRONG_READ);
export type WrongReadRow = TableRow<typeof WRONG_READ_TABLE>;

export const WRONG_TENSOR_READ_TABLE = table(
  '`replay --wrong-reads` of a recording of a layered network',
  `${SERVED}, with the weights that it was to bring.`,
  [...WRONG_READ, 'tensor', 'weight_row'],
);

const NO_ACCESS = 'the trace has no access';

export const POWER_TABLE = table(
  '`power --csv`',
  'One row is one supply voltage; the commands keep their cycles.',
  [
    'device',
    'supply_V',
    'energy_model',
    'data_pins',
    'accesses',
    'access_bytes',
    'bytes',
    'cycles',
    'time_ns',
    'bandwidth_GBps',
    ...TERMS,
    'average_power_mW',
    ...CONDITIONS,
    'energy_saving_hit_vs_nominal',
    'energy_saving_miss_vs_nominal',
    'energy_saving_conflict_vs_nominal',
    'sparkxd_saving_per_access_unverified',
  ],
  { energy_per_access_pJ: NO_ACCESS, energy_per_bit_pJ: NO_ACCESS },
);
export type PowerRow = TableRow<typeof POWER_TABLE>;

export const LEDGER_TABLE = table(
  '`power --ledger`',
  'One row is one cell of the ledger that holds energy.',
  ['supply_V', 'channel', 'rank', 'place', 'rail', 'term', 'energy_pJ'],
);
export type LedgerRow = TableRow<typeof LEDGER_TABLE>;

const TERMS_OF_INFERENCE = [
  'dram_energy_act_per_inference_nJ',
  'dram_energy_pre_per_inference_nJ',
  'dram_energy_rd_per_inference_nJ',
  'dram_energy_wr_per_inference_nJ',
  'dram_energy_ref_per_inference_nJ',
  'dram_energy_background_per_inference_nJ',
  'dram_energy_io_per_inference_nJ',
  'dram_energy_per_inference_nJ',
] as const;

const SIMULATION_WITHOUT_CURRENTS = absentWhere(
  ['energy_model', 'data_pins', 'dram_energy_total_nJ', ...TERMS_OF_INFERENCE, 'energy_per_inference_nJ'],
  NO_CURRENTS,
);

export const SIMULATE_TABLE = table(
  '`simulate --csv`',
  'One row is one simulation.',
  [
    'network',
    'dataset',
    'weight_format',
    'ecc',
    'pruned_inputs',
    'device',
    'voltage_profile',
    'profile_transferred',
    'accelerator',
    'cores',
    'layer_schedule',
    'batch',
    'traffic',
    'supply_V',
    'energy_model',
    'data_pins',
    'timing',
    'latency_curve',
    'temperature_C',
    'mapping',
    'repair',
    'vote',
    'chip',
    'module',
    'rewrite_every',
    'workload',
    'images',
    'inferences',
    ...ACCURACY,
    'ber_chip',
    'ber_placed',
    'ber_observed',
    'flipped_bits',
    'wrong_bits_read_per_inference',
    'fetches_per_inference',
    'buffer_hits_per_inference',
    'latency_mean_us',
    'latency_p99_us',
    'pe_utilisation',
    'wait_dram',
    'wait_lookup',
    'wait_spikes',
    'wait_cores',
    'bound_by',
    'load_us',
    'rewriting_us',
    'latency_alone_mean_us',
    'row_hits_lost_to_traffic_per_inference',
    'dram_energy_lost_to_traffic_per_inference_nJ',
    'accesses',
    'access_bytes',
    'bytes',
    'cycles',
    'bus_utilisation',
    'dram_energy_total_nJ',
    'dram_energy_load_nJ',
    'energy_per_bit_pJ',
    ...TERMS_OF_INFERENCE,
    'accelerator_energy_addition_per_inference_nJ',
    'accelerator_energy_update_per_inference_nJ',
    'accelerator_energy_buffer_write_per_inference_nJ',
    'accelerator_energy_buffer_read_per_inference_nJ',
    'accelerator_energy_state_per_inference_nJ',
    'accelerator_energy_static_per_inference_nJ',
    'accelerator_energy_interconnect_per_inference_nJ',
    'accelerator_energy_per_inference_nJ',
    'energy_per_inference_nJ',
  ],
  {
    ...SIMULATION_WITHOUT_CURRENTS,
    energy_per_bit_pJ: 'nothing was read or written, or the device gives no currents',
  },
);
export type SimulateRow = TableRow<typeof SIMULATE_TABLE>;

const NO_CORE = 'the source is no core';
const NO_SUCH_COMMANDS = 'a source alone has none of it, or the device gives no currents';
const SOURCE_ABSENCES = {
  ...absentWhere(
    ['forwarded_reads', 'bytes', 'bandwidth_GBps', 'row_hits', 'row_misses', 'row_conflicts'],
    SHARED_SOURCE,
  ),
  ...absentWhere(['pe_utilisation', 'wait_dram', 'wait_lookup'], NO_CORE),
  ...absentWhere(
    [
      'dram_energy_act_nJ',
      'dram_energy_pre_nJ',
      'dram_energy_rd_nJ',
      'dram_energy_wr_nJ',
      'dram_energy_io_nJ',
    ],
    NO_CURRENTS,
  ),
  dram_energy_total_nJ: NO_CURRENTS,
  dram_energy_ref_nJ: NO_SUCH_COMMANDS,
  dram_energy_background_nJ: NO_SUCH_COMMANDS,
};

export const SOURCE_TABLE = table(
  '`sources` of the JSON of `simulate`, and `--sources`',
  'One row is one source of requests of one simulation; DRAM energy is that of the commands that served it, an activation and its precharge being of the request that it was for. The last row is what no source alone has: refresh, background, activations that a refresh undid.',
  [
    'source',
    'requests',
    'reads',
    'writes',
    'forwarded_reads',
    'bytes',
    'bandwidth_GBps',
    'bus_share',
    'row_hits',
    'row_misses',
    'row_conflicts',
    'request_latency_mean_ns',
    'request_latency_p50_ns',
    'request_latency_p95_ns',
    'request_latency_p99_ns',
    'request_latency_max_ns',
    'held_back_ns',
    'pe_utilisation',
    'wait_dram',
    'wait_lookup',
    'wait_spikes',
    'wait_cores',
    'dram_energy_act_nJ',
    'dram_energy_pre_nJ',
    'dram_energy_rd_nJ',
    'dram_energy_wr_nJ',
    'dram_energy_ref_nJ',
    'dram_energy_background_nJ',
    'dram_energy_io_nJ',
    'dram_energy_total_nJ',
  ],
  SOURCE_ABSENCES,
);
export type SourceRow = TableRow<typeof SOURCE_TABLE>;

const ONE_CORE = 'the source is no core, or there is one core';

export const ACTIVITY_TABLE = table(
  '`activity` of the JSON of `simulate`, and `--activity`',
  "One row is one source of requests in one window of time. Its bandwidth is that of its data on the buses; a burst that crosses the border of two windows is split by time, and reads that a waiting write answered bring none. The shares are of the window's time; what they leave a core is done before others, or in no inference. Windows are as long as --activity-window says, doubled until there are at most 2000; each begins where the one before ends. Bandwidths times lengths of windows sum to what `sources` has.",
  [
    'from_us',
    'to_us',
    'source',
    'bandwidth_GBps',
    'peak_bandwidth_GBps',
    'pe_utilisation',
    'wait_dram',
    'wait_lookup',
    'wait_spikes',
  ],
  { ...absentWhere(['pe_utilisation', 'wait_dram', 'wait_lookup'], NO_CORE), wait_spikes: ONE_CORE },
);
export type ActivityRow = TableRow<typeof ACTIVITY_TABLE>;

export const WAIT_TABLE = table(
  '`waits` of the JSON of `simulate`, and `--waits`',
  'One row is one core and one source of requests: whose data were on the buses while the core waited for a row from DRAM. The core itself stands among the sources: its own rows, awaited or fetched ahead. The last source of each core, `nobody`, is the time in which no data were on these buses: latencies of the memory (activation, precharge, column access, refresh), of its queues and of the interconnect. The times of a core sum to its waiting for DRAM.',
  ['core', 'source', 'waited_share', 'waited_us'],
);
export type WaitRow = TableRow<typeof WAIT_TABLE>;

export const OVER_TIME_TABLE = table(
  '`over_time` of the JSON of `simulate` and `replay`, and `--over-time`',
  'One row is the inferences of one simulation, or of one supply and chip of a replay, which come so many inferences after the weights were written (--draw persistent). Accuracies of different rows are over different images.',
  [
    'supply_V',
    'chip',
    'rewrite_every',
    'inferences_from',
    'inferences_to',
    'images',
    ...ACCURACY,
    'wrong_bits_read_per_inference',
  ],
);
export type OverTimeRow = TableRow<typeof OVER_TIME_TABLE>;

const NO_CHIP = 'no chip holds the weights: errors fall anywhere at the rate that is injected';

export const EVALUATE_TABLE = table(
  '`evaluate --json` and `--csv`',
  'One row is one evaluation.',
  [
    'split',
    'vote',
    ...ACCURACY,
    'images',
    'correct',
    'flipped_bits',
    'ber_chip',
    'ber_placed',
    'ber_observed',
    'module',
    'latency_curve',
    'threshold_shift_mV',
    'threshold_search_images',
    'threshold_search_inferences',
    'threshold_search_accuracy',
    'threshold_search_accuracy_unchanged',
    'accuracy_unchanged_threshold',
    'threshold_gain',
    'threshold_gain_low',
    'threshold_gain_high',
  ],
  {
    ber_chip: NO_CHIP,
    ber_placed: NO_CHIP,
    module: `${NO_CHIP}, or the chip is a map of the user`,
  },
);
export type EvaluateRow = TableRow<typeof EVALUATE_TABLE>;

export const TOLERANCE_TABLE = table(
  '`tolerance --csv` and `rows` of its JSON',
  'One row is one bit error rate, on one split of the images; bit error rates and accuracies are means over masks of errors, the intervals over masks and images.',
  [
    'split',
    'vote',
    'damaged_part',
    'ber_injected',
    'ber_chip',
    'ber_placed',
    'ber_observed',
    ...ACCURACY,
    'accuracy_lost',
    'accuracy_lost_low',
    'accuracy_lost_high',
    'masks',
  ],
  { ber_chip: NO_CHIP, ber_placed: NO_CHIP },
);
export type ToleranceRow = TableRow<typeof TOLERANCE_TABLE>;

export const OPERATING_POINT_TABLE = table(
  'operating-points.csv of `run --optimise`',
  'The baseline first, then the points of the front, with accuracies on the validation images, on which the search chooses; bit error rates are means over the chips. Where a point is within the bound, the baseline and that point follow on the test images, which decide nothing.',
  [
    'point',
    'split',
    'network',
    'weight_format',
    'repair',
    'vote',
    'supply_V',
    'energy_model',
    'data_pins',
    'mapping',
    'timing',
    'dram_energy_per_inference_nJ',
    'latency_per_inference_ns',
    'inference_energy_saving_vs_nominal',
    'ber_chip',
    'ber_placed',
    'ber_observed',
    'accuracy',
    'accuracy_worst_chip',
    'meets_bound',
    'knee',
    'optimum',
    'reward',
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

export const SUPPLY_TABLE = table(
  '`devices show --supply --csv`',
  'One row is one supply voltage of a device.',
  [
    'device',
    'supply_V',
    'supply_share',
    'timing',
    'latency_curve',
    'energy_model',
    ...(['tRCD', 'tRAS', 'tRP', 'tRC'] as const).flatMap((time) => [`${time}_ns`, `${time}_cycles`] as const),
    'energy_act_pJ',
    'energy_pre_pJ',
    'energy_rd_pJ',
    'energy_wr_pJ',
    'energy_ref_pJ',
    'voltage_profile',
    'modules_known',
    'ber_least',
    'ber_greatest',
  ],
  {
    energy_model: 'the device has no currents',
    voltage_profile: 'no profile is named',
    modules_known: 'no profile is named',
  },
);
export type SupplyRow = TableRow<typeof SUPPLY_TABLE>;

/** All tables, in the order of docs/results.md. */
export const TABLES: readonly Table[] = [
  RUN_TABLE,
  REPLAY_TABLE,
  BANK_TABLE,
  WRONG_READ_TABLE,
  WRONG_TENSOR_READ_TABLE,
  POWER_TABLE,
  LEDGER_TABLE,
  SIMULATE_TABLE,
  SOURCE_TABLE,
  ACTIVITY_TABLE,
  WAIT_TABLE,
  OVER_TIME_TABLE,
  EVALUATE_TABLE,
  TOLERANCE_TABLE,
  OPERATING_POINT_TABLE,
  CURVE_TABLE,
  SUPPLY_TABLE,
];

/** The columns of a row whose cells are numbers and never empty. */
export type NumberColumn<Row> = {
  [K in keyof Row]-?: Row[K] extends number ? K : never;
}[keyof Row];
