import type { WeightFormat } from '../../src/snn/weight-format.ts';

/** Bit positions of a word of each format from the most harmful to the least: what the mapping `respawn` goes by. */
const down = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, i) => from - i);
const MOST_HARMFUL_FIRST: Partial<Record<WeightFormat, number[]>> = {
  fp32: [...down(30, 25), 31, 24, 23, ...down(22, 0)],
  bf16: [...down(14, 9), 15, 8, 7, ...down(6, 0)],
  fp16: [...down(14, 12), 15, 11, 10, ...down(9, 0)],
  int16: down(15, 0),
  uint16: down(15, 0),
  int8: down(7, 0),
  uint8: down(7, 0),
};

/** Bits of the words that `respawn` rotates. */
export const wordBits = (format: WeightFormat): number => MOST_HARMFUL_FIRST[format]?.length ?? 8;

/** What an error in a bit position of a word costs. */
export function damageOf(format: WeightFormat, position: number): bigint {
  const order = MOST_HARMFUL_FIRST[format];
  if (order) return 2n ** BigInt(order.length - 1 - order.indexOf(position));
  return 2n ** BigInt(position % 4);
}

/**
 * The rotation of a word, by trying all of them: the smallest of those under which the positions on weak cells cost least.
 * `isWeak` says it of each cell of the word, all of which flip alike.
 */
export function bestRotation(format: WeightFormat, isWeak: (cell: number) => boolean): number {
  const bits = wordBits(format);
  const costs = Array.from({ length: bits }, (_, rotation) => {
    let cost = 0n;
    for (let position = 0; position < bits; position++)
      if (isWeak((position + rotation) % bits)) cost += damageOf(format, position);
    return cost;
  });
  return costs.indexOf(costs.reduce((a, b) => (b < a ? b : a)));
}
