import type { ModelSource } from '../model-source.ts';
import type { Presets } from './presets.ts';

/**
 * Reads `hw-models/presets/NAME.yaml`. A shipped table comes compiled where the source has it so. Throws InputError with
 * file:line:column for what does not fit.
 */
export async function loadPresets(name: string, models: ModelSource): Promise<Presets> {
  const compiled = await models.compiled?.('presets', name);
  if (compiled !== undefined) return compiled.model;
  const { presetsFromYaml } = await import('./presets-from-yaml.ts');
  return presetsFromYaml(name, models);
}
