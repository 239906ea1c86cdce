import { mean } from '../stats/moments.ts';
import { type Chart, SCHEMA, WIDTH } from './chart-parts.ts';
import { PUBLISHED_SAVINGS } from './published-savings.ts';
import { type CleanAccuracies, groupBy, numberOf, rowsAt, spreadOf } from './reproduction-statistics.ts';
import type { ReproducedStudy } from './reproduction-study.ts';

/** The pictures of a reproduction; `studies` need not have every role. */
export function reproductionCharts(studies: readonly ReproducedStudy[], clean: CleanAccuracies): Chart[] {
  const withRole = (role: ReproducedStudy['role']) => studies.filter((study) => study.role === role);
  return [
    energyChart(withRole('grid')),
    savingsChart(withRole('beyond')),
    mechanismChart(studies.filter(({ network }) => network === ABLATED)),
    accuracyChart(withRole('grid'), clean),
  ];
}

/** Saving of energy per access against supply: ours in both mappings, and the published points. */
function energyChart(grid: readonly ReproducedStudy[]): Chart {
  const description =
    "Saving of DRAM energy per access against the accurate DRAM at 1.35 V, by supply: ours in the baseline mapping and in SparkXD's, means over networks, trainings and chips, and SparkXD's published savings, which are recalled.";
  const values = PUBLISHED_SAVINGS.flatMap(({ supply, perAccess }) => [
    { supply, saving: perAccess, whose: 'SparkXD (recalled)' },
    ...['baseline', 'sparkxd'].map((mapping) => ({
      supply,
      saving: mean(
        grid.flatMap((study) =>
          rowsAt(study, supply, mapping).map((row) => numberOf(row, 'energy_saving_vs_nominal')),
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

/** Savings per inference of each network and configuration, with their intervals. */
function savingsChart(beyond: readonly ReproducedStudy[]): Chart {
  const description =
    'Saving of DRAM energy per inference at 1.025 V of each network, by means; the rules are the bars of 45 and 87 %.';
  const values = [
    ...groupBy(beyond, ({ network, configuration }) => `${network} ${configuration}`).values(),
  ].map((studies) => ({
    network: studies[0]!.network,
    means: studies[0]!.configuration,
    saving: spreadOf(studies, (row) => numberOf(row, 'inference_energy_saving_vs_nominal')).mean,
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
            title: 'means',
            scale: { scheme: 'tableau10' },
          },
        },
      },
      {
        data: { values: [{ bar: 0.45 }, { bar: 0.87 }] },
        mark: { type: 'rule', strokeDash: [4, 4] },
        encoding: { y: { field: 'bar', type: 'quantitative' } },
      },
    ],
  });
}

/** The network of the ablations. */
const ABLATED = 'n400-mnist';

/** The mechanisms of the waterfall, each with those before it; the first is the accurate DRAM, saving 0. */
const STEPS: readonly { readonly configuration: string; readonly title: string }[] = [
  { configuration: 'voltage-only', title: '1.025 V' },
  { configuration: 'mapping-median', title: "SparkXD's mapping" },
  { configuration: 'prune', title: 'silent inputs left out' },
  { configuration: 'int8-prune', title: 'INT8' },
  { configuration: 'int4-prune', title: 'INT4' },
];

/** Energy of an inference as mechanism after mechanism is added, with the accuracy that is left. */
function mechanismChart(ofOne: readonly ReproducedStudy[]): Chart {
  const description =
    'DRAM energy of an inference of N400 on MNIST, as a share of FP32 weights in the baseline mapping at 1.35 V, as mechanisms are added one after the other; the figure above a bar is the accuracy left (the first step is without repair, the later ones with repair median).';
  const values: Record<string, unknown>[] = [
    { step: '1.35 V', low: 0, high: 1, kind: 'all', label: '100 %' },
  ];
  let before = 1;
  for (const { configuration, title } of STEPS) {
    const studies = ofOne.filter((study) => study.configuration === configuration);
    if (studies.length === 0) continue;
    const energy = 1 - spreadOf(studies, (row) => numberOf(row, 'inference_energy_saving_vs_nominal')).mean;
    const accuracy = spreadOf(studies, (row) => numberOf(row, 'accuracy')).mean;
    values.push({
      ...{ step: title, low: energy, high: before, kind: 'saved' },
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

/** Loss of accuracy against the bit error rate of the chip, every chip of the grid. */
function accuracyChart(grid: readonly ReproducedStudy[], clean: CleanAccuracies): Chart {
  const description =
    "Accuracy against clean of every network, training, chip and supply of the grid (FP32, repair clamp), by the share of the weights' bits that were read wrong; the rule is the bound of one point.";
  const values = grid.flatMap((study) =>
    study.rows
      .filter(({ flipped_bits }) => (flipped_bits as number) > 0)
      .map((row) => ({
        ber: (row.flipped_bits as number) / bitsOf(study),
        change: numberOf(row, 'accuracy') - clean(study),
        mapping: row.mapping,
        dataset: row.dataset,
      })),
  );
  return chart('accuracy-by-ber', 'Accuracy against bit errors', description, {
    data: { values },
    height: 280,
    layer: [
      {
        mark: { type: 'point', size: 18, opacity: 0.6 },
        encoding: {
          x: {
            field: 'ber',
            type: 'quantitative',
            title: 'bits read wrong, share of the weights',
            scale: { type: 'log', padding: 8 },
            axis: { format: '.0e', tickCount: 6 },
          },
          y: {
            field: 'change',
            type: 'quantitative',
            title: 'accuracy against clean',
            axis: { format: '.0%' },
          },
          color: { field: 'mapping', type: 'nominal', title: 'mapping' },
          shape: { field: 'dataset', type: 'nominal', title: 'dataset' },
        },
      },
      {
        data: { values: [{ bound: -0.01 }] },
        mark: { type: 'rule', strokeDash: [4, 4] },
        encoding: { y: { field: 'bound', type: 'quantitative' } },
      },
    ],
  });
}

/** Bits of a network's FP32 weights, 784 inputs. */
const bitsOf = ({ network }: ReproducedStudy): number => 784 * Number(/^n(\d+)-/.exec(network)![1]) * 32;

const chart = (id: string, title: string, description: string, spec: object): Chart => ({
  ...{ id, title, description },
  spec: { $schema: SCHEMA, description, width: WIDTH, ...spec },
});
