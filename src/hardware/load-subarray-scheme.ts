import { z } from 'zod';
import type { ModelSource } from './model-source.ts';
import { modelName, sourcesSchema } from './sourced-values.ts';
import { COMMANDS } from './standard.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

const command = z.enum(COMMANDS, { error: `expected a command: ${COMMANDS.join(', ')}` });
const formula = z.string({ error: 'expected a formula in quotation marks, such as "ceil(RL/2)"' });
const schema = z.strictObject({
  name: modelName,
  title: z.string(),
  sources: sourcesSchema,
  open_subarrays: z.union([z.literal(1), z.literal(2), z.literal('all')], {
    error: 'expected 1, 2 or all: the subarrays of a bank that may be open at once',
  }),
  select: z.boolean({ error: 'expected true or false: whether a column needs its subarray selected' }),
  whole_bank: z.array(command),
  parameters: z.record(
    z.string().regex(/^[A-Za-z]\w{0,31}$/, { error: 'expected the name of a parameter: letters and digits' }),
    formula,
  ),
  constraints: z
    .array(
      z.strictObject({
        preceding: z.array(command).min(1),
        following: z.array(command).min(1),
        latency: formula,
        sibling: z.boolean(),
      }),
    )
    .min(1),
});
export type SubarraySchemeDocument = YamlDocument<z.infer<typeof schema>>;

/** Reads `hw-models/subarrays/NAME.yaml`. Throws InputError with file:line:column for what does not fit. */
export const loadSubarrayScheme = async (
  name: string,
  models: ModelSource,
): Promise<SubarraySchemeDocument> =>
  readYaml(await models.read('subarrays', name), schema, 'a subarray scheme');
