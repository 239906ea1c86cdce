import type { LineBits } from './vampire.ts';

/** Ways to put bytes on the bus: as they are, each bit inverted, or each byte inverted when that leaves fewer ones. */
export const BUS_ENCODINGS = ['plain', 'inverted', 'fewest-ones'] as const;
export type BusEncoding = (typeof BUS_ENCODINGS)[number];

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest > 0; rest &= rest - 1) ones++;
  return ones;
});

/**
 * Shares of ones and of toggles in an image that is read from end to end, line by line; the first line toggles against
 * zeros. `fewest-ones` stores one flag bit with each byte, counted with the ones and toggles of the byte's eight bits
 * (but not with their number: the line is as long as it was). Throws RangeError unless the image is whole lines.
 */
export function lineBits(image: Uint8Array, lineBytes: number, encoding: BusEncoding = 'plain'): LineBits {
  if (image.length === 0 || image.length % lineBytes !== 0)
    throw new RangeError(`an image of ${image.length} bytes is not whole lines of ${lineBytes}`);
  const before = new Uint8Array(lineBytes);
  const flagBefore = new Uint8Array(lineBytes);
  let ones = 0;
  let toggles = 0;
  for (let at = 0; at < image.length; at++) {
    const own = image[at]!;
    const flag = encoding === 'fewest-ones' && ONES[own]! > 4 ? 1 : 0;
    const byte = encoding === 'inverted' || flag === 1 ? own ^ 0xff : own;
    const slot = at % lineBytes;
    ones += ONES[byte]! + flag;
    toggles += ONES[byte ^ before[slot]!]! + (flag ^ flagBefore[slot]!);
    before[slot] = byte;
    flagBefore[slot] = flag;
  }
  const bits = image.length * 8;
  return { ones: ones / bits, toggles: toggles / bits };
}
