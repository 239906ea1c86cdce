import type { Chip } from '../faults/weak-cells-at.ts';
import { planeBytes } from '../mapping/bit-planes.ts';
import type { PlacementRequest, TensorContents } from '../mapping/placement-request.ts';
import { type MappingPolicy, policyOf } from '../mapping/policy.ts';
import type { TensorLimit } from '../mapping/subarray-use.ts';
import { endByte } from '../mapping/weight-image.ts';
import { weightBits } from '../snn/weight-format.ts';
import { FRAGILE_BITS } from './fragile-bits.ts';
import { requirePlacing } from './memory-rules.ts';
import type { StoredTensors } from './stored-tensors.ts';
import { type NamedValue, namedValue } from './tensor-names.ts';

/** How weights are placed, on a chip whose subarrays are as good as a supply makes them. */
export interface PlacingConditions {
  readonly mapping: MappingPolicy;
  readonly berLimit: number;
  /** Those that tensors have of their own, for the policies that look at them. */
  readonly tensorLimits?: readonly NamedValue<number>[] | undefined;
  /** Share of the subarrays that other data holds (default: 0). */
  readonly occupied?: number;
  /** The file of a measured map, for messages. */
  readonly measuredMap?: string;
}

/** The file of the map that a measured chip comes from, as placing takes it. */
export const mapOf = (chip: Chip): Pick<PlacingConditions, 'measuredMap'> =>
  chip.kind === 'measured' && chip.file !== undefined ? { measuredMap: chip.file } : {};

/** The limits of all tensors, where the mapping looks at them and any has one of its own. */
export function limitsOf(
  { tensors }: Pick<StoredTensors, 'tensors'>,
  { mapping, berLimit, tensorLimits }: PlacingConditions,
): TensorLimit[] | undefined {
  if (tensorLimits === undefined || !policyOf(mapping).limitsOfTensors) return undefined;
  return tensors.map(({ name, part }) => ({
    firstByte: part.firstByte,
    endByte: endByte(part),
    berLimit: namedValue(name, tensorLimits) ?? berLimit,
  }));
}

/** The request to `placeWeights` for these weights; `subarrayBer` as there. Throws InputError for check bits in bit planes. */
export function placementRequest(
  { tensors, layout }: StoredTensors,
  organisation: PlacementRequest['organisation'],
  subarrayBer: Float64Array,
  conditions: PlacingConditions,
): PlacementRequest {
  const { mapping, berLimit, occupied = 0, measuredMap } = conditions;
  const limits = limitsOf({ tensors }, conditions);
  return {
    imageBytes: layout.imageBytes,
    organisation,
    subarrayBer,
    berLimit,
    occupied,
    ...(measuredMap === undefined ? {} : { measuredMap }),
    contents: tensors.map(({ name, coding, part, fragility }, k): TensorContents => {
      requirePlacing(coding, mapping);
      const { format } = coding;
      return {
        ...{ name, firstByte: part.firstByte, rowStride: part.rowStride, fragility: fragility() },
        fragileBytes: planeBytes(part, layout.burstBytes, weightBits(format), FRAGILE_BITS[format]),
        ...(limits ? { berLimit: limits[k]!.berLimit } : {}),
      };
    }),
  };
}
