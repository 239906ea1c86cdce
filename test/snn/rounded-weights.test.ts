import { describe, expect, it } from 'vitest';
import { uniformStream } from '../../src/random/streams.ts';
import { roundedWeights } from '../../src/snn/rounded-weights.ts';
import { decodeWeights, encodeWeights, WEIGHT_FORMATS } from '../../src/snn/weight-format.ts';
import { cases } from '../effort.ts';

describe('rounded weights', () => {
  const uniform = uniformStream(1, 'test/rounded weights');
  const count = cases(20_000, 400_000);
  const spread = Float32Array.from({ length: count }, () => (2 * uniform() - 1) * 2 ** (40 * uniform() - 30));
  const edges = Float32Array.of(
    0,
    2 ** -14,
    2 ** -25,
    3 * 2 ** -25,
    -(2 ** -24),
    65_504,
    65_519,
    65_520,
    -65_520,
    1e30,
  );

  it.each(WEIGHT_FORMATS)('%s: are what the codes without errors stand for', (format) => {
    const signed = format.startsWith('uint') ? spread.map(Math.abs) : Float32Array.of(...edges, ...spread);
    const scale = format.includes('int') ? 1024 : 1;
    const weights = format.includes('int') ? signed.map((w) => Math.max(-1024, Math.min(1024, w))) : signed;
    const sound = decodeWeights(encodeWeights(weights, format, scale), format, scale);
    const rounded = roundedWeights(weights, format, scale);
    const wrong = sound.findIndex((weight, k) => rounded[k] !== weight);
    expect(wrong, `${weights[wrong]} becomes ${rounded[wrong]}, not ${sound[wrong]}`).toBe(-1);
  });
});
