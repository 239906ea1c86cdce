import type { Command } from 'commander';
import { NO_PINS } from '../../energy/io.ts';
import type { SimulateOutcome } from '../../experiments/simulate.ts';
import { percent } from '../../report/percent.ts';
import type { SimulateRow } from '../../results/columns.ts';
import { pinsOfRows } from '../../results/pins-of-rows.ts';
import { SIMULATE } from '../../settings/jobs/simulate.ts';
import { csv } from '../../settings/output-settings.ts';
import { configureCommand } from '../command-settings.ts';
import { overTimeTable } from '../over-time-table.ts';
import { createProgress } from '../progress.ts';
import { rateInWords } from '../rate-in-words.ts';
import { formatTable } from '../table.ts';
import { INFERENCE_ENERGY } from '../table-columns.ts';
import { print } from '../terminal.ts';

export function configure(command: Command): void {
  const help =
    'Example:\n  sparkxd simulate --weights n400-mnist --supply 1.1 --images 100 --record loop.sxt';
  configureCommand(command, { job: SIMULATE, output: { csv }, help }, async (job, output) => {
    const { runSimulate } = await import('../../experiments/simulate.ts');
    const { writeWhole } = await import('../../files/write-file.ts');
    const { SIMULATE_TABLE } = await import('../../results/columns.ts');
    const { tableCsv } = await import('../../results/write-rows.ts');
    const bar = createProgress('simulating', job.images, output.quiet);
    try {
      const outcome = await runSimulate(job, bar.advance, bar.remark);
      if (output.csv !== undefined)
        await writeWhole(output.csv, await tableCsv(SIMULATE_TABLE, [outcome.row]));
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
  ['static power', 'accelerator_energy_static_per_inference_nJ'],
  ['all', 'energy_per_inference_nJ'],
] as const satisfies readonly (readonly [string, keyof SimulateRow])[];

function forPeople({ row, hash, over_time: overTime }: SimulateOutcome): string {
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
    `elements     ${percent(row.pe_utilisation)} % busy, ${percent(row.wait_dram)} % waiting for DRAM, ${percent(row.wait_lookup)} % for lookups: bound by ${row.bound_by}\n` +
    `DRAM         ${row.cycles.toLocaleString('en')} cycles, data bus ${percent(row.bus_utilisation)} % busy\n\n` +
    energy +
    (row.data_pins === undefined ? '' : `DRAM energy: ${pinsOfRows([row])}.\n`) +
    (hash === undefined ? '' : `commands ${hash}\n`) +
    overTimeTable(overTime)
  );
}
