import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import { suggest } from '../../errors/suggest.ts';
import { ALL_TENSORS, type FormatChoice, type WeightsDamageJob } from '../../settings/jobs/weights-damage.ts';
import { weightBits } from '../../snn/weight-format.ts';
import { type CodedTensor, codeTensor, type TensorFormat } from '../../sparkxd/tensor-coding.ts';
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
    const format = formatOf(name, formats);
    if (elementCount(tensor) === 0) continue;
    if (ecc === 'parity' && format !== 'stored' && weightBits(format) < 8)
      obstacles.push(
        new InputError(
          `parity protects weights of whole bytes, ${format} of tensor ${quoted(name)} has ${weightBits(format)} bits`,
          { remedy: 'use --ecc secded, or a format of 8 bits or more' },
        ),
      );
    const found = codeTensor(name, tensor, format, { bounded: repair !== 'none' });
    if ('coded' in found) coded.push(found.coded);
    else obstacles.push(...found.obstacles);
  }
  if (coded.length === 0 && obstacles.length === 0)
    obstacles.push(new InputError('the tensors to store have no elements'));
  return { coded, obstacles };
}

/** The format of a tensor: of its own name, else of a pattern that fits, else of all; the last given counts. */
function formatOf(name: string, formats: readonly FormatChoice[]): TensorFormat {
  const last = (isOf: (pattern: string) => boolean): TensorFormat | undefined =>
    formats.findLast(([pattern]) => isOf(pattern))?.[1];
  return (
    last((pattern) => pattern === name) ??
    last((pattern) => pattern !== ALL_TENSORS && fits(pattern)(name)) ??
    last((pattern) => pattern === ALL_TENSORS) ??
    'stored'
  );
}

/** Whether a name is the pattern, whose * stand for any characters. */
function fits(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*')) return (name) => name === pattern;
  const parts = pattern.split('*');
  const [head, tail] = [parts[0]!, parts.at(-1)!];
  const middle = parts.slice(1, -1);
  return (name) => {
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail))
      return false;
    let at = head.length;
    for (const part of middle) {
      const found = name.indexOf(part, at);
      if (found < 0 || found + part.length > name.length - tail.length) return false;
      at = found + part.length;
    }
    return true;
  };
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
