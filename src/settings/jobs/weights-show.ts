import { type JobInput, type JobOf, required } from '../setting.ts';
import { text } from '../values.ts';

/** `sparkxd weights show`: what a file of weights holds. */
export const WEIGHTS_SHOW = {
  input: required({
    ...text,
    positional: true,
    value: 'FILE',
    help: 'file of tensors: safetensors, npz, PyTorch state dict or NIR, also gzip; or a shipped network',
  }),
};

export type WeightsShowJob = JobOf<typeof WEIGHTS_SHOW>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type WeightsShowInput = JobInput<typeof WEIGHTS_SHOW>;
