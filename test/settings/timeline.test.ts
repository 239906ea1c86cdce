import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { timelineWindow } from '../../src/settings/timeline.ts';

describe('the window of a timeline', () => {
  it('is read exactly, in any unit, either end left out', () => {
    expect(timelineWindow(undefined)).toEqual({ from: 0, to: Infinity });
    expect(timelineWindow('10us:20us')).toEqual({ from: 10_000_000, to: 20_000_000 });
    expect(timelineWindow('1250ps:')).toEqual({ from: 1250, to: Infinity });
    expect(timelineWindow(': 0.1 ms')).toEqual({ from: 0, to: 100_000_000 });
    expect(timelineWindow('1.000000000001s:2s').from).toBe(1_000_000_000_001);
    expect(timelineWindow('1µs:2μs')).toEqual({ from: 1e6, to: 2e6 });
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.constantFrom(0, 3, 6, 9, 12), (ps, power) => {
        const digits = String(ps).padStart(power + 1, '0');
        const whole = digits.slice(0, digits.length - power);
        const fraction = digits.slice(digits.length - power);
        const unit = ['ps', 'ns', 'us', 'ms', 's'][power / 3]!;
        const text = `${whole}${fraction === '' ? '' : `.${fraction}`}${unit}`;
        expect(timelineWindow(`${text}:9000s`).from).toBe(ps);
      }),
    );
  });

  it('is refused where it is none', () => {
    for (const text of ['', ':', '1us', '1us:2us:3us', '1:2', 'us:2us', '1us:1us', '2us:1us', '-1us:2us'])
      expect(() => timelineWindow(text)).toThrow(InputError);
    for (const text of ['0.5ps:', '1e3us:', '9008s:', '1.0000000000001s:', '1 kg:', ':0ps'])
      expect(() => timelineWindow(text)).toThrow(InputError);
  });
});
