/** A column of a terminal table: its heading, its unit (second heading line) and how its cells are aligned. */
export interface Column {
  readonly heading: string;
  readonly unit?: string;
  readonly align?: 'left' | 'right';
}

/** A plain-text table with units under the headings; cells are text already formatted for people. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const hasUnits = columns.some(({ unit }) => unit);
  const widths = columns.map(({ heading, unit = '' }, i) =>
    Math.max(heading.length, unit.length, ...rows.map((row) => row[i]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (columns[i]!.align === 'left' ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ heading }) => heading)),
    ...(hasUnits ? [line(columns.map(({ unit = '' }) => unit))] : []),
    widths.map((width) => '─'.repeat(width)).join('──'),
    ...rows.map(line),
    '',
  ].join('\n');
}
