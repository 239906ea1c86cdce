import type { ModelSource } from './model-source.ts';
import type { Standard } from './standard.ts';

/**
 * Reads `hw-models/standards/NAME.yaml`; docs/standards.md has its keys. A shipped standard comes compiled where the source has
 * it so. Throws InputError with file:line:column for a key that is missing or unknown, an unknown word, a command or parameter
 * that the standard does not list, something said of a command that it does not have, and a formula that is not arithmetic
 * over its parameters and BL.
 */
export async function loadStandard(name: string, models: ModelSource): Promise<Standard> {
  const compiled = await models.compiled?.('standards', name);
  if (compiled !== undefined) return compiled.model;
  const { standardFromYaml } = await import('./standard-from-yaml.ts');
  return standardFromYaml(name, models);
}
