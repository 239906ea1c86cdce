import type { Command } from 'commander';
import { WORKLOADS } from '../../accelerator/workload.ts';
import type { SimulateOutcome } from '../../experiments/run-simulate.ts';
import type { SimulateJob } from '../../experiments/simulate-job.ts';
import { ECC_SCHEMES } from '../../faults/ecc.ts';
import { ADDITION_FORMATS } from '../../hardware/accelerator.ts';
import { TIMING_MODES } from '../../hardware/resolved-timing.ts';
import { MAPPING_POLICIES } from '../../mapping/policy.ts';
import type { SimulationRow } from '../../results/simulation-columns.ts';
import { DEFAULT_VOTE, VOTES } from '../../snn/vote.ts';
import { RUN_REPAIRS } from '../../sparkxd/repair-on-load.ts';
import { addControllerOptions, type ControllerFlags, controllerOf } from '../controller-options.ts';
import { voltageLaw } from '../energy-options.ts';
import { fraction, numberBetween, oneOf, wholeNumber } from '../option-values.ts';
import { createProgress } from '../progress.ts';
import { formatTable } from '../table.ts';

/** The job as the command line gives it, and what becomes of the results. */
interface SimulateOptions extends ControllerFlags, Omit<SimulateJob, 'controller' | 'subarrays' | 'hash'> {
  readonly hash?: boolean;
  readonly csv?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  addControllerOptions(command)
    .requiredOption(
      '--weights <FILE>',
      'trained network: a safetensors file or a shipped name such as n400-mnist',
    )
    .option('--dataset <NAME|DIR>', 'mnist, fashion-mnist, or a folder with the four IDX files', 'mnist')
    .option('--device <NAME|FILE>', 'DRAM device', 'lpddr3-1600-4gb-sparkxd')
    .option('--profile <NAME|FILE>', 'voltage profile of the chip', 'sparkxd')
    .option('--accelerator <NAME|FILE>', 'SNN accelerator', 'edge')
    .option('--workload <NAME>', WORKLOADS.join(', '), oneOf(WORKLOADS, 'workloads'), 'event')
    .option('--images <N>', 'test images, one after the other', wholeNumber(1), 100)
    .option(
      '--format <NAME>',
      `weights in memory: ${ADDITION_FORMATS.join(', ')}`,
      oneOf(ADDITION_FORMATS, 'formats'),
      'fp32',
    )
    .option('--mapping <NAME>', MAPPING_POLICIES.join(', '), oneOf(MAPPING_POLICIES, 'mappings'), 'sparkxd')
    .option('--supply <V>', 'supply of the DRAM (default: nominal)', numberBetween(0, 10))
    .option('--timing <NAME>', TIMING_MODES.join(', '), oneOf(TIMING_MODES, 'timings'), 'stretched')
    .option(
      '--law <LAW>',
      'energy against voltage: quadratic, linear, an exponent, or VDD1=linear,VDD2=2.3',
      voltageLaw,
      'quadratic',
    )
    .option('--chip <N>', 'number of the chip', wholeNumber(1), 1)
    .option('--ber-limit <X>', 'bit error rate of a safe subarray', numberBetween(0, 1), 1e-3)
    .option('--occupied <SHARE>', 'share of the subarrays that other data holds', fraction, 0)
    .option(
      '--flip-probability <P>',
      'probability that a read of a weak cell flips, at the same bit error rate; below 1 each read draws anew',
      numberBetween(0, 1),
      1,
    )
    .option('--ecc <NAME>', ECC_SCHEMES.join(', '), oneOf(ECC_SCHEMES, 'ECC schemes'), 'none')
    .option('--repair <NAME>', RUN_REPAIRS.join(', '), oneOf(RUN_REPAIRS, 'repairs'), 'none')
    .option(
      '--vote <NAME>',
      `how spikes become a class: ${VOTES.join(', ')}`,
      oneOf(VOTES, 'votes'),
      DEFAULT_VOTE,
    )
    .option('--seed <N>', 'seed of the input spikes and of the chips', wholeNumber(0), 1)
    .option('--record <FILE>', 'write the requests and their times (.sxt), for replay --arrival trace')
    .option('--hash', 'print a hash of all DRAM commands')
    .option('--csv <FILE>', 'write the results as CSV')
    .option('--json', 'print the results as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd simulate --weights n400-mnist --supply 1.1 --images 100 --record loop.sxt',
    )
    .action(simulate);
}

async function simulate(options: SimulateOptions): Promise<void> {
  const { csv, json, quiet, hash = false } = options;
  const { runSimulate } = await import('../../experiments/run-simulate.ts');
  const { writeWhole } = await import('../../files/write-file.ts');
  const { toCsv } = await import('../../results/csv.ts');
  const { SIMULATION_COLUMNS } = await import('../../results/simulation-columns.ts');
  const bar = createProgress('simulating', options.images, quiet);
  try {
    const outcome = await runSimulate({ ...options, hash, controller: controllerOf(options) }, () =>
      bar.advance(),
    );
    const names = SIMULATION_COLUMNS.map(([name]) => name);
    if (csv !== undefined)
      await writeWhole(csv, await toCsv(names, [names.map((name) => outcome.row[name])]));
    bar.done();
    process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : forPeople(outcome));
  } finally {
    bar.done();
  }
}

const ENERGY_LINES: readonly (readonly [string, keyof SimulationRow])[] = [
  ['DRAM activation', 'dram_act_nJ'],
  ['DRAM precharge', 'dram_pre_nJ'],
  ['DRAM reading', 'dram_rd_nJ'],
  ['DRAM writing', 'dram_wr_nJ'],
  ['DRAM refresh', 'dram_ref_nJ'],
  ['DRAM background', 'dram_background_nJ'],
  ['additions', 'addition_nJ'],
  ['neuron updates', 'update_nJ'],
  ['weight buffer, written', 'buffer_write_nJ'],
  ['weight buffer, read', 'buffer_read_nJ'],
  ['neuron state', 'state_nJ'],
  ['static power', 'static_nJ'],
  ['all', 'energy_nJ'],
];

function forPeople({ row, hash }: SimulateOutcome): string {
  const number = (column: keyof SimulationRow): number => row[column] as number;
  const percent = (share: number): string => (share * 100).toFixed(2);
  const ofAll = (column: keyof SimulationRow): string => percent(number(column) / number('energy_nJ'));
  const energy = formatTable(
    [
      { heading: 'energy an inference', align: 'left' },
      { heading: 'energy', unit: 'nJ' },
      { heading: 'share', unit: '%' },
    ],
    ENERGY_LINES.map(([name, column]) => [name, number(column).toFixed(1), ofAll(column)]),
  );
  return (
    `${row.weights} on ${row.accelerator}, ${row.device} at ${number('supply_V').toFixed(3)} V, ${row.workload}, ${row.images} images\n` +
    `accuracy     ${percent(number('accuracy'))} % (95 % interval ${percent(number('accuracy_low'))} to ${percent(number('accuracy_high'))} %), ${number('flipped_bits_mean').toFixed(1)} wrong bits read an inference\n` +
    `latency      mean ${number('latency_mean_us').toFixed(2)} us, 99th percentile ${number('latency_p99_us').toFixed(2)} us\n` +
    `rows         ${number('fetches_mean').toFixed(1)} fetched, ${number('buffer_hits_mean').toFixed(1)} found on chip an inference\n` +
    `elements     ${percent(number('pe_utilisation'))} % busy, ${percent(number('wait_dram'))} % waiting for DRAM, ${percent(number('wait_lookup'))} % for lookups: bound by ${row.bound}\n` +
    `DRAM         ${number('dram_cycles').toLocaleString('en')} cycles, data bus ${percent(number('dram_bus_utilisation'))} % busy\n\n` +
    energy +
    (hash === undefined ? '' : `commands ${hash}\n`)
  );
}
