import { z } from 'zod';
import { InputError } from '../../errors/input-error.ts';
import { suggest } from '../../errors/suggest.ts';
import { TENSOR_REPAIRS } from '../../sparkxd/repair-on-load.ts';
import { TENSOR_FORMATS, type TensorFormat } from '../../sparkxd/tensor-coding.ts';
import { ALL_TENSORS, type NamedValue } from '../../sparkxd/tensor-names.ts';
import { flipProbability, memorySettings, supply } from '../memory-settings.ts';
import { seed } from '../network-settings.ts';
import { maybeFile, outputFile } from '../output-settings.ts';
import { described, type JobInput, type JobOf, optional, required, withDefault } from '../setting.ts';
import { oneOf, text } from '../values.ts';

const {
  pruneInputs: _pruneInputs,
  ceiling: _ceiling,
  prior: _prior,
  format: _format,
  repair: _repair,
  ...memory
} = memorySettings({ timing: 'paper', mapping: 'sparkxd' });

/** A format of all tensors, or of those of a name. */
export type FormatChoice = NamedValue<TensorFormat>;

const formatSchema = z.enum(TENSOR_FORMATS, { error: `known formats: ${TENSOR_FORMATS.join(', ')}` });

/** "int8" or "NAME=int8" as one element of a list. */
function readFormat(words: string): unknown {
  const at = words.lastIndexOf('=');
  const [name, format] = at < 0 ? [ALL_TENSORS, words] : [words.slice(0, at), words.slice(at + 1)];
  if (name === '' || !(TENSOR_FORMATS as readonly string[]).includes(format))
    throw new InputError(
      name === ''
        ? 'expected a format, or NAME=FORMAT'
        : suggest(format.slice(0, 40), TENSOR_FORMATS, 'formats'),
    );
  return [[name, format]];
}

/** `sparkxd weights damage`: any tensors through the modelled DRAM and back. */
export const WEIGHTS_DAMAGE = {
  input: required({
    ...text,
    positional: true,
    value: 'IN',
    help: 'file of tensors: safetensors, npz, PyTorch state dict or NIR, also gzip; or a shipped network',
  }),
  out: outputFile(
    'where the tensors go, damaged, under the same names: .safetensors or .npz, or the form of IN; with .gz behind it packed',
  ),
  tensors: optional({
    schema: z.array(z.string().min(1)).min(1).readonly(),
    flag: 'tensor',
    value: 'NAME',
    read: (name: string) => [name],
    repeatable: true,
    help: 'a tensor to store in the memory, by its name; * stands for any characters; the others stay as they are (repeatable; default: all floating-point tensors)',
  }),
  supply: described(supply, `${supply.help} at which the tensors are read`),
  ...memory,
  formats: optional({
    schema: z
      .array(z.tuple([z.string().min(1), formatSchema]))
      .min(1)
      .readonly(),
    flag: 'format',
    value: '[NAME=]FORMAT',
    read: readFormat,
    repeatable: true,
    help: `tensors in memory, all or those of a name: ${TENSOR_FORMATS.join(', ')}; integers are scaled by the tensor's greatest magnitude (repeatable; default: stored, as in IN)`,
  }),
  repair: withDefault(
    {
      ...oneOf(TENSOR_REPAIRS, 'repairs'),
      help: `what is done to elements beyond their tensor's greatest magnitude, and to NaNs: ${TENSOR_REPAIRS.join(', ')}`,
    },
    'zero',
  ),
  flipProbability: withDefault(
    described(
      flipProbability,
      'probability that the read of a weak cell flips, at the same bit error rate; below 1 it draws',
    ),
    1,
  ),
  seed: described(seed, 'seed of the chips'),
  flips: maybeFile('write every flipped bit as CSV: tensor, index, bit, values, place in the DRAM'),
  masks: maybeFile(
    'write what flipped as .npz: for each tensor an array of unsigned integers, the exclusive or of the bits of each element',
  ),
};

export type WeightsDamageJob = JobOf<typeof WEIGHTS_DAMAGE>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type WeightsDamageInput = JobInput<typeof WEIGHTS_DAMAGE>;
