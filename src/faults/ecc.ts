import { InputError } from '../errors/input-error.ts';
import type { Bytes } from '../units/flavours.ts';

/**
 * Error correction of a byte image in DRAM. Check bits are stored in the same memory right after the bytes they
 * protect, so that they take room, are fetched, and fail like any others; reading corrects or detects what it can.
 */
export const ECC_SCHEMES = ['none', 'secded', 'parity'] as const;
export type EccScheme = (typeof ECC_SCHEMES)[number];

/** A stretch of the image with its scheme; regions follow one another and cover the image. */
export interface EccRegion {
  readonly bytes: Bytes;
  readonly scheme: EccScheme;
  /** `parity`: bytes a weight, little-endian, and how many of its top bits a parity bit covers. */
  readonly weightBytes?: number;
  readonly topBits?: number;
}

export interface EccReport {
  /** Words in which one wrong bit was put right (`secded`). */
  readonly corrected: number;
  /** Words in which two wrong bits were seen and left (`secded`). */
  readonly uncorrectable: number;
  /** Weights whose top bits failed their parity and were set to zero (`parity`). */
  readonly zeroed: number;
}

/** Data bytes and check bytes of a code word: SECDED(72,64). */
const WORD_BYTES = 8;
/** Weights that share one byte of parity bits. */
const WEIGHTS_PER_PARITY_BYTE = 8;

/** Bytes that a region takes in memory, check bits included. */
export function encodedBytes({ bytes, scheme, weightBytes = 1 }: EccRegion): Bytes {
  if (scheme === 'none') return bytes;
  if (scheme === 'secded') return bytes + Math.ceil(bytes / WORD_BYTES);
  return bytes + Math.ceil(bytes / (weightBytes * WEIGHTS_PER_PARITY_BYTE));
}

/** The image as it is stored: region after region, each block of data followed by its check byte. */
export function encodeImage(image: Uint8Array, regions: readonly EccRegion[]): Uint8Array {
  requireRegions(image.length, regions);
  const stored = new Uint8Array(regions.reduce((sum, region) => sum + encodedBytes(region), 0));
  let from = 0;
  let to = 0;
  for (const region of regions) {
    const block = blockBytes(region);
    for (let done = 0; done < region.bytes; done += block) {
      const data = image.subarray(from + done, from + Math.min(region.bytes, done + block));
      stored.set(data, to);
      to += data.length;
      if (region.scheme !== 'none') stored[to++] = checkByte(data, region);
    }
    from += region.bytes;
  }
  return stored;
}

/** The image that reading gives back from what is in memory, with what was corrected and what was only seen. */
export function decodeImage(
  stored: Uint8Array,
  regions: readonly EccRegion[],
): { image: Uint8Array; report: EccReport } {
  const bytes = regions.reduce((sum, region) => sum + region.bytes, 0);
  requireRegions(bytes, regions);
  const image = new Uint8Array(bytes);
  const report = { corrected: 0, uncorrectable: 0, zeroed: 0 };
  let from = 0;
  let to = 0;
  for (const region of regions) {
    const block = blockBytes(region);
    for (let done = 0; done < region.bytes; done += block) {
      const length = Math.min(block, region.bytes - done);
      image.set(stored.subarray(from, from + length), to);
      const data = image.subarray(to, to + length);
      from += length;
      to += length;
      if (region.scheme === 'none') continue;
      const check = stored[from++]!;
      if (region.scheme === 'secded') correctWord(data, check, report);
      else zeroFaultyWeights(data, check, region, report);
    }
  }
  return { image, report };
}

/**
 * The bit of the data (byte * 8 + bit in byte) that a bit of an encoded region holds; -1 for a check bit. Both count from the
 * region's beginning.
 */
export function dataBitAt(region: EccRegion, storedBit: number): number {
  if (region.scheme === 'none') return storedBit;
  const block = blockBytes(region);
  const byte = Math.floor(storedBit / 8);
  const number = Math.floor(byte / (block + 1));
  const inBlock = byte - number * (block + 1);
  const dataBytes = Math.min(block, region.bytes - number * block);
  return inBlock === dataBytes ? -1 : (number * block + inBlock) * 8 + (storedBit % 8);
}

function requireRegions(bytes: Bytes, regions: readonly EccRegion[]): void {
  const covered = regions.reduce((sum, region) => sum + region.bytes, 0);
  if (covered !== bytes)
    throw new InputError(`the ECC regions cover ${covered} bytes of an image of ${bytes}`);
  for (const { bytes: own, scheme, weightBytes = 0, topBits = 0 } of regions) {
    if (!Number.isInteger(own) || own < 0) throw new InputError(`an ECC region of ${own} bytes`);
    if (scheme !== 'parity') continue;
    if (!Number.isInteger(weightBytes) || weightBytes < 1 || own % weightBytes !== 0)
      throw new InputError(`parity over weights of ${weightBytes} bytes does not divide ${own} bytes`);
    if (!Number.isInteger(topBits) || topBits < 1 || topBits > 8 * weightBytes)
      throw new InputError(`parity over the top ${topBits} bits of weights of ${weightBytes} bytes`);
  }
}

function blockBytes({ bytes, scheme, weightBytes = 1 }: EccRegion): Bytes {
  if (scheme === 'none') return Math.max(1, bytes);
  return scheme === 'secded' ? WORD_BYTES : weightBytes * WEIGHTS_PER_PARITY_BYTE;
}

function checkByte(data: Uint8Array, region: EccRegion): number {
  return region.scheme === 'secded' ? secdedCheck(data) : parityByte(data, region);
}

/**
 * Columns of the code's check matrix for the 64 data bits: the 56 bytes with three ones, then 8 with five. All are odd
 * and different, so a single error shows as an odd syndrome that names its bit, and two errors as an even one (Hsiao,
 * IBM Journal of Research and Development 1970). A check bit's own column has a single one.
 */
const COLUMNS = Uint8Array.from(
  [3, 5]
    .flatMap((ones) => Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => onesOf(byte) === ones))
    .slice(0, 64),
);
const BIT_OF_SYNDROME = new Int8Array(256).fill(-1);
COLUMNS.forEach((column, bit) => {
  BIT_OF_SYNDROME[column] = bit;
});

/** The check byte of a code word's data. */
export function secdedCheck(data: Uint8Array): number {
  let check = 0;
  for (let byte = 0; byte < data.length; byte++)
    for (let bit = 0; bit < 8; bit++) if ((data[byte]! >>> bit) & 1) check ^= COLUMNS[8 * byte + bit]!;
  return check;
}

/** The data bit that a syndrome names as the only wrong one; -1 for none. */
export const syndromeBit = (syndrome: number): number => BIT_OF_SYNDROME[syndrome]!;

function correctWord(
  data: Uint8Array,
  check: number,
  report: { corrected: number; uncorrectable: number },
): void {
  const syndrome = secdedCheck(data) ^ check;
  if (syndrome === 0) return;
  const bit = BIT_OF_SYNDROME[syndrome]!;
  if (onesOf(syndrome) === 1) report.corrected++;
  else if (bit >= 0 && bit < 8 * data.length) {
    data[bit >>> 3]! ^= 1 << (bit & 7);
    report.corrected++;
  } else report.uncorrectable++;
}

function parityByte(data: Uint8Array, { weightBytes = 1, topBits = 1 }: EccRegion): number {
  let parity = 0;
  for (let weight = 0; weight * weightBytes < data.length; weight++)
    parity |= topParity(data, weight * weightBytes, weightBytes, topBits) << weight;
  return parity;
}

function zeroFaultyWeights(
  data: Uint8Array,
  check: number,
  region: EccRegion,
  report: { zeroed: number },
): void {
  const { weightBytes = 1 } = region;
  const faulty = parityByte(data, region) ^ check;
  for (let weight = 0; weight * weightBytes < data.length; weight++)
    if ((faulty >>> weight) & 1) {
      data.fill(0, weight * weightBytes, (weight + 1) * weightBytes);
      report.zeroed++;
    }
}

/** Parity of the top bits of a little-endian weight that begins at a byte. */
function topParity(data: Uint8Array, first: number, weightBytes: number, topBits: number): number {
  let parity = 0;
  for (let bit = 8 * weightBytes - topBits; bit < 8 * weightBytes; bit++)
    parity ^= (data[first + (bit >>> 3)]! >>> (bit & 7)) & 1;
  return parity;
}

function onesOf(byte: number): number {
  let ones = 0;
  for (let rest = byte; rest > 0; rest &= rest - 1) ones++;
  return ones;
}
