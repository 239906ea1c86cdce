/** Decimal digits with at most one point: what people mean by a decimal number. */
const DECIMAL = String.raw`-?(?:\d+(?:\.\d+)?|\.\d+)`;
const NUMBER = new RegExp(`^${DECIMAL}(?:[eE][+-]?\\d+)?$`);
const PLAIN = new RegExp(`^${DECIMAL}$`);
const QUANTITY = new RegExp(`^(${DECIMAL})(?: ?(\\p{L}+))?$`, 'u');

/** Powers of ten that prefixes of units stand for. */
const PREFIXES: Readonly<Record<string, number | undefined>> = {
  '': 0,
  f: -15,
  p: -12,
  n: -9,
  u: -6,
  µ: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
};

/**
 * A number as people write it: "0.001", "1e-3". NaN, which every setting refuses, for anything else, such as "0x10",
 * "0b1", " 1", "1_000", "Infinity" or nothing.
 */
export const readNumber = (text: string): number => (NUMBER.test(text) ? Number(text) : Number.NaN);

/** The same without powers of ten: "2.3", not "23e-1". */
export const readDecimal = (text: string): number => (PLAIN.test(text) ? Number(text) : Number.NaN);

/**
 * A number with a unit, in the unit that is asked for or with any other prefix: for "V" "1.35", "1.35V" and "1350 mV" are
 * the same. A bare number is in that unit. `unit` is its prefix and its symbol: "V", "pF", "MHz"; the case of the prefix
 * counts, that of the symbol does not. NaN for anything else.
 */
export function readQuantity(unit: string): (text: string) => number {
  const symbol = /^[fpnumkMG](?=\p{L})/u.test(unit) ? unit.slice(1) : unit;
  const own = PREFIXES[unit.slice(0, unit.length - symbol.length)]!;
  return (text) => {
    const [, digits, given] = QUANTITY.exec(text) ?? [];
    if (digits === undefined) return Number.NaN;
    if (given === undefined) return Number(digits);
    const from = given.length - symbol.length;
    const prefix = PREFIXES[given.slice(0, Math.max(0, from))];
    if (prefix === undefined || given.slice(from).toLowerCase() !== symbol.toLowerCase()) return Number.NaN;
    // In decimal digits, so that 1350 mV is 1.35 V to the last bit.
    return Number(`${digits}e${prefix - own}`);
  };
}
