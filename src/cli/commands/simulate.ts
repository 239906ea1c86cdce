import type { Command } from 'commander';
import { NO_PINS } from '../../energy/io.ts';
import type { SimulateOutcome } from '../../experiments/simulate/simulate-outcome.ts';
import { percent } from '../../report/percent.ts';
import { pinsOfRows } from '../../results/pins-of-rows.ts';
import type { SimulateRow } from '../../results/tables.ts';
import { USUAL_WINDOW } from '../../settings/activity.ts';
import { SIMULATE } from '../../settings/jobs/simulate.ts';
import { csv, maybeFile } from '../../settings/output-settings.ts';
import { configureCommand } from '../command-settings.ts';
import { EXIT } from '../failure.ts';
import { overTimeTable } from '../over-time-table.ts';
import { createProgress } from '../progress.ts';
import { rateInWords } from '../rate-in-words.ts';
import { sourcesTable } from '../sources-table.ts';
import { formatTable } from '../table.ts';
import { INFERENCE_ENERGY } from '../table-columns.ts';
import { print } from '../terminal.ts';
import { refuseTimeline } from '../timeline-usage.ts';

const OUTPUT = {
  csv,
  sources: maybeFile('write who asked the memory for what, and what it cost, as CSV'),
  activity: maybeFile('write what each source and core did, by windows of time, as CSV'),
  waits: maybeFile('write whose data were on the buses while each core waited for DRAM, as CSV'),
};

export function configure(command: Command): void {
  const help =
    'Examples:\n  sparkxd simulate --weights n400-mnist --supply 1.1 --images 100 --record loop.sxt\n' +
    '  sparkxd simulate --weights n400-mnist --accelerator quad-edge --traffic random:1GBps --sources sources.csv';
  configureCommand(command, { job: SIMULATE, output: OUTPUT, help }, async (job, output, given) => {
    refuseTimeline(given, job, 1, 1);
    const named = output.activity !== undefined || output.waits !== undefined;
    if (job.activityWindow !== undefined && !named && !output.json)
      given.error('--activity-window is of --activity: name its file, or give --json', {
        exitCode: EXIT.usage,
      });
    const activityWindow = job.activityWindow ?? (named ? USUAL_WINDOW : undefined);
    const { runSimulate } = await import('../../experiments/simulate.ts');
    const { writeWhole } = await import('../../files/write-file.ts');
    const { ACTIVITY_TABLE, SIMULATE_TABLE, SOURCE_TABLE, WAIT_TABLE } = await import(
      '../../results/tables.ts'
    );
    const { tableCsv } = await import('../../results/write-rows.ts');
    const bar = createProgress('simulating', job.images, output.quiet);
    try {
      const outcome = await runSimulate(
        { ...job, ...(activityWindow && { activityWindow }) },
        bar.advance,
        bar.remark,
      );
      if (output.csv !== undefined)
        await writeWhole(output.csv, await tableCsv(SIMULATE_TABLE, [outcome.row]));
      if (output.sources !== undefined)
        await writeWhole(output.sources, await tableCsv(SOURCE_TABLE, outcome.sources));
      if (output.activity !== undefined)
        await writeWhole(output.activity, await tableCsv(ACTIVITY_TABLE, outcome.activity!));
      if (output.waits !== undefined)
        await writeWhole(output.waits, await tableCsv(WAIT_TABLE, outcome.waits!));
      bar.done();
      print(output.json ? `${JSON.stringify({ ...outcome, remarks: bar.remarks() })}\n` : forPeople(outcome));
    } finally {
      bar.done();
    }
  });
}

const ENERGY_LINES = [
  ['DRAM activation', 'dram_energy_act_per_inference_nJ'],
  ['DRAM precharge', 'dram_energy_pre_per_inference_nJ'],
  ['DRAM reading', 'dram_energy_rd_per_inference_nJ'],
  ['DRAM writing', 'dram_energy_wr_per_inference_nJ'],
  ['DRAM refresh', 'dram_energy_ref_per_inference_nJ'],
  ['DRAM background', 'dram_energy_background_per_inference_nJ'],
  ['DRAM data pins', 'dram_energy_io_per_inference_nJ'],
  ['additions', 'accelerator_energy_addition_per_inference_nJ'],
  ['neuron updates', 'accelerator_energy_update_per_inference_nJ'],
  ['weight buffer, written', 'accelerator_energy_buffer_write_per_inference_nJ'],
  ['weight buffer, read', 'accelerator_energy_buffer_read_per_inference_nJ'],
  ['neuron state', 'accelerator_energy_state_per_inference_nJ'],
  ['interconnect', 'accelerator_energy_interconnect_per_inference_nJ'],
  ['static power', 'accelerator_energy_static_per_inference_nJ'],
  ['all', 'energy_per_inference_nJ'],
] as const satisfies readonly (readonly [string, keyof SimulateRow])[];

function forPeople({ row, sources, hash, over_time: overTime }: SimulateOutcome): string {
  const energy = formatTable(
    INFERENCE_ENERGY,
    ENERGY_LINES.flatMap(([name, column]) => {
      const energy = row[column];
      const withoutPins = row.data_pins === NO_PINS && column === 'dram_energy_io_per_inference_nJ';
      if (energy === undefined || withoutPins) return [];
      const all = row.energy_per_inference_nJ;
      return [[name, energy.toFixed(1), all === undefined ? '' : percent(energy / all)]];
    }),
  );
  return (
    `${row.network} on ${row.accelerator}, ${row.device} at ${row.supply_V.toFixed(3)} V, ${row.workload}, ${row.images} images\n` +
    `weights      ${row.weight_format}, check bits ${row.ecc}, mapping ${row.mapping}, repair on load ${row.repair}, timing ${row.timing}\n` +
    `accuracy     ${percent(row.accuracy)} % (95 % interval over images ${percent(row.accuracy_low)} to ${percent(row.accuracy_high)} %), ${row.wrong_bits_read_per_inference.toFixed(1)} wrong bits read an inference\n` +
    `bit errors   observed bit error rate of the weights ${rateInWords(row.ber_observed)}; expected ${rateInWords(row.ber_placed)} where they lie, ${rateInWords(row.ber_chip)} over the chip\n` +
    `latency      mean ${row.latency_mean_us.toFixed(2)} us, 99th percentile ${row.latency_p99_us.toFixed(2)} us\n` +
    `rows         ${row.fetches_per_inference.toFixed(1)} fetched, ${row.buffer_hits_per_inference.toFixed(1)} found on chip an inference\n` +
    `elements     ${percent(row.pe_utilisation)} % busy, ${waitsInWords(row)}: bound by ${row.bound_by}\n` +
    `DRAM         ${row.cycles.toLocaleString('en')} cycles, data bus ${percent(row.bus_utilisation)} % busy\n` +
    systemInWords(row) +
    `\n` +
    energy +
    (row.data_pins === undefined ? '' : `DRAM energy: ${pinsOfRows([row])}.\n`) +
    (row.cores > 1 || row.traffic !== undefined || row.load_us !== undefined
      ? `\n${sourcesTable(sources)}`
      : '') +
    (hash === undefined ? '' : `commands ${hash}\n`) +
    overTimeTable(overTime)
  );
}

function waitsInWords(row: SimulateRow): string {
  const parts = [`${percent(row.wait_dram)} % waiting for DRAM`, `${percent(row.wait_lookup)} % for lookups`];
  if (row.wait_spikes !== undefined) parts.push(`${percent(row.wait_spikes)} % for spikes of other cores`);
  if (row.wait_cores !== undefined) parts.push(`${percent(row.wait_cores)} % done before others`);
  return parts.join(', ');
}

/** Lines about cores, batches, writing of the weights and other traffic, where there are any. */
function systemInWords(row: SimulateRow): string {
  const lines: string[] = [];
  const energy = row.dram_energy_load_nJ === undefined ? '' : `, ${row.dram_energy_load_nJ.toFixed(1)} nJ`;
  if (row.cores > 1 || row.batch > 1)
    lines.push(
      row.layer_schedule === undefined
        ? `system       ${row.cores} cores, ${row.batch} inferences together`
        : `system       ${row.cores} cores, layers ${row.layer_schedule === 'pipeline' ? 'on a core each' : 'in sequence'}`,
    );
  if (row.load_us !== undefined)
    lines.push(
      `weights      written first in ${row.load_us.toFixed(2)} us${energy}; no part of an inference`,
    );
  if (row.rewriting_us !== undefined)
    lines.push(`weights      written anew in ${row.rewriting_us.toFixed(2)} us each time (mean)`);
  if (row.traffic !== undefined && row.latency_alone_mean_us !== undefined) {
    const slower = row.latency_mean_us / row.latency_alone_mean_us - 1;
    const lost = row.dram_energy_lost_to_traffic_per_inference_nJ;
    lines.push(
      `traffic      costs an inference ${percent(slower)} % of its time (${row.latency_alone_mean_us.toFixed(2)} us alone), ` +
        `${row.row_hits_lost_to_traffic_per_inference!.toFixed(1)} row hits${lost === undefined ? '' : `, ${lost.toFixed(1)} nJ`}`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}
