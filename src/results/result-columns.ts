/** A value of a result row; absent values are empty cells. */
export type Cell = string | number | boolean | undefined;

/** A column of a results file: the name carries scope and unit; the definition goes into docs/results.md. */
export interface ResultColumn {
  readonly name: string;
  readonly unit: string;
  readonly definition: string;
  /** Only for points with a network (absent from `replay --csv`). */
  readonly network?: true;
}

/** Columns of `results.csv`, in their order (the contract of docs/results.md). */
export const RESULT_COLUMNS = [
  { name: 'network', unit: '', definition: 'name of the weights file', network: true },
  { name: 'dataset', unit: '', definition: 'images classified', network: true },
  { name: 'weight_format', unit: '', definition: 'format of the weights in DRAM', network: true },
  {
    name: 'ecc',
    unit: '',
    definition: 'check bits that each weight row carries: none, secded or parity',
    network: true,
  },
  {
    name: 'pruned_inputs',
    unit: 'inputs',
    definition: 'inputs whose weights are not stored, since they hardly ever spike (--prune-inputs)',
    network: true,
  },
  {
    name: 'data_energy',
    unit: '',
    definition: 'vendor whose measured currents weigh read energy by the bits read (VAMPIRE), or none',
    network: true,
  },
  { name: 'device', unit: '', definition: 'DRAM device model' },
  {
    name: 'voltage_profile',
    unit: '',
    definition: 'profile that turns supply into bit errors',
    network: true,
  },
  { name: 'supply_V', unit: 'V', definition: 'supply voltage of the knob that the device scales' },
  {
    name: 'timing',
    unit: '',
    definition:
      'nominal: latencies kept; stretched: lengthened by the circuit curve; paper: lengthened, errors of the voltage kept',
  },
  { name: 'mapping', unit: '', definition: 'policy that placed the weights', network: true },
  { name: 'repair', unit: '', definition: 'policy applied to weights as they are loaded', network: true },
  {
    name: 'chip',
    unit: '',
    definition:
      'number of the simulated chip (its weak cells follow from seed and number), or measured for a map of the user',
    network: true,
  },
  {
    name: 'workload',
    unit: '',
    definition: 'how an inference reads its weights: stream or event',
    network: true,
  },
  { name: 'images', unit: 'images', definition: 'test images behind the accuracy', network: true },
  {
    name: 'inferences',
    unit: 'inferences',
    definition: 'inferences simulated in the DRAM (accesses, cycles and energy are of these)',
    network: true,
  },
  { name: 'accesses', unit: 'bursts', definition: 'column accesses, one burst each' },
  { name: 'row_hits', unit: 'accesses', definition: 'accesses that found their row open' },
  {
    name: 'row_misses',
    unit: 'accesses',
    definition: 'accesses that found their bank closed and opened the row',
  },
  {
    name: 'row_conflicts',
    unit: 'accesses',
    definition: 'accesses that had another row closed before theirs was opened',
  },
  { name: 'cycles', unit: 'cycles', definition: 'command-clock cycles until the last response' },
  { name: 'time_ns', unit: 'ns', definition: 'cycles x tCK' },
  { name: 'bandwidth_GBps', unit: '1e9 B/s', definition: 'bytes moved / time' },
  {
    name: 'bus_utilisation',
    unit: 'fraction',
    definition: 'share of the cycles in which data is on the bus, over all channels',
  },
  {
    name: 'forwarded_reads',
    unit: 'accesses',
    definition: 'reads answered from the write queue; neither hit, miss nor conflict',
  },
  {
    name: 'read_latency_mean_ns',
    unit: 'ns',
    definition:
      'mean latency of reads, from entry into the queue to the end of the data; absent without reads',
  },
  { name: 'read_latency_p50_ns', unit: 'ns', definition: 'median of the same' },
  { name: 'read_latency_p95_ns', unit: 'ns', definition: '95th percentile of the same' },
  { name: 'read_latency_p99_ns', unit: 'ns', definition: '99th percentile of the same' },
  { name: 'read_latency_max_ns', unit: 'ns', definition: 'greatest of the same' },
  {
    name: 'write_latency_mean_ns',
    unit: 'ns',
    definition:
      'mean latency of writes, from entry into the queue to the end of the data; absent without writes',
  },
  { name: 'write_latency_p50_ns', unit: 'ns', definition: 'median of the same' },
  { name: 'write_latency_p95_ns', unit: 'ns', definition: '95th percentile of the same' },
  { name: 'write_latency_p99_ns', unit: 'ns', definition: '99th percentile of the same' },
  { name: 'write_latency_max_ns', unit: 'ns', definition: 'greatest of the same' },
  {
    name: 'read_queue_mean',
    unit: 'bursts',
    definition: 'bursts in the read queue, mean over the cycles, summed over channels',
  },
  { name: 'read_queue_peak', unit: 'bursts', definition: 'most bursts that ever waited in one read queue' },
  {
    name: 'write_queue_mean',
    unit: 'bursts',
    definition: 'bursts in the write queue, mean over the cycles, summed over channels',
  },
  { name: 'write_queue_peak', unit: 'bursts', definition: 'most bursts that ever waited in one write queue' },
  {
    name: 'ber',
    unit: '',
    definition: "share of the weights' bits that lie in cells that fail at this supply",
    network: true,
  },
  {
    name: 'flipped_bits',
    unit: 'bits',
    definition: 'bits of the weight image that are read wrong, before any correction',
    network: true,
  },
  {
    name: 'accuracy',
    unit: 'fraction',
    definition: 'share of the images classified correctly',
    network: true,
  },
  {
    name: 'accuracy_low',
    unit: 'fraction',
    definition: 'lower end of the 95 % Wilson interval of accuracy over images',
    network: true,
  },
  { name: 'accuracy_high', unit: 'fraction', definition: 'upper end of the same interval', network: true },
  {
    name: 'baseline_accuracy',
    unit: 'fraction',
    definition: 'accuracy of the same weights without errors',
    network: true,
  },
  {
    name: 'dram_energy_total_nJ',
    unit: 'nJ',
    definition:
      'all DRAM energy of the simulated accesses, all rails, ranks and devices; the sum of the six terms',
  },
  { name: 'dram_energy_act_nJ', unit: 'nJ', definition: 'activations' },
  { name: 'dram_energy_pre_nJ', unit: 'nJ', definition: 'precharges' },
  { name: 'dram_energy_rd_nJ', unit: 'nJ', definition: 'read bursts' },
  { name: 'dram_energy_wr_nJ', unit: 'nJ', definition: 'write bursts' },
  { name: 'dram_energy_ref_nJ', unit: 'nJ', definition: 'refresh commands' },
  {
    name: 'dram_energy_background_nJ',
    unit: 'nJ',
    definition: 'active and precharged standby, power-down and self-refresh',
  },
  { name: 'dram_energy_per_inference_nJ', unit: 'nJ', definition: 'total / inferences', network: true },
  { name: 'energy_per_access_pJ', unit: 'pJ', definition: 'total / accesses' },
  {
    name: 'energy_per_access_hit_pJ',
    unit: 'pJ',
    definition: 'command energy of one row hit (RD) at this supply',
  },
  { name: 'energy_per_access_miss_pJ', unit: 'pJ', definition: 'command energy of one row miss (ACT + RD)' },
  {
    name: 'energy_per_access_conflict_pJ',
    unit: 'pJ',
    definition: 'command energy of one row conflict (PRE + ACT + RD)',
  },
  {
    name: 'energy_saving_vs_nominal',
    unit: 'fraction',
    definition:
      '1 - energy per access / that of the accurate DRAM: nominal supply, baseline mapping, same trace',
  },
  {
    name: 'inference_energy_saving_vs_nominal',
    unit: 'fraction',
    definition:
      '1 - energy per inference / that of all weights in FP32 in the baseline mapping on accurate DRAM (nominal supply)',
    network: true,
  },
  {
    name: 'meets_bound',
    unit: '',
    definition: 'accuracy is at least baseline_accuracy less the bound',
    network: true,
  },
] as const satisfies readonly ResultColumn[];

export type ResultColumnName = (typeof RESULT_COLUMNS)[number]['name'];
export type ResultRow = Readonly<Partial<Record<ResultColumnName, Cell>>>;
