import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import type { Picoseconds } from '../units/flavours.ts';
import { optional } from './setting.ts';
import { picoseconds } from './timeline.ts';

const EXPECTED = 'expected a time with its unit, such as 10us';

/** The window where a file is named and no window. */
export const USUAL_WINDOW = '10us';

/** What sources and cores do over time, and who waits for whom (docs/report.md, "A system"). */
export const ACTIVITY = {
  activityWindow: optional({
    schema: z.string({ error: EXPECTED }).check(({ value, issues }) => {
      const fault = lengthOf(value);
      if (typeof fault === 'string') issues.push({ code: 'custom', message: fault, input: value });
    }),
    value: 'TIME',
    read: (text: string) => text,
    help: `length of the windows of --activity (default: ${USUAL_WINDOW}); doubled until there are at most 2000; with --json alone, both tables are in the JSON`,
  }),
};

/** The length that a job wants; undefined without one. Throws InputError for text that is none. */
export function activityWindow(text: string | undefined): Picoseconds | undefined {
  const length = text === undefined ? undefined : lengthOf(text);
  if (typeof length === 'string')
    throw new InputError(`activityWindow is ${quoted(text!)}`, { remedy: length });
  return length;
}

/** The length, or what is wrong with it, in words that follow the setting's name. */
function lengthOf(text: string): Picoseconds | string {
  const length = picoseconds(text.trim(), EXPECTED);
  return length === 0 ? 'expected a time above 0' : length;
}
