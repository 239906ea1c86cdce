import { quoted } from '../errors/printable.ts';
import { requireArithmetic, requireCharacters, UnitError } from './expression.ts';
import { type Names, NotPlain, type PlainValue, plainArithmetic } from './plain-arithmetic.ts';
import { PLAIN_UNITS } from './plain-units.ts';

/** Physical dimensions of hardware models, each with the unit in which the program keeps it. */
export const DIMENSIONS = {
  time: 'ns',
  frequency: 'MHz',
  voltage: 'V',
  current: 'mA',
  energy: 'pJ',
  power: 'mW',
  capacitance: 'pF',
  temperature: 'degC',
  length: 'um',
  data: 'bit',
  number: '',
} as const;
export type Dimension = keyof typeof DIMENSIONS;

/** Named values that a quantity or formula may refer to: "15 tCK" with tCK in nanoseconds, "tRAS + tRP". */
export type Scope = Readonly<Record<string, { value: number; dimension: Dimension }>>;

export interface Units {
  /**
   * The number of a quantity such as "18.75 ns", "80 mA", "15 tCK", "max(4 tCK, 7.5 ns)" in the unit of its
   * dimension. Throws UnitError for an unknown unit, a wrong dimension or anything that is not arithmetic.
   */
  quantity(text: string, dimension: Dimension, scope?: Scope): number;
  /** The value of a formula over plain numbers, such as "RL + BL/2 - WL". Throws UnitError as above. */
  formula(text: string, scope: Readonly<Record<string, number>>): number;
}

let loaded: Promise<Units> | undefined;

/**
 * Does work with quantities and formulas that are plain arithmetic, as nearly all are, without mathjs. Where one is not, or is
 * wrong, the work is begun again with mathjs, which works it out or says what is wrong with it: `work` must be repeatable.
 * Throws what `work` throws.
 */
export async function withUnits<T>(work: (units: Units) => T | Promise<T>): Promise<T> {
  try {
    return await work(plainUnits);
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    return work(await loadUnits());
  }
}

/** Quantities and formulas without mathjs: NotPlain from whatever is more than plain arithmetic. */
export const plainUnits: Units = {
  quantity(text, dimension, scope = {}) {
    const names: Names<Dimension> = {
      value: (name) => (Object.hasOwn(scope, name) ? inBaseUnit(scope[name]!) : undefined),
      unit: (name) => PLAIN_UNITS.get(name),
    };
    const result = plainArithmetic(text, names);
    if (result.dimension !== dimension) throw new NotPlain();
    if (dimension === 'number') return result.value;
    const number = result.value / PLAIN_UNITS.get(DIMENSIONS[dimension])!.value;
    if (!Number.isFinite(number)) throw new NotPlain();
    return decimal(number);
  },
  formula(text, scope) {
    const value = (name: string): PlainValue<'number'> | undefined =>
      Object.hasOwn(scope, name) ? { value: scope[name]!, dimension: 'number' } : undefined;
    return plainArithmetic<'number'>(text, { value, unit: () => undefined }).value;
  },
};

function inBaseUnit({ value, dimension }: Scope[string]): PlainValue<Dimension> {
  if (dimension === 'number') return { value, dimension };
  return { value: value * PLAIN_UNITS.get(DIMENSIONS[dimension])!.value, dimension };
}

/**
 * mathjs, for every quantity and formula. Loading it as one file takes four bare starts of Node (as `mathjs`, of 2,000 modules,
 * many more): `withUnits` does without it where it can.
 */
export function loadUnits(): Promise<Units> {
  loaded ??= import('mathjs/lib/browser/math.js').then((math) => build(math.default));
  return loaded;
}

function build(math: typeof import('mathjs')): Units {
  /** A name means a unit unless mathjs has something of its own under it, such as e, pi or a physical constant. */
  const isUnit = (name: string): boolean => !(name in math) && math.Unit.isValuelessUnit(name);

  /** The value of arithmetic over names, numbers and a few functions: a hardware model is data, not a program. */
  function resultOf(text: string, scope: ReadonlyMap<string, unknown>, units: boolean): unknown {
    requireCharacters(text);
    const tree = attempt(() => math.parse(text), `${quoted(text)} is not arithmetic`);
    requireArithmetic(text, tree, (name) => scope.has(name) || (units && isUnit(name)));
    return attempt(
      () => tree.compile().evaluate(new Map(scope)),
      `${quoted(text)} cannot be worked out: its parts are of different kinds`,
    );
  }

  return {
    quantity(text, dimension, scope = {}) {
      const unit = DIMENSIONS[dimension];
      const values = Object.entries(scope).map(([name, { value, dimension: own }]): [string, unknown] => [
        name,
        own === 'number' ? value : math.unit(value, DIMENSIONS[own]),
      ]);
      const result = resultOf(text, new Map(values), true);
      if (dimension === 'number') {
        if (typeof result !== 'number' || !Number.isFinite(result))
          throw new UnitError(`${quoted(text)} should be a plain number`);
        return result;
      }
      if (typeof result === 'number')
        throw new UnitError(`${quoted(text)} has no unit: expected a ${dimension}, for instance in ${unit}`);
      if (!math.isUnit(result)) throw new UnitError(`${quoted(text)} is not a quantity`);
      if (!result.equalBase(math.unit(1, unit)))
        throw new UnitError(`${quoted(text)} is not a ${dimension} (expected for instance ${unit})`);
      const number = result.toNumber(unit);
      if (!Number.isFinite(number)) throw new UnitError(`${quoted(text)} is not a finite ${dimension}`);
      return decimal(number);
    },
    formula(text, scope) {
      const result = resultOf(text, new Map(Object.entries(scope)), false);
      if (typeof result !== 'number' || !Number.isFinite(result))
        throw new UnitError(`${quoted(text)} does not give a number`);
      return result;
    },
  };
}

/** Twelve significant digits: "13.75 ns" through SI seconds and back is 13.75 again, not 13.750000000000002. */
const decimal = (value: number): number => Number(value.toPrecision(12));

function attempt<T>(action: () => T, otherwise: string): T {
  try {
    return action();
  } catch {
    throw new UnitError(otherwise);
  }
}
