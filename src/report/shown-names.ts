import { cutMiddle, escapeControls } from '../errors/printable.ts';
import { withoutControls } from './markup.ts';

/** Longest name of a page and of a picture; the file to download has it whole. */
const LONGEST_NAME = 60;
/** The one name that Vega cannot have as a key of an object: it loses the label. */
const PROTOTYPE = '__proto__';
/** Longest line of a page's head. */
const LONGEST_LINE = 400;

/** A name as a page shows it: without control characters, cut in the middle where it is long. */
export const shownName = (name: string): string => cutMiddle(escapeControls(name), LONGEST_NAME);

/** A title or a sentence that quotes names. */
export const shownLine = (line: string): string => cutMiddle(escapeControls(line), LONGEST_LINE);

/**
 * The same for the names of one page: two names never look alike, the later one gets a number. Keeps lines. `shown` is filled with
 * what each name is shown as.
 */
export function createShownNames(shown = new Map<string, string>()): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const known = shown.get(name);
    if (known !== undefined) return known;
    const cut = cutMiddle(name === PROTOTYPE ? `"${name}"` : withoutControls(name), LONGEST_NAME);
    let free = cut;
    for (let number = 2; taken.has(free); number++) free = `${cut} (${number})`;
    taken.add(free);
    shown.set(name, free);
    return free;
  };
}
