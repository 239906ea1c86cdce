import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupedDigits } from '../../src/cli/grouped-digits.ts';

it('writes whole numbers as English does', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(10_000)), (count) => {
      expect(groupedDigits(count)).toBe(count.toLocaleString('en'));
    }),
  );
});
