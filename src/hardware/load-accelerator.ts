import { z } from 'zod';
import { InputError, type Place } from '../errors/input-error.ts';
import type { Picojoules } from '../units/flavours.ts';
import { loadUnits } from '../units/quantity.ts';
import type { Accelerator } from './accelerator.ts';
import type { ModelSource } from './model-source.ts';
import { createValueReader, type SourcedValue, sourcedValue, sourcesSchema } from './sourced-values.ts';
import { readYaml } from './yaml-document.ts';

const source = z.string().optional();

const schema = z.strictObject({
  name: z.string(),
  description: z.string(),
  sources: sourcesSchema,
  weight_buffer: z.strictObject({ source, size: sourcedValue }),
  timing: z.strictObject({
    source,
    clock: sourcedValue,
    processing_elements: sourcedValue,
    lanes: sourcedValue,
    cycles_per_addition: sourcedValue,
    cycles_per_update: sourcedValue,
    outstanding: sourcedValue,
    prefetch: sourcedValue,
  }),
  energy: z.strictObject({
    source,
    addition: z.strictObject({ source, fp32: sourcedValue, int8: sourcedValue }),
    update: sourcedValue,
    sram_access: sourcedValue,
    sram_width: sourcedValue,
    static_power: sourcedValue,
  }),
});

/** Reads `hw-models/accelerators/NAME.yaml`. Throws InputError with the place of what is wrong. */
export async function loadAccelerator(name: string, models: ModelSource): Promise<Accelerator> {
  const document = readYaml(await models.read('accelerators', name), schema);
  const reader = createValueReader(document, await loadUnits());
  const { timing, energy } = document.data;
  const count = (name: Exclude<keyof typeof timing, 'source'>): number =>
    reader.count(['timing', name], timing[name]!);
  const joules = (path: readonly string[], node: SourcedValue): Picojoules =>
    requireAtLeastZero(reader.quantity(path, node, 'energy'), path, document.place(path));
  return {
    name: document.data.name,
    description: document.data.description.trim(),
    weightBuffer: reader.quantity(['weight_buffer', 'size'], document.data.weight_buffer.size, 'data'),
    timing: {
      clock: reader.quantity(['timing', 'clock'], timing.clock, 'frequency'),
      processingElements: count('processing_elements'),
      lanes: count('lanes'),
      cyclesPerAddition: count('cycles_per_addition'),
      cyclesPerUpdate: count('cycles_per_update'),
      outstanding: count('outstanding'),
      prefetch: count('prefetch'),
    },
    energy: {
      addition: {
        fp32: joules(['energy', 'addition', 'fp32'], energy.addition.fp32),
        int8: joules(['energy', 'addition', 'int8'], energy.addition.int8),
      },
      update: joules(['energy', 'update'], energy.update),
      sramAccess: joules(['energy', 'sram_access'], energy.sram_access),
      sramWidth: requirePositive(
        reader.quantity(['energy', 'sram_width'], energy.sram_width, 'data'),
        ['energy', 'sram_width'],
        document.place(['energy', 'sram_width']),
      ),
      staticPower: requireAtLeastZero(
        reader.quantity(['energy', 'static_power'], energy.static_power, 'power'),
        ['energy', 'static_power'],
        document.place(['energy', 'static_power']),
      ),
    },
    provenance: reader.provenance,
  };
}

function requireAtLeastZero(value: number, path: readonly string[], place: Place): number {
  if (value >= 0) return value;
  throw new InputError(`${path.join('.')} is ${value}: expected no less than 0`, { place });
}

function requirePositive(value: number, path: readonly string[], place: Place): number {
  if (value > 0) return value;
  throw new InputError(`${path.join('.')} is ${value}: expected more than 0`, { place });
}
