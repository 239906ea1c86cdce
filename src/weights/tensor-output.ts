import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import type { GraphNode } from './nir-graph.ts';
import { isWritableByNumpy } from './npy.ts';
import { patchSafetensors } from './safetensors.ts';
import type { Tensor, TensorFile } from './tensor.ts';
import { endingOf, formatTensors, formOf, readTensors, type TensorForm } from './weight-container.ts';

/** A file of tensors of any model: its bytes, its form, and what it holds. */
export interface TensorSource {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly form: TensorForm;
  readonly tensors: TensorFile;
  /** The nodes of a NIR graph. */
  readonly nodes?: readonly GraphNode[];
}

/** Reads all tensors of a file, whatever model they are of. Throws InputError as the readers do. */
export async function openTensors(bytes: Uint8Array, file: string): Promise<TensorSource> {
  const form = formOf(bytes, file);
  if (form !== 'NIR') return { file, bytes, form, tensors: await readTensors(bytes, file) };
  const { parseNirTensors } = await import('./nir-tensors.ts');
  return { file, bytes, form, ...(await parseNirTensors(bytes, file)) };
}

/** Endings of files that any tensors are written to. */
const ANY_TENSORS: readonly string[] = ['.safetensors', '.npz'];

/** Endings of PyTorch's files. */
const PYTORCH: readonly string[] = ['.pt', '.pth', '.bin'];

/** The ending of NIR files, which only another one is written to. */
const NIR = '.nir';

/** What hinders writing the tensors of a file to one of that name: its ending, and types that NumPy lacks. */
export function requireOutput({ form, tensors }: TensorSource, out: string): InputError[] {
  const ending = endingOf(out);
  if (form === 'NIR' && ending === NIR) return [];
  if (!ANY_TENSORS.includes(ending))
    return [
      new InputError(
        ending === ''
          ? `${quoted(out)} has no ending to name the form of the output`
          : PYTORCH.includes(ending)
            ? `${quoted(out)} would be a PyTorch file, which is read and not written`
            : `${quoted(out)} would have a form in which these tensors are not written`,
        {
          remedy: `name the output with one of the endings ${[...ANY_TENSORS, ...(form === 'NIR' ? [NIR] : [])].join(', ')}`,
        },
      ),
    ];
  if (ending !== '.npz') return [];
  const lacking = [...tensors.tensors].filter(([, { type }]) => !isWritableByNumpy(type));
  if (lacking.length === 0) return [];
  const [name, { type }] = lacking[0]!;
  const more = lacking.length > 1 ? ` and ${lacking.length - 1} more` : '';
  return [
    new InputError(`NumPy has no ${type} arrays: tensor ${quoted(name)}${more} cannot be in an .npz`, {
      remedy: 'name the output .safetensors',
    }),
  ];
}

/**
 * The bytes of the file with other bytes for these tensors, of the same types and shapes, in the form that the ending of `out`
 * names; and what of the file is not in them. In the form of the source nothing else changes; a safetensors file keeps its header
 * byte for byte.
 */
export async function damagedFile(
  { file, bytes, form, tensors }: TensorSource,
  damaged: ReadonlyMap<string, Tensor>,
  out: string,
): Promise<{ readonly bytes: Uint8Array; readonly leftOut: readonly string[] }> {
  if (form === 'safetensors' && endingOf(out) === '.safetensors')
    return { bytes: patchSafetensors(bytes, damaged, file), leftOut: [] };
  if (form === 'NIR' && endingOf(out) === NIR) {
    const { patchNir } = await import('./nir-tensors.ts');
    return { bytes: await patchNir(bytes, damaged, file), leftOut: [] };
  }
  const all = new Map([...tensors.tensors].map(([name, own]) => [name, damaged.get(name) ?? own]));
  return {
    bytes: formatTensors({ tensors: all, metadata: tensors.metadata }, out),
    leftOut: [...(tensors.unreadable?.keys() ?? [])],
  };
}
