import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import type { NeuronConstants } from '../snn/neuron-constants.ts';
import { isHdf5 } from './hdf5-signature.ts';
import type { LayerFile } from './layer-file.ts';
import { isNpy } from './npy.ts';
import { formatNpz, parseNpz } from './npz.ts';
import { formatSafetensors, parseSafetensors } from './safetensors.ts';
import type { TensorFile } from './tensor.ts';
import { isBarePickle, isTorch, parseTorch } from './torch-file.ts';
import { isZip, readZip } from './zip.ts';

/** ".npz" of "folder/weights.npz" and of "weights.npz.gz"; empty where there is none. */
export const endingOf = (name: string): string => /\.[^./\\]+$/.exec(name.replace(/\.gz$/, ''))?.[0] ?? '';

const NIR = '.nir';

/** With which an .sxt trace begins, which people confuse with weights. */
const TRACE_MAGIC = Uint8Array.of(0x89, 0x53, 0x58, 0x54);

/** With which the header of a safetensors file begins, behind its eight bytes of length. */
const BRACE = 0x7b;

/**
 * Named tensors of a safetensors file, an .npz archive or a PyTorch file, told apart by content. Throws InputError for
 * anything else.
 */
export function parseTensors(file: Uint8Array, name: string): TensorFile {
  // Node's Buffers are Uint8Arrays whose slices are no copies.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  if (isZip(bytes)) {
    const members = readZip(bytes, name);
    return isTorch(members) ? parseTorch(members, name) : parseNpz(members, name);
  }
  if (isBarePickle(bytes))
    throw new InputError(
      'a bare pickle: a PyTorch file from before 1.6, or something else that could hold code',
      {
        place: { file: name },
        remedy: 'load it in PyTorch and save the tensors again with torch.save',
      },
    );
  if (TRACE_MAGIC.every((byte, i) => bytes[i] === byte))
    throw new InputError('an access trace (.sxt), not weights', {
      place: { file: name },
      remedy: 'replay it: sparkxd replay',
    });
  if (isNpy(bytes))
    throw new InputError('a single .npy array is not a network: it has weights or thresholds, not both', {
      place: { file: name },
      remedy: 'write both with numpy.savez(FILE, weight=..., theta=...)',
    });
  if (endingOf(name) === NIR && bytes[8] !== BRACE)
    throw new InputError('not a NIR file: it does not begin as HDF5 files do', { place: { file: name } });
  return parseSafetensors(bytes, name);
}

/** The same of these and of NIR files (HDF5), whose reader takes a moment to load. */
export async function readTensors(bytes: Uint8Array, name: string): Promise<TensorFile> {
  if (!isHdf5(bytes) || isZip(bytes)) return parseTensors(bytes, name);
  const { parseNir } = await import('./nir-file.ts');
  return parseNir(bytes, name);
}

/** The forms of files of tensors that are read, told apart by content. */
export type TensorForm = 'safetensors' | 'npz' | 'PyTorch' | 'NIR';

/** The form of a file that `readTensors` reads. */
export function formOf(bytes: Uint8Array, name: string): TensorForm {
  if (isZip(bytes)) return isTorch(readZip(bytes, name)) ? 'PyTorch' : 'npz';
  return isHdf5(bytes) ? 'NIR' : 'safetensors';
}

const WRITERS: Readonly<Record<string, ((file: TensorFile, name: string) => Uint8Array) | undefined>> = {
  '.safetensors': formatSafetensors,
  '.npz': formatNpz,
};

const unknownEnding = (name: string): InputError => {
  const ending = endingOf(name);
  return new InputError(
    ending === ''
      ? `${quoted(name)} has no ending to name the format`
      : `no weight format has the ending ${quoted(ending)}`,
    { place: { file: name }, remedy: `known endings: ${[...Object.keys(WRITERS), NIR].join(', ')}` },
  );
};

/** Throws InputError for a name whose ending is that of no format that is written. */
export function requireWritable(name: string): void {
  if (endingOf(name) !== NIR && !WRITERS[endingOf(name)]) throw unknownEnding(name);
}

/** Bytes of the container that the ending of `name` asks for. Throws InputError for an unknown ending. */
export function formatTensors(file: TensorFile, name: string): Uint8Array {
  const write = WRITERS[endingOf(name)];
  if (write) return write(file, name);
  throw unknownEnding(name);
}

/** The same for a network with these neurons, which `.nir` writes as nodes of its graph. */
export async function writeTensors(
  file: TensorFile,
  constants: NeuronConstants,
  name: string,
): Promise<Uint8Array> {
  if (endingOf(name) !== NIR) return formatTensors(file, name);
  const { formatNir } = await import('./nir-writer.ts');
  return formatNir(file, constants);
}

/** The same for a network of layers, whose tensors and graph any other container holds. */
export async function writeLayers(layers: LayerFile, tensors: TensorFile, name: string): Promise<Uint8Array> {
  if (endingOf(name) !== NIR) return formatTensors(tensors, name);
  const { formatNirLayers } = await import('./nir-layers-writer.ts');
  return formatNirLayers(layers, name);
}
