import { EXACT_FRACTION } from './accuracy-axis.ts';
import type { ChartSpec } from './chart-parts.ts';

/** Most rules of one chart; more would hide the points. */
const MOST_RULES = 4;

/** What is required of the accuracy: what there is without errors, less the bound (a share). */
export const requiredAccuracy = (clean: number, bound: number): number =>
  Number((clean - bound).toPrecision(6));

/**
 * Rules at the accuracies without errors (dashed) and at those that the bound requires (whole, red), from the fields
 * `clean` and `required` of the rows, each value once. None of a kind where rows lack it or have too many of it.
 */
export function boundRules(
  rows: readonly Readonly<Record<string, unknown>>[],
  clean: string,
  required = 'required',
): ChartSpec[] {
  const rule = (field: string, mark: ChartSpec, title: string): ChartSpec[] => {
    const values = new Set(rows.map((row) => row[field]).filter((value) => value !== undefined));
    if (values.size === 0 || values.size > MOST_RULES) return [];
    return [
      {
        transform: [{ aggregate: [{ op: 'count', as: 'rows' }], groupby: [field] }],
        mark: { type: 'rule', ...mark },
        encoding: {
          y: { field, type: 'quantitative' },
          tooltip: [{ field, type: 'quantitative', title, format: EXACT_FRACTION }],
        },
      },
    ];
  };
  return [
    ...rule(clean, { strokeDash: [4, 4] }, 'accuracy without errors (fraction)'),
    ...rule(required, { color: '#c8302b', strokeWidth: 1.5 }, 'accuracy that the bound requires (fraction)'),
  ];
}

/** The rules in words; empty where none is drawn. */
export function rulesInWords(rules: readonly ChartSpec[]): string {
  const drawn = JSON.stringify(rules);
  const clean = drawn.includes('accuracy without errors (fraction)')
    ? ['dashed rules are the accuracies without errors']
    : [];
  const bound = drawn.includes('that the bound requires') ? [BOUND_IN_WORDS] : [];
  const said = [...clean, ...bound];
  return said.length === 0 ? '' : `; ${said.join('; ')}`;
}

/** The bound in words. */
export const BOUND_IN_WORDS = 'the red rule is the accuracy that the bound requires';
