import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LayeredNetwork } from '../../src/snn/layers/layered-network.ts';
import { weightTensors } from '../../src/snn/layers/layered-network.ts';
import { formatNirLayers } from '../../src/weights/nir-layers-writer.ts';
import { randomNetwork } from './layered-networks.ts';

const SCRIPT = fileURLToPath(new URL('read-back.py', import.meta.url));

/** A Python with the package nir: named by the environment, in a virtual environment of these tests, or on the path. */
const PYTHONS = [
  process.env.SPARKXD_PYTHON,
  '/tmp/venv/bin/python',
  '/tmp/venv-pytorch/bin/python',
  'python3',
];
const python = PYTHONS.find(
  (command) =>
    command !== undefined &&
    (!command.includes('/') || existsSync(command)) &&
    spawnSync(command, ['-c', 'import nir']).status === 0,
);
if (python === undefined)
  console.info(
    'no Python with the package nir here: what it reads of our files is not tried (SPARKXD_PYTHON names one)',
  );

interface Read {
  readonly nodes: Readonly<
    Record<string, { readonly type: string; readonly shapes: object; readonly sum: number }>
  >;
  readonly edges: readonly (readonly [string, string])[];
  readonly dt: number;
}

/** nir's check of shapes takes every kernel for a square one, and so refuses sound graphs of others. */
const isSquare = ({ layers }: LayeredNetwork): boolean =>
  layers.every((layer) => layer.kind !== 'conv2d' || layer.kernel[0] === layer.kernel[1]);

describe('NIR files of layers', () => {
  it.skipIf(python === undefined)('are read by the package nir as what was written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sparkxd-nir-'));
    try {
      const networks = Array.from({ length: 200 }, (_, k) => randomNetwork(k + 1))
        .filter(isSquare)
        .slice(0, 40);
      const written = new Map<string, LayeredNetwork>();
      for (const [k, network] of networks.entries()) {
        const file = join(folder, `${k}.nir`);
        const told = {
          dynamics: { timeStepS: 0.001 },
          presentation: {},
          training: '{}',
          storage: 'fp32',
        } as const;
        await writeFile(file, await formatNirLayers({ network, ...told }, file));
        written.set(file, network);
      }
      const ran = spawnSync(python!, [SCRIPT, ...written.keys()], { encoding: 'utf8', maxBuffer: 2 ** 26 });
      expect([ran.status, ran.stderr]).toEqual([0, '']);
      const found = JSON.parse(ran.stdout) as Record<string, Read>;
      for (const [file, network] of written) {
        const { nodes, edges, dt } = found[file]!;
        const { layers } = network;
        expect(dt).toBe(0.001);
        expect(Object.keys(nodes).sort()).toEqual(layers.map(({ name }) => name).sort());
        expect(edges.map((edge) => edge.join(' ')).sort()).toEqual(
          layers
            .flatMap(({ name, sources }) => sources.map(({ layer }) => `${layers[layer]!.name} ${name}`))
            .sort(),
        );
        for (const { layer, weights } of weightTensors(network)) {
          const own = layers[layer]!;
          if (own.kind !== 'dense') continue;
          expect(nodes[own.name]!.shapes).toMatchObject({ weight: [own.outputs, own.inputs] });
          const sum = [...weights, ...(own.bias ?? [])].reduce((all, weight) => all + weight, 0);
          expect(nodes[own.name]!.sum).toBeCloseTo(sum, 9);
        }
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
