import type { WeightFormat } from '../snn/weight-format.ts';
import type { WeightRange } from '../snn/weight-range.ts';
import type { ContextTables } from './repair-context.ts';
import type { LoadRepairDefinition, WeightRepairDefinition } from './repair-definition.ts';
import type { ReceptiveFields } from './repair-field.ts';
import { bits } from './repairs/bits.ts';
import { clamp } from './repairs/clamp.ts';
import { context } from './repairs/context.ts';
import { force } from './repairs/force.ts';
import { likeliest } from './repairs/likeliest.ts';
import { median } from './repairs/median.ts';
import { none } from './repairs/none.ts';
import { silence } from './repairs/silence.ts';
import { sum } from './repairs/sum.ts';
import { zero } from './repairs/zero.ts';

/**
 * Every repair of weights between DRAM and weight buffer, in the order in which help texts name them (docs/repair.md:
 * cost and gain of each).
 */
const REPAIRS = [
  none,
  clamp,
  zero,
  likeliest,
  force,
  silence,
  sum,
  bits,
  median,
  context,
] as const satisfies readonly LoadRepairDefinition[];
type Listed = (typeof REPAIRS)[number];

export type LoadRepair = Listed['name'];
export const LOAD_REPAIRS: readonly LoadRepair[] = REPAIRS.map(({ name }) => name);

/** What is done where nothing else is asked for: bound-and-protect (SoftSNN, DAC 2022). */
export const DEFAULT_REPAIR: RowRepair & RunRepair = 'zero';

/** Repairs that look at one weight alone, so that a row can be repaired as it arrives. */
export type RowRepair = Extract<Listed, { readonly scope: 'weight' }>['name'];
export const isRowRepair = (repair: LoadRepair): repair is RowRepair => repairOf(repair).scope === 'weight';
export const ROW_REPAIRS: readonly RowRepair[] = LOAD_REPAIRS.filter(isRowRepair);
const WEIGHT_REPAIRS = REPAIRS.filter((repair) => repair.scope === 'weight');

/** Repairs that know weights of both signs, by nothing but the tensor's own bound: those of layered networks, and of any tensors. */
export type TensorRepair = Extract<Listed, { readonly signed: true }>['name'];
export const isTensorRepair = (repair: LoadRepair): repair is TensorRepair => {
  const definition = repairOf(repair);
  return definition.scope === 'weight' && definition.signed;
};
export const TENSOR_REPAIRS: readonly TensorRepair[] = LOAD_REPAIRS.filter(isTensorRepair);

/** Repairs that need nothing but the network's own side information. */
export type RunRepair = Extract<Listed, { readonly needsPrior: false }>['name'];
export const isRunRepair = (repair: LoadRepair): repair is RunRepair => !repairOf(repair).needsPrior;
export const RUN_REPAIRS: readonly RunRepair[] = LOAD_REPAIRS.filter(isRunRepair);

/** What is known of a repair. */
export function repairOf(name: LoadRepair): LoadRepairDefinition {
  return REPAIRS.find((repair) => repair.name === name)!;
}

/** What a repair makes of some codes of a tensor, such as those of a row. */
export const rowLoader = (repair: RowRepair): WeightRepairDefinition['load'] =>
  WEIGHT_REPAIRS.find(({ name }) => name === repair)!.load;

/** The same for codes in a format. */
export const loadRow = (
  read: Uint32Array,
  format: WeightFormat,
  repair: RowRepair,
  range: WeightRange,
): Float32Array => rowLoader(repair)(read, format, range);

/** The weights, inputs x neurons, that a loader makes of the codes it read. `tables` are for `context` alone. */
export function loadWeights(
  read: Uint32Array,
  format: WeightFormat,
  repair: LoadRepair,
  fields: ReceptiveFields,
  tables?: ContextTables,
): Float32Array {
  return repairOf(repair).load(read, format, fields, tables);
}
