import { markdownTable } from '../report/markdown-table.ts';
import { percent } from '../report/percent.ts';
import { PUBLISHED } from '../report/published.ts';
import { yieldOf } from '../report/yield.ts';
import type { RunRow } from '../results/tables.ts';
import { pairedBy } from './paired.ts';
import {
  change,
  groupBy,
  isWithin,
  meanOf,
  overSample,
  percentText,
  saving,
  spread,
  wayText,
} from './reproduction-statistics.ts';
import type { ReproducedCurve, ReproducedPoint, ReproducedStudy } from './reproduction-study.ts';

/** Each mechanism alone and together, one table a network. */
export function ablationTables(ablations: readonly ReproducedStudy[]): string {
  return [...groupBy(ablations, ({ network }) => network)]
    .map(([network, studies]) => `### ${network}\n\n${ablationTable(studies)}`)
    .join('\n\n');
}

function ablationTable(ablations: readonly ReproducedStudy[]): string {
  const configurations = groupBy(ablations, ({ configuration }) => configuration);
  const rows = [...configurations.values()].map((studies) => {
    const { title, refused, control } = studies[0]!;
    if (refused !== undefined) return [title, `refused: ${refused.split('\n')[0]}`, '', '', '', '', ''];
    const all = studies.flatMap((study) => study.rows.map(isWithin));
    const other = control === undefined ? undefined : configurations.get(control);
    return [
      title,
      percent(
        meanOf(studies, (row) => row.ber_observed),
        4,
      ),
      percentText(overSample('share', studies, (row) => row.accuracy)),
      percentText(overSample('difference', studies, change)),
      other
        ? `${percentText(spread('difference', pairedBy(studies, other)))} against: ${other[0]!.title}`
        : '',
      `${all.filter(Boolean).length} of ${all.length}`,
      percent(meanOf(studies, saving)),
    ];
  });
  return markdownTable(
    [
      'mechanism',
      'bits flipped, %',
      'accuracy, %',
      'against clean, points',
      'paired difference, points',
      'chips within 1 point',
      'saving per inference, %',
    ],
    rows,
  );
}

/**
 * Of each supply, how many measured modules hold the weights within the bound. A module that saturated there fails; one that was
 * not tested so low is not known.
 */
export function moduleTable(modules: readonly ReproducedStudy[]): string {
  const rows = modules.flatMap((study) => {
    if (study.refused !== undefined)
      return [[study.network, study.title, '', `refused: ${study.refused.split('\n')[0]}`, '', '', '', '']];
    const supplies = [...new Set(study.rows.map(({ supply_V }) => supply_V))];
    return supplies.map((supply) => {
      const at = study.rows.filter((row) => row.supply_V === supply);
      const { modules, saturated, untested, notDrawn } = yieldOf(at, isWithin);
      const { held, of, interval } = modules!;
      const mean = (of: (row: RunRow) => number): number => meanOf([{ ...study, rows: at }], of);
      return [
        study.network,
        study.title,
        supply.toFixed(3),
        `${held} of ${of}`,
        `${percent(interval.low, 0)} to ${percent(interval.high, 0)}`,
        String(saturated),
        `${untested}${notDrawn > 0 ? `, and ${notDrawn} taken by no chip` : ''}`,
        `${percent(mean((row) => row.inference_energy_saving_vs_nominal))}`,
      ];
    });
  });
  return markdownTable(
    [
      'network',
      'weights and modules',
      'supply, V',
      'modules within 1 point',
      '95 % interval over modules, %',
      'of these saturated there (fail)',
      'modules not tested there (not known)',
      'saving per inference, %',
    ],
    rows,
  );
}

/** Fault-aware training beside its control, network by network, with the paired gain over trainings. */
export function trainingTable(trainings: readonly ReproducedStudy[]): string {
  const rows = [...groupBy(trainings, ({ network }) => network)].map(([network, studies]) => {
    const of = (awareness: string): ReproducedStudy[] =>
      studies.filter((study) => study.awareness === awareness);
    const [control, aware] = [of('control'), of('aware')];
    return [
      network,
      ...[control, aware].flatMap((some) => [
        percentText(overSample('share', some, (row) => row.baseline_accuracy)),
        percentText(overSample('share', some, (row) => row.accuracy)),
      ]),
      percentText(spread('difference', pairedBy(aware, control))),
    ];
  });
  return markdownTable(
    [
      'network',
      'control without errors, %',
      'control at 1.025 V, %',
      'gone on under errors, without errors, %',
      'gone on under errors, at 1.025 V, %',
      'gain at 1.025 V, points',
    ],
    rows,
  );
}

/** Accuracy at each uniform bit error rate, beside EnforceSNN's claim. */
export function curveTable(curves: readonly ReproducedCurve[]): string {
  const rates = curves[0]?.points.map(({ ber }) => ber) ?? [];
  const table = markdownTable(
    ['weights, repair', ...rates.map((ber) => `${ber.toExponential(0)} flipped`)],
    curves.map(({ format, repair, points }) => [wayText(format, repair), ...points.map(pointText)]),
  );
  const { value, status } = PUBLISHED.enforceLossless;
  return `Accuracy in %, every bit of N400's weights on MNIST alike flipped at a rate; mean of ${curves[0]?.points[0]?.masks} masks (95 % interval for other masks and images), the shipped training, clean ${percent(curves[0]?.clean ?? 0)}. EnforceSNN (${status}): no loss up to ${value.toExponential(0)}.\n\n${table}`;
}

/** "93.37 (92.87 to 93.84)": percent. */
const pointText = ({ accuracy, interval }: ReproducedPoint): string =>
  percentText({ mean: accuracy, ...(interval ? { interval } : {}) });

/** Each network at one rate: accuracy without errors, with them, and the difference. */
export const atMeanTable = (atMean: readonly ReproducedCurve[]): string =>
  markdownTable(
    ['network', 'weights, repair', 'bits flipped, %', 'clean, %', 'accuracy, %', 'difference, points'],
    atMean.map(({ network, format, repair, clean, points: [point] }) => [
      network,
      wayText(format, repair),
      percent(point!.observed, 4),
      percent(clean),
      pointText(point!),
      percent(point!.accuracy - clean),
    ]),
  );
