import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { formatNetwork, parseNetwork, requireResponses } from '../../src/weights/network-file.ts';
import { formatSafetensors, parseSafetensors } from '../../src/weights/safetensors.ts';
import type { Tensor } from '../../src/weights/tensor.ts';
import { smallNetwork } from '../snn/small-network.ts';

const sound = formatNetwork({ network: smallNetwork(), training: '{"dataset":"none"}', storage: 'fp32' });

/** The sound file with tensors and metadata exchanged; undefined takes one away. */
function changed(
  tensors: Readonly<Record<string, Tensor | undefined>>,
  metadata: Readonly<Record<string, string | undefined>> = {},
): Uint8Array {
  const file = parseSafetensors(sound, 'sound');
  const merge = <T>(
    base: ReadonlyMap<string, T>,
    changes: Readonly<Record<string, T | undefined>>,
  ): Map<string, T> =>
    new Map(
      Object.entries({ ...Object.fromEntries(base), ...changes }).filter(
        (pair): pair is [string, T] => pair[1] !== undefined,
      ),
    );
  return formatSafetensors({
    tensors: merge(file.tensors, tensors),
    metadata: merge(file.metadata, metadata),
  });
}

function floats(shape: readonly number[], values: readonly number[]): Tensor {
  return { type: 'F32', shape, bytes: new Uint8Array(Float32Array.from(values).buffer) };
}

const weightsWith = (value: number): Tensor => floats([6, 4], [...smallNetwork().weights].with(9, value));

describe('a network file', () => {
  it('gives back the network bit by bit, with labels and training record', () => {
    expect(parseNetwork(sound, 'x')).toEqual({
      network: smallNetwork(),
      training: '{"dataset":"none"}',
      storage: 'fp32',
    });
  });

  it('keeps the number of spikes that images are scaled to', () => {
    const network = { ...smallNetwork(), encoding: { steps: 20, maximumRateHz: 500, spikesPerImage: 40.5 } };
    const bytes = formatNetwork({ network, training: '{}', storage: 'fp32' });
    expect(parseNetwork(bytes, 'x').network.encoding).toEqual(network.encoding);
  });

  it('refuses labels without the responses that they follow from', () => {
    const lone = changed({ class_spikes: undefined, class_images: undefined });
    expect(() => parseNetwork(lone, 'x')).toThrow(/"label" without "class_spikes".*\n.*\n.*--relabel/);
    expect(
      parseNetwork(changed({ class_spikes: undefined, class_images: undefined, label: undefined }), 'x')
        .network.responses,
    ).toBeUndefined();
  });

  it('may hold a network that has no labels yet, which then names no class', () => {
    const { responses: _, ...unlabelled } = smallNetwork();
    const { network } = parseNetwork(
      formatNetwork({ network: unlabelled, training: '{}', storage: 'fp32' }),
      'x',
    );
    expect(network).toEqual(unlabelled);
    expect(() => requireResponses(network, 'plain.safetensors')).toThrow(
      /no neuron labels.*\n {2}at plain.safetensors\n.*--relabel/,
    );
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['another kind of safetensors file', changed({}, { format: undefined }), /not a network of this program/],
    ['metadata that is missing', changed({}, { neuron: undefined }), /metadata has no "neuron"/],
    ['metadata that is not JSON', changed({}, { encoding: 'x' }), /"encoding" is not JSON/],
    [
      'an unknown key',
      changed({}, { encoding: '{"steps":1,"maximumRateHz":1,"x":1}' }),
      /"encoding" is not valid/,
    ],
    [
      'an impossible value',
      changed({}, { encoding: '{"steps":0,"maximumRateHz":1}' }),
      /encoding" is not valid: steps/,
    ],
    [
      'a number of spikes that cannot be had',
      changed({}, { encoding: '{"steps":1,"maximumRateHz":1,"spikesPerImage":0}' }),
      /encoding" is not valid: spikesPerImage/,
    ],
    [
      'a number of spikes that is none',
      changed({}, { encoding: '{"steps":1,"maximumRateHz":1,"spikesPerImage":null}' }),
      /encoding" is not valid: spikesPerImage/,
    ],
    ['missing weights', changed({ weight: undefined }), /it has no tensor "weight"/],
    [
      'weights of another shape',
      changed({ weight: floats([4, 6], [...smallNetwork().weights]) }),
      /F32 4 x 6, expected F32 6 x 4/,
    ],
    [
      'weights of another type',
      changed({ weight: { type: 'F64', shape: [6, 4], bytes: new Uint8Array(192) } }),
      /is F64 6 x 4/,
    ],
    [
      'a weight that is not a number',
      changed({ weight: weightsWith(Number.NaN) }),
      /weight NaN from input 2 to neuron 1/,
    ],
    [
      'a weight above 1',
      changed({ weight: weightsWith(1.5) }),
      /weight 1.5 from input 2 to neuron 1 is not between 0 and 1/,
    ],
    ['a negative weight', changed({ weight: weightsWith(-0.1) }), /is not between 0 and 1/],
    [
      'an infinite theta',
      changed({ theta: floats([4], [0, 0, Number.POSITIVE_INFINITY, 0]) }),
      /theta Infinity mV of neuron 2/,
    ],
    [
      'a threshold below the reset potential',
      changed({ theta: floats([4], [0, -8, 0, 0]) }),
      /theta -8 mV of neuron 1/,
    ],
    [
      'labels without class counts',
      changed({ class_images: undefined }),
      /tensor "class_spikes" is U32 4 x 2/,
    ],
    [
      'labels that the responses do not bear out',
      changed({ label: { type: 'U8', shape: [4], bytes: Uint8Array.of(1, 1, 0, 255) } }),
      /neuron 0 is labelled 1, its responses say 0/,
    ],
  ])('is refused: %s', (_, bytes, message) => {
    expect(() => parseNetwork(bytes, 'w.safetensors')).toThrow(InputError);
    expect(() => parseNetwork(bytes, 'w.safetensors')).toThrow(message);
  });
});
