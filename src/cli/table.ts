/** A column of a terminal table. */
export interface Column {
  readonly heading: string;
  /** Unit of a quantity, printed once below the heading; absent for names, indices and counts. */
  readonly unit?: string;
  /** What the cells are: text, a number that says which one or how many, or a quantity that has a unit. */
  readonly kind: 'label' | 'number' | 'quantity';
}

/** A column of text, aligned to the left. */
export const label = (heading: string): Column => ({ heading, kind: 'label' });

/** A column of indices ("bank") or counts ("accesses"), which have no unit. */
export const number = (heading: string): Column => ({ heading, kind: 'number' });

/** A column of quantities in a unit: "V", "%", "fraction". */
export const quantity = (heading: string, unit: string): Column => ({ heading, unit, kind: 'quantity' });

/** Characters from which on a line does not fit most terminals. */
const WIDE = 100;
const GAP = '  ';
const LAST_RULE = 40;

/**
 * A plain-text table with units under the headings; cells are text already formatted for people. Where one line a heading
 * would make the table wide, headings of several words take two lines.
 */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const least = columns.map(({ unit = '' }, i) =>
    rows.reduce((width, row) => Math.max(width, row[i]!.length), unit.length),
  );
  const oneLine = columns.map(({ heading }) => [heading]);
  const isWide = widthOf(widthsOf(oneLine, least)) > WIDE;
  const headings = isWide ? columns.map(({ heading }, i) => twoLines(heading, least[i]!)) : oneLine;
  const widths = widthsOf(headings, least);
  const height = Math.max(...headings.map((lines) => lines.length));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (columns[i]!.kind === 'label' ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join(GAP)
      .trimEnd();
  return [
    ...Array.from({ length: height }, (_, at) =>
      line(headings.map((lines) => lines[at - height + lines.length] ?? '')),
    ),
    ...(columns.some(({ unit }) => unit) ? [line(columns.map(({ unit = '' }) => unit))] : []),
    widths.map((width, i) => '─'.repeat(ruled(columns, width, i))).join('─'.repeat(GAP.length)),
    ...rows.map(line),
    '',
  ].join('\n');
}

/** Length of the rule under a column: where the last one is text, long cells run beyond it. */
const ruled = (columns: readonly Column[], width: number, i: number): number =>
  i === columns.length - 1 && columns[i]!.kind === 'label'
    ? Math.min(width, Math.max(LAST_RULE, columns[i]!.heading.length))
    : width;

const widthsOf = (headings: readonly (readonly string[])[], least: readonly number[]): number[] =>
  headings.map((lines, i) => Math.max(least[i]!, ...lines.map((text) => text.length)));

const widthOf = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));

/** The heading on one line where it fits `width`, else on the two lines whose longer one is shortest, none cut behind a preposition. */
function twoLines(heading: string, width: number): readonly string[] {
  const words = heading.split(' ');
  if (heading.length <= width || words.length === 1) return [heading];
  const splits = words
    .slice(1)
    .map((_, i) => [words.slice(0, i + 1).join(' '), words.slice(i + 1).join(' ')]);
  // A line that ends with a preposition counts as longer: "energy / per access", not "energy per / access".
  const longer = ([first, second]: readonly string[]): number =>
    Math.max(first!.length, second!.length) + (/ (?:at|by|for|per|since|to)$/.test(first!) ? width : 0);
  return splits.reduce((best, split) => (longer(split) < longer(best) ? split : best));
}
