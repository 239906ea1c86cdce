import { InputError } from '../errors/input-error.ts';
import { bytesPerRow, type Organisation } from '../hardware/device.ts';
import type { Placement } from '../hardware/placement.ts';
import type { Bytes } from '../units/flavours.ts';
import { type Filling, fillRows, type ImagePiece } from './fill-rows.ts';
import { freeSubarrays } from './free-subarrays.ts';
import {
  acrossBanks,
  bankNumber,
  levelByLevel,
  oneByOne,
  type RowPlace,
  type SubarrayPlace,
} from './row-orders.ts';

/** What a policy may know: the image, the device's shape, and how good each subarray is. */
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
  /** Share of the subarrays that other data holds already (`freeSubarrays`); 0 unless told. */
  readonly occupied?: number;
  /** What the image holds, for the policies that look at it; one row of equal bits unless told. */
  readonly contents?: ImageContents;
}

/** The image's weight rows, all of `rowStride` bytes. */
export interface ImageContents {
  readonly rowStride: Bytes;
  /** Bytes at the start of each row that hold the bits an error hurts most (`planeBytes`). */
  readonly fragileBytes: Bytes;
  /** How much an error in each weight row hurts, in any unit. */
  readonly fragility: Float64Array;
}

export const MAPPING_POLICIES = [
  'baseline',
  'bank-interleaved',
  'sparkxd',
  'eden',
  'bit-plane',
  'energy-optimal',
] as const;
export type MappingPolicy = (typeof MAPPING_POLICIES)[number];

/** Policies that refuse subarrays above the limit, for all of the image or for a part of it. */
const CAREFUL: ReadonlySet<MappingPolicy> = new Set(['sparkxd', 'eden', 'bit-plane', 'energy-optimal']);

/** Places an image by policy (docs/mapping.md). Throws InputError when it does not fit. */
export function placeWeights(policy: MappingPolicy, request: PlacementRequest): Placement {
  const { imageBytes, organisation, berLimit, subarrayBer, occupied = 0 } = request;
  const free = freeSubarrays(organisation, occupied);
  const fillings = POLICIES[policy](request, free);
  const placement = fillRows(fillings, imageBytes, organisation);
  if (!('full' in placement)) return placement;

  const { pieces } = fillings[placement.full]!;
  let bytes = 0;
  for (const piece of pieces) bytes += piece.bytes;
  const needed = Math.ceil(bytes / bytesPerRow(organisation));
  const device = free.length * organisation.rowsPerSubarray;
  if (!CAREFUL.has(policy) || (policy === 'bit-plane' && placement.full > 0))
    throw new InputError(
      `the weights need ${needed} DRAM rows, more than the device has${occupied > 0 ? ` free (${device})` : ''}`,
      { remedy: 'choose a larger device or a smaller network' },
    );
  const safe = free.filter(isSafe(request)).length * organisation.rowsPerSubarray;
  const part = policy === 'bit-plane' ? 'the fragile bits of the weights' : 'the weights';
  const best = free.reduce(
    (least, { index }) => Math.min(least, subarrayBer[index]!),
    Number.POSITIVE_INFINITY,
  );
  throw new InputError(
    `${part} need ${needed} DRAM rows, but only ${safe} lie in subarrays with a bit error rate of at most ${berLimit}`,
    {
      remedy: `raise the supply voltage, or the limit (the best subarray has ${best.toExponential(2)})`,
    },
  );
}

/** Subarrays of the whole device that are safe under the request's limit and hold no other data. */
export function safeSubarrays(request: PlacementRequest): number {
  return freeSubarrays(request.organisation, request.occupied ?? 0).filter(isSafe(request)).length;
}

const isSafe =
  ({ subarrayBer, berLimit }: PlacementRequest) =>
  ({ index }: SubarrayPlace): boolean =>
    subarrayBer[index]! <= berLimit;

type Policy = (request: PlacementRequest, free: readonly SubarrayPlace[]) => readonly Filling[];

const POLICIES: Readonly<Record<MappingPolicy, Policy>> = {
  // Columns of a row, rows of a bank, banks: the sequential placement SparkXD compares with.
  baseline: (request, free) => whole(request, oneByOne(free, request.organisation)),

  // SparkXD's order without its care: what changing banks alone is worth.
  'bank-interleaved': (request, free) => whole(request, acrossBanks(free, request.organisation)),

  // Only safe subarrays; columns, banks (ranks and channels right after), rows of the subarray, subarrays (DAC 2021).
  sparkxd: (request, free) => whole(request, acrossBanks(free.filter(isSafe(request)), request.organisation)),

  // The most tolerant weight rows into the worst subarrays that are safe, which leaves the good ones to other data.
  eden(request, free) {
    const { imageBytes, organisation, contents } = request;
    const worstFirst = free.filter(isSafe(request)).sort((a, b) => ascending(request)(b, a));
    const pieces = contents ? rowsByFragility(contents) : [{ imageByte: 0, bytes: imageBytes }];
    return [{ pieces, rows: oneByOne(worstFirst, organisation) }];
  },

  // Fragile bits into the strongest safe subarrays, the rest into the next best ones of other banks.
  'bit-plane'(request, free) {
    const { organisation, contents } = request;
    if (!contents) return whole(request, levelByLevel(free.filter(isSafe(request)), organisation));
    const { strong, others } = splitBanks(free.toSorted(ascending(request)), organisation);
    const safe = isSafe(request);
    return [
      {
        pieces: rowParts(contents, 0, contents.fragileBytes),
        rows: chain(
          levelByLevel(strong.filter(safe), organisation),
          levelByLevel(others.filter(safe), organisation),
        ),
      },
      {
        pieces: rowParts(contents, contents.fragileBytes, contents.rowStride),
        rows: chain(levelByLevel(others, organisation), levelByLevel(strong, organisation)),
      },
    ];
  },

  // SparkXD's order inside as few ranks as possible, those with the most safe subarrays first: the others hold nothing.
  'energy-optimal'(request, free) {
    const { organisation } = request;
    const ranks = new Map<number, SubarrayPlace[]>();
    for (const place of free.filter(isSafe(request))) {
      const rank = place.channel * organisation.ranks + place.rank;
      ranks.set(rank, [...(ranks.get(rank) ?? []), place]);
    }
    const roomiest = [...ranks].sort(([a, x], [b, y]) => y.length - x.length || a - b);
    return whole(request, chain(...roomiest.map(([, places]) => acrossBanks(places, organisation))));
  },
};

const whole = ({ imageBytes }: PlacementRequest, rows: Iterable<RowPlace>): readonly Filling[] => [
  { pieces: [{ imageByte: 0, bytes: imageBytes }], rows },
];

const ascending =
  ({ subarrayBer }: PlacementRequest) =>
  (a: SubarrayPlace, b: SubarrayPlace): number =>
    subarrayBer[a.index]! - subarrayBer[b.index]! || a.index - b.index;

/** Bytes `from` to `to` of every weight row. */
function rowParts({ rowStride, fragility }: ImageContents, from: Bytes, to: Bytes): ImagePiece[] {
  if (from === to) return [];
  return Array.from(fragility, (_, row) => ({ imageByte: row * rowStride + from, bytes: to - from }));
}

/** Whole weight rows, least fragile first. */
function rowsByFragility(contents: ImageContents): ImagePiece[] {
  const { fragility } = contents;
  return rowParts(contents, 0, contents.rowStride)
    .map((piece, row) => ({ piece, row }))
    .sort((a, b) => fragility[a.row]! - fragility[b.row]! || a.row - b.row)
    .map(({ piece }) => piece);
}

/** Share of the banks that the fragile bits get; two streams in banks of their own do not close each other's rows. */
const STRONG_BANKS = 1 / 4;

/** Subarrays (strongest first) of the banks whose strongest is best, and those of the other banks. */
function splitBanks(places: readonly SubarrayPlace[], organisation: Organisation) {
  const banks = [...new Set(places.map((place) => bankNumber(place, organisation)))];
  const chosen = new Set(banks.slice(0, Math.ceil(banks.length * STRONG_BANKS)));
  const isStrong = (place: SubarrayPlace): boolean => chosen.has(bankNumber(place, organisation));
  return { strong: places.filter(isStrong), others: places.filter((place) => !isStrong(place)) };
}

function* chain(...orders: readonly Iterable<RowPlace>[]): Generator<RowPlace> {
  for (const order of orders) yield* order;
}
