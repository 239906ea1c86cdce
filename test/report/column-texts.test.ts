import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMN_TEXTS, columnTexts } from '../../src/report/column-texts.ts';
import { cases } from '../effort.ts';

const inPage = new Function(`${COLUMN_TEXTS}\nreturn columnTexts;`)() as typeof columnTexts;

describe('the numbers of a column', () => {
  it.each([
    ['whole numbers have commas', [1, 23456], ['1', '23,456']],
    ['others have as many decimals as any of them needs', [1.35, 1.025, 1], ['1.350', '1.025', '1.000']],
    ['six digits of the greatest', [17482.123456, 198.7654321], ['17,482.1', '198.8']],
    ['and three of the least', [17482.123456, 9.87654321], ['17,482.12', '9.88']],
    ['small ones are all powers of ten', [0, 1.5e-7, 0.25], ['0', '1.500e-7', '2.500e-1']],
    ['texts and gaps stay', ['measured', undefined, 2], ['measured', '', '2']],
    ['what is not finite is said', [Number.NaN, 0.5], ['NaN', '0.5']],
  ] as const)('%s', (_, values, texts) => {
    expect(columnTexts(values)).toEqual(texts);
  });

  it('are the same in the page', () => {
    const cell = fc.oneof(fc.double(), fc.float({ min: 0, max: 2, noNaN: true }), fc.integer(), fc.string());
    fc.assert(
      fc.property(fc.array(fc.option(cell, { nil: undefined })), (values) => {
        expect(inPage(values)).toEqual(columnTexts(values));
      }),
      { seed: 24, numRuns: cases(400, 100) },
    );
  });
});
