import { InputError } from '../errors/input-error.ts';
import { SEARCH } from '../settings/jobs/optimise.ts';
import { RUN } from '../settings/jobs/run.ts';
import { network, weights } from '../settings/network-settings.ts';
import { also, switchedOn } from '../settings/output-settings.ts';
import { type JobOf, optional, prefixed, type Setting, withDefault } from '../settings/setting.ts';
import { threads } from '../settings/thread-setting.ts';
import { text } from '../settings/values.ts';
import type { Everywhere } from './command-settings.ts';

const searchOnly = <T extends Readonly<Record<string, Setting>>>(settings: T) =>
  Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, optional(setting)])) as {
    [K in keyof T]: ReturnType<typeof optional<T[K]['schema']>>;
  };

/** The job of a run or a search as the command line gives it. */
export const RUN_OPTIONS = {
  network,
  ...RUN,
  weights: optional(weights),
  optimise: switchedOn(
    'search the lists below, --supply and --mapping for the least energy within the bound',
  ),
  ...prefixed(searchOnly(SEARCH), 'with --optimise: '),
};
export type RunOptions = JobOf<typeof RUN_OPTIONS>;

export const RUN_OUTPUT = {
  threads,
  out: withDefault(
    { ...text, value: 'DIR', help: 'folder for report.html, results.csv and manifest.json' },
    'results',
  ),
  also,
};
export type RunOutput = JobOf<typeof RUN_OUTPUT> & Everywhere;

/** Shipped networks are named by size and dataset; a folder of the user's own has none. Throws InputError. */
export function shippedNetwork(size: string, dataset: string): string {
  if (/^[\w-]+$/.test(dataset)) return `${size}-${dataset}`;
  throw new InputError(`no network is shipped for the dataset ${dataset}`, {
    remedy: 'give --weights with a network trained on it (sparkxd train --dataset DIR --out FILE)',
  });
}
