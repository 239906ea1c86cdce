import type { ModelSource } from './model-source.ts';
import type { SubarrayScheme } from './subarray-scheme.ts';

/**
 * Reads `hw-models/subarrays/NAME.yaml`. A shipped scheme comes compiled where the source has it so. Throws InputError with
 * file:line:column for what does not fit.
 */
export async function loadSubarrayScheme(name: string, models: ModelSource): Promise<SubarrayScheme> {
  const compiled = await models.compiled?.('subarrays', name);
  if (compiled !== undefined) return compiled.model;
  const { subarraySchemeFromYaml } = await import('./subarray-scheme-from-yaml.ts');
  return subarraySchemeFromYaml(name, models);
}
