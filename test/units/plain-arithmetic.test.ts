import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, visit } from 'yaml';
import { NotPlain } from '../../src/units/plain-arithmetic.ts';
import { PLAIN_UNITS } from '../../src/units/plain-units.ts';
import {
  DIMENSIONS,
  type Dimension,
  loadUnits,
  plainUnits,
  type Scope,
  type Units,
} from '../../src/units/quantity.ts';
import { FULL, randomCases } from '../effort.ts';

const full = await loadUnits();
const dimensions = Object.keys(DIMENSIONS) as Dimension[];

/** The number, or undefined where there is none: mathjs refuses it, or it is not plain. */
function tried(work: () => number): number | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

const folder = new URL('../../hw-models/', import.meta.url);
/** Every text and number of the shipped files. */
const shipped = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => {
    const texts: string[] = [];
    visit(parseDocument(readFileSync(new URL(file, folder), 'utf8')), {
      Scalar: (_, { value }) => void texts.push(String(value)),
    });
    return texts;
  });

/** Times under every name in the text, as a device's timing gives them. */
const timesIn = (text: string): Scope =>
  Object.fromEntries(
    [...text.matchAll(/\bt[A-Z]\w*/g)].map(([name], i) => [
      name,
      { value: 1.25 + 3.3 * i, dimension: 'time' as const },
    ]),
  );

describe('plain arithmetic', () => {
  it('gives the number of mathjs for every quantity of the shipped files', () => {
    // Each text as each dimension: `npm test` takes every third text.
    const texts = [...new Set(shipped)].filter((_, i) => FULL || i % 3 === 0);
    let quantities = 0;
    for (const text of texts)
      for (const dimension of dimensions) {
        const expected = tried(() => full.quantity(text, dimension, timesIn(text)));
        const found = tried(() => plainUnits.quantity(text, dimension, timesIn(text)));
        if (!Object.is(found, expected))
          expect([text, dimension, found]).toEqual([text, dimension, expected]);
        if (expected !== undefined) quantities++;
      }
    expect(quantities).toBeGreaterThan(FULL ? 500 : 150);
  });

  it('gives the number of mathjs for every formula of the shipped files', () => {
    const texts = [...new Set(shipped)].filter((text) => text.length < 200 && /[A-Z]/.test(text));
    let formulas = 0;
    for (const text of texts)
      for (const step of [1, 1.5, 7]) {
        const scope = Object.fromEntries(
          [...text.matchAll(/[A-Za-z_]\w*/g)].map(([name], i) => [name, 3 + step * i]),
        );
        for (const name of ['max', 'min', 'ceil', 'floor', 'round']) delete scope[name];
        const expected = tried(() => full.formula(text, scope));
        expect([text, tried(() => plainUnits.formula(text, scope))]).toEqual([text, expected]);
        if (expected !== undefined) formulas++;
      }
    expect(formulas).toBeGreaterThan(300);
  });

  it('knows each unit as mathjs does', () => {
    for (const [unit, { dimension }] of PLAIN_UNITS)
      for (const number of [1, 3, 0.7, 13.75, 1234567.891])
        expect([unit, plainUnits.quantity(`${number} ${unit}`, dimension)]).toEqual([
          unit,
          full.quantity(`${number} ${unit}`, dimension),
        ]);
  });

  it('gives the number of mathjs for any expression, or leaves it to mathjs', () => {
    const words = [
      ...PLAIN_UNITS.keys(),
      'tCK',
      'tRAS',
      'BL',
      'e',
      'min',
      'sec',
      'K',
      'mod',
      'Infinity',
      'h',
    ];
    const number = fc.oneof(
      fc.integer({ min: 0, max: 40 }).map(String),
      fc.double({ min: 0, max: 1000, noNaN: true }).map(String),
      fc.constantFrom('.5', '2.5', '1e-3', '1e3', '7.5', '3.9999999999999', '1e999', '0'),
    );
    const atom = fc.oneof(
      { weight: 3, arbitrary: fc.tuple(number, fc.constantFrom('', ' ', ' '), fc.constantFrom(...words)) },
      { weight: 2, arbitrary: number.map((text) => [text] as const) },
      { weight: 2, arbitrary: fc.constantFrom(['tCK'], ['tRAS'], ['BL'], ['tCK']) },
    );
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        atom.map((parts) => parts.join('')),
        fc
          .tuple(
            tie('expression'),
            fc.constantFrom('+', '-', '*', '/', ' ', ' - ', ' / ', ' * -', '--'),
            tie('expression'),
          )
          .map((parts) => parts.join('')),
        tie('expression').map((inner) => `(${inner})`),
        tie('expression').map((inner) => `-${inner}`),
        fc
          .tuple(
            fc.constantFrom('max', 'min', 'ceil', 'floor', 'round', 'abs'),
            fc.array(tie('expression'), { minLength: 1, maxLength: 3 }),
          )
          .map(([name, parts]) => `${name}(${parts.join(', ')})`),
      ),
    }));
    const scope: Scope = {
      tCK: { value: 1.25, dimension: 'time' },
      tRAS: { value: 32.1, dimension: 'time' },
      BL: { value: 8, dimension: 'number' },
    };
    let plain = 0;
    const holds = (text: string, work: (units: Units) => number): void => {
      const found = tried(() => work(plainUnits));
      if (found === undefined) return;
      plain++;
      // Zeros of both signs are one number.
      expect([text, found + 0]).toEqual([text, (tried(() => work(full)) ?? Number.NaN) + 0]);
    };
    fc.assert(
      fc.property(expression, fc.constantFrom(...dimensions), (text, dimension) => {
        holds(text, (units) => units.quantity(text, 'time', scope));
        holds(text, (units) => units.quantity(text, 'number', scope));
        holds(text, (units) => units.quantity(text, dimension, scope));
        holds(text, (units) => units.formula(text, { tCK: 3, tRAS: 32, BL: 8 }));
      }),
      { numRuns: randomCases(3000, 100_000) },
    );
    expect(plain).toBeGreaterThan(randomCases(1000));
  });

  it.each([
    '',
    'ns',
    '1 ns / 0',
    '1/2 ns',
    '3 / 4 tCK',
    '(1 + 2) ns',
    '2 ns * 3 ns / 1 ns',
    '358 K',
    'ceil(2.9999999999999)',
    'ceil(3, 1)',
    'max()',
    '2 ns + 1',
    '2 ns 3',
    '1 ns # typical',
    `${'('.repeat(150)}1${')'.repeat(150)}`,
  ])('%j is not plain', (text) => {
    for (const dimension of ['time', 'temperature', 'number'] as const)
      expect(() => plainUnits.quantity(text, dimension, timesIn(text))).toThrow(NotPlain);
  });
});
