import type { RunRow } from '../results/tables.ts';
import { clopperPearson } from '../stats/binomial.ts';
import type { Interval } from '../stats/interval.ts';

/** A count of those that hold the bound among so many, with the exact 95 % interval (Clopper and Pearson). */
export interface Share {
  readonly held: number;
  readonly of: number;
  readonly interval: Interval;
}

/**
 * How many chips and how many modules hold the bound at one supply under one mapping. The two say different things: chips are
 * drawn by the model, as many as one likes; modules were measured.
 */
export interface Yield {
  /** Over simulated chips: uncertainty within the model. */
  readonly chips: Share;
  /**
   * Over the measured modules that chips took, each of which holds when all of its chips do, and those that saturated at the
   * supply, which fail; absent without a population.
   */
  readonly modules: Share | undefined;
  /** Modules with more errors at the supply than could be counted; they are among `modules` and do not hold. */
  readonly saturated: number;
  /** Modules that are known at the supply but that no chip took: neither sound nor failing. */
  readonly notDrawn: number;
  /** Modules that were not tested at so low a supply: neither sound nor failing. */
  readonly untested: number;
}

/** Whether the rows are of chips that take measured modules. */
export const isPopulation = (rows: readonly RunRow[]): boolean => rows[0]?.modules_known !== undefined;

/**
 * The yield of the chips at one supply under one mapping. A saturated module has no rows, whether a chip took it or not: it
 * is counted here, once.
 */
export function yieldOf(
  group: readonly RunRow[],
  meetsBound: (row: RunRow) => boolean = (row) => row.meets_bound,
): Yield {
  const [first] = group;
  const chips = shareOf(group.map(meetsBound));
  if (first?.modules_known === undefined)
    return { chips, modules: undefined, notDrawn: 0, saturated: 0, untested: 0 };
  const names = [...new Set(group.map(({ module }) => module))];
  const holds = names.map((name) => group.every((row) => row.module !== name || meetsBound(row)));
  const saturated = first.modules_saturated ?? 0;
  return {
    chips,
    modules: shareOf([...holds, ...Array<boolean>(saturated).fill(false)]),
    notDrawn: first.modules_known - names.length,
    saturated,
    untested: first.modules_untested ?? 0,
  };
}

function shareOf(holds: readonly boolean[]): Share {
  const held = holds.filter(Boolean).length;
  return { held, of: holds.length, interval: clopperPearson(held, holds.length) };
}

/** The yield of a population at one supply: measured modules first, then what is not known, then simulated chips. */
export function yieldInWords(group: readonly RunRow[]): string {
  const [{ mapping, supply_V }] = group as [RunRow];
  const { chips, modules, notDrawn, saturated, untested } = yieldOf(group);
  const { held, of, interval } = modules!;
  const uncounted = saturated > 0 ? ` (${saturated} of them with more errors than could be counted)` : '';
  const others = [
    `${of - held} fail${uncounted}`,
    ...(untested > 0 ? [`${untested} not tested so low`] : []),
    ...(notDrawn > 0 ? [`${notDrawn} taken by no chip`] : []),
  ];
  return (
    `${mapping} at ${supply_V} V: ${held} of ${of} measured modules hold the bound ` +
    `(95 % interval over modules ${inPercent(interval)}), ${others.join(', ')}; ` +
    `${chips.held} of ${chips.of} simulated chips of known modules (within the model ${inPercent(chips.interval)})`
  );
}

/** What chips of one curve say, where the profile is no population; nothing of a map of the user, which is one chip. */
export function withinModelInWords(group: readonly RunRow[]): string[] {
  const [{ chip, voltage_profile }] = group as [RunRow];
  if (chip === 'measured') return [];
  const { held, of, interval } = yieldOf(group).chips;
  const alike = new Set(group.map(({ module }) => module)).size === 1;
  const says = alike
    ? `, all with the one curve of ${voltage_profile}: this says nothing of how modules differ (profile voltron-population does)`
    : '';
  return [
    `  ${held} of ${of} simulated chips there (95 % interval within the model ${inPercent(interval)})${says}`,
  ];
}

const inPercent = ({ low, high }: Interval): string =>
  `${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)} %`;
