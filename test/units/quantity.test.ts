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

  it('may have a sign, parentheses, a small fraction, a product with a number', () => {
    expect(units.quantity('-0.9 pJ', 'energy')).toBe(-0.9);
    expect(units.quantity('(1 + 2) ns', 'time')).toBe(3);
    expect(units.quantity('.5 ns', 'time')).toBe(0.5);
    expect(units.quantity('1e-3 us', 'time')).toBe(1);
    expect(units.quantity('3.7 pJ + 2 * 0.9 pJ', 'energy')).toBe(5.5);
    expect(units.quantity('2 ns * 3 ns / 1 ns', 'time')).toBe(6);
  });

  it('takes a name in scope for what it is there, whatever mathjs calls so', () => {
    expect(units.quantity('2 * e', 'time', { e: { value: 3, dimension: 'time' } })).toBe(6);
    expect(units.formula('pi + i', { pi: 3, i: 4 })).toBe(7);
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
    ['true ns', 'time', /holds "true", which is no number/],
    ['null ns', 'time', /holds "null", which is no number/],
    ['undefined', 'time', /holds "undefined", which is no number/],
    ['NaN ns', 'time', /holds "NaN", which is no number/],
    ['Infinity ns', 'time', /holds a number that is too large/],
    ['1e999 ns', 'time', /holds a number that is too large/],
    ['2 ns^2/ns', 'time', /an operator other than/],
    ['2 * pi * 1 ns', 'time', /unknown unit or name pi/],
    ['e * 1 ns', 'time', /unknown unit or name e/],
    ['i * 1 ns', 'time', /unknown unit or name i/],
    ['speedOfLight', 'number', /unknown unit or name speedOfLight/],
    ['constructor', 'number', /unknown unit or name constructor/],
    ['toString', 'number', /unknown unit or name toString/],
    ['5 ns # typical', 'time', /a comment needs a space/],
    ['5 ns; 3', 'time', /is not arithmetic: it holds ";"/],
    ['5 ns\n3', 'time', /is not arithmetic: it holds "\\n"/],
    ['"5" ns', 'time', /is not arithmetic/],
    ['5!', 'number', /an operator other than/],
    ['5 ns mod 2', 'time', /an operator other than|not arithmetic/],
    ['0x10', 'number', /is not a decimal number/],
    ['2 ns 3', 'time', /side by side/],
    ['1 e 3', 'number', /side by side|unknown unit/],
    ['5 \u00b5s', 'time', /write "u" for micro/],
    ['1 ns + 2 V', 'time', /of different kinds/],
    ['max(1 ns, 3)', 'time', /of different kinds/],
    ['max()', 'time', /./],
    ['sqrt(4) ns', 'time', /calls a function other than max, min/],
    ['(((', 'time', /is not arithmetic/],
    [`${'('.repeat(100_000)}1`, 'time', /more than 200 characters/],
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
