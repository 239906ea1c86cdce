import { SIGNALS } from '../files/temporary.ts';
import { note } from './terminal.ts';

/** What to say, the latest last. */
const saying: (() => string)[] = [];

const handlers = Object.entries(SIGNALS).map(([name, number]) => ({
  name,
  handle: () => {
    const describe = saying.at(-1);
    const wipe = process.stderr.isTTY ? '\r\x1b[2K' : '';
    if (describe) note(`${wipe}interrupted: ${describe()}\n`);
    // Listeners of 'exit' remove temporary files.
    process.exit(128 + number);
  },
}));

/**
 * Has SIGINT, SIGTERM and SIGHUP print one line on stderr (`interrupted: ` and what `describe` says then: what is done,
 * what is kept, how to go on) and end the program with 128 and the signal's number. The function that it returns ends that.
 */
export function onInterrupt(describe: () => string): () => void {
  if (saying.length === 0) for (const { name, handle } of handlers) process.on(name, handle);
  saying.push(describe);
  return () => {
    const place = saying.lastIndexOf(describe);
    if (place < 0) return;
    saying.splice(place, 1);
    if (saying.length === 0) for (const { name, handle } of handlers) process.off(name, handle);
  };
}
