import { describe, expect, it } from 'vitest';
import { flipUniformly } from '../../src/faults/uniform-flips.ts';

function flips(ber: number, seed: number, bytes = 100_000): Uint8Array {
  const image = new Uint8Array(bytes);
  const count = flipUniformly(image, ber, seed);
  let ones = 0;
  for (let byte of image) for (; byte !== 0; byte &= byte - 1) ones++;
  expect(ones).toBe(count);
  return image;
}

describe('uniform flips', () => {
  it('come at the rate asked for, evenly over the eight bits of a byte', () => {
    const image = flips(0.01, 1);
    for (let bit = 0; bit < 8; bit++) {
      const count = image.reduce((sum, byte) => sum + ((byte >>> bit) & 1), 0);
      // 1 000 expected, standard deviation 31.
      expect(Math.abs(count - 1_000)).toBeLessThan(5 * 31.5);
    }
  });

  it('at a lower rate are among those at a higher one', () => {
    const few = flips(0.001, 3);
    const many = flips(0.01, 3);
    expect(few.every((byte, k) => (byte & many[k]!) === byte)).toBe(true);
  });

  it('depend on the seed, and undo themselves', () => {
    expect(flips(0.01, 1)).not.toEqual(flips(0.01, 2));
    const image = Uint8Array.from({ length: 1_000 }, (_, k) => k & 255);
    flipUniformly(image, 0.1, 9);
    flipUniformly(image, 0.1, 9);
    expect(image).toEqual(Uint8Array.from({ length: 1_000 }, (_, k) => k & 255));
  });

  it('spare everything at rate 0 and nothing at rate 1', () => {
    expect(flips(0, 1, 100).every((byte) => byte === 0)).toBe(true);
    expect(flips(1, 1, 100).every((byte) => byte === 255)).toBe(true);
  });
});
