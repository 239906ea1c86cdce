import { describe, expect, it } from 'vitest';
import { UnitError } from '../../src/units/expression.ts';
import { loadUnits } from '../../src/units/quantity.ts';

const units = await loadUnits();

describe('a quantity', () => {
  it('comes back in the unit of its dimension', () => {
    expect(units.quantity('13.75 ns', 'time')).toBe(13.75);
    expect(units.quantity('3.9 us', 'time')).toBe(3900);
    expect(units.quantity('0.08 A', 'current')).toBe(80);
    expect(units.quantity('0.8 GHz', 'frequency')).toBe(800);
    expect(units.quantity('1025 mV', 'voltage')).toBe(1.025);
    expect(units.quantity('32', 'number')).toBe(32);
  });

  it('may refer to named quantities, as JEDEC does', () => {
    const scope = { tCK: { value: 1.25, dimension: 'time' } } as const;
    expect(units.quantity('15 tCK', 'time', scope)).toBe(18.75);
    expect(units.quantity('max(4 tCK, 7.5 ns)', 'time', scope)).toBe(7.5);
  });

  it.each([
    ['18.75', 'time', /no unit/],
    ['18.75 mA', 'time', /not a time/],
    ['18.75 parsecs', 'time', /unknown unit or name parsecs/],
    ['18.75 ns', 'number', /plain number/],
    ['import("fs")', 'time', /arithmetic|function/],
    ['a = 3 ns', 'time', /arithmetic/],
    ['2 ns ^ 2', 'time', /operator/],
    ['1 ns / 0', 'time', /finite/],
    ['', 'time', /./],
  ] as const)('%j as %s is refused', (text, dimension, message) => {
    expect(() => units.quantity(text, dimension)).toThrow(UnitError);
    expect(() => units.quantity(text, dimension)).toThrow(message);
  });
});

describe('a latency formula', () => {
  it('is arithmetic over cycles', () => {
    expect(units.formula('RL + tDQSCK + BL/2 + 1 - WL', { RL: 12, tDQSCK: 2, BL: 8, WL: 9 })).toBe(10);
    expect(units.formula('max(tRC, tRAS + tRP)', { tRC: 48, tRAS: 36, tRP: 15 })).toBe(51);
  });
  it('refuses unknown names', () => {
    expect(() => units.formula('tRCD + tBOGUS', { tRCD: 15 })).toThrow(/tBOGUS/);
  });
});
