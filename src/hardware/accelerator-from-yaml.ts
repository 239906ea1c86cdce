import { z } from 'zod';
import { ARBITERS } from '../engine/arbiter.ts';
import { InputError } from '../errors/input-error.ts';
import type { Picojoules } from '../units/flavours.ts';
import { type Units, withUnits } from '../units/quantity.ts';
import {
  type Accelerator,
  type AdditionFormat,
  type CoreSystem,
  EQUAL_WEIGHTS,
  INTERCONNECTS,
  type MemoryWeights,
  MOST_CORES,
} from './accelerator.ts';
import { BOUNDS } from './bounds.ts';
import type { ModelSource } from './model-source.ts';
import {
  createValueReader,
  modelName,
  type SourcedValue,
  sourcedClock,
  sourcedCount,
  sourcedData,
  sourcedEnergy,
  sourcedPower,
  sourcesSchema,
} from './sourced-values.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

const source = z.string().optional();

const arbiter = z.enum(ARBITERS, { error: `expected one of ${ARBITERS.join(', ')}` });

const systemSchema = z.strictObject({
  source,
  cores: sourcedCount,
  buffer: z.enum(['private', 'shared'], { error: 'expected private or shared' }),
  neuron_state: sourcedData.optional(),
  memory_arbiter: arbiter,
  memory_weights: z
    .strictObject({
      source,
      cores: sourcedCount.optional(),
      traffic: sourcedCount.optional(),
      loading: sourcedCount.optional(),
    })
    .optional(),
  interconnect: z.strictObject({
    source,
    kind: z.enum(INTERCONNECTS, { error: `expected one of ${INTERCONNECTS.join(', ')}` }),
    clock: sourcedClock,
    width: sourcedData,
    latency: sourcedCount,
    arbiter,
    energy_per_byte: sourcedEnergy,
  }),
});

export const acceleratorSchema = z.strictObject({
  name: modelName,
  description: z.string(),
  sources: sourcesSchema,
  weight_buffer: z.strictObject({ source, size: sourcedData }),
  timing: z.strictObject({
    source,
    clock: sourcedClock,
    processing_elements: sourcedCount,
    lanes: sourcedCount,
    cycles_per_addition: sourcedCount,
    cycles_per_update: sourcedCount,
    outstanding: sourcedCount,
    prefetch: sourcedCount,
  }),
  energy: z.strictObject({
    source,
    addition: z.strictObject({
      source,
      fp32: sourcedEnergy,
      int8: sourcedEnergy,
      bf16: sourcedEnergy.optional(),
      fp16: sourcedEnergy.optional(),
      int16: sourcedEnergy.optional(),
      int4: sourcedEnergy.optional(),
    }),
    update: sourcedEnergy,
    sram_access: sourcedEnergy,
    sram_width: sourcedData,
    static_power: sourcedPower,
  }),
  system: systemSchema.optional(),
});

/** The most of each count that is taken. */
const MOST = {
  processing_elements: 65_536,
  lanes: 65_536,
  cycles_per_addition: 1_000_000,
  cycles_per_update: 1_000_000,
  outstanding: 65_536,
  prefetch: 65_536,
} as const;

/** The greatest weight of a source at a weighted arbiter. */
const MOST_WEIGHT = 1000;

/** The most cycles that a message takes over a way. */
const MOST_LATENCY = 100_000;

/** Reads an accelerator from its YAML; see load-accelerator.ts. */
export async function acceleratorFromYaml(name: string, models: ModelSource): Promise<Accelerator> {
  const document = readYaml(await models.read('accelerators', name), acceleratorSchema, 'an accelerator');
  return withUnits((units) => readAccelerator(document, units));
}

function readAccelerator(
  document: YamlDocument<z.infer<typeof acceleratorSchema>>,
  units: Units,
): Accelerator {
  const reader = createValueReader(document, units);
  const { timing, energy } = document.data;
  const count = (name: keyof typeof MOST): number => reader.count(['timing', name], timing[name], MOST[name]);
  const joules = (path: readonly string[], node: SourcedValue): Picojoules =>
    reader.quantity(path, node, 'energy', BOUNDS.energy);
  const addition = (format: AdditionFormat): Picojoules | undefined => {
    const value = energy.addition[format];
    return value === undefined ? undefined : joules(['energy', 'addition', format], value);
  };
  const system = document.data.system;
  return {
    ...(system ? { system: readSystem(system) } : {}),
    name: document.data.name,
    description: document.data.description.trim(),
    weightBuffer: reader.quantity(
      ['weight_buffer', 'size'],
      document.data.weight_buffer.size,
      'data',
      BOUNDS.memory,
    ),
    timing: {
      clock: reader.quantity(['timing', 'clock'], timing.clock, 'frequency', BOUNDS.clock),
      processingElements: count('processing_elements'),
      lanes: count('lanes'),
      cyclesPerAddition: count('cycles_per_addition'),
      cyclesPerUpdate: count('cycles_per_update'),
      outstanding: count('outstanding'),
      prefetch: count('prefetch'),
    },
    energy: {
      addition: {
        fp32: addition('fp32'),
        int8: addition('int8'),
        bf16: addition('bf16'),
        fp16: addition('fp16'),
        int16: addition('int16'),
        int4: addition('int4'),
      },
      update: joules(['energy', 'update'], energy.update),
      sramAccess: joules(['energy', 'sram_access'], energy.sram_access),
      sramWidth: reader.quantity(['energy', 'sram_width'], energy.sram_width, 'data', BOUNDS.width),
      staticPower: reader.quantity(['energy', 'static_power'], energy.static_power, 'power', BOUNDS.power),
    },
    provenance: reader.provenance,
  };

  function readWeights({ memory_weights, memory_arbiter }: z.infer<typeof systemSchema>): MemoryWeights {
    const path = ['system', 'memory_weights'];
    if (memory_weights && memory_arbiter !== 'weighted')
      throw new InputError(`memory_weights are given, but the arbiter ${memory_arbiter} has none`, {
        place: document.place(path),
        remedy: 'write memory_arbiter: weighted, or leave memory_weights out',
      });
    const weight = (of: keyof MemoryWeights): number => {
      const given = memory_weights?.[of];
      return given === undefined ? EQUAL_WEIGHTS[of] : reader.count([...path, of], given, MOST_WEIGHT);
    };
    return { cores: weight('cores'), traffic: weight('traffic'), loading: weight('loading') };
  }
  function readSystem(node: z.infer<typeof systemSchema>): CoreSystem {
    const { interconnect, neuron_state } = node;
    const of = (key: keyof typeof interconnect) => ['system', 'interconnect', key];
    return {
      cores: reader.count(['system', 'cores'], node.cores, MOST_CORES),
      sharedBuffer: node.buffer === 'shared',
      neuronState:
        neuron_state === undefined
          ? undefined
          : reader.quantity(['system', 'neuron_state'], neuron_state, 'data', BOUNDS.memory),
      interconnect: {
        kind: interconnect.kind,
        clock: reader.quantity(of('clock'), interconnect.clock, 'frequency', BOUNDS.clock),
        width: reader.quantity(of('width'), interconnect.width, 'data', BOUNDS.width),
        latency: reader.count(of('latency'), interconnect.latency, MOST_LATENCY),
        arbiter: interconnect.arbiter,
        energyPerByte: joules(of('energy_per_byte'), interconnect.energy_per_byte),
      },
      memoryArbiter: node.memory_arbiter,
      memoryWeights: readWeights(node),
      places: document.places(),
    };
  }
}
