import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import type { OnDieEcc } from './device.ts';
import { sourcedCount, sourcedData, type ValueReader } from './sourced-values.ts';
import type { YamlDocument } from './yaml-document.ts';

export const onDieEccSchema = z
  .strictObject({
    source: z.string().optional(),
    data: sourcedData,
    check: sourcedData,
    corrects: sourcedCount,
  })
  .optional();
type OnDieEccFile = z.infer<typeof onDieEccSchema>;

/** Longest word that a device may correct, its check bits, and the wrong bits of it that are corrected. */
const MOST = { data: 65_536, check: 1024, corrects: 64 } as const;

/**
 * The error correction inside a device, if its file gives any. Throws InputError for what is no whole number of bits, is out
 * of bounds, or has too few check bits to tell one wrong bit from another.
 */
export function readOnDieEcc(
  document: YamlDocument<{ readonly on_die_ecc?: OnDieEccFile }>,
  reader: ValueReader,
): OnDieEcc | undefined {
  const { on_die_ecc: given } = document.data;
  if (given === undefined) return undefined;
  const place = (key: string) => document.place(['on_die_ecc', key]);
  const bits = (key: 'data' | 'check'): number => {
    const value = reader.quantity(['on_die_ecc', key], given[key], 'data');
    if (!Number.isInteger(value) || value < 1 || value > MOST[key])
      throw new InputError(
        `on_die_ecc.${key} is ${value} bit: expected a whole number from 1 to ${MOST[key]} bit`,
        { place: place(key) },
      );
    return value;
  };
  const ecc: OnDieEcc = {
    dataBits: bits('data'),
    checkBits: bits('check'),
    correctedBits: reader.count(['on_die_ecc', 'corrects'], given.corrects, MOST.corrects),
  };
  if (2 ** ecc.checkBits <= ecc.dataBits + ecc.checkBits)
    throw new InputError(
      `${ecc.checkBits} check bits cannot tell a wrong bit from the others of ${ecc.dataBits + ecc.checkBits}`,
      { place: place('check'), remedy: 'correct on_die_ecc.data or on_die_ecc.check' },
    );
  return ecc;
}
