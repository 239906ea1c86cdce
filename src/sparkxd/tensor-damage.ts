import { dataBitAt, decodeImage } from '../faults/ecc.ts';
import { listFlippingCells } from '../faults/inject.ts';
import type { Chip } from '../faults/weak-cells-at.ts';
import type { Placement } from '../hardware/placement.ts';
import { unpackCodes } from '../snn/weight-format.ts';
import type { Volts } from '../units/flavours.ts';
import { elementsOf, type Tensor } from '../weights/tensor.ts';
import { isPlausible, nearestPlausible } from './plausible-weights.ts';
import type { TensorRepair } from './repair-on-load.ts';
import type { PlacedTensor, TensorImage } from './tensor-image.ts';

/** The bits of one tensor that a read flipped, by ascending bit. */
export interface TensorFlips {
  readonly size: number;
  /** Element of the tensor; -1 for a check bit. */
  readonly element: Int32Array;
  /** Bit of the element's code, the lowest first; of a check bit -1. */
  readonly bit: Int8Array;
  /** Stretch of the placement, and bit of the DRAM row. */
  readonly stretch: Uint32Array;
  readonly rowBit: Uint32Array;
}

/** A tensor as it comes back. */
export interface DamagedTensor {
  readonly placed: PlacedTensor;
  /** As loaded: read, corrected, repaired; of the same type and shape. */
  readonly tensor: Tensor;
  /**
   * Exclusive or of the codes as stored and as read and corrected by SECDED, before parity and repairs set any to zero; packed
   * as the codes are.
   */
  readonly mask: Uint8Array;
  /** Cells of it, check bits included, that a read may flip, and those that this one flipped. */
  readonly weakCells: number;
  readonly flips: TensorFlips;
  /** Stored bits, check bits included. */
  readonly storedBits: number;
  /** Elements that differ from what sound memory gives. */
  readonly changed: number;
  /** Code words with a corrected bit, and words with wrong bits that could only be seen (`secded`). */
  readonly corrected: number;
  readonly uncorrectable: number;
  /** Elements that parity set to zero, and that the repair on load brought within bounds. */
  readonly zeroed: number;
  readonly repaired: number;
}

/**
 * Reads the tensors of an image once from where a chip holds them at a supply (that of its errors), corrects what the check bits
 * can, and repairs what lies beyond a tensor's own greatest magnitude: `zero` sets it to 0, `clamp` to the bound, and a NaN
 * to 0. Throws InputError for a supply outside what is known of the chip.
 */
export function damageTensors(
  { image, tensors }: TensorImage,
  placement: Placement,
  chip: Chip,
  supply: Volts,
  repair: TensorRepair,
): DamagedTensor[] {
  const cells = listFlippingCells(image, placement, chip, supply);
  const order = Uint32Array.from({ length: cells.size }, (_, i) => i).sort(
    (a, b) => cells.imageBit[a]! - cells.imageBit[b]!,
  );
  const read = image.slice();
  let next = 0;
  return tensors.map((placed) => {
    const { coded, region, part } = placed;
    const { firstByte, rowBytes: storedBytes, rowStride: paddedBytes } = part;
    const first = firstByte * 8;
    const end = first + storedBytes * 8;
    let weakCells = 0;
    const flipped: number[] = [];
    for (; next < order.length; next++) {
      const i = order[next]!;
      const bit = cells.imageBit[i]!;
      if (bit >= first + paddedBytes * 8) break;
      // What lies between the tensor and the next burst is padding.
      if (bit >= end) continue;
      weakCells++;
      if (!cells.flips(i, 0)) continue;
      read[Math.floor(bit / 8)]! ^= 1 << (bit % 8);
      flipped.push(i);
    }
    const flips: TensorFlips = {
      size: flipped.length,
      element: new Int32Array(flipped.length),
      bit: new Int8Array(flipped.length),
      stretch: Uint32Array.from(flipped, (i) => cells.stretch[i]!),
      rowBit: Uint32Array.from(flipped, (i) => cells.rowBit[i]!),
    };
    const mask = new Uint8Array(coded.data.length);
    for (const [k, i] of flipped.entries()) {
      const dataBit = dataBitAt(region, cells.imageBit[i]! - first);
      const known = dataBit >= 0 && dataBit < coded.count * coded.bits;
      flips.element[k] = known ? Math.floor(dataBit / coded.bits) : -1;
      flips.bit[k] = known ? dataBit % coded.bits : -1;
      if (dataBit >= 0) mask[Math.floor(dataBit / 8)]! ^= 1 << (dataBit % 8);
    }
    const stored = { placed, flips, weakCells, storedBits: storedBytes * 8 };
    if (flipped.length === 0)
      return {
        ...{ ...stored, mask, tensor: coded.sound },
        ...{ changed: 0, corrected: 0, uncorrectable: 0, zeroed: 0, repaired: 0 },
      };
    const decoded = decodeImage(read.subarray(firstByte, firstByte + storedBytes), [region]);
    const data = decoded.image;
    if (region.scheme === 'secded') for (let k = 0; k < data.length; k++) mask[k] = data[k]! ^ coded.data[k]!;
    return { ...stored, mask, ...decoded.report, ...loaded(placed, data, repair) };
  });
}

/** What the loader makes of a tensor's data as read and corrected. */
function loaded(
  { coded }: PlacedTensor,
  data: Uint8Array,
  repair: TensorRepair,
): Pick<DamagedTensor, 'tensor' | 'changed' | 'repaired'> {
  const { sound, ceiling, bits, format } = coded;
  const bytes = sound.bytes.slice();
  const { get, set } = elementsOf(sound.type, bytes);
  const valueAt = coded.readerOf(data);
  const elementBytes = bits / 8;
  let changed = 0;
  let repaired = 0;
  let last = -1;
  const visit = (element: number): void => {
    if (element === last || element >= coded.count) return;
    last = element;
    if (format === 'stored') {
      const at = element * elementBytes;
      bytes.set(data.subarray(at, at + elementBytes), at);
    } else set(element, valueAt(element));
    const value = get(element);
    if (repair !== 'none' && !isPlausible(value, -ceiling, ceiling)) {
      repaired++;
      set(element, repair === 'zero' ? 0 : nearestPlausible(value, -ceiling, ceiling));
    }
    if (!sameBytes(bytes, sound.bytes, element, bytes.length / coded.count)) changed++;
  };
  for (let byte = 0; byte < data.length; byte++) {
    const wrong = data[byte]! ^ coded.data[byte]!;
    if (wrong === 0) continue;
    if (bits >= 8) visit(Math.floor(byte / elementBytes));
    else {
      if (wrong & 0x0f) visit(2 * byte);
      if (wrong & 0xf0) visit(2 * byte + 1);
    }
  }
  return { tensor: { ...sound, bytes }, changed, repaired };
}

function sameBytes(a: Uint8Array, b: Uint8Array, element: number, size: number): boolean {
  for (let byte = element * size; byte < (element + 1) * size; byte++) if (a[byte] !== b[byte]) return false;
  return true;
}

/** The mask of a tensor as an array of unsigned integers of its shape, one an element; 4-bit codes in the low half of a byte. */
export function maskTensor({ placed, mask }: Pick<DamagedTensor, 'placed' | 'mask'>): Tensor {
  const { bits, count, tensor } = placed.coded;
  const { shape } = tensor;
  if (bits === 4) return { type: 'U8', shape, bytes: Uint8Array.from(unpackCodes(mask, bits, count)) };
  const type = bits === 8 ? 'U8' : bits === 16 ? 'U16' : bits === 32 ? 'U32' : 'U64';
  return { type, shape, bytes: mask };
}
