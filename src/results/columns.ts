import { numberOrText, numbers, type RowOf, SCOPE, text, truth } from './column.ts';

const { point, simulated, inference, access, request, read, command, chip, weights, images } = SCOPE;

const noReads = 'nothing was read';
const NO_TRAFFIC = 'there is no other traffic';
const SHARED_SOURCE = 'the row is of what no source alone has';
const NO_POPULATION = 'the profile is no population of measured modules, or the chip is a map of the user';
const NOT_OF_FRONT = 'the row is not of the front';
const NO_THRESHOLD_SEARCH = 'no threshold was searched for';
const noWrites = 'nothing was written';

/**
 * Every column of every table of results. One quantity has one name, in every command: the name says its scope and its
 * unit. docs/results.md is made from this file.
 */
export const COLUMNS = {
  network: text('name of the weights file'),
  dataset: text('images classified'),
  weight_format: text('format of the weights in DRAM'),
  ecc: text('check bits that each weight row carries: none, secded or parity'),
  pruned_inputs: numbers(
    'inputs',
    weights,
    'inputs whose weights are not stored, since they hardly ever spike (--prune-inputs)',
  ),
  data_energy: text('vendor whose measured currents weigh read energy by the bits read (VAMPIRE), or none'),
  device: text('DRAM device model'),
  voltage_profile: text('profile that turns supply into bit errors'),
  profile_transferred: truth(
    '',
    point,
    'whether the errors of that profile were measured on devices of another standard',
  ),
  accelerator: text('accelerator model'),
  cores: numbers('', point, 'cores over which the neurons are cut'),
  batch: numbers('inferences', point, 'inferences under way together'),
  supply_V: numbers('V', point, 'supply voltage of the knob that the device scales'),
  temperature_C: numbers(
    'degC',
    point,
    'temperature of the device: how often it is refreshed, and which cells lose their charge',
    'no temperature was given',
  ),
  energy_model: text('equations of the DRAM energy (--model): drampower6 or drampower4, docs/energy.md'),
  data_pins: text(
    'what the DRAM energy holds of the data pins: none (core currents only), or load and voltage of a pin, which the supply does not scale',
  ),
  timing: text(
    'nominal: latencies kept; stretched: lengthened by the circuit curve; paper: lengthened, errors of the voltage kept',
  ),
  latency_curve: text(
    'circuit curve that the row depends on: its latencies follow it as the supply falls, or its errors do, if they were measured at a latency',
    'nothing in the row depends on one, or the device has none',
  ),
  mapping: text('policy that placed the weights'),
  mapping_side_bytes: numbers(
    'B',
    chip,
    'side information beside the loader with which it undoes the order of bits that the mapping chose for the chip',
    'the mapping chooses none for a chip',
  ),
  repair: text('policy applied to weights as they are loaded'),
  vote: text('how spikes become a class'),
  split: text(
    'which images the accuracies of the row are of: test, or validation (the last sixth of the training part)',
  ),
  chip: numberOrText(
    '',
    point,
    'number of the simulated chip (its weak cells follow from seed and number), or measured for a map of the user',
  ),
  module: text(
    'member of the voltage profile whose errors the chip has: a measured module, or what stands for all of them',
    'the chip is a map of the user',
  ),
  modules_known: numbers(
    'modules',
    point,
    'modules of the profile whose errors are known at this supply, of which a chip takes one',
    NO_POPULATION,
  ),
  modules_saturated: numbers(
    'modules',
    point,
    'modules of the profile that had more errors at this supply, or at a higher one, than the measurement could count: nothing is simulated of them, and a yield over modules counts them as failing the bound',
    NO_POPULATION,
  ),
  modules_untested: numbers(
    'modules',
    point,
    'modules of the profile that were not tested at so low a supply: not known, neither sound nor failing, and not counted in a yield',
    NO_POPULATION,
  ),
  rewrite_every: numbers(
    'inferences',
    point,
    'after how many inferences the weights are written anew, which sets right what persistent flips left wrong (--rewrite-every); their time and energy count in `simulate --load` alone',
    'they are never written anew',
  ),
  inferences_from: numbers(
    'inferences',
    point,
    'of the first inference of the block: how many came since the weights were written; 0: it is the first after the writing',
  ),
  inferences_to: numbers('inferences', point, 'the same of its last inference'),
  workload: text('how an inference reads its weights: stream or event'),
  images: numbers('images', point, 'images behind the accuracy'),
  inferences: numbers(
    'inferences',
    point,
    'inferences simulated in the DRAM (accesses, cycles and energy are of these)',
  ),

  accesses: numbers('bursts', simulated, 'column accesses, one burst each'),
  access_bytes: numbers('B', access, 'bytes that one access moves: a burst over the whole channel'),
  bytes: numbers('B', simulated, 'bytes moved: accesses x access_bytes, whether or not all were requested'),
  row_hits: numbers('accesses', simulated, 'accesses that found their row open'),
  row_misses: numbers('accesses', simulated, 'accesses that found their bank closed and opened the row'),
  row_conflicts: numbers(
    'accesses',
    simulated,
    'accesses that had another row closed before theirs was opened',
  ),
  cycles: numbers('cycles', simulated, 'command-clock cycles until the last response'),
  time_ns: numbers('ns', simulated, 'cycles x tCK'),
  bandwidth_GBps: numbers('1e9 B/s', simulated, 'bytes moved / time'),
  bus_utilisation: numbers(
    'fraction',
    simulated,
    'share of the cycles in which data is on the bus, over all channels',
  ),
  forwarded_reads: numbers(
    'accesses',
    simulated,
    'reads answered from the write queue; neither hit, miss nor conflict',
  ),
  read_latency_mean_ns: numbers(
    'ns',
    access,
    'mean latency of reads, from entry into the queue to the end of the data',
    noReads,
  ),
  read_latency_p50_ns: numbers('ns', access, 'median of the same', noReads),
  read_latency_p95_ns: numbers('ns', access, '95th percentile of the same', noReads),
  read_latency_p99_ns: numbers('ns', access, '99th percentile of the same', noReads),
  read_latency_max_ns: numbers('ns', access, 'greatest of the same', noReads),
  write_latency_mean_ns: numbers(
    'ns',
    access,
    'mean latency of writes, from entry into the queue to the end of the data',
    noWrites,
  ),
  write_latency_p50_ns: numbers('ns', access, 'median of the same', noWrites),
  write_latency_p95_ns: numbers('ns', access, '95th percentile of the same', noWrites),
  write_latency_p99_ns: numbers('ns', access, '99th percentile of the same', noWrites),
  write_latency_max_ns: numbers('ns', access, 'greatest of the same', noWrites),
  read_queue_mean: numbers(
    'bursts',
    simulated,
    'bursts in the read queue, mean over the cycles, summed over channels',
  ),
  read_queue_peak: numbers('bursts', simulated, 'most bursts that ever waited in one read queue'),
  write_queue_mean: numbers(
    'bursts',
    simulated,
    'bursts in the write queue, mean over the cycles, summed over channels',
  ),
  write_queue_peak: numbers('bursts', simulated, 'most bursts that ever waited in one write queue'),

  ber_chip: numbers(
    '',
    chip,
    'expected bit error rate of the chip at this supply: the mean over all its subarrays',
  ),
  ber_placed: numbers(
    '',
    weights,
    'expected bit error rate where the weights lie: the mean over their bytes',
  ),
  ber_observed: numbers(
    '',
    weights,
    'flipped_bits / bits stored, check bits and padding included: what this chip does to these weights',
  ),
  ber_injected: numbers(
    '',
    weights,
    'share of the stored bits that are flipped at random, each independently',
  ),
  flipped_bits: numbers(
    'bits',
    weights,
    'bits of the weight image that are read wrong, before any correction',
  ),
  wrong_bits_read_per_inference: numbers(
    'bits',
    inference,
    'wrong bits among those that DRAM gave back, before any correction',
  ),
  reads_wrong: numbers(
    'accesses',
    simulated,
    'reads of which DRAM gave back at least one bit wrong, after the check bits beside the data where there are any (--ecc)',
  ),
  bits_wrong: numbers('bits', simulated, 'wrong bits of these reads, each counted at each read'),
  reads_wrong_share: numbers(
    'fraction',
    simulated,
    'reads_wrong / reads that DRAM served (those answered from the write queue are none)',
    'nothing was read',
  ),
  placed_for: text(
    'the chip and supply for which the weights were placed: "chip 1 at 1.025 V", or any where the mapping looks at none',
  ),
  accuracy: numbers(
    'fraction',
    images,
    'share of the images classified correctly: of the test images, unless the row has a split or validation_images',
  ),
  accuracy_low: numbers(
    'fraction',
    images,
    'lower end of the 95 % interval of accuracy for other images of the kind (Wilson); of `tolerance` for other masks of errors, too',
  ),
  accuracy_high: numbers('fraction', images, 'upper end of the same interval'),
  correct: numbers('images', images, 'images classified correctly'),
  baseline_accuracy: numbers('fraction', images, 'accuracy of the same weights without errors'),
  threshold_shift_mV: numbers(
    'mV',
    point,
    'what the search (--optimise-threshold) added to the thresholds of all neurons; 0: as trained',
    NO_THRESHOLD_SEARCH,
  ),
  threshold_search_images: numbers(
    'images',
    point,
    'labelled training images of that search, the first ones',
    NO_THRESHOLD_SEARCH,
  ),
  threshold_search_inferences: numbers(
    'inferences',
    point,
    'inferences that the search took: the images, once for each shift tried',
    NO_THRESHOLD_SEARCH,
  ),
  threshold_search_accuracy: numbers(
    'fraction',
    images,
    'accuracy on the training images of the search with the shift found, which was chosen for it',
    NO_THRESHOLD_SEARCH,
  ),
  threshold_search_accuracy_unchanged: numbers(
    'fraction',
    images,
    'accuracy on the same training images with the thresholds as trained',
    NO_THRESHOLD_SEARCH,
  ),
  accuracy_unchanged_threshold: numbers(
    'fraction',
    images,
    'the control: accuracy of the same weights on the images of the row with the thresholds as trained',
    NO_THRESHOLD_SEARCH,
  ),
  threshold_gain: numbers(
    'fraction',
    images,
    'accuracy - accuracy_unchanged_threshold, image by image',
    NO_THRESHOLD_SEARCH,
  ),
  threshold_gain_low: numbers(
    'fraction',
    images,
    'lower end of the 95 % interval of threshold_gain for other images of the kind (Agresti and Min)',
    NO_THRESHOLD_SEARCH,
  ),
  threshold_gain_high: numbers('fraction', images, 'upper end of the same interval', NO_THRESHOLD_SEARCH),
  accuracy_lost: numbers('fraction', images, 'accuracy without errors - accuracy'),
  accuracy_lost_low: numbers(
    'fraction',
    images,
    'lower end of the 95 % interval of accuracy_lost, for other masks of errors and other images of the kind',
  ),
  accuracy_lost_high: numbers('fraction', images, 'upper end of the same interval'),
  masks: numbers('masks', point, 'masks of errors behind the mean and its interval'),
  damaged_part: text('which bits may flip: all, one bit position of every weight, or one group of inputs'),

  dram_energy_total_nJ: numbers(
    'nJ',
    simulated,
    'all DRAM energy of the simulated accesses, all rails, ranks and devices; the sum of the terms',
  ),
  dram_energy_act_nJ: numbers('nJ', simulated, 'activations'),
  dram_energy_pre_nJ: numbers('nJ', simulated, 'precharges'),
  dram_energy_rd_nJ: numbers('nJ', simulated, 'read bursts'),
  dram_energy_wr_nJ: numbers('nJ', simulated, 'write bursts'),
  dram_energy_ref_nJ: numbers('nJ', simulated, 'refresh commands'),
  dram_energy_background_nJ: numbers(
    'nJ',
    simulated,
    'active and precharged standby, power-down and self-refresh',
  ),
  dram_energy_io_nJ: numbers('nJ', simulated, 'data pins, where --io-capacitance adds them; else 0'),
  average_power_mW: numbers('mW', simulated, 'total / time'),
  dram_energy_per_inference_nJ: numbers('nJ', inference, 'all DRAM energy'),
  dram_energy_act_per_inference_nJ: numbers('nJ', inference, 'activations'),
  dram_energy_pre_per_inference_nJ: numbers('nJ', inference, 'precharges'),
  dram_energy_rd_per_inference_nJ: numbers('nJ', inference, 'read bursts'),
  dram_energy_wr_per_inference_nJ: numbers('nJ', inference, 'write bursts'),
  dram_energy_ref_per_inference_nJ: numbers('nJ', inference, 'refresh commands'),
  dram_energy_background_per_inference_nJ: numbers('nJ', inference, 'standby, power-down, self-refresh'),
  dram_energy_io_per_inference_nJ: numbers(
    'nJ',
    inference,
    'data pins, where --io-capacitance adds them; else 0',
  ),
  energy_per_access_pJ: numbers('pJ', access, 'total / accesses'),
  energy_per_bit_pJ: numbers(
    'pJ',
    simulated,
    'total / bits moved (8 x bytes): compares devices of different bursts',
  ),
  energy_per_access_hit_pJ: numbers('pJ', command, 'command energy of one row hit (RD) at this supply'),
  energy_per_access_miss_pJ: numbers('pJ', command, 'command energy of one row miss (ACT + RD)'),
  energy_per_access_conflict_pJ: numbers(
    'pJ',
    command,
    'command energy of one row conflict (PRE + ACT + RD)',
  ),
  energy_saving_vs_nominal: numbers(
    'fraction',
    access,
    '1 - energy per access / that of the accurate DRAM: nominal supply, baseline mapping, same trace',
  ),
  saving_low: numbers(
    'fraction',
    access,
    'least energy_saving_vs_nominal over sets of currents, voltage laws, rails of the part, and data pins in or out (docs/energy.md, "How sure a saving is")',
  ),
  saving_high: numbers('fraction', access, 'greatest of the same'),
  inference_saving_low: numbers(
    'fraction',
    inference,
    'least inference_energy_saving_vs_nominal over the same',
  ),
  inference_saving_high: numbers('fraction', inference, 'greatest of the same'),
  energy_saving_hit_vs_nominal: numbers('fraction', command, 'the same of one row hit'),
  energy_saving_miss_vs_nominal: numbers('fraction', command, 'the same of one row miss'),
  energy_saving_conflict_vs_nominal: numbers('fraction', command, 'the same of one row conflict'),
  inference_energy_saving_vs_nominal: numbers(
    'fraction',
    inference,
    '1 - energy per inference / that of all weights in FP32 in the baseline mapping on accurate DRAM (nominal supply)',
  ),
  sparkxd_saving_per_access_unverified: numbers(
    'fraction',
    access,
    "SparkXD's published saving at this supply, quoted from memory of the paper and not checked against it",
    'the paper has no such supply',
  ),
  meets_bound: truth('', images, 'accuracy is at least baseline_accuracy less the bound'),

  fetches_per_inference: numbers('rows', inference, 'weight rows fetched from DRAM'),
  buffer_hits_per_inference: numbers('items', inference, 'items whose row was on chip or on its way'),
  latency_mean_us: numbers('us', inference, 'time of an inference, mean'),
  latency_p99_us: numbers('us', inference, 'the least latency that 99 % of the inferences do not exceed'),
  latency_per_inference_ns: numbers('ns', inference, 'time of its DRAM accesses'),
  pe_utilisation: numbers('fraction', simulated, 'share of the time in which the processing elements work'),
  wait_dram: numbers('fraction', simulated, 'share in which they wait for a row from DRAM'),
  wait_lookup: numbers('fraction', simulated, 'share in which they wait for the lookup of a row on chip'),
  wait_spikes: numbers(
    'fraction',
    simulated,
    'share in which they wait for spikes of other cores',
    'there is one core',
  ),
  wait_cores: numbers(
    'fraction',
    simulated,
    'share in which a core is done with its inference and another is not',
    'there is one core',
  ),
  bound_by: text('the largest of these shares: compute, dram, lookup, spikes or cores'),
  source: text(
    'who asks the memory: a core, other traffic, or what writes the weights; "shared" is what no source alone has',
  ),
  from_us: numbers('us', SCOPE.window, 'beginning of the window'),
  to_us: numbers('us', SCOPE.window, 'end of the window; that of the last is the end of what was simulated'),
  peak_bandwidth_GBps: numbers('1e9 B/s', point, 'bandwidth of all data buses that are never idle'),
  core: text('the core that waits'),
  waited_share: numbers(
    'fraction',
    simulated,
    'share of the time in which the core waited for rows from DRAM',
    'it never did',
  ),
  waited_us: numbers(
    'us',
    simulated,
    "time of the core's waiting for rows from DRAM in which data of the source crossed the bus of the channel on which the awaited row lies; of a row on n channels, each counts with 1 / n of its time",
  ),
  requests: numbers('requests', simulated, 'rows asked for, or requests of other traffic', SHARED_SOURCE),
  reads: numbers('accesses', simulated, 'bursts read', SHARED_SOURCE),
  writes: numbers('accesses', simulated, 'bursts written', SHARED_SOURCE),
  bus_share: numbers(
    'fraction',
    simulated,
    'share of the time of all data buses in which its data cross',
    SHARED_SOURCE,
  ),
  request_latency_mean_ns: numbers(
    'ns',
    request,
    'from the arrival of a request at the memory to the end of its last data',
    SHARED_SOURCE,
  ),
  request_latency_p50_ns: numbers('ns', request, 'median of the same', SHARED_SOURCE),
  request_latency_p95_ns: numbers('ns', request, '95th percentile of the same', SHARED_SOURCE),
  request_latency_p99_ns: numbers('ns', request, '99th percentile of the same', SHARED_SOURCE),
  request_latency_max_ns: numbers('ns', request, 'greatest of the same', SHARED_SOURCE),
  held_back_ns: numbers(
    'ns',
    request,
    'by how much requests of traffic were later than their own times, because as many as may be were under way',
    'the source is no traffic',
  ),
  traffic: text('other traffic on the memory, as it was described', 'there is none'),
  latency_alone_mean_us: numbers('us', inference, 'latency without the other traffic', NO_TRAFFIC),
  row_hits_lost_to_traffic_per_inference: numbers(
    'accesses',
    inference,
    'row hits of the cores without the other traffic, less those with it',
    NO_TRAFFIC,
  ),
  dram_energy_lost_to_traffic_per_inference_nJ: numbers(
    'nJ',
    inference,
    'energy of the commands that served the cores, less that without the other traffic',
    'there is no other traffic, or the device gives no currents',
  ),
  load_us: numbers(
    'us',
    simulated,
    'time in which the weights were written before the inferences (--load)',
    'the weights were there',
  ),
  rewriting_us: numbers(
    'us',
    simulated,
    'time in which the weights were written anew between inferences (--load, --rewrite-every), mean of these times',
    'they never were, or in no time',
  ),
  dram_energy_load_nJ: numbers(
    'nJ',
    simulated,
    'DRAM energy up to the end of that writing; part of the total, not of an inference',
    'the weights were there',
  ),
  accelerator_energy_addition_per_inference_nJ: numbers('nJ', inference, 'additions'),
  accelerator_energy_update_per_inference_nJ: numbers('nJ', inference, 'neuron updates'),
  accelerator_energy_buffer_write_per_inference_nJ: numbers(
    'nJ',
    inference,
    'rows written into the weight buffer',
  ),
  accelerator_energy_buffer_read_per_inference_nJ: numbers('nJ', inference, 'rows read from it'),
  accelerator_energy_state_per_inference_nJ: numbers(
    'nJ',
    inference,
    'potentials and thresholds read and written',
  ),
  accelerator_energy_static_per_inference_nJ: numbers('nJ', inference, 'static power over the latency'),
  accelerator_energy_interconnect_per_inference_nJ: numbers(
    'nJ',
    inference,
    'requests, rows and spikes between cores and memory',
    'the accelerator has no interconnect',
  ),
  accelerator_energy_per_inference_nJ: numbers('nJ', inference, 'all energy of the accelerator'),
  energy_per_inference_nJ: numbers('nJ', inference, 'DRAM and accelerator'),

  channel: numbers('', point, 'number of the channel'),
  rank: numbers('', point, 'number of the rank in its channel'),
  bank: numbers('', point, 'number of the bank, counted through its rank'),
  subarray: numbers('', point, 'number of the subarray in its bank', 'the row is of the whole bank'),
  row: numbers('', point, 'number of the row in its bank'),
  column: numbers('bursts', point, 'place of the burst in its row'),
  access: numbers('', read, 'number of the access in the trace, from 0; each burst is one'),
  issued_ns: numbers('ns', read, 'when its read command was issued'),
  address: text('byte address of the burst in the device, in base 16'),
  wrong_bit_positions: text(
    'bits of the burst that DRAM gave back wrong, ascending: bit b is bit b mod 8, least significant first, of byte b / 8',
  ),
  wrong_bit_positions_after_ecc: text(
    'those that are left after the check bits beside the data (--ecc)',
    'no bit is left',
  ),
  rail: text('supply rail'),
  term: text('term of the energy'),
  energy_pJ: numbers('pJ', simulated, 'energy of the term on the rail in this place'),
  place: numberOrText('', point, 'bank, counted through its rank, or shared for what no bank does alone'),

  point: text(
    'baseline; front: on the Pareto front of energy, latency and the worst chip; chosen: the optimum of the front again, on the test images',
  ),
  accuracy_worst_chip: numbers('fraction', images, 'accuracy of the least accurate chip'),
  knee: truth(
    '',
    point,
    'farthest above the line from the cheapest to the most accurate point',
    NOT_OF_FRONT,
  ),
  optimum: truth('', point, 'least energy within the bound', NOT_OF_FRONT),
  reward: numbers(
    '',
    point,
    "EnforceSNN's reward: accuracy - weight x energy / baseline's energy",
    'no weight was given',
  ),

  neurons: numbers('neurons', point, 'excitatory neurons'),
  seed: numbers('', point, 'seed of the training'),
  presentations: numbers('images', point, 'training images shown, repetitions counted'),
  validation_images: numbers('images', point, 'images of the accuracy'),
} as const;

export type ColumnName = keyof typeof COLUMNS;

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

export const WRONG_READ_TABLE = table(
  '`replay --wrong-reads`',
  'One row is one read that came back wrong, in the order in which each channel served them.',
  [
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
  ],
);
export type WrongReadRow = TableRow<typeof WRONG_READ_TABLE>;

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

/** All tables, in the order of docs/results.md. */
export const TABLES: readonly Table[] = [
  RUN_TABLE,
  REPLAY_TABLE,
  BANK_TABLE,
  WRONG_READ_TABLE,
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
];

/** The columns of a row whose cells are numbers and never empty. */
export type NumberColumn<Row> = {
  [K in keyof Row]-?: Row[K] extends number ? K : never;
}[keyof Row];
