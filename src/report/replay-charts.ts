import { pinsOfRows } from '../results/pins-of-rows.ts';
import { ACCURACY, EXACT_FRACTION } from './accuracy-axis.ts';
import { boundRules, requiredAccuracy, rulesInWords } from './bound-rules.ts';
import { type Chart, type ChartSpec, FADE, SCHEMA, tooltip, WIDTH } from './chart-parts.ts';
import { withEnergy } from './energy-rows.ts';
import { logAxis, zerosInWords } from './log-axis.ts';
import { observedBerAxis } from './observed-ber.ts';
import type { Series } from './replay-axes.ts';
import {
  type Common,
  coloured,
  commonOf,
  DETAIL,
  faded,
  fadedLine,
  HEADINGS,
  pick,
  pointOf,
  SIDE_BY_SIDE,
  whose,
} from './replay-marks.ts';
import type { TraceRow } from './replay-rows.ts';
import { HOLLOW } from './series-look.ts';

/** The charts of what the reads gave back: accuracy, where there is one, and wrong reads, where any was wrong. */
export function replayCharts(rows: readonly TraceRow[], bound: number | undefined, series: Series): Chart[] {
  const common = commonOf(rows, series);
  const charts = [
    accuracyChart(rows, common, bound),
    berChart(rows, common, bound),
    wrongReadsChart(rows, common),
  ];
  return charts.filter((chart) => chart !== undefined);
}

/** Triangles for points that miss the bound; no legend where none does. */
const boundShape = (rows: readonly TraceRow[]) => ({
  field: 'bound',
  type: 'nominal',
  title: 'accuracy bound',
  scale: { domain: ['met', 'missed'], range: ['circle', 'triangle-down'] },
  ...(rows.every(({ accuracy, meets_bound }) => accuracy === undefined || meets_bound)
    ? { legend: null }
    : {}),
});

const byTrace = (common: Common) => (common.colour === 'series' ? coloured(common) : {});

const requiredOf = ({ baseline_accuracy }: TraceRow, bound: number | undefined) =>
  bound === undefined ? {} : { required_accuracy: requiredAccuracy(baseline_accuracy!, bound) };

const missesInWords = (rows: readonly TraceRow[], bound: number | undefined): string => {
  if (rows.every(({ meets_bound }) => meets_bound !== false)) return '';
  return bound === undefined
    ? '; a triangle misses the bound, whose value the file does not say'
    : '; a triangle misses the bound';
};

/** The interval of each accuracy, at its place on `x`. */
const intervals = (x: Readonly<Record<string, unknown>>, common: Common, mark = {}) => ({
  mark: { type: 'rule', ...mark },
  encoding: {
    x,
    y: { ...ACCURACY, field: 'accuracy_low' },
    y2: { field: 'accuracy_high' },
    ...coloured(common),
    ...fadedLine(common),
  },
});

interface PointLook {
  readonly rows: readonly TraceRow[];
  readonly says: Parameters<typeof tooltip>[0];
  readonly mark?: Readonly<Record<string, unknown>>;
}

/** A point for each accuracy, at its place on `x`, which says whether it meets the bound and answers picks. */
const accuracyPoints = (
  x: Readonly<Record<string, unknown>>,
  common: Common,
  { rows, says, mark = {} }: PointLook,
) => ({
  ...pick(common),
  mark: { ...HOLLOW, size: 60, ...mark },
  encoding: {
    x,
    y: { ...ACCURACY, field: 'accuracy' },
    shape: boundShape(rows),
    ...coloured(common),
    ...faded(common),
    tooltip: tooltip({ supply_V: ['supply (V)', '.3f'], ...whose(common), ...says }),
  },
});

/** Accuracy against supply over energy against supply, one axis of supply for both; undefined where no row has accuracy. */
function accuracyChart(
  rows: readonly TraceRow[],
  common: Common,
  bound: number | undefined,
): Chart | undefined {
  // An access of one device may be longer than that of another.
  const perBit = new Set(rows.map(({ device }) => device)).size > 1;
  const energyField = perBit ? 'energy_per_bit_pJ' : 'energy_per_access_pJ';
  const energyName = `DRAM energy per ${perBit ? 'bit' : 'access'}`;
  const energyTitle = `${energyName} (pJ)`;
  const values = rows
    .filter(({ accuracy }) => accuracy !== undefined)
    .map((row) => ({
      ...pointOf(row, common),
      accuracy: row.accuracy,
      accuracy_low: row.accuracy_low,
      accuracy_high: row.accuracy_high,
      baseline_accuracy: row.baseline_accuracy,
      ...requiredOf(row, bound),
      bound: row.meets_bound ? 'met' : 'missed',
      reads_wrong: row.reads_wrong,
      flipped_bits: row.flipped_bits,
      energy_per_access_pJ: row.energy_per_access_pJ,
      ...(perBit ? { energy_per_bit_pJ: row.energy_per_bit_pJ } : {}),
      dram_energy_total_nJ: row.dram_energy_total_nJ,
      energy_saving_vs_nominal: row.energy_saving_vs_nominal,
    }));
  if (values.length === 0) return undefined;
  const { colour } = common;
  const energies = withEnergy(rows).length > 0;
  const rules = boundRules(values, 'baseline_accuracy', 'required_accuracy');
  const beside = new Set(values.map(({ slot }) => slot)).size > 1;
  const things = common.severalChips ? 'chips' : 'traces';
  const ofEach = common.severalChips ? ' of each chip' : '';
  const notes = [
    ...(energies ? ['top'] : []),
    ...(beside ? [`${things} stand side by side at their supply`] : []),
  ];
  const below = [
    'bottom',
    ...(common.severalChips ? ['means over chips where these differ'] : []),
    pinsOfRows(rows),
  ];
  const description = `Accuracy${ofEach} with the 95 % interval over images${notes.length > 0 ? ` (${notes.join('; ')})` : ''}${energies ? ` and ${energyName} (${below.join('; ')})` : ''} against the supply voltage, which falls from left to right${rulesInWords(rules)}${missesInWords(rows, bound)}.`;
  const mean = (field: string, title: string, format: string) => ({
    aggregate: 'mean',
    field,
    title,
    format,
  });
  const energyPanel = {
    width: WIDTH,
    height: 160,
    mark: { type: 'line', point: { filled: false, size: 50, fill: 'transparent' } },
    encoding: {
      x: common.supply,
      y: {
        ...mean(energyField, energyTitle, ',.1f'),
        type: 'quantitative',
        scale: { zero: false, nice: false, padding: 8 },
      },
      ...byTrace(common),
      ...(colour === 'series' ? { opacity: FADE } : {}),
      tooltip: [
        ...tooltip({
          supply_V: ['supply (V)', '.3f'],
          ...(colour === 'series' ? { series: [common.series.label] as const } : {}),
        }),
        mean(energyField, energyTitle, ',.2f'),
        mean('dram_energy_total_nJ', 'total energy (nJ)', ',.0f'),
        mean('energy_saving_vs_nominal', 'saving per access (fraction)', EXACT_FRACTION),
      ],
    },
  };
  return {
    id: 'accuracy',
    title: energies ? 'Accuracy and energy against supply' : 'Accuracy against supply',
    description,
    headings: HEADINGS,
    spec: {
      $schema: SCHEMA,
      description,
      data: { values },
      resolve: { scale: { x: 'shared' } },
      vconcat: [
        {
          width: WIDTH,
          height: 200,
          layer: [
            ...rules,
            intervals(common.supply, common, SIDE_BY_SIDE),
            {
              mark: { type: 'line', strokeWidth: 1, ...SIDE_BY_SIDE },
              encoding: {
                x: common.supply,
                y: { ...ACCURACY, field: 'accuracy' },
                detail: DETAIL,
                ...coloured(common),
                ...fadedLine(common),
              },
            },
            accuracyPoints(common.supply, common, {
              rows,
              mark: SIDE_BY_SIDE,
              says: {
                accuracy: ['accuracy (fraction)', EXACT_FRACTION],
                accuracy_low: ['low end of the interval (fraction)', EXACT_FRACTION],
                accuracy_high: ['high end (fraction)', EXACT_FRACTION],
                baseline_accuracy: ['without errors (fraction)', EXACT_FRACTION],
                bound: ['bound'],
                flipped_bits: ['wrong bits stored', ','],
                reads_wrong: ['wrong reads', ','],
              },
            }),
          ],
        },
        ...(energies ? [energyPanel] : []),
      ],
    },
  };
}

/** Accuracy against the bit errors of the weights; undefined where there is no accuracy or no bit was wrong. */
function berChart(rows: readonly TraceRow[], common: Common, bound: number | undefined): Chart | undefined {
  const recorded = rows.filter(
    ({ accuracy, ber_observed }) => accuracy !== undefined && ber_observed !== undefined,
  );
  const axis = observedBerAxis(recorded.map(({ ber_observed }) => ber_observed!));
  if (axis === undefined) return undefined;
  const values = recorded.map((row) => ({
    ...pointOf(row, common),
    ber_observed: row.ber_observed,
    drawn_at: axis.drawnAt(row.ber_observed!),
    ber_placed: row.ber_placed,
    ber_chip: row.ber_chip,
    flipped_bits: row.flipped_bits,
    accuracy: row.accuracy,
    accuracy_low: row.accuracy_low,
    accuracy_high: row.accuracy_high,
    baseline_accuracy: row.baseline_accuracy,
    ...requiredOf(row, bound),
    bound: row.meets_bound ? 'met' : 'missed',
  }));
  const rules = boundRules(values, 'baseline_accuracy', 'required_accuracy');
  const description = `Each point is ${common.severalChips ? 'one chip at ' : ''}one supply voltage${common.colour === 'series' ? ' of one trace' : ''}: accuracy with its 95 % interval over images against the share of the stored bits that were given back wrong${rulesInWords(rules)}${missesInWords(rows, bound)}.${axis.zeros}`;
  const { x } = axis;
  const layer = [
    ...rules,
    intervals(x, common),
    accuracyPoints(x, common, {
      rows,
      says: {
        ber_observed: ['observed bit error rate', '.2e'],
        ber_placed: ['expected where the weights lie', '.2e'],
        ber_chip: ['expected over the chip', '.2e'],
        flipped_bits: ['wrong bits stored', ','],
        accuracy: ['accuracy (fraction)', EXACT_FRACTION],
        bound: ['bound'],
      },
    }),
  ];
  const headings = { ...HEADINGS, drawn_at: 'drawn at' };
  return {
    id: 'ber',
    title: 'Accuracy against bit errors',
    description,
    headings,
    spec: plain(description, values, 240, { layer }),
  };
}

/** The share of wrong reads against supply, by chip; undefined where no read was wrong. */
function wrongReadsChart(rows: readonly TraceRow[], common: Common): Chart | undefined {
  const read = rows.filter(({ reads_wrong_share }) => reads_wrong_share !== undefined);
  const axis = logAxis(
    read.map(({ reads_wrong_share }) => reads_wrong_share!),
    '~g',
  );
  if (axis === undefined) return undefined;
  const values = read.map((row) => ({
    ...pointOf(row, common),
    reads_wrong_share: row.reads_wrong_share!,
    drawn_at: axis.drawnAt(row.reads_wrong_share!),
    reads_wrong: row.reads_wrong,
    bits_wrong: row.bits_wrong,
    ber_chip: row.ber_chip,
  }));
  const shares = values.map(({ reads_wrong_share }) => reads_wrong_share);
  const description = `Share of the reads of which DRAM gave back at least one bit wrong${common.severalChips ? ', of each chip' : ''}, against the supply voltage, which falls from left to right.${zerosInWords(axis, shares, 'points without a wrong read stand')}`;
  const encoding = {
    x: common.supply,
    y: {
      field: 'drawn_at',
      type: 'quantitative',
      title: 'wrong reads (fraction of reads)',
      scale: axis.scale,
      axis: axis.axis,
    },
    ...coloured(common),
  };
  const layer = [
    {
      mark: { type: 'line', strokeWidth: 1, ...SIDE_BY_SIDE },
      encoding: { ...encoding, ...fadedLine(common), detail: DETAIL },
    },
    {
      ...pick(common),
      mark: { ...HOLLOW, size: 50, ...SIDE_BY_SIDE },
      encoding: {
        ...encoding,
        ...faded(common),
        tooltip: tooltip({
          supply_V: ['supply (V)', '.3f'],
          ...whose(common),
          reads_wrong_share: ['wrong reads (fraction of reads)', '.4~g'],
          reads_wrong: ['wrong reads', ','],
          bits_wrong: ['wrong bits read', ','],
          ber_chip: ['expected bit error rate of the chip', '.2e'],
        }),
      },
    },
  ];
  return {
    id: 'wrong-reads',
    title: 'Wrong reads against supply',
    description,
    headings: { ...HEADINGS, drawn_at: 'drawn at' },
    spec: plain(description, values, 220, { layer }),
  };
}

const plain = (
  description: string,
  values: readonly Readonly<Record<string, unknown>>[],
  height: number,
  marks: Readonly<Record<string, unknown>>,
): ChartSpec => ({ $schema: SCHEMA, description, data: { values }, width: WIDTH, height, ...marks });
