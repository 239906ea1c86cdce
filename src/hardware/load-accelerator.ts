import type { Accelerator } from './accelerator.ts';
import type { ModelSource } from './model-source.ts';

/**
 * Reads `hw-models/accelerators/NAME.yaml`. A shipped accelerator comes compiled where the source has it so. Throws InputError
 * with the place of what is wrong.
 */
export async function loadAccelerator(name: string, models: ModelSource): Promise<Accelerator> {
  const compiled = await models.compiled?.('accelerators', name);
  if (compiled !== undefined) return compiled.model;
  const { acceleratorFromYaml } = await import('./accelerator-from-yaml.ts');
  return acceleratorFromYaml(name, models);
}
