/** Digits of the greatest number of a column. */
const DIGITS = 6;
/** Digits of the least at least. */
const LEAST_DIGITS = 3;

/**
 * The cells of a column as texts: whole numbers with commas; others all with as many decimals as six digits of the greatest
 * and three of the least take, but not more than any of them needs; where these would be more than six, all as 1.234e-5.
 * What is no number is text, what is absent is empty.
 */
export function columnTexts(values: readonly unknown[]): string[] {
  const sizes = values
    .filter((value) => typeof value === 'number' && Number.isFinite(value) && value !== 0)
    .map((value) => Math.abs(Number(value)));
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  const least = sizes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const whole = values.every((value) => typeof value !== 'number' || Number.isInteger(value));
  const ofLeast = LEAST_DIGITS - 1 - Math.floor(Math.log10(least));
  const small = !whole && (ofLeast > DIGITS || most >= 1e15);
  const finest = Math.max(0, ofLeast, DIGITS - Math.max(1, Math.floor(Math.log10(most)) + 1));
  const written = sizes.map(
    (size) => String(Number(size.toFixed(Math.min(finest, 100)))).split('.')[1]?.length ?? 0,
  );
  const decimals = written.reduce((a, b) => Math.max(a, b), 0);
  return values.map((value) => {
    if (typeof value !== 'number') return String(value ?? '');
    if (!Number.isFinite(value)) return String(value);
    if (whole) return value.toLocaleString('en');
    if (small) return value === 0 ? '0' : value.toExponential(3);
    return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  });
}

/** The same for the script of a page, which has this text in it: no types, no imports. */
export const COLUMN_TEXTS = `
function columnTexts(values) {
  const sizes = values.filter((value) => typeof value === 'number' && Number.isFinite(value) && value !== 0).map(Math.abs);
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  const least = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  const whole = values.every((value) => typeof value !== 'number' || Number.isInteger(value));
  const ofLeast = ${LEAST_DIGITS - 1} - Math.floor(Math.log10(least));
  const small = !whole && (ofLeast > ${DIGITS} || most >= 1e15);
  const finest = Math.max(0, ofLeast, ${DIGITS} - Math.max(1, Math.floor(Math.log10(most)) + 1));
  const written = sizes.map((size) => String(Number(size.toFixed(Math.min(finest, 100)))).split('.')[1]?.length ?? 0);
  const decimals = written.reduce((a, b) => Math.max(a, b), 0);
  return values.map((value) => {
    if (typeof value !== 'number') return String(value ?? '');
    if (!Number.isFinite(value)) return String(value);
    if (whole) return value.toLocaleString('en');
    if (small) return value === 0 ? '0' : value.toExponential(3);
    return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  });
}`;
