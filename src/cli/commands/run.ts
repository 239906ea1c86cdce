import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { WORKLOADS } from '../../accelerator/workload.ts';
import { VAMPIRE_VENDORS } from '../../energy/vampire.ts';
import { InputError } from '../../errors/input-error.ts';
import type { VoltageJob } from '../../experiments/run.ts';
import { ECC_SCHEMES } from '../../faults/ecc.ts';
import { TIMING_MODES } from '../../hardware/resolved-timing.ts';
import { MAPPING_POLICIES } from '../../mapping/policy.ts';
import { WEIGHT_FORMATS } from '../../snn/weight-format.ts';
import { LOAD_REPAIRS, RUN_REPAIRS } from '../../sparkxd/repair-on-load.ts';
import { alsoOption } from '../also-option.ts';
import { addControllerOptions, controllerRequest, withoutController } from '../controller-options.ts';
import { errorModelId, fraction, listOf, numberBetween, oneOf, wholeNumber } from '../option-values.ts';
import { createPhaseBar } from '../progress.ts';
import type { RunOptions } from '../run-options.ts';
import { supplyList } from '../supply-list.ts';

/** Options that only a search reads. */
const SEARCH_OPTIONS = ['networks', 'formats', 'repairs', 'timings', 'rewardWeight'] as const;
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export function configure(command: Command): void {
  addControllerOptions(command)
    .option('--network <NAME>', 'shipped network of this size, trained on the dataset', 'n400')
    .option('--weights <FILE>', 'trained weights of your own (safetensors) instead of a shipped network')
    .option('--dataset <NAME|DIR>', 'mnist, fashion-mnist, or a folder with the four IDX files', 'mnist')
    .option('--device <NAME|FILE>', 'DRAM device', 'lpddr3-1600-4gb-sparkxd')
    .option('--profile <NAME|FILE>', 'voltage profile: bit errors against supply', 'sparkxd')
    .option('--accelerator <NAME|FILE>', 'SNN accelerator', 'edge')
    .option(
      '--supply <LIST>',
      'supply voltages: 1.35,1.25 or 1.35:1.05:0.05',
      supplyList,
      supplyList('1.35,1.325,1.25,1.175,1.1,1.025'),
    )
    .option('--mapping <LIST>', MAPPING_POLICIES.join(', '), listOf(MAPPING_POLICIES, 'mappings'), [
      'baseline',
      'sparkxd',
    ])
    .option('--occupied <SHARE>', 'share of the subarrays that other data holds', fraction)
    .option(
      '--prune-inputs <SHARE>',
      'leave out the weights of the inputs that make at most this share of the training spikes; 0: of those that never spike',
      fraction,
    )
    .option('--chips <N>', 'chips, each with weak cells of its own', wholeNumber(1), 3)
    .option(
      '--data-energy <VENDOR>',
      `weigh read energy by the weights' bits, as measured on a vendor's chips: ${VAMPIRE_VENDORS.join(', ')}`,
      oneOf(VAMPIRE_VENDORS, 'vendors'),
    )
    .option('--error-model <ID>', 'EDEN: 0 uniform, 1 bitline, 2 wordline, 3 data-dependent', errorModelId, 0)
    .option('--weak-cells <FILE>', 'a measured map of weak cells (CSV or .wcm) instead of generated chips')
    .option('--images <N>', 'test images for the accuracy (default: all)', wholeNumber(1))
    .option('--inferences <N>', 'inferences simulated in the DRAM', wholeNumber(1), 16)
    .option('--workload <NAME>', WORKLOADS.join(', '), oneOf(WORKLOADS, 'workloads'), 'stream')
    .option('--timing <NAME>', TIMING_MODES.join(', '), oneOf(TIMING_MODES, 'timings'), 'paper')
    .option('--repair <NAME>', LOAD_REPAIRS.join(', '), oneOf(LOAD_REPAIRS, 'policies'), 'clamp')
    .option('--prior <FILE>', 'with --repair context: another trained network, a file or a shipped name')
    .option('--format <NAME>', WEIGHT_FORMATS.join(', '), oneOf(WEIGHT_FORMATS, 'formats'), 'fp32')
    .option('--ecc <NAME>', ECC_SCHEMES.join(', '), oneOf(ECC_SCHEMES, 'schemes'), 'none')
    .option('--ber-limit <X>', 'bit error rate up to which a subarray is safe', numberBetween(0, 1), 1e-3)
    .option('--bound <SHARE>', 'accuracy that may be lost', fraction, 0.01)
    .option(
      '--optimise',
      'search the lists below, --supply and --mapping for the least energy within the bound',
    )
    .option('--networks <LIST>', 'with --optimise: networks, the reference first (default: the one)', words)
    .option(
      '--formats <LIST>',
      'with --optimise: weight formats (default: the one)',
      listOf(WEIGHT_FORMATS, 'formats'),
    )
    .option(
      '--repairs <LIST>',
      'with --optimise: repairs (default: the one)',
      listOf(RUN_REPAIRS, 'policies'),
    )
    .option(
      '--timings <LIST>',
      'with --optimise: latency policies (default: the one)',
      listOf(TIMING_MODES, 'timings'),
    )
    .option(
      '--reward-weight <MU>',
      "with --optimise: also EnforceSNN's reward, accuracy - MU x share of the baseline's energy",
      numberBetween(0, 100),
    )
    .option('--seed <N>', 'seed of chips and input spikes', wholeNumber(0), 1)
    .option('--jobs <N>', 'threads', wholeNumber(1), availableParallelism())
    .option('--out <DIR>', 'folder for report.html, results.csv and manifest.json', 'results')
    .addOption(alsoOption())
    .option('--json', 'print the result rows as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd run --network n400 --dataset mnist --supply 1.35,1.025 --out results',
    )
    .action(run);
}

const words = (text: string): string[] => [...new Set(text.split(',').map((word) => word.trim()))];

async function run(options: RunOptions, command: Command): Promise<void> {
  if (options.optimise) {
    const { runSearch } = await import('../optimise-run.ts');
    return runSearch(options, command, shippedNetwork);
  }
  const stray = SEARCH_OPTIONS.find((name) => options[name] !== undefined);
  if (stray !== undefined)
    command.error(`error: option '--${kebab(stray)}' is of use with --optimise only`, { exitCode: 2 });
  const { network, weights, supply, mapping, jobs, out, also, json, quiet, ...rest } =
    withoutController(options);
  const { runVoltages } = await import('../../experiments/run.ts');
  const { requireWritableFolder, writeWhole } = await import('../../files/write-file.ts');
  const { resultsCsv } = await import('../../results/csv.ts');
  const { RESULT_COLUMNS } = await import('../../results/result-columns.ts');
  const { writeRows } = await import('../../results/write-rows.ts');
  const { runSummary } = await import('../../report/run-summary.ts');
  const { reportPage } = await import('../../report/html-report.ts');
  const { pageOfRun } = await import('../../report/run-report.ts');
  const { runTable } = await import('../run-table.ts');

  const { debug: _debug, ...settings } = rest as typeof rest & { debug?: boolean };
  const controller = controllerRequest(options);
  const job: VoltageJob = {
    ...settings,
    weights: weights ?? shippedNetwork(network, rest.dataset),
    supplies: supply,
    mappings: mapping,
    law: 'quadratic',
    ...(controller ? { controller } : {}),
    ...(options.subarrays === undefined ? {} : { subarrays: options.subarrays }),
  };
  await requireWritableFolder(out);
  const bar = createPhaseBar(quiet);
  try {
    const { rows, manifest } = await runVoltages(job, jobs, bar);
    const csv = await resultsCsv(rows, { withNetwork: true });
    const manifestText = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeWhole(join(out, 'results.csv'), csv);
    for (const form of also)
      await writeWhole(join(out, `results.${form}`), await writeRows(form, RESULT_COLUMNS, rows));
    await writeWhole(join(out, 'manifest.json'), manifestText);
    await writeWhole(join(out, 'report.html'), reportPage(await pageOfRun(rows, csv, manifestText)));
    bar.done();
    if (json) process.stdout.write(`${JSON.stringify({ manifest, rows })}\n`);
    else {
      process.stdout.write(`${runTable(rows)}\n${runSummary(rows, job.bound).join('\n')}\n`);
      if (!quiet)
        process.stderr.write(
          `${out}: report.html to look at, results.csv with every chip, manifest.json to repeat the run\n`,
        );
    }
  } finally {
    bar.done();
  }
}

/** Shipped networks are named by size and dataset; a folder of the user's own has none. */
function shippedNetwork(network: string, dataset: string): string {
  if (/^[\w-]+$/.test(dataset)) return `${network}-${dataset}`;
  throw new InputError(`no network is shipped for the dataset ${dataset}`, {
    remedy: 'give --weights with a network trained on it (sparkxd train --dataset DIR --out FILE)',
  });
}
