import { z } from 'zod';
import type { Bits } from '../units/flavours.ts';
import { loadUnits } from '../units/quantity.ts';
import type { ModelSource } from './model-source.ts';
import type { Provenance } from './provenance.ts';
import { createValueReader, sourcedValue, sourcesSchema } from './sourced-values.ts';
import { readYaml } from './yaml-document.ts';

/** An SNN accelerator as far as its DRAM traffic depends on it. */
export interface Accelerator {
  readonly name: string;
  readonly description: string;
  /** On-chip buffer for weight rows. */
  readonly weightBuffer: Bits;
  readonly provenance: readonly Provenance[];
}

const schema = z.strictObject({
  name: z.string(),
  description: z.string(),
  sources: sourcesSchema,
  weight_buffer: z.strictObject({ source: z.string().optional(), size: sourcedValue }),
});

/** Reads `hw-models/accelerators/NAME.yaml`. Throws InputError with the place of what is wrong. */
export async function loadAccelerator(name: string, models: ModelSource): Promise<Accelerator> {
  const document = readYaml(await models.read('accelerators', name), schema);
  const reader = createValueReader(document, await loadUnits());
  return {
    name: document.data.name,
    description: document.data.description.trim(),
    weightBuffer: reader.quantity(['weight_buffer', 'size'], document.data.weight_buffer.size, 'data'),
    provenance: reader.provenance,
  };
}
