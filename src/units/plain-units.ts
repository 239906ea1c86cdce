import type { PlainValue } from './plain-arithmetic.ts';

const SI = { G: 1e9, M: 1e6, k: 1e3, '': 1, m: 1e-3, u: 1e-6, n: 1e-9, p: 1e-12, f: 1e-15 } as const;
type Prefix = keyof typeof SI;

/** Units of the program's files and the prefixes with which they are written there. */
const WRITTEN = [
  ['time', 's', ['', 'm', 'u', 'n', 'p']],
  ['frequency', 'Hz', ['', 'k', 'M', 'G']],
  ['voltage', 'V', ['', 'm', 'u']],
  ['current', 'A', ['', 'm', 'u', 'n']],
  ['energy', 'J', ['', 'm', 'u', 'n', 'p', 'f']],
  ['power', 'W', ['', 'm', 'u', 'n']],
  ['capacitance', 'F', ['u', 'n', 'p', 'f']],
  ['length', 'm', ['', 'm', 'u', 'n']],
] as const;

type Measured = (typeof WRITTEN)[number][0] | 'data' | 'temperature';

const entry = (name: string, value: number, dimension: Measured): [string, PlainValue<Measured>] => [
  name,
  { value, dimension },
];

const BITS_A_BYTE = 8;

/**
 * The units that plain arithmetic knows: one of each in the unit that mathjs counts its dimension in (s, Hz, V, A, J, W, F, m,
 * bit), and of temperature the degree Celsius alone, which has no factor.
 */
export const PLAIN_UNITS: ReadonlyMap<string, PlainValue<Measured>> = new Map([
  ...WRITTEN.flatMap(([dimension, unit, prefixes]) =>
    prefixes.map((prefix: Prefix) => entry(`${prefix}${unit}`, SI[prefix], dimension)),
  ),
  entry('bit', 1, 'data'),
  ...(['', 'k', 'M', 'G'] as const).flatMap((prefix) => [
    entry(`${prefix}b`, SI[prefix], 'data'),
    entry(`${prefix}B`, BITS_A_BYTE * SI[prefix], 'data'),
  ]),
  ...(['Ki', 'Mi', 'Gi'] as const).map((prefix, i) =>
    entry(`${prefix}B`, BITS_A_BYTE * 2 ** (10 * (i + 1)), 'data'),
  ),
  entry('degC', 1, 'temperature'),
]);
