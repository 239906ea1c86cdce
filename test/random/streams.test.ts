import { describe, expect, it } from 'vitest';
import {
  createFastStream,
  nextOpenUniform,
  nextUint32,
  reseed,
  streamKey,
  uniformStream,
} from '../../src/random/streams.ts';

describe('named streams', () => {
  it('repeat for the same seed and name and differ for others', () => {
    const take = (seed: number, name: string) => {
      const next = uniformStream(seed, name);
      return [next(), next(), next()];
    };
    expect(take(1, 'a')).toEqual(take(1, 'a'));
    expect(take(1, 'a')).not.toEqual(take(2, 'a'));
    expect(take(1, 'a')).not.toEqual(take(1, 'b'));
  });
});

describe('fast streams', () => {
  const stream = createFastStream();
  const words = (first: number, second: number, count: number) => {
    reseed(stream, streamKey(1, 'test'), first, second);
    return Array.from({ length: count }, () => nextUint32(stream));
  };

  it('depend on both indices and on nothing drawn before', () => {
    const a = words(0, 5, 8);
    words(3, 9, 100);
    expect(words(0, 5, 8)).toEqual(a);
    expect(words(1, 5, 8)).not.toEqual(a);
    expect(words(5, 0, 8)).not.toEqual(a);
  });

  it('begin unrelated for neighbouring indices: half of the bits of the first word differ', () => {
    let differing = 0;
    const pairs = 2_000;
    for (let index = 0; index < pairs; index++) {
      let bits = words(0, index, 1)[0]! ^ words(0, index + 1, 1)[0]!;
      for (; bits !== 0; bits &= bits - 1) differing++;
    }
    // 64 000 fair bits: standard deviation 126.
    expect(Math.abs(differing - 16 * pairs)).toBeLessThan(5 * 126);
  });

  it('are uniform, and never 0 or 1', () => {
    reseed(stream, streamKey(2, 'uniform'), 0, 0);
    const draws = Array.from({ length: 50_000 }, () => nextOpenUniform(stream));
    const bins = new Array<number>(10).fill(0);
    for (const draw of draws) bins[Math.floor(draw * 10)]!++;
    // Chi-squared with 9 degrees of freedom: 27.9 is the 0.999 quantile.
    expect(bins.reduce((sum, count) => sum + (count - 5_000) ** 2 / 5_000, 0)).toBeLessThan(27.9);
    expect(Math.min(...draws.slice(0, 1_000))).toBeGreaterThan(0);
    expect(Math.max(...draws.slice(0, 1_000))).toBeLessThan(1);
  });
});
