import { InputError } from '../errors/input-error.ts';
import { requireNoObstacles } from '../errors/obstacles.ts';
import type { TimingMode } from '../hardware/resolved-timing.ts';
import type { VoltageProfile } from '../hardware/voltage-profile.ts';
import { MAPPING_POLICIES, type MappingPolicy, policyOf } from '../mapping/policy.ts';
import { weightBits } from '../snn/weight-format.ts';
import { readsCurve } from './curve-use.ts';
import {
  isRowRepair,
  isTensorRepair,
  type LoadRepair,
  ROW_REPAIRS,
  type RowRepair,
  repairOf,
  TENSOR_REPAIRS,
  type TensorRepair,
} from './repair-on-load.ts';
import type { WeightCoding } from './weight-coding.ts';

/**
 * What makes no sense together in a memory of weights. Every command that puts weights into DRAM is refused the same
 * things, by the rules of this file.
 */

/** Throws InputError for check bits that do not fit the format. */
export function requireCoding(coding: WeightCoding): void {
  const obstacle = codingObstacle(coding);
  if (obstacle) throw obstacle;
}

/** Check bits that do not fit the format: a parity bit guards the top bits of whole bytes. `of` says whose format, with a space behind. */
export function codingObstacle({ format, ecc }: WeightCoding, of = ''): InputError | undefined {
  const bits = weightBits(format);
  if (ecc !== 'parity' || bits >= 8) return undefined;
  return new InputError(`parity protects weights of whole bytes, ${format} ${of}has ${bits} bits`, {
    remedy: 'use --ecc secded, or a format of 8 bits or more',
  });
}

/** Throws InputError for a mapping that takes apart what check bits protect as a whole, or rotates words that they lie between. */
export function requirePlacing({ ecc }: WeightCoding, mapping: MappingPolicy): void {
  const { bitLayout } = policyOf(mapping);
  if (bitLayout === 'rows' || ecc === 'none') return;
  const does =
    bitLayout === 'planes'
      ? `takes weight rows apart, which ${ecc} protects as a whole`
      : `rotates the words of weight rows, between which ${ecc} puts check bits`;
  throw new InputError(`the mapping ${mapping} ${does}`, {
    remedy: 'choose another mapping, or --ecc none',
  });
}

/** Throws InputError for a mapping that moves the bits of weights, where each flip is explained where it lies. */
export function requireBitsInPlace(mapping: MappingPolicy): void {
  const { bitLayout } = policyOf(mapping);
  if (bitLayout === 'rows') return;
  const does = bitLayout === 'planes' ? 'takes weights apart' : 'rotates them';
  throw new InputError(`flips are explained weight by weight, the mapping ${mapping} ${does}`, {
    remedy: 'choose another mapping',
  });
}

/**
 * How the bits of recorded weights lie. Throws InputError for a mapping that chooses it for the weak cells of one chip at one
 * supply: a memory map names neither the rotations nor a way to choose them again.
 */
export function requireRecordable(mapping: MappingPolicy): 'rows' | 'planes' {
  const { bitLayout } = policyOf(mapping);
  if (bitLayout !== 'rotated') return bitLayout;
  throw new InputError(
    `the mapping ${mapping} rotates words for the weak cells of one chip at one supply, which a recording does not say`,
    { remedy: 'choose sparkxd, which places weights alike, or another mapping' },
  );
}

/** The repair, if it can be applied to a row as it arrives; throws InputError for one that needs all weights of a neuron. */
export function requireRowRepair(repair: LoadRepair): RowRepair {
  if (isRowRepair(repair)) return repair;
  throw new InputError(
    `the repair "${repair}" needs all weights of a neuron at once, but each read gives others`,
    { remedy: `give --flip-probability 1, or one of the repairs ${ROW_REPAIRS.join(', ')}` },
  );
}

/**
 * The repair, if it can be applied to the tensors of a layered network; throws InputError for one that needs what only a Diehl &
 * Cook network has: weights of 0 and more, known sums of each neuron's weights, receptive fields.
 */
export function requireTensorRepair(repair: LoadRepair): TensorRepair {
  if (isTensorRepair(repair)) return repair;
  throw tensorRepairError(repair);
}

function tensorRepairError(repair: LoadRepair): InputError {
  const needs =
    repairOf(repair).scope === 'tensor'
      ? 'what is known of the one matrix of a Diehl & Cook network, such as the sum of the weights of a neuron'
      : 'weights of 0 and more, as those of Diehl & Cook networks';
  return new InputError(`the repair "${repair}" needs ${needs}: a layered network has none`, {
    remedy: `choose one of the repairs ${TENSOR_REPAIRS.join(', ')}`,
  });
}

/** Throws InputError for settings of a memory that a layered network has no use for, all of them at once. */
export function requireLayeredChoice({
  repair,
  pruneInputs,
  ceiling,
  prior,
}: {
  readonly repair: LoadRepair;
  readonly pruneInputs?: number | undefined;
  readonly ceiling?: number | undefined;
  readonly prior?: string | undefined;
}): void {
  const obstacles: InputError[] = [];
  const refuse = (what: string, remedy: string): void => {
    obstacles.push(new InputError(what, { remedy }));
  };
  if (pruneInputs !== undefined)
    refuse('--prune-inputs leaves out inputs of Diehl & Cook networks only', 'leave out --prune-inputs');
  if (ceiling !== undefined)
    refuse(
      'one --ceiling is not for all tensors of a layered network: each has its own greatest magnitude',
      'leave out --ceiling',
    );
  if (prior !== undefined)
    refuse('--prior is for the repair "context", which layered networks do not have', 'leave out --prior');
  if (!isTensorRepair(repair)) obstacles.push(tensorRepairError(repair));
  requireNoObstacles(obstacles);
}

/** Throws InputError for settings of single tensors where the network has one matrix. */
export function requireMatrixChoice({
  tensorFormats,
  tensorLimits,
}: {
  readonly tensorFormats?: readonly (readonly [string, unknown])[] | undefined;
  readonly tensorLimits?: readonly (readonly [string, unknown])[] | undefined;
}): void {
  const refuse = (flag: string, [tensor]: readonly [string, unknown]): InputError =>
    new InputError(
      `${flag} ${tensor}=... is of a tensor of a layered network, this one has one matrix of weights`,
      {
        remedy: `leave out ${tensor}=, which gives ${flag} for all weights`,
      },
    );
  requireNoObstacles([
    ...(tensorFormats ?? []).map((each) => refuse('--format', each)),
    ...(tensorLimits ?? []).map((each) => refuse('--ber-limit', each)),
  ]);
}

/** Throws InputError for limits of tensors where none of the mappings looks at them. */
export function requireLimitUse(
  tensorLimits: readonly unknown[] | undefined,
  mappings: readonly MappingPolicy[],
): void {
  if (tensorLimits === undefined || mappings.some((mapping) => policyOf(mapping).limitsOfTensors)) return;
  const able = MAPPING_POLICIES.filter((mapping) => policyOf(mapping).limitsOfTensors);
  throw new InputError(
    `limits of single tensors change nothing under the mapping ${mappings.join(', ')}, which has one limit for all`,
    { remedy: `choose one of the mappings ${able.join(', ')}, or give one limit for all` },
  );
}

/** Throws InputError for weights that are written anew where no wrong value stays in the memory. */
export function requireRewriting({
  draw,
  rewriteEvery,
}: {
  /** When a weak cell draws, of `READ_DRAWS`. */
  readonly draw: string;
  readonly rewriteEvery?: number | undefined;
}): void {
  if (rewriteEvery === undefined || draw === 'persistent') return;
  throw new InputError(
    `with --draw ${draw} no wrong value stays in the memory: writing the weights anew changes nothing`,
    { remedy: 'give --draw persistent with --rewrite-every, or leave it out' },
  );
}

/**
 * Throws InputError for a measured map together with settings of generated chips: the map lists its own cells, whatever
 * error model or chip is named.
 */
export function requireChipChoice({
  weakCells,
  errorModel,
}: {
  readonly weakCells?: string | undefined;
  readonly errorModel: number;
}): void {
  if (weakCells !== undefined && errorModel !== 0)
    throw new InputError('a measured map has its own weak cells: the error model changes nothing', {
      remedy: 'leave out --error-model, or --weak-cells',
    });
}

/**
 * Throws InputError for a circuit curve that nothing reads: nominal timing keeps the latencies, and only errors that were measured
 * at a latency depend on how much of it the cells need. `profile` is that of the errors, undefined where none are looked at.
 */
export function requireCurveUse(
  { timing, latencyCurve }: { readonly timing: TimingMode; readonly latencyCurve?: string | undefined },
  profile: Pick<VoltageProfile, 'name' | 'testLatency'> | undefined,
): void {
  if (latencyCurve === undefined || readsCurve({ timing, profile, latencies: true })) return;
  const errors = profile === undefined ? '' : `, and errors of ${profile.name} do not depend on latency`;
  throw new InputError(
    `nominal timing keeps the latencies${errors}: the circuit curve ${latencyCurve} changes nothing`,
    { remedy: 'choose --timing stretched or paper, or leave out the circuit curve' },
  );
}

/** Throws InputError where the repair and the network that it learns from do not go together. */
export function requirePriorChoice(repair: LoadRepair, prior: string | undefined): void {
  if (repair !== 'context' && prior !== undefined)
    throw new InputError(`the repair "${repair}" takes no prior`, {
      remedy: 'leave out --prior, or choose --repair context',
    });
  if (repair === 'context' && prior === undefined)
    throw new InputError('the repair "context" learns what weights look like from another network', {
      remedy: 'name one with --prior, such as --prior n900-mnist',
    });
}
