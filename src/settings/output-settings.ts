import { z } from 'zod';
import { ROW_FORMATS } from './row-formats.ts';
import { optional, required, withDefault } from './setting.ts';
import { listOf, oneOf, text, yesOrNo } from './values.ts';

/** What becomes of results, and with how many threads they are made: none of these changes a result. */

export const json = withDefault({ ...yesOrNo, help: 'print the results as one JSON object' }, false);

export const quiet = withDefault({ ...yesOrNo, help: 'no progress and no notes on stderr' }, false);

export const debug = withDefault({ ...yesOrNo, help: 'stack traces of failures' }, false);

export const csv = optional({ ...text, value: 'FILE', writes: true, help: 'write the results as CSV' });

/** A file that a command writes and must be given. */
export const outputFile = (help: string) => required({ ...text, value: 'FILE', writes: true, help });

/** A file that a command writes if it is named. */
export const maybeFile = (help: string) => optional({ ...text, value: 'FILE', writes: true, help });

export const overTime = maybeFile(
  'with --draw persistent: write accuracy and wrong bits by the inferences since the weights were written, as CSV',
);

/** A switch that is off by default. */
export const switchedOn = (help: string) => withDefault({ ...yesOrNo, help }, false);

/** Forms of the results beside results.csv, which is always written. */
const ALSO = ROW_FORMATS.filter((form) => form !== 'csv');

export const also = withDefault(
  {
    ...listOf(oneOf(ALSO, 'forms'), ALSO.length),
    schema: z.array(z.enum(ALSO)).max(ALSO.length).readonly(),
    help: `results in these forms, too: ${ALSO.join(', ')}`,
  },
  [],
);
