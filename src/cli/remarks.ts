import { note } from './terminal.ts';

/** Prints each line that it is given once, as a note; nothing when quiet. `before` runs before a line is printed. */
export function createRemarks(quiet: boolean, before: () => void = () => {}): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (quiet || said.has(line)) return;
    said.add(line);
    before();
    note(`${line}\n`);
  };
}
