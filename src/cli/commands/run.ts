import { join } from 'node:path';
import type { Command } from 'commander';
import { SEARCH } from '../../settings/jobs/optimise.ts';
import type { RunJob } from '../../settings/jobs/run.ts';
import { flagOf } from '../../settings/setting.ts';
import { configureCommand, givenSettings } from '../command-settings.ts';
import { createPhaseBar, nothingKept } from '../progress.ts';
import { RUN_OPTIONS, RUN_OUTPUT, type RunOptions, type RunOutput, shippedNetwork } from '../run-options.ts';
import { note, print } from '../terminal.ts';

export function configure(command: Command): void {
  const help = 'Example:\n  sparkxd run --network n400 --dataset mnist --supply 1.35,1.025 --out results';
  const spec = { job: RUN_OPTIONS, output: RUN_OUTPUT, help, conflicts: { weights: ['network'] } };
  configureCommand(command, spec, async (options, output, given) => {
    if (options.optimise) {
      const { runSearch } = await import('../optimise-run.ts');
      return runSearch(options, output, given);
    }
    const [stray] = givenSettings(given, SEARCH);
    if (stray !== undefined) {
      const flag = flagOf(stray, SEARCH[stray as keyof typeof SEARCH]);
      given.error(`error: option '${flag}' is of use with --optimise only`, { exitCode: 2 });
    }
    await runJob(jobOf(options), output);
  });
}

/** The job of a run: its weights are those named, or the shipped network of the size. */
function jobOf(options: RunOptions): RunJob {
  const { network: size, weights: own, optimise: _optimise, ...rest } = options;
  const { networks: _networks, formats: _formats, repairs: _repairs, timings: _timings, ...run } = rest;
  const { rewardWeight: _rewardWeight, ...job } = run;
  return { ...job, weights: own ?? shippedNetwork(size, job.dataset) };
}

async function runJob(job: RunJob, { threads: count, out, also: forms, json: asJson, quiet }: RunOutput) {
  const { run } = await import('../../experiments/run.ts');
  const { claimFolder } = await import('../../files/claim-folder.ts');
  const { writeWhole } = await import('../../files/write-file.ts');
  const { RUN_TABLE } = await import('../../results/tables.ts');
  const { fileColumns, tableCsv, writeRows } = await import('../../results/write-rows.ts');
  const { runSummary } = await import('../../report/run-summary.ts');
  const { reportPage } = await import('../../report/html-report.ts');
  const { pageOfRun } = await import('../../report/run-report.ts');
  const { runTable } = await import('../run-table.ts');
  const { runPlacementLines } = await import('../placement-lines.ts');

  await claimFolder(out);
  const bar = createPhaseBar(quiet, nothingKept);
  try {
    const { rows, manifest, placed } = await run(job, count, bar);
    bar.done();
    const csv = await tableCsv(RUN_TABLE, rows);
    const manifestText = `${JSON.stringify(manifest, null, 2)}\n`;
    const file = join(out, 'results.csv');
    await writeWhole(file, csv);
    for (const form of forms)
      await writeWhole(join(out, `results.${form}`), await writeRows(form, fileColumns(RUN_TABLE), rows));
    await writeWhole(join(out, 'manifest.json'), manifestText);
    await writeWhole(join(out, 'report.html'), reportPage(await pageOfRun(csv, manifestText, file)));
    bar.done();
    if (asJson) print(`${JSON.stringify({ manifest, rows, remarks: bar.remarks() })}\n`);
    else {
      const lines = [...runSummary(rows, job.bound), ...runPlacementLines(placed, job.berLimit)];
      print(`${runTable(rows)}\n${lines.join('\n')}\n`);
      if (!quiet)
        note(
          `${out}: report.html to look at, results.csv with every chip, manifest.json to repeat the run\n`,
        );
    }
  } finally {
    bar.done();
  }
}
