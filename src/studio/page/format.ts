/** Numbers as people read them. */

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const whole = (value: number): string => grouped.format(value).replaceAll(',', '\u202f');

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)}\u202f%`;

/** Error rates: 0 or a power of ten. */
export const rate = (value: number): string => {
  if (value === 0) return '0';
  const [mantissa, exponent] = value.toExponential(1).split('e') as [string, string];
  return `${mantissa}\u202f×\u202f10${superscript(String(Number(exponent)))}`;
};

const RAISED: Readonly<Record<string, string>> = { '-': '⁻' };
const DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const superscript = (text: string): string =>
  [...text].map((character) => RAISED[character] ?? DIGITS[Number(character)]).join('');

/** A time in the unit that suits it. */
export function time(ns: number): string {
  const [scale, unit] = ns < 1e3 ? [1, 'ns'] : ns < 1e6 ? [1e3, 'µs'] : [1e6, 'ms'];
  return `${(ns / scale).toPrecision(4)}\u202f${unit}`;
}

export const significant = (value: number, digits = 4): string => String(Number(value.toPrecision(digits)));

/** Volts of the slider, three digits at most. */
export const volts = (value: number): string => String(Number(value.toFixed(3)));
