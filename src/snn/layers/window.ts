import { wrongCount } from './layer-kind.ts';
import type { Shape } from './layered-network.ts';

/** What goes over feature maps: pairs are (rows, columns). */
export interface Window {
  /** (channels, rows, columns) of what it reads. */
  readonly inputShape: Shape;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation?: readonly [number, number];
}

/** Rows and columns of the output, as PyTorch counts them; below 1 where the kernel is larger than the padded input. */
export function outputExtents({
  inputShape,
  kernel,
  stride,
  padding,
  dilation = [1, 1],
}: Window): [number, number] {
  const extent = (axis: 0 | 1): number =>
    Math.floor(
      (inputShape[axis + 1]! + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis],
    ) + 1;
  return [extent(0), extent(1)];
}

/** What is wrong with a window, in words that follow the layer's name. */
export function windowObstacles(window: Window): string[] {
  const { inputShape, kernel, stride, padding, dilation = [1, 1] } = window;
  const found = wrongCount('extents of its input (channels, rows, columns)', inputShape.length, 3);
  const check = (name: string, values: readonly number[], least: number): void => {
    if (values.some((value) => !Number.isSafeInteger(value) || value < least))
      found.push(`has a ${name} of ${values.join(' x ')}: whole numbers from ${least} are needed`);
  };
  check('input shape', inputShape, 1);
  check('kernel', kernel, 1);
  check('stride', stride, 1);
  check('padding', padding, 0);
  check('dilation', dilation, 1);
  if (found.length > 0) return found;
  const extents = outputExtents(window);
  return extents.every((extent) => extent >= 1)
    ? []
    : [`has a kernel of ${kernel.join(' x ')}, which does not fit into ${inputShape.slice(1).join(' x ')}`];
}
