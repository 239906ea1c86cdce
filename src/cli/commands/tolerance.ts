import type { Command } from 'commander';
import type { ToleranceByLayer, ToleranceOutcome } from '../../experiments/tolerance/damages.ts';
import type { RatedTrial, SearchedRate } from '../../experiments/tolerance/study.ts';
import { percent } from '../../report/percent.ts';
import { TOLERANCE } from '../../settings/jobs/tolerance.ts';
import { csv, threads } from '../../settings/output-settings.ts';
import { configureCommand } from '../command-settings.ts';
import { createPhaseBar, nothingKept } from '../progress.ts';
import { rateInWords } from '../rate-in-words.ts';
import { type Column, formatTable } from '../table.ts';
import {
  TOLERANCE_BY_BIT,
  TOLERANCE_BY_INPUTS,
  TOLERANCE_BY_LAYER,
  TOLERANCE_BY_RATE,
} from '../table-columns.ts';
import { print } from '../terminal.ts';

export function configure(command: Command): void {
  const help =
    'Example:\n  sparkxd tolerance --weights n400-mnist --bers 1e-4,1e-3,1e-2 --bound 1% --repair clamp';
  const spec = { job: TOLERANCE, output: { threads, csv }, help };
  configureCommand(command, spec, async (job, output) => {
    const { runTolerance } = await import('../../experiments/tolerance.ts');
    const { writeWhole } = await import('../../files/write-file.ts');
    const { TOLERANCE_TABLE } = await import('../../results/tables.ts');
    const { tableCsv } = await import('../../results/write-rows.ts');
    const bar = createPhaseBar(output.quiet, nothingKept);
    try {
      const outcome = await runTolerance(job, output.threads, bar);
      if (output.csv !== undefined)
        await writeWhole(output.csv, await tableCsv(TOLERANCE_TABLE, outcome.rows));
      bar.done();
      print(output.json ? `${JSON.stringify(outcome)}\n` : forPeople(outcome, job.bound));
    } finally {
      bar.done();
    }
  });
}

function forPeople(
  { clean, curve, search, confirmation, byBit, byBitBer, byInputs, byLayer }: ToleranceOutcome,
  bound: number,
): string {
  const table = (
    columns: readonly Column[],
    rows: readonly (readonly [readonly string[], RatedTrial])[],
  ): string =>
    formatTable(
      columns,
      rows.map(([names, { interval, lost, accuracies, berObserved }]) => [
        ...names,
        rateInWords(berObserved),
        percent(interval.estimate),
        `${percent(interval.low)} to ${percent(interval.high)}`,
        percent(lost.estimate),
        `${percent(lost.low)} to ${percent(lost.high)}`,
        String(accuracies.length),
      ]),
    );
  const found =
    search.ber === 0
      ? `no bit error rate from ${search.failing} on is sure to lose at most ${percent(bound)} points on the validation images (one more mask, 97.5 % confidence: more images narrow it)`
      : `maximum tolerable bit error rate for ${percent(bound)} points: ${search.ber.toExponential(2)} (on the validation images, for one more mask with 97.5 % confidence)`;
  const confirmed = confirmation
    ? `on the test images it ${confirmation.holds ? 'holds' : 'does not hold'}: ${percent(confirmation.interval.estimate)} % (${percent(confirmation.interval.low)} to ${percent(confirmation.interval.high)}), ${percent(clean.accuracy)} % without errors, ${percent(confirmation.lost.estimate)} points lost (${percent(confirmation.lost.low)} to ${percent(confirmation.lost.high)})`
    : undefined;
  return [
    table(
      TOLERANCE_BY_RATE,
      curve.map((trial) => [[trial.ber.toExponential(1), rateInWords(trial.berChip) || '-'], trial]),
    ),
    ...(byBit
      ? [
          `only this bit of each weight, at ${byBitBer!.toExponential(1)}:`,
          table(
            TOLERANCE_BY_BIT,
            byBit.map((trial, bit) => [[String(bit)], trial]),
          ),
        ]
      : []),
    ...(byInputs
      ? [
          `only the weights of this group of inputs (1: the smallest weights), at ${byBitBer!.toExponential(1)}:`,
          table(
            TOLERANCE_BY_INPUTS,
            byInputs.map((trial, group) => [[String(group + 1)], trial]),
          ),
        ]
      : []),
    found,
    ...(confirmed ? [confirmed] : []),
    ...(byLayer ? layersInWords(byLayer, bound) : []),
    '',
  ].join('\n');
}

/** What each tensor bears alone, and all together. */
function layersInWords({ tensors, together }: ToleranceByLayer, bound: number): string[] {
  const rate = ({ search }: SearchedRate): string =>
    search.ber === 0 ? 'none' : search.ber.toExponential(2);
  const lost = ({ confirmation }: SearchedRate): string[] =>
    confirmation
      ? [
          percent(confirmation.lost.estimate),
          `${percent(confirmation.lost.low)} to ${percent(confirmation.lost.high)}`,
          confirmation.holds ? 'yes' : 'no',
        ]
      : ['-', '-', '-'];
  const limitOf = (tensor: string): string =>
    together?.limits.find((each) => each.tensor === tensor)?.ber.toExponential(2) ?? '-';
  const table = formatTable(
    TOLERANCE_BY_LAYER,
    tensors.map((each) => [each.tensor, rate(each), ...lost(each), limitOf(each.tensor)]),
  );
  if (!together) return [`tensors alone, for ${percent(bound)} points:`, table];
  const flags = together.limits
    .map(({ tensor, ber }) => `--ber-limit ${tensor}=${ber.toExponential(2)}`)
    .join(' ');
  const held = together.confirmation;
  return [
    `tensors alone, for ${percent(bound)} points, and all together:`,
    table,
    together.search.ber === 0 || held === undefined
      ? `no share of these rates is within ${percent(bound)} points for all tensors together`
      : `all together, each at ${together.search.ber.toPrecision(3)} of the rate that it bears alone: ${percent(held.lost.estimate)} points lost on the test images (${percent(held.lost.low)} to ${percent(held.lost.high)}), which ${held.holds ? 'holds' : 'does not hold'}`,
    `as limits of a mapping: --mapping eden ${flags}`,
  ];
}
