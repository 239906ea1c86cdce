/**
 * From the share of weak cells in the whole chip to that of each of its parts. Parts differ by a factor (mean 1), but
 * no part can be more than wholly weak: what a full part cannot take, the others take, so that the chip's share is
 * always the profile's. The level is monotone in the share, which keeps maps nested.
 */
export interface ShareBalance {
  /** Factors, descending. */
  readonly factor: Float64Array;
  /** Share of the chip's cells in the first i parts. */
  readonly cells: Float64Array;
  /** Sum of factor x share of cells over the parts from i on; 1 at i = 0. */
  readonly rest: Float64Array;
}

/** Parts of relative size `size` (any unit) with their factors, whose weighted mean must be 1. */
export function createShareBalance(factors: ArrayLike<number>, sizes: ArrayLike<number>): ShareBalance {
  const parts = factors.length;
  const order = Array.from({ length: parts }, (_, i) => i).sort((a, b) => factors[b]! - factors[a]! || a - b);
  let total = 0;
  for (let i = 0; i < parts; i++) total += sizes[i]!;
  const factor = new Float64Array(parts);
  const cells = new Float64Array(parts + 1);
  const rest = new Float64Array(parts + 1);
  order.forEach((part, i) => {
    factor[i] = factors[part]!;
    cells[i + 1] = cells[i]! + sizes[part]! / total;
  });
  for (let i = parts - 1; i > 0; i--) rest[i] = rest[i + 1]! + (factor[i]! * sizes[order[i]!]!) / total;
  rest[0] = 1;
  return { factor, cells, rest };
}

/** The level at which parts with weak share min(1, level x factor) make up `share` of the chip, 0 <= share <= 1. */
export function levelOf({ factor, cells, rest }: ShareBalance, share: number): number {
  let full = 0;
  while (full < factor.length && rest[full]! > 0) {
    const level = (share - cells[full]!) / rest[full]!;
    if (level * factor[full]! < 1) return level;
    full++;
  }
  return Number.POSITIVE_INFINITY;
}

/** The inverse: the chip's share of weak cells at a level. */
export function shareAt({ factor, cells, rest }: ShareBalance, level: number): number {
  let full = 0;
  while (full < factor.length && level * factor[full]! >= 1) full++;
  return Math.min(1, cells[full]! + (rest[full]! === 0 ? 0 : level * rest[full]!));
}
