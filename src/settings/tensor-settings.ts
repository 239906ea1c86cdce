import { z } from 'zod';
import { WEIGHT_FORMATS, type WeightFormat } from '../snn/weight-format.ts';
import { berLimit, format } from './memory-settings.ts';
import { optional, type Setting } from './setting.ts';

/**
 * Settings of single tensors of a layered network. On the command line they are given by the flag of the setting for all:
 * `--format int8 --format fc1.weight=int4`; in a job they are lists of their own.
 */

const named = <V extends z.ZodType>(value: V, help: string) =>
  optional({
    schema: z
      .array(z.tuple([z.string().min(1), value]).readonly())
      .min(1)
      .readonly(),
    help,
    read: (text: string) => text,
    flagless: true,
  });

/** What the flag of a setting gives for single tensors goes to another setting of the job. */
const byTensor = <S extends z.ZodType>(setting: Setting<S>, other: string): Setting<S> => ({
  ...setting,
  byTensor: other,
  value: `[TENSOR=]${setting.value}`,
  help: `${setting.help}; of layered networks also of single tensors (* stands for any characters)`,
});

/** The settings of a memory that tensors may have of their own: take the place of those for all in `memorySettings`. */
export const TENSOR_SETTINGS = {
  format: byTensor(format, 'tensorFormats'),
  berLimit: byTensor(berLimit, 'tensorLimits'),
  tensorFormats: named(z.enum(WEIGHT_FORMATS), 'formats of single tensors in memory'),
  tensorLimits: named(
    z.number().min(0).max(1),
    'bit error rates that single tensors tolerate, for the mappings that look at them',
  ),
};

/** The format of the weights as results name it: "int8", or "int8, fc2.weight int4". */
export const formatInWords = ({
  format: all,
  tensorFormats = [],
}: {
  readonly format: WeightFormat;
  readonly tensorFormats?: readonly (readonly [string, WeightFormat])[] | undefined;
}): string => [all, ...tensorFormats.map(([tensor, own]) => `${tensor} ${own}`)].join(', ');
