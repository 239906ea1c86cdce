import { describe, expect, it } from 'vitest';
import { readDecimal, readNumber, readQuantity } from '../../src/settings/quantity.ts';
import { readSupplies } from '../../src/settings/supply-list.ts';
import { address } from '../../src/settings/values.ts';
import { readVoltageLaw } from '../../src/settings/voltage-law.ts';

const NO_NUMBERS = [
  '0x10',
  '0b1',
  '0o7',
  ' 1',
  '1 ',
  '1_000',
  '1,5',
  '',
  '.',
  '1.',
  'Infinity',
  'NaN',
  '+1',
  '--1',
];

describe('a number on the command line', () => {
  it('is written in decimal digits', () => {
    expect(['1', '0.001', '.5', '-2', '1e-3', '5E+2'].map(readNumber)).toEqual([
      1, 0.001, 0.5, -2, 1e-3, 500,
    ]);
    for (const text of NO_NUMBERS) expect(readNumber(text), text).toBeNaN();
  });

  it('has no power of ten where a decimal is meant', () => {
    expect(['2.3', '.5'].map(readDecimal)).toEqual([2.3, 0.5]);
    for (const text of [...NO_NUMBERS, '1e1']) expect(readDecimal(text), text).toBeNaN();
    expect(readVoltageLaw('2.3')).toEqual({ exponent: 2.3 });
    for (const text of ['0x10', '1e1', ' 2', '0', '-1'])
      expect(() => readVoltageLaw(text), text).toThrow(/an exponent such as 2.3/);
  });
});

describe('a quantity on the command line', () => {
  it('takes its unit with any prefix, or none', () => {
    const volts = readQuantity('V');
    expect(['0.9', '900mV', '900 mV', '900mv', '0.9V', '0.9v', '0.0009kV', '900000uV'].map(volts)).toEqual(
      Array(8).fill(0.9),
    );
    expect(volts('1350mV')).toBe(1.35);
    const picofarads = readQuantity('pF');
    expect(['1.8', '1.8pF', '1.8pf', '0.0018nF', '1800fF'].map(picofarads)).toEqual([
      1.8, 1.8, 1.8, 1.8, 1.8,
    ]);
    expect(readQuantity('mW')('5MW')).toBe(5e9);
    expect(['800', '800MHz', '0.8GHz', '800000kHz'].map(readQuantity('MHz'))).toEqual(Array(4).fill(800));
    for (const text of [...NO_NUMBERS, '1.8 F F', '1.8W', '1.8pV', '1e3', 'V', '0x1V', '1.8  pF'])
      expect(picofarads(text), text).toBeNaN();
  });

  it('stands in lists and ranges of supplies', () => {
    expect(readSupplies('1.35,1250mV,1.1V')).toEqual([1.35, 1.25, 1.1]);
    expect(readSupplies('1100mV:1:50mV')).toEqual([1.1, 1.05, 1]);
    for (const text of ['0x1', '1e0', '900mA', '1.1W', ''])
      expect(() => readSupplies(text), text).toThrow(/expected volts such as/);
  });
});

describe('an address on the command line', () => {
  it('is a whole number, in base 16 after 0x', () => {
    expect(['4096', '0x1000', '0X7fff00000000'].map(address.read)).toEqual([4096, 4096, 0x7fff00000000]);
    for (const text of ['-1', '1e3', '1.5', 'ff', '0b1', ' 1', ''])
      expect(address.read(text), text).toBeNaN();
    expect(address.schema.safeParse(2 ** 51).success).toBe(false);
  });
});
