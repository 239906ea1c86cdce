import { note } from './terminal.ts';

/**
 * Prints each line that it is given once, as a note; nothing when quiet. `before` runs before a line is printed. All lines are
 * added to `said`, quiet or not: `--json` has them as `remarks`.
 */
export function createRemarks(
  quiet: boolean,
  before: () => void = () => {},
  said: Set<string> = new Set(),
): (line: string) => void {
  return (line) => {
    if (said.has(line)) return;
    said.add(line);
    if (quiet) return;
    before();
    note(`${line}\n`);
  };
}
