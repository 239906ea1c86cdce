import { InputError } from '../errors/input-error.ts';
import { printableLine } from '../errors/printable.ts';

/** Exit codes of the contract: done; the input or the run is at fault; the command line is at fault. */
export const EXIT = { done: 0, input: 1, usage: 2 } as const;

/** What the user reads when a command fails: the error's own one to three lines; a stack only with --debug. */
export function explainFailure(error: unknown, debug: boolean): string {
  if (debug && error instanceof Error) return `${error.stack}\n`;
  if (error instanceof InputError) return `sparkxd: ${error.message}\n`;
  const message = error instanceof Error ? error.message : String(error);
  return `sparkxd: ${printableLine(message)}\n  this is a defect of the program, not of the input; --debug shows where\n`;
}

/** What the parser of the command line adds behind a fault, in lines of its own. */
const HINT = /\n\((?:Did you mean|add --help)[^\n]*\)\s*$/;

/** The same for a fault of the command line, from the parser's own text: "error: what" and perhaps a hint. */
export function explainUsage(text: string): string {
  const hint = HINT.exec(text)?.[0].trim();
  const what = (hint === undefined ? text : text.replace(HINT, '')).trim().replace(/^error: /, '');
  return [
    `sparkxd: ${printableLine(what)}`,
    ...(hint === undefined ? [] : [`  ${printableLine(hint)}`]),
    '',
  ].join('\n');
}
