/**
 * A whole number with commas between its thousands, as `toLocaleString('en')` writes it, which loads the data of all languages
 * first: a tenth of the time of a short command.
 */
export const groupedDigits = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
