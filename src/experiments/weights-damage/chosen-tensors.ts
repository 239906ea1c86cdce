import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import { suggest } from '../../errors/suggest.ts';
import type { WeightsDamageJob } from '../../settings/jobs/weights-damage.ts';
import { codingObstacle } from '../../sparkxd/memory-rules.ts';
import { type CodedTensor, codeTensor } from '../../sparkxd/tensor-coding.ts';
import { fits, namedValue } from '../../sparkxd/tensor-names.ts';
import { elementCount, isFloating, type TensorFile } from '../../weights/tensor.ts';

/**
 * The tensors of a file that a job stores, in the file's order, in their formats; and all that is in the way: names that fit
 * none, tensors that cannot be read, formats that cannot hold them, check bits that do not fit.
 */
export function codedTensors(
  file: TensorFile,
  { tensors: patterns, formats = [], repair, ecc }: WeightsDamageJob,
): { readonly coded: readonly CodedTensor[]; readonly obstacles: readonly InputError[] } {
  const { tensors } = file;
  const obstacles: InputError[] = [];
  const names = [...tensors.keys()];
  for (const pattern of patterns ?? [])
    if (!names.some(fits(pattern))) obstacles.push(unknownName(pattern, file));
  const chosen = [...tensors].filter(([name, { type }]) =>
    patterns === undefined ? isFloating(type) : patterns.some((pattern) => fits(pattern)(name)),
  );
  if (patterns === undefined && chosen.length === 0)
    obstacles.push(
      new InputError('it has no floating-point tensors', {
        remedy: 'name the tensors to store with --tensor',
      }),
    );
  for (const [pattern] of formats)
    if (!chosen.some(([name]) => fits(pattern)(name)))
      obstacles.push(
        new InputError(`--format ${pattern}=... is of no tensor that is stored`, {
          remedy: suggest(
            pattern,
            chosen.map(([name]) => name),
            'tensors',
          ),
        }),
      );
  const coded: CodedTensor[] = [];
  for (const [name, tensor] of chosen) {
    const format = namedValue(name, formats) ?? 'stored';
    if (elementCount(tensor) === 0) continue;
    const parity =
      format === 'stored' ? undefined : codingObstacle({ format, ecc }, `of tensor ${quoted(name)} `);
    if (parity) obstacles.push(parity);
    const found = codeTensor(name, tensor, format, { bounded: repair !== 'none' });
    if ('coded' in found) coded.push(found.coded);
    else obstacles.push(...found.obstacles);
  }
  if (coded.length === 0 && obstacles.length === 0)
    obstacles.push(new InputError('the tensors to store have no elements'));
  return { coded, obstacles };
}

function unknownName(pattern: string, { tensors, unreadable }: TensorFile): InputError {
  const reason = unreadable?.get(pattern);
  if (reason !== undefined) return new InputError(`tensor ${quoted(pattern)} cannot be read: ${reason}`);
  return new InputError(
    pattern.includes('*')
      ? `no tensor is named like ${quoted(pattern)}`
      : `it has no tensor ${quoted(pattern)}`,
    { remedy: suggest(pattern, [...tensors.keys()], 'tensors') },
  );
}
