import { describe, expect, it } from 'vitest';
import { exponential } from '../../../src/snn/supervised/exponential.ts';

describe('the exponential', () => {
  it('is that of Math.exp to 1e-15 from -700 to 0', () => {
    let worst = 0;
    for (let x = -700; x <= 0; x += 0.0371)
      worst = Math.max(worst, Math.abs(exponential(x) / Math.exp(x) - 1));
    expect(worst).toBeLessThan(1e-15);
  });

  it('is 1 at 0 and 0 far below', () => {
    expect([exponential(0), exponential(-701), exponential(Number.NEGATIVE_INFINITY)]).toEqual([1, 0, 0]);
  });
});
