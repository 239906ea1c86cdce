import { join } from 'node:path';
import type { Command } from 'commander';
import { pinsInWords } from '../energy/io.ts';
import { InputError } from '../errors/input-error.ts';
import { operatingPointRows } from '../experiments/operating-point-rows.ts';
import { type OperatingPoint, type OptimiseOutcome, runOptimise } from '../experiments/optimise.ts';
import type { EccScheme } from '../faults/ecc.ts';
import { claimFolder } from '../files/claim-folder.ts';
import { writeWhole } from '../files/write-file.ts';
import { chartSvg } from '../report/chart-svg.ts';
import { operatingPointChart } from '../report/operating-points.ts';
import { percent } from '../report/percent.ts';
import { runReport } from '../report/run-report.ts';
import { testedInWords } from '../report/search-summary.ts';
import { OPERATING_POINT_TABLE } from '../results/tables.ts';
import { tableCsv } from '../results/write-rows.ts';
import { type OptimiseJob, SEARCHED_FORMATS } from '../settings/jobs/optimise.ts';
import { flagOf } from '../settings/setting.ts';
import { type WeightFormat, weightBits } from '../snn/weight-format.ts';
import { isRunRepair, type LoadRepair, type RunRepair } from '../sparkxd/repair-on-load.ts';
import { NJ_PER_UJ } from '../units/scale.ts';
import { givenSettings } from './command-settings.ts';
import { EXIT } from './failure.ts';
import { createPhaseBar, nothingKept } from './progress.ts';
import { rateInWords } from './rate-in-words.ts';
import { RUN_OPTIONS, RUN_OUTPUT, type RunOptions, type RunOutput, shippedNetwork } from './run-options.ts';
import { formatTable } from './table.ts';
import { OPERATING_POINTS } from './table-columns.ts';
import { print } from './terminal.ts';

type Found = Omit<OptimiseOutcome, 'manifest'>;

/** Settings of a run that a search does not read: given with --optimise they are a mistake. */
const UNREAD = {
  dataEnergy: RUN_OPTIONS.dataEnergy,
  subarrays: RUN_OPTIONS.subarrays,
  range: RUN_OPTIONS.range,
  also: RUN_OUTPUT.also,
};

/** `sparkxd run --optimise`: searches, writes operating-points.csv, .json and .svg, manifest.json and report.html, prints the front. */
export async function runSearch(options: RunOptions, output: RunOutput, command: Command): Promise<void> {
  const [unread] = givenSettings(command, UNREAD);
  if (unread !== undefined) {
    const flag = flagOf(unread, UNREAD[unread as keyof typeof UNREAD]);
    command.error(`--optimise does not search with option '${flag}'`, { exitCode: EXIT.usage });
  }
  const { out, threads, quiet } = output;
  const formats =
    givenSettings(command, { format: RUN_OPTIONS.format }).length > 0 ? [options.format] : undefined;
  const job = jobOf(options, formats);
  await claimFolder(out);
  const bar = createPhaseBar(quiet, nothingKept);
  try {
    const { manifest, ...outcome } = await runOptimise(job, threads, bar);
    const rows = operatingPointRows(outcome, job);
    const csv = await tableCsv(OPERATING_POINT_TABLE, rows);
    const picture = await chartSvg(operatingPointChart(rows, outcome.required).spec);
    const found = { configuration: job, ...outcome };
    await writeWhole(join(out, 'operating-points.csv'), csv);
    await writeWhole(join(out, 'operating-points.json'), `${JSON.stringify(found)}\n`);
    await writeWhole(join(out, 'operating-points.svg'), picture);
    await writeWhole(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await runReport({ folder: out });
    bar.done();
    print(
      output.json
        ? `${JSON.stringify({ ...found, remarks: bar.remarks() })}\n`
        : forPeople(outcome, job.bound),
    );
    requireReached(outcome, job.bound);
  } finally {
    bar.done();
  }
}

/**
 * The search that the options of `run` stand for: where they name no list, it goes over the one of the run; over the formats of a
 * search where no format is named either.
 */
function jobOf(options: RunOptions, namedFormats: readonly WeightFormat[] | undefined): OptimiseJob {
  const { network, weights, networks, formats, repairs, timings, rewardWeight, ...run } = options;
  const {
    optimise: _optimise,
    format: _format,
    repair,
    prior,
    timing,
    dataEnergy: _dataEnergy,
    ...rest
  } = run;
  const { subarrays: _subarrays, ...shared } = rest;
  const named = (networks ?? [network]).map((name) =>
    /^n\d+$/.test(name) ? shippedNetwork(name, options.dataset) : name,
  );
  return {
    ...shared,
    networks: weights === undefined ? named : [weights, ...(networks ? named : [])],
    formats: formats ?? [...(namedFormats ?? searchedFormats(options.ecc))],
    repairs: repairs ?? [searchedRepair(repair, prior)],
    timings: timings ?? [timing],
    ...(rewardWeight === undefined ? {} : { rewardWeight }),
  };
}

/** The formats of a search that names none, which the check bits can protect. */
const searchedFormats = (ecc: EccScheme): readonly WeightFormat[] =>
  SEARCHED_FORMATS.filter((format) => ecc !== 'parity' || weightBits(format) >= 8);

/** The repair of a run, as one that a search can go over. Throws InputError for one that needs a prior, which may be a network searched over. */
function searchedRepair(repair: LoadRepair, prior: string | undefined): RunRepair {
  if (isRunRepair(repair) && prior === undefined) return repair;
  throw new InputError('a search has no prior for the repair "context"', {
    remedy: 'name other repairs with --repairs; then run the answer with --repair context --prior',
  });
}

function forPeople(outcome: Found, bound: number): string {
  const { front, baseline } = outcome;
  const table = formatTable(
    OPERATING_POINTS,
    front.map((point) => [
      ...[point.network, point.format, point.repair, point.mapping, point.timing, String(point.supply)],
      (point.energy_nJ / NJ_PER_UJ).toFixed(2),
      percent(point.saving),
      (point.latency_ns / 1000).toFixed(1),
      rateInWords(point.berObserved),
      rateInWords(point.berChip),
      percent(point.accuracyWorst),
      [point.optimum ? 'optimum' : '', point.knee ? 'knee' : ''].filter(Boolean).join(', '),
    ]),
  );
  const chosen = front.find(({ optimum }) => optimum);
  const answer = chosen
    ? [
        `least energy within ${percent(bound)} points on every chip: ${name(chosen)}, which saves ${percent(chosen.saving)} % per inference (${pinsInWords(outcome.dataPins)})`,
        ...(outcome.tested ? [testedInWords(outcome.tested)] : []),
      ]
    : [];
  const { choices, refused, presentations, presentationsUnpruned } = outcome;
  return [
    table,
    `baseline: ${baseline.network} fp32 at ${baseline.supply_V} V, ${(baseline.energy_nJ / NJ_PER_UJ).toFixed(2)} uJ per inference, ${percent(baseline.accuracy)} % of the validation images`,
    ...answer,
    `savings are of an inference against the baseline: ${pinsInWords(outcome.dataPins)}`,
    `${choices} choices costed, ${refused.length} do not fit; ${presentations.toLocaleString('en')} images shown of ${presentationsUnpruned.toLocaleString('en')}`,
    '',
  ].join('\n');
}

/** Throws InputError with the best that can be reached when no choice meets the bound. */
function requireReached({ front, required }: Found, bound: number): void {
  if (front.some(({ optimum }) => optimum)) return;
  const best = front.reduce<OperatingPoint | undefined>(
    (a, b) => (a && a.accuracyWorst >= b.accuracyWorst ? a : b),
    undefined,
  );
  throw new InputError(
    `no choice keeps every chip within ${percent(bound)} points (at least ${percent(required)} %)`,
    {
      remedy: best
        ? `the best reachable is ${percent(best.accuracyWorst)} %: ${name(best)}; widen --bound or the lists`
        : 'the weights fit nowhere: choose another mapping, a larger --ber-limit or a smaller network',
    },
  );
}

const name = ({ network, format, repair, mapping, timing, supply }: OperatingPoint): string =>
  `${network} ${format}, ${repair}, ${mapping}, ${timing} timing at ${supply} V`;
