import { type JobInput, type JobOf, required } from '../setting.ts';
import { text } from '../values.ts';

/** `sparkxd datasets show`: what a dataset holds. */
export const DATASETS_SHOW = {
  dataset: required({
    ...text,
    positional: true,
    value: 'NAME|PATH',
    help: 'mnist, fashion-mnist; a folder of IDX files or of N-MNIST; SHD (.h5) or events.npz, a file or a folder of two',
  }),
};

export type DatasetsShowJob = JobOf<typeof DATASETS_SHOW>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type DatasetsShowInput = JobInput<typeof DATASETS_SHOW>;
