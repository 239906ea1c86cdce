import { readFile } from 'node:fs/promises';
import h5wasm, { type Group } from 'h5wasm';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { parseNirTensors, patchNir } from '../../src/weights/nir-tensors.ts';
import { elementsOf, numbersOf, type Tensor } from '../../src/weights/tensor.ts';
import { FULL, LONG } from '../effort.ts';

const golden = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(new URL(`../goldens/weights/nir/${name}`, import.meta.url)));

const halved = (tensor: Tensor): Tensor => {
  const bytes = tensor.bytes.slice();
  const { set } = elementsOf(tensor.type, bytes);
  for (const [k, value] of numbersOf(tensor).entries()) set(k, value / 2);
  return { ...tensor, bytes };
};

/** A graph within a graph, with one array that is packed and one that is a single number. */
async function nested(depth = 1): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File('/nested.nir', 'w');
  const graph = (parent: Group, name: string): Group => {
    const made = parent.create_group(name);
    made.create_dataset({ name: 'type', data: 'NIRGraph' });
    return made.create_group('nodes');
  };
  let nodes = graph(file, 'node');
  for (let k = 0; k < depth; k++) nodes = graph(nodes, 'block');
  const layer = nodes.create_group('fc');
  layer.create_dataset({ name: 'type', data: 'Linear' });
  const data = Float32Array.from({ length: 12 }, (_, k) => k);
  layer.create_dataset({ name: 'weight', data, shape: [3, 4], chunks: [3, 4], compression: 'gzip' });
  layer.create_dataset({ name: 'scale', data: Float64Array.of(3), shape: [] });
  file.flush();
  file.close();
  return FS.readFile('/nested.nir');
}

describe('the arrays of a NIR graph', () => {
  it('are those of every node, whatever it is', async () => {
    const { tensors, nodes } = await parseNirTensors(await golden('recurrent.nir'), 'r.nir');
    expect(nodes).toContainEqual({ key: 'cuba', type: 'CubaLIF' });
    expect(tensors.tensors.get('w_rec.weight')).toMatchObject({ type: 'F32', shape: [32, 32] });
    expect(tensors.tensors.get('cuba.tau_mem')).toMatchObject({ type: 'F64', shape: [32] });
    expect(tensors.unreadable!.size).toBe(0);
  });

  it('are found in graphs within the graph, and named where they cannot be read', async () => {
    const { tensors, nodes } = await parseNirTensors(await nested(), 'n.nir');
    expect(nodes.map(({ key }) => key)).toEqual(['block', 'block.fc']);
    expect([...tensors.tensors.keys()].sort()).toEqual(['block.fc.scale', 'block.fc.weight']);
    await expect(parseNirTensors(await nested(20), 'n.nir')).rejects.toThrow(/nested more than 16 deep/);
    const packed = await parseNirTensors(await golden('lzf.nir'), 'l.nir');
    expect([...packed.tensors.unreadable!.values()].join()).toMatch(/LZF/);
  });

  it.each(['recurrent.nir', 'big-endian.nir', 'half.nir', 'user-block.nir', 'whole.nir'])(
    'of %s take other values, and the same bytes with their own',
    async (name) => {
      const bytes = await golden(name);
      const { tensors } = (await parseNirTensors(bytes, name)).tensors;
      expect(Buffer.compare(await patchNir(bytes, tensors, name), bytes)).toBe(0);
      const changed = new Map([...tensors].map(([key, tensor]) => [key, halved(tensor)]));
      const back = await parseNirTensors(await patchNir(bytes, changed, name), name);
      expect(Object.fromEntries(back.tensors.tensors)).toEqual(Object.fromEntries(changed));
    },
  );

  it('of packed arrays take other values, too; single numbers are refused', async () => {
    const bytes = await nested();
    const { tensors } = (await parseNirTensors(bytes, 'n.nir')).tensors;
    const scale = tensors.get('block.fc.scale')!;
    const changed = new Map([
      ['block.fc.weight', halved(tensors.get('block.fc.weight')!)],
      ['block.fc.scale', scale],
    ]);
    const first = await patchNir(bytes, changed, 'n.nir');
    const back = await parseNirTensors(first, 'n.nir');
    expect(Object.fromEntries(back.tensors.tensors)).toEqual(Object.fromEntries(changed));
    expect(Buffer.compare(first, await patchNir(bytes, changed, 'n.nir'))).toBe(0);
    changed.set('block.fc.scale', halved(scale));
    await expect(patchNir(bytes, changed, 'n.nir')).rejects.toThrow(
      /"block.fc.scale" cannot be written in this NIR file, since it is a single number/,
    );
  });

  it.runIf(FULL)('of a damaged file are read, or refused as input', async () => {
    const bytes = await golden('python.nir');
    let refused = 0;
    for (let at = 0; at < bytes.length; at += LONG ? 11 : 97) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0xff;
      try {
        await parseNirTensors(damaged, 'd.nir');
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(5);
  });
});
