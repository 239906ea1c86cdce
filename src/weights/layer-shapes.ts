import { type Conv2dLayer, type Shape, sizeOf } from '../snn/layers/layered-network.ts';

/** The shape without extents of 1, which say nothing of how elements lie: a batch of one, the row of a one-dimensional map. */
const bare = (shape: Shape): Shape => shape.filter((extent) => extent !== 1);

/** Whether elements of the two shapes lie alike. */
export const isAlike = (a: Shape, b: Shape): boolean => bare(a).join() === bare(b).join();

/** "6 x 24 x 24"; "1" for a shape without extents. */
export const shapeInWords = (shape: Shape): string => shape.join(' x ') || '1';

/** The shape as (channels, rows, columns), leaving out leading extents of 1; undefined where it is none. */
export function mapShape(shape: Shape): readonly [number, number, number] | undefined {
  const from = Math.max(0, shape.length - 3);
  const extents = shape.slice(from);
  if (extents.length !== 3 || shape.slice(0, from).some((extent) => extent !== 1)) return undefined;
  return extents as [number, number, number];
}

/** Places of a window in rows and columns, rounded down; PyTorch's formula. */
export function windowPlaces(
  [, rows, columns]: readonly [number, number, number],
  {
    kernel,
    stride,
    padding,
    dilation = [1, 1],
  }: Pick<Conv2dLayer, 'kernel' | 'stride' | 'padding'> & Partial<Pick<Conv2dLayer, 'dilation'>>,
): readonly [number, number] {
  const along = (extent: number, k: 0 | 1): number =>
    Math.floor((extent + 2 * padding[k] - dilation[k] * (kernel[k] - 1) - 1) / stride[k]) + 1;
  return [along(rows, 0), along(columns, 1)];
}

/** The shape with the extents from `start` to `end` (from the back where negative) as one; undefined where there are no such extents. */
export function flattened(shape: Shape, start: number, end: number): Shape | undefined {
  const at = (place: number): number => (place < 0 ? shape.length + place : place);
  const [from, to] = [at(start), at(end)];
  if (from < 0 || to >= shape.length || from > to) return undefined;
  return [...shape.slice(0, from), sizeOf(shape.slice(from, to + 1)), ...shape.slice(to + 1)];
}
