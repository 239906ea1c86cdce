import { readFileSync } from 'node:fs';
import { type ImportedDevice, importDevice } from '../../../src/hardware/import/import-device.ts';
import type { SetNumber } from '../../../src/hardware/import/set-numbers.ts';
import { shippedModels } from '../../shipped-models.ts';

const FOLDER = new URL('../../goldens/device-files/', import.meta.url);

export const GOLDEN_FILES = [
  'MICRON_4Gb_LPDDR3-1600_32bit_A.xml',
  'MICRON_4Gb_DDR4-2400_8bit_A.json',
  'drampower6-ddr4-2400-4gb.json',
  'drampower6-lpddr4-3200-8gb.json',
  'DDR4_8Gb_x8_2400.ini',
  'LPDDR3_8Gb_x32_1600.ini',
  'ramulator2-ddr4-2400.yaml',
] as const;
export type GoldenFile = (typeof GOLDEN_FILES)[number];

export const golden = (file: GoldenFile): string => readFileSync(new URL(file, FOLDER), 'utf8');

/** Imports text as a file of that name. */
export const importText = (
  text: string,
  file: string,
  set: readonly SetNumber[] = [],
): Promise<ImportedDevice> => importDevice({ text, file }, { set }, shippedModels);

/** Imports a golden file with passages replaced; each must be there. */
export function importGolden(
  file: GoldenFile,
  edits: readonly (readonly [from: string, to: string])[] = [],
  set: readonly SetNumber[] = [],
): Promise<ImportedDevice> {
  let text = golden(file);
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    text = text.replace(from, () => to);
  }
  return importText(text, file, set);
}

/** The findings of a kind, as "what (line N)". */
export const said = ({ findings }: ImportedDevice, kind: string): string[] =>
  findings
    .filter((finding) => finding.kind === kind)
    .map(({ what, place }) => (place?.line === undefined ? what : `${what} (line ${place.line})`));
