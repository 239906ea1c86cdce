import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { bytesPerRow } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import { type Filling, fillRows } from './fill-rows.ts';
import { freeSubarrays } from './free-subarrays.ts';
import type { PlacementRequest } from './placement-request.ts';
import { bankInterleaved } from './policies/bank-interleaved.ts';
import { baseline } from './policies/baseline.ts';
import { bitPlane } from './policies/bit-plane.ts';
import { eden } from './policies/eden.ts';
import { energyOptimal } from './policies/energy-optimal.ts';
import { respawn } from './policies/respawn.ts';
import { sparkxd } from './policies/sparkxd.ts';
import type { MappingPolicyDefinition } from './policy-definition.ts';
import { isSafe } from './subarray-safety.ts';

/** Every mapping policy, in the order in which help texts name them. */
const POLICIES = [
  baseline,
  bankInterleaved,
  sparkxd,
  respawn,
  eden,
  bitPlane,
  energyOptimal,
] as const satisfies readonly MappingPolicyDefinition[];

export type MappingPolicy = (typeof POLICIES)[number]['name'];
export const MAPPING_POLICIES: readonly MappingPolicy[] = POLICIES.map(({ name }) => name);

/** What is known of a policy. */
export function policyOf(name: MappingPolicy): MappingPolicyDefinition {
  return POLICIES.find((policy) => policy.name === name)!;
}

/** Places an image by policy (docs/mapping.md). Throws InputError when it does not fit. */
export function placeWeights(policy: MappingPolicy, request: PlacementRequest): Placement {
  const { imageBytes, organisation, berLimit, subarrayBer, occupied = 0 } = request;
  const { careful, carefulPart, fillings } = policyOf(policy);
  const free = freeSubarrays(organisation, occupied);
  const parts = fillings(request, free);
  const placement = fillRows(parts, imageBytes, organisation);
  if (!('full' in placement)) return placement;

  let bytes = 0;
  for (const piece of parts[placement.full]!.pieces) bytes += piece.bytes;
  const needed = Math.ceil(bytes / bytesPerRow(organisation));
  const { within } = parts[placement.full]!;
  if (within) throw tooFewWithin(within, needed, placement.rows, request, carefulPart);
  if (!careful || (carefulPart !== undefined && placement.full > 0)) {
    const device = free.length * organisation.rowsPerSubarray;
    throw new InputError(
      `the weights need ${needed} DRAM rows, more than the device has${occupied > 0 ? ' free' : ''} (${device})`,
      { remedy: 'choose a larger device or a smaller network' },
    );
  }
  const safe = safeSubarrays(request) * organisation.rowsPerSubarray;
  const raised = limitWithRoom(
    free.map(({ index }) => subarrayBer[index]!),
    Math.ceil(needed / organisation.rowsPerSubarray),
  );
  const limit =
    raised === undefined ? 'choose a larger device or a smaller network' : `raise --ber-limit to ${raised}`;
  throw new InputError(
    `${carefulPart ?? 'the weights'} need ${needed} DRAM rows, but only ${safe} lie in subarrays with a bit error rate of at most ${berLimit}${byMap(request)}`,
    { remedy: remedyWith(limit, request) },
  );
}

/** The error for tensors that find too few rows within their own limit. */
function tooFewWithin(
  { tensors, berLimit }: NonNullable<Filling['within']>,
  needed: number,
  found: number,
  request: PlacementRequest,
  carefulPart: string | undefined,
): InputError {
  const named = tensors.map(quoted).join(', ');
  const what = carefulPart === undefined ? `the weights of ${named}` : `${carefulPart} of ${named}`;
  return new InputError(
    `${what} need ${needed} DRAM rows, but only ${found} are left in subarrays with a bit error rate of at most ${berLimit}${byMap(request)}`,
    { remedy: remedyWith('raise the limits of the tensors', request) },
  );
}

const byMap = ({ measuredMap }: PlacementRequest): string =>
  measuredMap === undefined ? '' : ` by the weak-cell map ${measuredMap}`;

const remedyWith = (limit: string, { measuredMap }: PlacementRequest): string =>
  (measuredMap === undefined
    ? [limit, 'or raise the supply voltage']
    : [limit, 'give the map of another device', 'or raise the supply voltage within the map']
  ).join(', ');

/** The least limit, rounded up to three digits, under which `count` of the subarrays are safe; undefined if there are fewer. */
function limitWithRoom(rates: readonly number[], count: number): string | undefined {
  const rate = rates.toSorted((a, b) => a - b)[count - 1];
  if (rate === undefined) return undefined;
  const [mantissa = '', exponent = ''] = rate.toExponential(2).split('e');
  const rounded = Number(`${mantissa}e${exponent}`);
  return (rounded >= rate ? rounded : Number(`${Number(mantissa) + 0.01}e${exponent}`)).toExponential(2);
}

/** Subarrays of the whole device that are safe under the request's limit and hold no other data. */
export function safeSubarrays(request: PlacementRequest): number {
  return freeSubarrays(request.organisation, request.occupied ?? 0).filter(isSafe(request)).length;
}
