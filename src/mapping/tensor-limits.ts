import type { Filling } from './fill-rows.ts';
import type { TensorContents } from './placement-request.ts';

/** Tensors of one limit. */
export interface LimitGroup {
  readonly berLimit: number;
  /** In image order. */
  readonly tensors: readonly TensorContents[];
  /** For the group's filling: what it is within, where any tensor of the image has a limit of its own. */
  readonly within: Pick<Filling, 'within'>;
}

/** The limit of a tensor among those of a request. */
export const limitOf = ({ berLimit }: Pick<TensorContents, 'berLimit'>, common: number): number =>
  berLimit ?? common;

/** Tensors by their limits, ascending: the least tolerant first; those without one of their own have the common one. */
export function byLimit(tensors: readonly TensorContents[], common: number): LimitGroup[] {
  const own = tensors.some(({ berLimit }) => berLimit !== undefined);
  const limits = [...new Set(tensors.map((tensor) => limitOf(tensor, common)))].sort((a, b) => a - b);
  return limits.map((berLimit) => {
    const group = tensors.filter((tensor) => limitOf(tensor, common) === berLimit);
    const names = group.map(({ name }) => name);
    return { berLimit, tensors: group, within: own ? { within: { tensors: names, berLimit } } : {} };
  });
}
