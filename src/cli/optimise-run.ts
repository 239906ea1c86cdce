import { join } from 'node:path';
import type { Command } from 'commander';
import type { EnergyModel } from '../energy/energy-of.ts';
import { pinsInWords } from '../energy/io.ts';
import { InputError } from '../errors/input-error.ts';
import { type OperatingPoint, type OptimiseOutcome, runOptimise } from '../experiments/optimise.ts';
import { claimFolder } from '../files/claim-folder.ts';
import { writeWhole } from '../files/write-file.ts';
import { chartSvg } from '../report/chart-svg.ts';
import { operatingPointChart } from '../report/operating-points.ts';
import { runReport } from '../report/run-report.ts';
import { percent } from '../report/run-summary.ts';
import { OPERATING_POINT_TABLE, type OperatingPointRow } from '../results/columns.ts';
import { tableCsv } from '../results/write-rows.ts';
import type { OptimiseJob } from '../settings/jobs/optimise.ts';
import { flagOf } from '../settings/setting.ts';
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
  const job = jobOf(options);
  await claimFolder(out);
  const bar = createPhaseBar(quiet, nothingKept);
  try {
    const { manifest, ...outcome } = await runOptimise(job, threads, bar);
    const rows = [
      baselineRow(outcome, job.energyModel),
      ...outcome.front.map((point) => rowOf(point, job.energyModel, outcome.dataPins)),
    ];
    const csv = await tableCsv(OPERATING_POINT_TABLE, rows);
    const picture = await chartSvg(operatingPointChart(rows, outcome.required).spec);
    const json = JSON.stringify({ configuration: job, ...outcome });
    await writeWhole(join(out, 'operating-points.csv'), csv);
    await writeWhole(join(out, 'operating-points.json'), `${json}\n`);
    await writeWhole(join(out, 'operating-points.svg'), picture);
    await writeWhole(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await runReport({ folder: out });
    bar.done();
    print(output.json ? `${json}\n` : forPeople(outcome, job.bound));
    requireReached(outcome, job.bound);
  } finally {
    bar.done();
  }
}

/** The search that the options of `run` stand for: where they name no list, it goes over the one of the run. */
function jobOf(options: RunOptions): OptimiseJob {
  const { network, weights, networks, formats, repairs, timings, rewardWeight, ...run } = options;
  const { optimise: _optimise, format, repair, prior, timing, dataEnergy: _dataEnergy, ...rest } = run;
  const { subarrays: _subarrays, ...shared } = rest;
  const named = (networks ?? [network]).map((name) =>
    /^n\d+$/.test(name) ? shippedNetwork(name, options.dataset) : name,
  );
  return {
    ...shared,
    networks: weights === undefined ? named : [weights, ...(networks ? named : [])],
    formats: formats ?? [format],
    repairs: repairs ?? [searchedRepair(repair, prior)],
    timings: timings ?? [timing],
    ...(rewardWeight === undefined ? {} : { rewardWeight }),
  };
}

/** The repair of a run, as one that a search can go over. Throws InputError for one that needs a prior, which may be a network searched over. */
function searchedRepair(repair: LoadRepair, prior: string | undefined): RunRepair {
  if (isRunRepair(repair) && prior === undefined) return repair;
  throw new InputError('a search has no prior for the repair "context"', {
    remedy: 'name other repairs with --repairs; then run the answer with --repair context --prior',
  });
}

const baselineRow = ({ baseline, dataPins }: Found, energy_model: EnergyModel): OperatingPointRow => ({
  point: 'baseline',
  network: baseline.network,
  weight_format: 'fp32',
  repair: 'none',
  supply_V: baseline.supply_V,
  energy_model,
  data_pins: dataPins,
  mapping: 'baseline',
  timing: 'nominal',
  dram_energy_per_inference_nJ: baseline.energy_nJ,
  latency_per_inference_ns: baseline.latency_ns,
  inference_energy_saving_vs_nominal: 0,
  ber_chip: 0,
  ber_placed: 0,
  ber_observed: 0,
  accuracy: baseline.accuracy,
  accuracy_worst_chip: baseline.accuracy,
});

const rowOf = (point: OperatingPoint, energy_model: EnergyModel, data_pins: string): OperatingPointRow => ({
  point: 'front',
  network: point.network,
  weight_format: point.format,
  repair: point.repair,
  supply_V: point.supply,
  energy_model,
  data_pins,
  mapping: point.mapping,
  timing: point.timing,
  dram_energy_per_inference_nJ: point.energy_nJ,
  latency_per_inference_ns: point.latency_ns,
  inference_energy_saving_vs_nominal: point.saving,
  ber_chip: point.berChip,
  ber_placed: point.berPlaced,
  ber_observed: point.berObserved,
  accuracy: point.accuracy,
  accuracy_worst_chip: point.accuracyWorst,
  meets_bound: point.meetsBound,
  knee: point.knee,
  optimum: point.optimum,
  reward: point.reward,
});

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
      ]
    : [];
  const { choices, refused, presentations, presentationsUnpruned } = outcome;
  return [
    table,
    `baseline: ${baseline.network} fp32 at ${baseline.supply_V} V, ${(baseline.energy_nJ / NJ_PER_UJ).toFixed(2)} uJ per inference, ${percent(baseline.accuracy)} %`,
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
