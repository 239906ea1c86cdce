import { InputError } from '../errors/input-error.ts';
import type { NeuronConstants } from '../snn/neuron-constants.ts';
import { isNpy } from './npy.ts';
import { formatNpz, parseNpz } from './npz.ts';
import { formatSafetensors, parseSafetensors, type TensorFile } from './safetensors.ts';
import { isBarePickle, isTorch, parseTorch } from './torch-file.ts';
import { isZip, readZip } from './zip.ts';

/** ".npz" of "folder/weights.npz"; empty where there is none. */
const endingOf = (name: string): string => /\.[^./\\]+$/.exec(name)?.[0] ?? '';

const HDF5 = [0x89, 0x48, 0x44, 0x46];
const NIR = '.nir';

/**
 * Named tensors of a safetensors file, an .npz archive or a PyTorch file, told apart by content. Throws InputError for
 * anything else.
 */
export function parseTensors(bytes: Uint8Array, name: string): TensorFile {
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
  if (isNpy(bytes))
    throw new InputError('a single .npy array is not a network: it has weights or thresholds, not both', {
      place: { file: name },
      remedy: 'write both with numpy.savez(FILE, weight=..., theta=...)',
    });
  return parseSafetensors(bytes, name);
}

/** The same of these and of NIR files (HDF5), whose reader takes a moment to load. */
export async function readTensors(bytes: Uint8Array, name: string): Promise<TensorFile> {
  if (!HDF5.every((byte, k) => bytes[k] === byte)) return parseTensors(bytes, name);
  const { parseNir } = await import('./nir-file.ts');
  return parseNir(bytes, name);
}

const WRITERS: Readonly<Record<string, (file: TensorFile, name: string) => Uint8Array>> = {
  '.safetensors': formatSafetensors,
  '.npz': formatNpz,
};

/** Bytes of the container that the ending of `name` asks for. Throws InputError for an unknown ending. */
export function formatTensors(file: TensorFile, name: string): Uint8Array {
  const write = WRITERS[endingOf(name)];
  if (write) return write(file, name);
  throw new InputError(`no weight format has the ending "${endingOf(name)}"`, {
    place: { file: name },
    remedy: `known endings: ${[...Object.keys(WRITERS), NIR].join(', ')}`,
  });
}

/** The same for a network with these neurons, which `.nir` writes as nodes of its graph. */
export async function writeTensors(
  file: TensorFile,
  constants: NeuronConstants,
  name: string,
): Promise<Uint8Array> {
  if (endingOf(name) !== NIR) return formatTensors(file, name);
  const { formatNir } = await import('./nir-file.ts');
  return formatNir(file, constants);
}
