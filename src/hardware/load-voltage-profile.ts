import type { ModelSource } from './model-source.ts';
import type { VoltageProfile } from './voltage-profile.ts';

/**
 * Reads `hw-models/voltage/NAME.yaml` (or the user's own file) with the profiles that its members are made of. A shipped
 * profile comes compiled where the source has it so. Throws InputError with file:line:column for what is missing, unknown,
 * without unit or source, out of range or out of order, for a profile made of itself, and for a population of one module.
 */
export async function loadVoltageProfile(name: string, models: ModelSource): Promise<VoltageProfile> {
  const compiled = await models.compiled?.('voltage', name);
  if (compiled !== undefined) return compiled.model;
  const { voltageProfileFromYaml } = await import('./voltage-profile-from-yaml.ts');
  return voltageProfileFromYaml(name, models);
}
