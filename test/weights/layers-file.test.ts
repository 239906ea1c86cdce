import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { DIEHL_COOK_NEURON } from '../../src/snn/neuron-constants.ts';
import { requireSoundLayers } from '../../src/weights/layer-checks.ts';
import type { LayerFile } from '../../src/weights/layer-file.ts';
import { examineLayers, formatLayers, parseLayers, tensorsOfLayers } from '../../src/weights/layers-file.ts';
import { formatSafetensors } from '../../src/weights/safetensors.ts';
import type { TensorFile } from '../../src/weights/tensor.ts';
import { cases, randomCases } from '../effort.ts';
import { networks, numbers, randomNetwork } from './layered-networks.ts';

const of = (network: LayerFile['network'], more: Partial<LayerFile> = {}): LayerFile => ({
  ...{ network, dynamics: {}, presentation: {}, training: '{}', storage: 'fp32' },
  ...more,
});

const small = of({
  layers: [
    { kind: 'input', name: 'in', shape: [2], sources: [] },
    {
      kind: 'dense',
      name: 'fc',
      shape: [3],
      sources: [{ layer: 0, delayed: false }],
      inputs: 2,
      outputs: 3,
      weights: Float32Array.of(1, -2, 3, 0.5, 0.25, 0),
      bias: Float32Array.of(1, 2, 3),
    },
    {
      kind: 'neurons',
      name: 'lif',
      shape: [3],
      sources: [{ layer: 1, delayed: false }],
      model: 'lif',
      parameters: {
        tau: Float32Array.of(0.01),
        r: Float32Array.of(1),
        vLeak: Float32Array.of(0),
        vThreshold: Float32Array.of(1, 2, 3),
        vReset: Float32Array.of(0),
      },
    },
    { kind: 'output', name: 'out', shape: [3], sources: [{ layer: 2, delayed: false }] },
  ],
});

/** What the reader says of the file with another graph, other metadata or other tensors. */
function obstaclesOf(
  change: (
    graph: Record<string, unknown>[],
    metadata: Map<string, string>,
    tensors: Map<string, TensorFile['tensors'] extends ReadonlyMap<string, infer T> ? T : never>,
  ) => void,
): string[] {
  const file = tensorsOfLayers(small);
  const metadata = new Map(file.metadata);
  const tensors = new Map(file.tensors);
  const graph = JSON.parse(metadata.get('graph')!) as Record<string, unknown>[];
  change(graph, metadata, tensors);
  if (metadata.get('graph') === file.metadata.get('graph')) metadata.set('graph', JSON.stringify(graph));
  return examineLayers({ tensors, metadata }, 'x').obstacles.map(({ what }) => what);
}

describe('a file of layers', () => {
  it('gives back the network, and the same bytes', () => {
    fc.assert(
      fc.property(networks(), (network) => {
        const said: string[] = [];
        requireSoundLayers(network.layers, (what) => said.push(what));
        expect(said).toEqual([]);
        const bytes = formatLayers(of(network));
        const read = parseLayers(bytes, 'x');
        expect(read.network).toEqual(network);
        expect(formatLayers(read)).toEqual(bytes);
      }),
      { numRuns: randomCases(60, 400) },
    );
  });

  it('keeps what is known of running it, and rounds weights to its storage alone', () => {
    const told = of(small.network, {
      dynamics: { timeStepS: 0.001, reset: 'subtract', threshold: 'gt' },
      presentation: { steps: 20, input: { kind: 'current', gain: 1 }, readout: 'counts' },
      training: '{"a":1}',
      storage: 'fp16',
    });
    expect(parseLayers(formatLayers(told), 'x')).toEqual(told);
    const third = of(
      {
        layers: small.network.layers.map((layer) =>
          layer.kind === 'dense'
            ? { ...layer, weights: layer.weights.map(() => 1 / 3), bias: Float32Array.of(1 / 3, 0, 0) }
            : layer,
        ),
      },
      { storage: 'bf16' },
    );
    const { network, storage } = parseLayers(formatLayers(third), 'x');
    expect(storage).toBe('bf16');
    expect(network.layers[1]).toMatchObject({
      weights: new Float32Array(6).fill(0.333984375),
      bias: Float32Array.of(1 / 3, 0, 0),
    });
  });

  it('holds the population of Diehl & Cook', () => {
    const layers = small.network.layers.map((layer) =>
      layer.kind === 'neurons'
        ? {
            kind: 'competition' as const,
            name: 'exc',
            shape: layer.shape,
            sources: layer.sources,
            constants: DIEHL_COOK_NEURON,
            theta: Float32Array.of(1, 2, 3),
          }
        : layer,
    );
    expect(parseLayers(formatLayers(of({ layers })), 'x').network.layers).toEqual(layers);
  });

  it('says all that is in the way at once', () => {
    const nan = new Uint8Array(new Float32Array(6).fill(Number.NaN).buffer);
    expect(
      obstaclesOf((graph, metadata, tensors) => {
        tensors.set('fc.weight', { type: 'F32', shape: [2, 3], bytes: nan });
        tensors.set('lif.tau', { type: 'F32', shape: [1], bytes: new Uint8Array(4) });
        graph[3]!['shape'] = [4];
        metadata.set('graph', JSON.stringify(graph));
      }),
    ).toEqual([
      'weight NaN (number 0) of layer "fc" (dense) is not finite',
      'tau of layer "lif" (neurons) is 0, a time constant is above 0',
      'layer "out" (output) gets 3 of "lif", expected 4',
    ]);
    expect(
      obstaclesOf((_, __, tensors) =>
        ['fc.weight', 'lif.r', 'lif.tau'].forEach((key) => void tensors.delete(key)),
      ),
    ).toEqual(['it has no tensor "fc.weight"', 'it has no tensor "lif.tau"', 'it has no tensor "lif.r"']);
  });

  it.each<[string, Parameters<typeof obstaclesOf>[0], RegExp]>([
    ['a graph that is no JSON', (_, metadata) => metadata.set('graph', '{'), /"graph" is not JSON/],
    [
      'another kind',
      (graph) => {
        graph[1]!['kind'] = 'lstm';
      },
      /"graph" is not valid: 1\.kind/,
    ],
    [
      'a source that is not there',
      (graph) => {
        graph[1]!['sources'] = [{ layer: 'nowhere' }];
      },
      /reads a layer that is not there/,
    ],
    [
      'a source that comes later',
      (graph) => {
        graph[1]!['sources'] = [{ layer: 'lif' }];
      },
      /which is not before it, without delay/,
    ],
    [
      'a name twice',
      (graph) => {
        graph[2]!['name'] = 'fc';
      },
      /two layers are called "fc"|no tensor "fc.tau"/,
    ],
    [
      'no output',
      (graph) => {
        graph.pop();
      },
      /the last layer, and no other, must be the output/,
    ],
    [
      'an output that is read',
      (graph) => {
        graph[2]!['sources'] = [{ layer: 'out', delayed: true }];
      },
      /reads the output/,
    ],
    [
      'extents that overflow',
      (graph) => {
        graph[0]!['shape'] = [2 ** 24, 2 ** 24];
      },
      /more than 16777216 elements/,
    ],
    [
      'a time step of 0',
      (_, metadata) => metadata.set('dynamics', '{"timeStepS":0}'),
      /"dynamics" is not valid: timeStepS: expected more than 0/,
    ],
    ['no graph', (_, metadata) => metadata.delete('graph'), /has no "graph"/],
    [
      'codes',
      (_, __, tensors) => tensors.set('fc.weight', { type: 'I8', shape: [2, 3], bytes: new Uint8Array(6) }),
      /"fc.weight" is I8 2 x 3, expected floating point/,
    ],
    [
      'a bias of another length',
      (_, __, tensors) => tensors.set('fc.bias', { type: 'F32', shape: [1], bytes: new Uint8Array(4) }),
      /"fc.bias" is F32 1, expected floating point 3/,
    ],
  ])('refuses %s', (_, change, expected) => {
    expect(obstaclesOf(change).join('; ')).toMatch(expected);
  });

  it('refuses or reads any damage, and never breaks down', () => {
    const sound = formatLayers(of(randomNetwork(7)));
    const next = numbers(3);
    for (let k = 0; k < cases(300, 3000); k++) {
      const bytes = sound.slice(0, next() < 0.1 ? Math.floor(next() * sound.length) : sound.length);
      for (let changes = 0; changes < 3; changes++)
        bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
      try {
        parseLayers(bytes, 'x');
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as InputError).message.split('\n').length).toBeLessThanOrEqual(3);
      }
    }
  });

  it('says of another file that it is none', () => {
    expect(() => parseLayers(formatSafetensors({ tensors: new Map(), metadata: new Map() }), 'x')).toThrow(
      /no "format" sparkxd-layers-1/,
    );
  });
});
