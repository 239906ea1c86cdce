import { InputError } from '../errors/input-error.ts';
import type { LayerFile } from './layer-file.ts';
import { examineLayers, isLayersFile } from './layers-file.ts';
import { isDiehlCookFile, type NetworkFile, networkOfTensors } from './network-file.ts';
import type { TensorFile } from './tensor.ts';
import { formOf, parseTensors, readTensors } from './weight-container.ts';

type Obstacles = readonly [InputError, ...InputError[]];

/** What a file of weights is as a network, or what keeps it from being one. */
export type ExaminedNetwork =
  | { readonly kind: 'diehl-cook'; readonly network: NetworkFile; readonly tensors: TensorFile }
  | { readonly kind: 'layered'; readonly layers: LayerFile }
  | { readonly kind: 'none'; readonly obstacles: Obstacles };

/**
 * Finds what network a file is by its content: one of this program (safetensors, npz, NIR) or any NIR graph. What is in its way is given
 * as a list; throws InputError only for files that are not sound.
 */
export async function examineNetwork(bytes: Uint8Array, name: string): Promise<ExaminedNetwork> {
  if (formOf(bytes, name) === 'NIR') return examineNir(bytes, name);
  const tensors = parseTensors(bytes, name);
  if (isLayersFile(tensors)) return ofLayers(examineLayers(tensors, name));
  if (isDiehlCookFile(tensors) || tensors.unreadable?.has('metadata')) return ofDiehlCook(tensors, name);
  return { kind: 'none', obstacles: [withoutGraph(tensors, name)] };
}

async function examineNir(bytes: Uint8Array, name: string): Promise<ExaminedNetwork> {
  const { examineNirLayers, formatOfNir } = await import('./nir-layers.ts');
  // A graph that this program made of Diehl & Cook's network has the network whole in its metadata.
  const format = await formatOfNir(bytes, name);
  if (format !== undefined && isDiehlCookFile({ metadata: new Map([['format', format]]) }))
    return ofDiehlCook(await readTensors(bytes, name), name);
  return ofLayers(await examineNirLayers(bytes, name));
}

const ofLayers = ({ layers, obstacles }: ReturnType<typeof examineLayers>): ExaminedNetwork =>
  layers ? { kind: 'layered', layers } : { kind: 'none', obstacles };

function ofDiehlCook(tensors: TensorFile, name: string): ExaminedNetwork {
  try {
    return { kind: 'diehl-cook', network: networkOfTensors(tensors, name), tensors };
  } catch (error) {
    if (error instanceof InputError) return { kind: 'none', obstacles: [error] };
    throw error;
  }
}

/** Tensors that a message names. */
const MOST_NAMED = 4;

/** Tensors alone do not say how they are connected, or what neurons are between them. */
function withoutGraph({ tensors, unreadable }: TensorFile, name: string): InputError {
  const all = [...tensors].map(([key, { shape }]) => `${key} ${shape.join(' x ')}`.trimEnd());
  const names = [...all, ...(unreadable?.keys() ?? [])];
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return new InputError(
    `not a network of this program: tensors without a graph that says how they are connected and what neurons there are (${names.slice(0, MOST_NAMED).join(', ')}${more})`,
    {
      place: { file: name },
      remedy:
        'export NIR (snntorch.export_nir, norse.torch.to_nir, sinabs.nir.to_nir, nirtorch), make a network with sparkxd train, or take Diehl & Cook arrays with sparkxd weights convert --like NETWORK',
    },
  );
}
