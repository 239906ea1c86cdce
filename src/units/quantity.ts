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

/** Thrown by the parsers below; the caller knows the file and the line. */
export class UnitError extends Error {}

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

const FUNCTIONS = new Set(['max', 'min', 'ceil', 'floor', 'round']);
const NODES = new Set(['ConstantNode', 'SymbolNode', 'OperatorNode', 'ParenthesisNode', 'FunctionNode']);
const OPERATORS = new Set(['+', '-', '*', '/']);

let loaded: Promise<Units> | undefined;

/** mathjs takes 0.1 s to load as one file (a second as `mathjs`), so it is imported on first use and never for `--help`. */
export function loadUnits(): Promise<Units> {
  loaded ??= import('mathjs/lib/browser/math.js').then((math) => build(math.default));
  return loaded;
}

function build(math: typeof import('mathjs')): Units {
  /** Arithmetic over names, numbers and a few functions: a hardware model is data, not a program. */
  function parse(text: string) {
    const tree = attempt(text, () => math.parse(text));
    tree.traverse((node, path) => {
      const called = path === 'fn';
      if (!NODES.has(node.type)) throw new UnitError(`"${text}" is not arithmetic (${node.type})`);
      if (node.type === 'OperatorNode' && !OPERATORS.has((node as { op?: string }).op ?? ''))
        throw new UnitError(`"${text}" uses an operator other than + - * /`);
      if (called && !FUNCTIONS.has((node as { name?: string }).name ?? ''))
        throw new UnitError(`"${text}" calls a function other than ${[...FUNCTIONS].join(', ')}`);
    });
    return tree;
  }

  return {
    quantity(text, dimension, scope = {}) {
      const unit = DIMENSIONS[dimension];
      const values: Record<string, unknown> = {};
      for (const [name, { value, dimension: own }] of Object.entries(scope))
        values[name] = own === 'number' ? value : math.unit(value, DIMENSIONS[own]);
      const result: unknown = attempt(text, () => parse(text).compile().evaluate(values));
      if (dimension === 'number') {
        if (typeof result !== 'number' || !Number.isFinite(result))
          throw new UnitError(`"${text}" should be a plain number`);
        return result;
      }
      if (typeof result === 'number')
        throw new UnitError(`"${text}" has no unit: expected a ${dimension}, for instance in ${unit}`);
      if (!math.isUnit(result)) throw new UnitError(`"${text}" is not a quantity`);
      const quantity = result;
      if (!quantity.equalBase(math.unit(1, unit)))
        throw new UnitError(`"${text}" is not a ${dimension} (expected for instance ${unit})`);
      const number = quantity.toNumber(unit);
      if (!Number.isFinite(number)) throw new UnitError(`"${text}" is not a finite ${dimension}`);
      return decimal(number);
    },
    formula(text, scope) {
      const result: unknown = attempt(text, () =>
        parse(text)
          .compile()
          .evaluate({ ...scope }),
      );
      if (typeof result !== 'number' || !Number.isFinite(result))
        throw new UnitError(`"${text}" does not give a number`);
      return result;
    },
  };
}

/** Twelve significant digits: "13.75 ns" through SI seconds and back is 13.75 again, not 13.750000000000002. */
const decimal = (value: number): number => Number(value.toPrecision(12));

function attempt<T>(text: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof UnitError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new UnitError(`"${text}": ${message.replace('Undefined symbol', 'unknown unit or name')}`);
  }
}
