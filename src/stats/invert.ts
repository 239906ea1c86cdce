/**
 * The x in [low, high] at which a non-decreasing function reaches `target`, by bisection until the bracket is two
 * neighbouring doubles: some 60 evaluations, no derivative, no start value, no surprise.
 */
export function invertIncreasing(
  f: (x: number) => number,
  target: number,
  low: number,
  high: number,
): number {
  let left = low;
  let right = high;
  for (;;) {
    const middle = left + (right - left) / 2;
    if (middle <= left || middle >= right) return right;
    if (f(middle) < target) left = middle;
    else right = middle;
  }
}
