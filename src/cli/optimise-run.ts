import { join } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../errors/input-error.ts';
import {
  type OperatingPoint,
  type OptimiseJob,
  type OptimiseOutcome,
  runOptimise,
} from '../experiments/run-optimise.ts';
import { requireWritableFolder, writeWhole } from '../files/write-file.ts';
import { chartSvg } from '../report/chart-svg.ts';
import {
  OPERATING_POINT_COLUMNS,
  type OperatingPointRow,
  operatingPointChart,
} from '../report/operating-points.ts';
import { runReport } from '../report/run-report.ts';
import { percent } from '../report/run-summary.ts';
import { toCsv } from '../results/csv.ts';
import { isRunRepair, type RunRepair } from '../sparkxd/repair-on-load.ts';
import { CONTROLLER_FLAGS } from './controller-options.ts';
import { createPhaseBar } from './progress.ts';
import type { RunOptions } from './run-options.ts';
import { formatTable } from './table.ts';

type Found = Omit<OptimiseOutcome, 'manifest'>;

/** Options of `run` that a search does not read: given with --optimise they are a mistake. */
const UNREAD = ['ecc', 'dataEnergy', 'errorModel', 'weakCells', 'also', ...CONTROLLER_FLAGS];

/** `sparkxd run --optimise`: searches, writes operating-points.csv, .json and .svg, manifest.json and report.html, prints the front. */
export async function runSearch(
  options: RunOptions,
  command: Command,
  shipped: (network: string, dataset: string) => string,
): Promise<void> {
  const unread = UNREAD.find((name) => command.getOptionValueSource(name) === 'cli');
  if (unread !== undefined) {
    const flag = command.options.find((option) => option.attributeName() === unread)!.long;
    command.error(`error: --optimise does not search with option '${flag}'`, { exitCode: 2 });
  }
  const { dataset, device, profile, accelerator, chips, inferences, workload, berLimit, bound, seed } =
    options;
  const { images, pruneInputs, rewardWeight, occupied = 0, out, jobs, quiet } = options;
  const named = (options.networks ?? [options.network]).map((name) =>
    /^n\d+$/.test(name) ? shipped(name, dataset) : name,
  );
  await requireWritableFolder(out);
  const bar = createPhaseBar(quiet);
  try {
    const job: OptimiseJob = {
      ...{ dataset, device, profile, accelerator, chips, inferences, workload, berLimit, bound, seed },
      occupied,
      networks: options.weights === undefined ? named : [options.weights, ...(options.networks ? named : [])],
      formats: options.formats ?? [options.format],
      repairs: repairsOf(options),
      timings: options.timings ?? [options.timing],
      supplies: options.supply,
      mappings: options.mapping,
      ...(images === undefined ? {} : { images }),
      ...(pruneInputs === undefined ? {} : { pruneInputs }),
      ...(rewardWeight === undefined ? {} : { rewardWeight }),
    };
    const { manifest, ...outcome } = await runOptimise(job, jobs, bar);
    const rows = [baselineRow(outcome), ...outcome.front.map(rowOf)];
    const table = rows.map((row) => OPERATING_POINT_COLUMNS.map((name) => row[name]));
    const csv = await toCsv(OPERATING_POINT_COLUMNS, table);
    const picture = await chartSvg(operatingPointChart(rows, outcome.required).spec);
    const json = JSON.stringify({ configuration: job, ...outcome });
    await writeWhole(join(out, 'operating-points.csv'), csv);
    await writeWhole(join(out, 'operating-points.json'), `${json}\n`);
    await writeWhole(join(out, 'operating-points.svg'), picture);
    await writeWhole(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await runReport({ folder: out });
    bar.done();
    process.stdout.write(options.json ? `${json}\n` : forPeople(outcome, bound));
    requireReached(outcome, bound);
  } finally {
    bar.done();
  }
}

const baselineRow = ({ baseline }: Found): OperatingPointRow => ({
  point: 'baseline',
  network: baseline.network,
  weight_format: 'fp32',
  repair: 'none',
  supply_V: baseline.supply_V,
  mapping: 'baseline',
  timing: 'nominal',
  dram_energy_per_inference_nJ: baseline.energy_nJ,
  latency_per_inference_ns: baseline.latency_ns,
  inference_energy_saving_vs_nominal: 0,
  accuracy: baseline.accuracy,
  accuracy_worst_chip: baseline.accuracy,
});

const rowOf = (point: OperatingPoint): OperatingPointRow => ({
  point: 'front',
  network: point.network,
  weight_format: point.format,
  repair: point.repair,
  supply_V: point.supply,
  mapping: point.mapping,
  timing: point.timing,
  dram_energy_per_inference_nJ: point.energy_nJ,
  latency_per_inference_ns: point.latency_ns,
  inference_energy_saving_vs_nominal: point.saving,
  accuracy: point.accuracy,
  accuracy_worst_chip: point.accuracyWorst,
  meets_bound: point.meetsBound,
  knee: point.knee,
  optimum: point.optimum,
  reward: point.reward,
});

function forPeople(outcome: Found, bound: number): string {
  const { front, baseline } = outcome;
  const columns = [
    ...['network', 'format', 'repair', 'mapping', 'timing'].map((heading) => ({
      heading,
      align: 'left' as const,
    })),
    { heading: 'supply', unit: 'V' },
    { heading: 'energy', unit: 'uJ/inf.' },
    { heading: 'saving', unit: '%' },
    { heading: 'latency', unit: 'us/inf.' },
    { heading: 'accuracy', unit: '%, worst chip' },
    { heading: '', align: 'left' as const },
  ];
  const table = formatTable(
    columns,
    front.map((point) => [
      ...[point.network, point.format, point.repair, point.mapping, point.timing, String(point.supply)],
      (point.energy_nJ / 1000).toFixed(2),
      percent(point.saving),
      (point.latency_ns / 1000).toFixed(1),
      percent(point.accuracyWorst),
      [point.optimum ? 'optimum' : '', point.knee ? 'knee' : ''].filter(Boolean).join(', '),
    ]),
  );
  const chosen = front.find(({ optimum }) => optimum);
  const answer = chosen
    ? [
        `least energy within ${percent(bound)} points on every chip: ${name(chosen)}, which saves ${percent(chosen.saving)} % per inference`,
      ]
    : [];
  const { choices, refused, presentations, presentationsUnpruned } = outcome;
  return [
    table,
    `baseline: ${baseline.network} fp32 at ${baseline.supply_V} V, ${(baseline.energy_nJ / 1000).toFixed(2)} uJ per inference, ${percent(baseline.accuracy)} %`,
    ...answer,
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

/** The repairs that a search goes over. Throws InputError for one that needs a prior, which may be a network searched over. */
function repairsOf({ repair, repairs, prior }: RunOptions): readonly RunRepair[] {
  if (repairs) return repairs;
  if (isRunRepair(repair) && prior === undefined) return [repair];
  throw new InputError('a search has no prior for the repair "context"', {
    remedy: 'name other repairs with --repairs; then run the answer with --repair context --prior',
  });
}

const name = ({ network, format, repair, mapping, timing, supply }: OperatingPoint): string =>
  `${network} ${format}, ${repair}, ${mapping}, ${timing} timing at ${supply} V`;
