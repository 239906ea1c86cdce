import { NO_PINS, pinsInWords } from '../energy/io.ts';

/**
 * What the energies and savings of rows hold of the data pins, in words: each answer once. Rows without the column are of
 * files that were written before it, when nothing held pins.
 */
export const pinsOfRows = (rows: readonly { readonly data_pins?: string | undefined }[]): string =>
  [...new Set(rows.map(({ data_pins = NO_PINS }) => pinsInWords(data_pins)))].join('; ');
