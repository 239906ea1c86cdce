import { type Chart, SCHEMA, WIDTH } from '../report/chart-parts.ts';
import { FROM_MEMORY, PUBLISHED_SAVINGS } from '../results/published-savings.ts';
import { mean } from '../stats/moments.ts';
import { CURVED } from './reproduction-plan.ts';
import {
  BOUND,
  change,
  groupBy,
  keepsBound,
  meanOf,
  saving,
  studyAt,
  wayText,
} from './reproduction-statistics.ts';
import type { ReproducedCurve, ReproducedStudy } from './reproduction-study.ts';

/** The pictures of a reproduction; `studies` need not have every role. */
export function reproductionCharts(
  studies: readonly ReproducedStudy[],
  curves: readonly ReproducedCurve[],
): Chart[] {
  const withRole = (role: ReproducedStudy['role']) => studies.filter((study) => study.role === role);
  return [
    energyChart(withRole('paper')),
    savingsChart(withRole('ours')),
    mechanismChart(studies.filter(({ network, trainingSeed }) => network === CURVED && trainingSeed === 1)),
    curveChart(curves),
  ];
}

/** Saving of energy per access against supply: ours in both mappings, and the published points. */
function energyChart(grid: readonly ReproducedStudy[]): Chart {
  const description = `Saving of DRAM energy per access against the accurate DRAM at 1.35 V, by supply: ours in the baseline mapping and in SparkXD's, means over networks, trainings and chips, and SparkXD's published savings († ${FROM_MEMORY}).`;
  const values = PUBLISHED_SAVINGS.flatMap(({ supply, perAccess }) => [
    { supply, saving: perAccess, whose: 'SparkXD †' },
    ...['baseline', 'sparkxd'].map((mapping) => ({
      supply,
      saving: mean(
        grid.flatMap((study) =>
          studyAt(study, supply, mapping).rows.map((row) => row.energy_saving_vs_nominal),
        ),
      ),
      whose: `ours, ${mapping}`,
    })),
  ]);
  return chart('energy-by-supply', 'Energy per access by supply', description, {
    data: { values },
    height: 260,
    mark: { type: 'line', point: true },
    encoding: {
      x: {
        field: 'supply',
        type: 'quantitative',
        title: 'supply voltage (V)',
        scale: { zero: false, reverse: true, padding: 12 },
        axis: { values: PUBLISHED_SAVINGS.map(({ supply }) => supply), format: '.3f' },
      },
      y: {
        field: 'saving',
        type: 'quantitative',
        title: 'saving of energy per access',
        axis: { format: '.0%' },
      },
      color: { field: 'whose', type: 'nominal', title: null },
      strokeDash: { field: 'whose', type: 'nominal', title: null },
    },
  });
}

/** Titles that fit a legend. */
const SHORT: Readonly<Record<string, string>> = {
  fp32: 'FP32, zero',
  uint8: 'UINT8',
  'uint8-baseline': 'UINT8, baseline mapping',
  'fp32-points': 'FP32, measured points',
  'fp32-prune': 'FP32, quiet inputs left out',
  'uint8-prune': 'UINT8, quiet inputs left out',
  'fp32-median': 'FP32, median',
};

/** Savings per inference of each network and configuration, with their intervals. */
function savingsChart(ours: readonly ReproducedStudy[]): Chart {
  const description =
    'Saving of DRAM energy per inference at 1.025 V of each network, by means; pale where the mean over chips loses more than one point.';
  const values = [
    ...groupBy(ours, ({ network, configuration }) => `${network} ${configuration}`).values(),
  ].map((studies) => ({
    network: studies[0]!.network,
    means: SHORT[studies[0]!.configuration] ?? studies[0]!.title,
    saving: meanOf(studies, saving),
    within: keepsBound(meanOf(studies, change)),
  }));
  const networks = [...new Set(values.map(({ network }) => network))];
  const configurations = [...new Set(values.map(({ means }) => means))];
  return chart('savings', 'Savings per network', description, {
    data: { values },
    height: 260,
    layer: [
      {
        mark: 'bar',
        encoding: {
          x: { field: 'network', type: 'nominal', sort: networks, title: null, axis: { labelAngle: -35 } },
          xOffset: { field: 'means', sort: configurations },
          opacity: { condition: { test: 'datum.within', value: 1 }, value: 0.25 },
          y: {
            field: 'saving',
            type: 'quantitative',
            title: 'saving per inference',
            axis: { format: '.0%' },
            scale: { domain: [0, 1] },
          },
          color: {
            field: 'means',
            type: 'nominal',
            sort: configurations,
            title: null,
            legend: { orient: 'bottom', columns: 2, labelLimit: 0 },
            scale: { scheme: 'tableau10' },
          },
        },
      },
    ],
  });
}

/** The mechanisms of the waterfall, each with those before it; the first is the accurate DRAM, saving 0. */
const STEPS: readonly { readonly configuration: string; readonly title: string }[] = [
  { configuration: 'voltage-only', title: '1.025 V' },
  { configuration: 'fp32', title: 'mapping, repair zero' },
  { configuration: 'uint8', title: 'UINT8, no repair' },
  { configuration: 'uint8-prune', title: 'quiet inputs left out' },
];

/** Energy of an inference as mechanism after mechanism is added, with the accuracy that is left. */
function mechanismChart(ofOne: readonly ReproducedStudy[]): Chart {
  const description =
    'DRAM energy of an inference of N400 on MNIST, as a share of FP32 weights in the baseline mapping at 1.35 V, as mechanisms are added one after the other; the figure above a bar is the accuracy left (the first step is without repair).';
  const values: Record<string, unknown>[] = [
    { step: '1.35 V', low: 0, high: 1, kind: 'all', label: '100 %' },
  ];
  let before = 1;
  for (const { configuration, title } of STEPS) {
    const studies = ofOne.filter((study) => study.configuration === configuration);
    if (studies.length === 0) continue;
    const energy = 1 - meanOf(studies, saving);
    const accuracy = meanOf(studies, (row) => row.accuracy);
    values.push({
      step: title,
      low: energy,
      high: before,
      kind: 'saved',
      label: `${(energy * 100).toFixed(1)} %, accuracy ${(accuracy * 100).toFixed(1)} %`,
    });
    before = energy;
  }
  const y = { type: 'quantitative', title: 'energy of an inference', axis: { format: '.0%' } };
  const x = {
    field: 'step',
    type: 'nominal',
    sort: null,
    title: null,
    axis: { labelAngle: 0, labelLimit: 200, ticks: false },
  };
  return chart('mechanisms', 'What each mechanism saves', description, {
    data: { values },
    width: 150 * values.length,
    height: 260,
    layer: [
      {
        mark: { type: 'bar', width: 60 },
        encoding: {
          x,
          y: { ...y, field: 'low' },
          y2: { field: 'high' },
          color: {
            field: 'kind',
            type: 'nominal',
            legend: null,
            scale: { domain: ['all', 'saved'], range: ['#4c566a', '#2a9d6f'] },
          },
        },
      },
      {
        mark: { type: 'text', dy: -8 },
        encoding: { x, y: { ...y, field: 'high' }, text: { field: 'label' } },
      },
    ],
  });
}

/** Accuracy against uniform bit errors, by format and repair, with the interval over masks and images. */
function curveChart(curves: readonly ReproducedCurve[]): Chart {
  const description =
    'Accuracy of N400 on MNIST against the share of flipped bits in its weights, by format and repair, with 95 % intervals over masks of errors and images; the rule is one point below the accuracy without errors.';
  const values = curves.flatMap(({ format, repair, points }) =>
    points
      .filter(({ observed }) => observed > 0)
      .map(({ observed, accuracy, interval = { low: accuracy, high: accuracy } }) => ({
        observed,
        accuracy,
        low: interval.low,
        high: interval.high,
        curve: wayText(format, repair),
      })),
  );
  const x = {
    field: 'observed',
    type: 'quantitative',
    title: 'observed bit error rate of the weights',
    scale: { type: 'log', padding: 8 },
    axis: { format: '.0e', values: curves[0]?.points.map(({ ber }) => ber) ?? [] },
  };
  const y = { type: 'quantitative', title: 'accuracy', axis: { format: '.0%' } };
  const color = { field: 'curve', type: 'nominal', title: null };
  return chart('accuracy-by-ber', 'Accuracy against bit errors', description, {
    data: { values },
    height: 280,
    layer: [
      { mark: 'rule', encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color } },
      {
        mark: { type: 'line', point: true },
        encoding: { x, y: { ...y, field: 'accuracy' }, color },
      },
      {
        data: { values: [{ bound: (curves[0]?.clean ?? 0) - BOUND }] },
        mark: { type: 'rule', strokeDash: [4, 4] },
        encoding: { y: { field: 'bound', type: 'quantitative' } },
      },
    ],
  });
}

const chart = (id: string, title: string, description: string, spec: object): Chart => ({
  id,
  title,
  description,
  spec: { $schema: SCHEMA, description, width: WIDTH, ...spec },
});
