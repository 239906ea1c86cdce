import { z } from 'zod';
import type { ModelSource } from './model-source.ts';
import { modelName, sourcesSchema } from './sourced-values.ts';
import { COMMANDS } from './standard.ts';
import type { SubarrayScheme } from './subarray-scheme.ts';
import { readYaml } from './yaml-document.ts';

const command = z.enum(COMMANDS, { error: `expected a command: ${COMMANDS.join(', ')}` });
const formula = z.string({ error: 'expected a formula in quotation marks, such as "ceil(RL/2)"' });
export const schemeSchema = z.strictObject({
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

/** Reads a subarray scheme from its YAML; see load-subarray-scheme.ts. */
export async function subarraySchemeFromYaml(name: string, models: ModelSource): Promise<SubarrayScheme> {
  const { data, place } = readYaml(await models.read('subarrays', name), schemeSchema, 'a subarray scheme');
  const paths = [
    ...Object.keys(data.parameters).map((parameter) => ['parameters', parameter]),
    ...data.constraints.map((_, i) => ['constraints', String(i), 'latency']),
  ];
  const formulaPlaces = Object.fromEntries(paths.map((path) => [path.join('.'), place(path)]));
  return { keys: data, formulaPlaces };
}
