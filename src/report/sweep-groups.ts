import type { Cell } from '../results/column.ts';
import type { NumberColumn, RunRow } from '../results/tables.ts';
import { mean } from '../stats/moments.ts';
import { PJ_PER_NJ } from '../units/scale.ts';
import { requiredAccuracy } from './bound-rules.ts';
import { type EnergyUnit, energyUnit } from './energy-unit.ts';

/** A row of a merged sweep: the columns of `run` and one `axis_NAME` for each axis of the plan. */
export type SweepRow = RunRow & Readonly<Record<string, Cell>>;

/** What the terms of the energy are called in charts, by the result column that holds them. */
export const ENERGY_TERMS = {
  activate: 'dram_energy_act_nJ',
  precharge: 'dram_energy_pre_nJ',
  read: 'dram_energy_rd_nJ',
  write: 'dram_energy_wr_nJ',
  refresh: 'dram_energy_ref_nJ',
  background: 'dram_energy_background_nJ',
  'data pins': 'dram_energy_io_nJ',
} as const;

/** Points that differ only in chip and seed (and in the axes averaged over), as one; numbers to six digits. */
export interface SweepGroup extends Readonly<Record<string, Cell>> {
  readonly points: number;
  readonly supply_V: number;
  readonly accuracy: number;
  readonly accuracy_worst: number;
  readonly accuracy_low: number;
  readonly accuracy_high: number;
  /** Mean accuracy without errors. */
  readonly baseline_accuracy: number;
  /** Mean of the accuracies that the bounds require; absent where no bound is known. */
  readonly required?: number;
  /** Means of bit error rates: expected over the chip and where the weights lie, and observed in the weights. */
  readonly ber_chip: number;
  readonly ber_placed: number;
  readonly ber_observed: number;
  /** DRAM energy of an inference, nJ. */
  readonly dram_energy_per_inference_nJ: number;
}

export interface SweepGroups {
  readonly groups: readonly SweepGroup[];
  /** Axes (`axis_NAME`) that take more than one value and tell groups apart, with their values as they appear. */
  readonly axes: ReadonlyMap<string, readonly Cell[]>;
  /** Unit of the terms of the energy. */
  readonly unit: EnergyUnit['name'];
  /** Axes whose values were averaged over: chips and seeds, and others where there were too many groups. */
  readonly averaged: readonly string[];
}

const REPLICATES: readonly string[] = ['axis_chip', 'axis_seed'];
/** Axes that are given up last when there are too many groups. */
const KEPT: readonly string[] = ['axis_supply', 'axis_mapping', 'axis_dataset'];

/**
 * The groups of a sweep, in order of appearance, at most `limit` of them: while there are more, the axis with the most
 * values is averaged over as well (supply, mapping and dataset last), so that a report stays small however large the
 * sweep is. A group has the means over its points; `accuracy_worst` is the least accuracy, and the interval runs from
 * the lowest end to the highest end of the points' 95 % intervals. `bound` is the loss of accuracy allowed, a share, of
 * points that state none on an axis. `front` marks the Pareto front (`markFront`).
 */
export function sweepGroups(
  rows: readonly SweepRow[],
  { bound, limit = 4000 }: { readonly bound?: number | undefined; readonly limit?: number } = {},
): SweepGroups {
  const varying = new Map<string, readonly Cell[]>();
  for (const axis of Object.keys(rows[0]!).filter((name) => name.startsWith('axis_'))) {
    const values = [...new Set(rows.map((row) => row[axis]))];
    if (values.length > 1) varying.set(axis, values);
  }
  const averaged = [...varying.keys()].filter((axis) => REPLICATES.includes(axis));
  for (const axis of averaged) varying.delete(axis);
  let found = grouped(rows, [...varying.keys()]);
  while (found.length > limit) {
    const rank = (axis: string): number =>
      varying.get(axis)!.length - (KEPT.includes(axis) ? rows.length : 0);
    const widest = [...varying.keys()].reduce((a, b) => (rank(b) > rank(a) ? b : a));
    varying.delete(widest);
    averaged.push(widest);
    found = grouped(rows, [...varying.keys()]);
  }
  const unit = energyUnit(rows);
  const groups = found.map((points) => groupOf(points, [...varying.keys()], unit, bound));
  return { groups: markFront(groups), axes: varying, unit: unit.name, averaged };
}

function grouped(rows: readonly SweepRow[], axes: readonly string[]): SweepRow[][] {
  const found = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(axes.map((axis) => row[axis]));
    const group = found.get(key);
    if (group) group.push(row);
    else found.set(key, [row]);
  }
  return [...found.values()];
}

const digits = (value: number): number => Number(value.toPrecision(6));

/** The accuracy that a point must have; undefined where its bound is not known. */
function requiredOf(row: SweepRow, bound: number | undefined): number | undefined {
  const stated = row['axis_bound'];
  const allowed = typeof stated === 'number' ? stated : bound;
  return allowed === undefined ? undefined : requiredAccuracy(row.baseline_accuracy, allowed);
}

function groupOf(
  points: readonly SweepRow[],
  axes: readonly string[],
  unit: EnergyUnit,
  bound: number | undefined,
): SweepGroup {
  const column = (name: NumberColumn<RunRow>): number[] => points.map((row: RunRow) => row[name]);
  const average = (name: NumberColumn<RunRow>): number => mean(column(name));
  // Not Math.min(...): a group may have more points than a call takes arguments.
  const least = (name: NumberColumn<RunRow>): number => column(name).reduce((a, b) => Math.min(a, b));
  const most = (name: NumberColumn<RunRow>): number => column(name).reduce((a, b) => Math.max(a, b));
  const per = (name: NumberColumn<RunRow>, count: number, factor: number): number =>
    digits((average(name) / count) * factor);
  const required = points.map((row) => requiredOf(row, bound)).filter((value) => value !== undefined);
  return {
    ...Object.fromEntries(axes.map((axis) => [axis, points[0]![axis]])),
    points: points.length,
    supply_V: digits(average('supply_V')),
    accuracy: digits(average('accuracy')),
    accuracy_worst: digits(least('accuracy')),
    accuracy_low: digits(least('accuracy_low')),
    accuracy_high: digits(most('accuracy_high')),
    baseline_accuracy: digits(average('baseline_accuracy')),
    ...(required.length < points.length ? {} : { required: digits(mean(required)) }),
    ber_chip: digits(average('ber_chip')),
    ber_placed: digits(average('ber_placed')),
    ber_observed: digits(average('ber_observed')),
    dram_energy_per_inference_nJ: digits(average('dram_energy_per_inference_nJ')),
    ...Object.fromEntries(
      Object.entries(ENERGY_TERMS).map(([term, name]) => [
        term,
        per(name, average(unit.column) * unit.each, PJ_PER_NJ),
      ]),
    ),
    'row misses': per('row_misses', average('accesses'), 1000),
    'row conflicts': per('row_conflicts', average('accesses'), 1000),
  };
}

/**
 * Marks the Pareto front of energy and the worst accuracy, of each dataset its own (accuracies of two datasets do not
 * compete). Of groups that are equal in both the first is on the front.
 */
export function markFront(groups: readonly SweepGroup[]): SweepGroup[] {
  const energy = (i: number): number => groups[i]!.dram_energy_per_inference_nJ;
  const accuracy = (i: number): number => groups[i]!.accuracy_worst;
  const best = new Map<Cell, number>();
  const front = new Set<number>();
  const cheapestFirst = groups
    .map((_, i) => i)
    .sort((a, b) => energy(a) - energy(b) || accuracy(b) - accuracy(a) || a - b);
  for (const i of cheapestFirst) {
    const dataset = groups[i]!['axis_dataset'];
    if (accuracy(i) <= (best.get(dataset) ?? Number.NEGATIVE_INFINITY)) continue;
    best.set(dataset, accuracy(i));
    front.add(i);
  }
  return groups.map((group, i) => ({ ...group, front: front.has(i) }));
}

/** The ends of each dataset's Pareto front: what is cheapest and what is most accurate. */
export function frontInWords(groups: readonly SweepGroup[]): string[] {
  const front = groups.filter(({ front }) => front);
  return [...new Set(front.map(({ axis_dataset }) => axis_dataset))].map((dataset) => {
    const own = front
      .filter(({ axis_dataset }) => axis_dataset === dataset)
      .sort((a, b) => a.dram_energy_per_inference_nJ - b.dram_energy_per_inference_nJ);
    const say = ({ dram_energy_per_inference_nJ: energy, accuracy_worst }: SweepGroup): string =>
      `${energy} nJ per inference at ${(100 * accuracy_worst).toFixed(2)} %`;
    const ends = own.length === 1 ? say(own[0]!) : `${say(own[0]!)} to ${say(own.at(-1)!)}`;
    return `${dataset === undefined ? '' : `${dataset}: `}Pareto front of ${own.length}: ${ends} (worst accuracy of a group)`;
  });
}
