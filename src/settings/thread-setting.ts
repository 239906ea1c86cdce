import { availableParallelism } from 'node:os';
import { withDefault } from './setting.ts';
import { whole } from './values.ts';

/** More threads than any machine has; each costs memory. */
const MOST_THREADS = 1024;

export const threads = withDefault(
  { ...whole(1, MOST_THREADS), flag: 'jobs', help: 'threads' },
  availableParallelism(),
);
