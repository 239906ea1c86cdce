import type { Command } from 'commander';
import type { SupplyEffects } from '../../energy/effects.ts';
import { printableLine } from '../../errors/printable.ts';
import type { ReplayOutcome } from '../../experiments/replay.ts';
import { percent } from '../../report/percent.ts';
import { pinsOfRows } from '../../results/pins-of-rows.ts';
import type { ReplayRow } from '../../results/tables.ts';
import { REPLAY } from '../../settings/jobs/replay.ts';
import { csv, maybeFile } from '../../settings/output-settings.ts';
import { threads } from '../../settings/thread-setting.ts';
import { NJ_PER_UJ, PJ_PER_NJ } from '../../units/scale.ts';
import { configureCommand } from '../command-settings.ts';
import { groupedDigits } from '../grouped-digits.ts';
import { overTimeTable } from '../over-time-table.ts';
import { createPhaseBar, nothingKept } from '../progress.ts';
import { rangeTable } from '../range-table.ts';
import { readsTable } from '../reads-table.ts';
import { formatTable } from '../table.ts';
import { REPLAYS } from '../table-columns.ts';
import { note, print } from '../terminal.ts';
import { refuseTimeline } from '../timeline-usage.ts';
import { readingNotes } from '../trace-notes.ts';

const OUTPUT = {
  csv,
  threads,
  bankCsv: maybeFile('write row hits, misses, conflicts by bank and accesses by subarray as CSV'),
};

export function configure(command: Command): void {
  const help =
    'Example:\n  sparkxd replay traces/n400-mnist-stream.sxt --supply 1.35,1.25,1.025 --csv energy.csv';
  configureCommand(command, { job: REPLAY, output: OUTPUT, help }, async (job, output, given) => {
    refuseTimeline(given, job, job.supplies?.length ?? 1, job.chip?.length ?? job.chips ?? 1);
    const { runReplay } = await import('../../experiments/replay.ts');
    const { writeWhole } = await import('../../files/write-file.ts');
    const { BANK_TABLE, REPLAY_TABLE } = await import('../../results/tables.ts');
    const { tableCsv } = await import('../../results/write-rows.ts');
    const bar = createPhaseBar(output.quiet, nothingKept);
    try {
      const outcome = await runReplay(job, bar, { threads: output.threads });
      if (output.csv !== undefined) await writeWhole(output.csv, await tableCsv(REPLAY_TABLE, outcome.rows));
      if (output.bankCsv !== undefined)
        await writeWhole(output.bankCsv, await tableCsv(BANK_TABLE, outcome.banks));
      bar.done();
      print(
        output.json ? `${JSON.stringify({ ...outcome, remarks: bar.remarks() })}\n` : replayTable(outcome),
      );
      if (!output.quiet && !output.json) note(notes(outcome));
    } finally {
      bar.done();
    }
  });
}

/** The outcome for people: where the trace comes from, and one line a supply. */
export function replayTable({
  metadata,
  rows,
  effects,
  hashes,
  ranges = [],
  over_time: overTime,
}: Pick<ReplayOutcome, 'metadata' | 'rows' | 'effects' | 'hashes' | 'ranges' | 'over_time'>): string {
  const origin = Object.entries(metadata)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  const line = (row: ReplayRow, i: number): string[] => {
    const share = (count: number): string => ((count / row.accesses) * 100).toFixed(2);
    return [
      row.supply_V.toFixed(3),
      groupedDigits(row.cycles),
      groupedDigits(row.accesses),
      share(row.row_hits),
      share(row.row_misses),
      share(row.row_conflicts),
      row.bandwidth_GBps.toFixed(3),
      ...energyOf(row, effects[i]),
    ];
  };
  // Chips at one supply share commands and energy.
  const distinct = rows.map((row, i) => i === 0 || row.supply_V !== rows[i - 1]!.supply_V);
  const hashed = hashes.map((hash, i) =>
    distinct[i] ? `${rows[i]!.supply_V.toFixed(3)} V: commands ${hash}\n` : '',
  );
  const head = origin === '' ? '' : `${printableLine(`recorded from: ${origin}`)}\n\n`;
  const lines = rows.map(line).filter((_, i) => distinct[i]);
  const savings =
    effects.length > 0 ? ` Savings are against the nominal supply and its timing: ${pinsOfRows(rows)}.` : '';
  const access = `An access is one burst of ${rows[0]!.access_bytes} bytes.${savings}\n`;
  return `${head}${formatTable(REPLAYS, lines)}${access}${hashed.join('')}${rangeTable(rows, ranges)}${readsTable(rows)}${overTimeTable(overTime)}`;
}

/** Energy of a row in all, an access, and what is saved of it: in all, by voltage, by timing; empty where it is not known. */
function energyOf(row: ReplayRow, effects: SupplyEffects | undefined): string[] {
  const { dram_energy_total_nJ: total, energy_per_access_pJ: access, energy_saving_vs_nominal: saved } = row;
  if (total === undefined || access === undefined || saved === undefined || effects === undefined)
    return ['', '', '', '', ''];
  const { voltage, timing } = effects;
  const accurate = total * PJ_PER_NJ - voltage - timing;
  return [
    (total / NJ_PER_UJ).toFixed(2),
    access.toFixed(1),
    percent(saved),
    percent(-voltage / accurate),
    percent(-timing / accurate),
  ];
}

function notes({ reading, notes: ofReads }: ReplayOutcome): string {
  const unused = reading.times_unused
    ? ["the trace's times are not used: requests enter as fast as the memory accepts them (--arrival trace)"]
    : [];
  const count = reading.unaligned_accesses;
  const unaligned =
    count > 0 ? [`${groupedDigits(count)} addresses lie inside an access, and stand for all of it`] : [];
  return [...readingNotes(reading, '--format', reading.burst_bytes), ...unaligned, ...unused, ...ofReads]
    .map((line) => `${line}\n`)
    .join('');
}
