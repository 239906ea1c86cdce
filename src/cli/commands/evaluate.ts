import type { Command } from 'commander';
import { InputError } from '../../errors/input-error.ts';
import { printableLine } from '../../errors/printable.ts';
import { percent } from '../../report/percent.ts';
import type { EvaluateRow } from '../../results/tables.ts';
import { EVALUATE, READ_WITH_SUPPLY } from '../../settings/jobs/evaluate.ts';
import { csv } from '../../settings/output-settings.ts';
import { flagOf } from '../../settings/setting.ts';
import { threads } from '../../settings/thread-setting.ts';
import { configureCommand, givenSettings } from '../command-settings.ts';
import { createPhaseBar, nothingKept } from '../progress.ts';
import { rateInWords } from '../rate-in-words.ts';
import { print } from '../terminal.ts';

export function configure(command: Command): void {
  const help =
    'Examples:\n  sparkxd evaluate --weights n400-mnist --dataset mnist --json\n' +
    '  sparkxd evaluate --weights n400-mnist --supply 1.025 --mapping baseline --chip 2 --repair clamp';
  const spec = { job: EVALUATE, output: { threads, csv }, help, conflicts: { supply: ['ber'] } };
  configureCommand(command, spec, async (job, output) => {
    if (job.supply === undefined) refuseUnread(command);
    const { runEvaluate } = await import('../../experiments/evaluate.ts');
    const { tableCsv } = await import('../../results/write-rows.ts');
    const { EVALUATE_TABLE } = await import('../../results/tables.ts');
    const { writeWhole } = await import('../../files/write-file.ts');
    const bar = createPhaseBar(output.quiet, nothingKept);
    try {
      const row = await runEvaluate(job, output.threads, bar);
      if (output.csv !== undefined) await writeWhole(output.csv, await tableCsv(EVALUATE_TABLE, [row]));
      bar.done();
      print(output.json ? `${JSON.stringify(row)}\n` : forPeople(row, job.dataset));
    } finally {
      bar.done();
    }
  });
}

/** Throws InputError for a setting of a chip that was given where no chip holds the weights. */
function refuseUnread(command: Command): void {
  const settings = Object.fromEntries(READ_WITH_SUPPLY.map((name) => [name, EVALUATE[name]]));
  const [unread] = givenSettings(command, settings);
  if (unread === undefined) return;
  const flag = flagOf(unread, settings[unread]!);
  throw new InputError(`evaluate reads ${flag} only with --supply`, {
    remedy: `add --supply, or leave out ${flag}`,
  });
}

function forPeople(row: EvaluateRow, dataset: string): string {
  const { accuracy, accuracy_low, accuracy_high, images, correct } = row;
  const { flipped_bits, ber_chip, ber_placed, ber_observed } = row;
  const expected =
    ber_chip === undefined || ber_placed === undefined
      ? ''
      : `; expected ${rateInWords(ber_placed)} where the weights lie, ${rateInWords(ber_chip)} over the chip`;
  const observed = `, ${flipped_bits} bits flipped: observed bit error rate ${rateInWords(ber_observed)}`;
  const errors = flipped_bits === 0 && expected === '' ? '' : `${observed}${expected}`;
  return (
    `accuracy ${percent(accuracy)} %, ${correct} of ${images} images of ${printableLine(dataset)} ` +
    `(95 % interval over images ${percent(accuracy_low)} to ${percent(accuracy_high)} %)${errors}\n` +
    thresholdInWords(row)
  );
}

/** What the search for a threshold found, what it took, and its control. */
function thresholdInWords(row: EvaluateRow): string {
  const { threshold_shift_mV: shift, threshold_search_images: shown } = row;
  if (shift === undefined) return '';
  return (
    `thresholds ${shift < 0 ? '' : '+'}${shift} mV, chosen on ${shown} labelled training images (${row.threshold_search_inferences} inferences; there ` +
    `${percent(row.threshold_search_accuracy_unchanged!)} -> ${percent(row.threshold_search_accuracy!)} %), for this one pattern of errors\n` +
    `control, thresholds as trained: ${percent(row.accuracy_unchanged_threshold!)} %; gain ${percent(row.threshold_gain!)} points ` +
    `(95 % interval over images ${percent(row.threshold_gain_low!)} to ${percent(row.threshold_gain_high!)})\n`
  );
}
