import { InputError } from '../errors/input-error.ts';
import { banksPerRank, bytesPerRow, type Organisation, subarraysPerBank } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import type { Bytes } from '../units/flavours.ts';

/** What a policy may know: the image's size, the device's shape, and how good each subarray is. */
export interface PlacementRequest {
  readonly imageBytes: Bytes;
  readonly organisation: Organisation;
  /**
   * Expected bit error rate of each subarray at the supply in question, indexed
   * ((channel * ranks + rank) * banks + bank) * subarrays + subarray.
   */
  readonly subarrayBer: Float64Array;
  /** Highest bit error rate at which a subarray counts as safe (SparkXD's BER_th). */
  readonly berLimit: number;
}

/** A whole DRAM row: the unit in which policies hand out memory. */
interface RowPlace {
  readonly channel: number;
  readonly rank: number;
  readonly bank: number;
  readonly row: number;
}

export const MAPPING_POLICIES = ['baseline', 'sparkxd'] as const;
export type MappingPolicy = (typeof MAPPING_POLICIES)[number];

/**
 * Places an image by policy. Throws InputError when it does not fit (into the device, or into its safe subarrays).
 *
 * `baseline`: consecutive bytes fill a row's columns, then the next row of the same bank, then the next bank: the
 * sequential placement SparkXD compares with.
 * `sparkxd`: only subarrays whose bit error rate is at most `berLimit`; columns first (row hits), then banks (one
 * bank's activation hides behind another's reads), then the rows of the subarray, then the next subarray
 * (SparkXD, DAC 2021, mapping algorithm); with several ranks and channels, those vary right after the bank.
 */
export function placeWeights(policy: MappingPolicy, request: PlacementRequest): Placement {
  const rows = policy === 'baseline' ? rowByRow(request.organisation) : safeRows(request);
  const placement = fillRows(rows, request);
  if (placement) return placement;
  const { imageBytes, organisation, berLimit } = request;
  const needed = Math.ceil(imageBytes / bytesPerRow(organisation));
  if (policy === 'baseline')
    throw new InputError(`the weights need ${needed} DRAM rows, more than the device has`, {
      remedy: 'choose a larger device or a smaller network',
    });
  const safe = safeSubarrays(request) * organisation.rowsPerSubarray;
  throw new InputError(
    `the weights need ${needed} DRAM rows, but only ${safe} lie in subarrays with a bit error rate of at most ${berLimit}`,
    {
      remedy: `raise the supply voltage, or the limit (the best subarray has ${lowest(request.subarrayBer).toExponential(2)})`,
    },
  );
}

/** Subarrays of the whole device that are safe under the request's limit. */
export function safeSubarrays({ subarrayBer, berLimit }: PlacementRequest): number {
  let safe = 0;
  for (const ber of subarrayBer) if (ber <= berLimit) safe++;
  return safe;
}

function* rowByRow({ channels, ranks, rows, ...rest }: Organisation): Generator<RowPlace> {
  for (let channel = 0; channel < channels; channel++)
    for (let rank = 0; rank < ranks; rank++)
      for (let bank = 0; bank < banksPerRank({ channels, ranks, rows, ...rest }); bank++)
        for (let row = 0; row < rows; row++) yield { channel, rank, bank, row };
}

function* safeRows({ organisation, subarrayBer, berLimit }: PlacementRequest): Generator<RowPlace> {
  const { channels, ranks, rowsPerSubarray } = organisation;
  const banks = banksPerRank(organisation);
  const subarrays = subarraysPerBank(organisation);
  for (let subarray = 0; subarray < subarrays; subarray++)
    for (let rowInSubarray = 0; rowInSubarray < rowsPerSubarray; rowInSubarray++)
      for (let channel = 0; channel < channels; channel++)
        for (let rank = 0; rank < ranks; rank++)
          for (let bank = 0; bank < banks; bank++) {
            const ber = subarrayBer[((channel * ranks + rank) * banks + bank) * subarrays + subarray]!;
            if (ber <= berLimit)
              yield { channel, rank, bank, row: subarray * rowsPerSubarray + rowInSubarray };
          }
}

/** Fills rows in the order given, each from its first column on; undefined when they do not suffice. */
function fillRows(
  rows: Iterable<RowPlace>,
  { imageBytes, organisation }: PlacementRequest,
): Placement | undefined {
  const rowBytes = bytesPerRow(organisation);
  const stretches = Math.ceil(imageBytes / rowBytes);
  const placement = {
    stretches,
    imageBytes,
    channel: new Uint8Array(stretches),
    rank: new Uint8Array(stretches),
    bank: new Uint16Array(stretches),
    row: new Uint32Array(stretches),
    byteInRow: new Uint32Array(stretches),
    imageByte: new Uint32Array(stretches),
    bytes: new Uint32Array(stretches),
  };
  let filled = 0;
  for (const { channel, rank, bank, row } of rows) {
    if (filled === stretches) break;
    placement.channel[filled] = channel;
    placement.rank[filled] = rank;
    placement.bank[filled] = bank;
    placement.row[filled] = row;
    placement.imageByte[filled] = filled * rowBytes;
    placement.bytes[filled] = Math.min(rowBytes, imageBytes - filled * rowBytes);
    filled++;
  }
  return filled === stretches ? placement : undefined;
}

function lowest(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) if (value < least) least = value;
  return least;
}
