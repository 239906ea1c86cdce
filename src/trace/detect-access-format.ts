import { InputError } from '../errors/input-error.ts';
import { ACCESS_FORMATS, type AccessFormatName } from './access-format.ts';
import { CSV_HEADER } from './formats/csv.ts';
import { GEM5_MAGIC } from './formats/gem5.ts';
import { SXT_MAGIC } from './sxt-format.ts';

/** Bytes from the beginning of a trace that tell its format. */
export const DETECTION_BYTES = 1 << 16;

const HEX = '(?:0[xX])?[0-9a-fA-F]+';
const NUMBER = '(?:0[xX][0-9a-fA-F]+|\\d+)';
const RULES: readonly (readonly [AccessFormatName, RegExp])[] = [
  ['csv', new RegExp(`^${CSV_HEADER.replaceAll(',', '\\s*,\\s*')}$`)],
  ['nvmain', /^NVMV1$/],
  ['nvmain', new RegExp(`^\\d+\\s+\\S+\\s+${HEX}\\s+${HEX}(?:\\s+${HEX})?\\s+\\d+$`)],
  ['stl', /^\d+\s*:/],
  ['ramulator2-vector', /^[RW]\s+\d+\s*,/],
  ['ramulator2', /^(?:LD|ST)\s/],
  ['scale-sim', /^-?\d+(?:\.0+)?\s*,/],
  ['dramsim3', new RegExp(`^${HEX}\\s+[A-Za-z]\\w*\\s+\\d+$`)],
  ['ramulator', new RegExp(`^${HEX}(?:\\s+[A-Za-z]+)?$`)],
  ['ramulator-cpu', new RegExp(`^\\d+\\s+${NUMBER}(?:\\s+${NUMBER})?$`)],
];

/**
 * The format of a trace by its first bytes: the magic of a binary one, the form of the first line otherwise. Only
 * DRAMSys's two text forms look alike; there the name decides, `.rstl` or not, as it does for DRAMSys. Throws InputError
 * for anything else.
 */
export function detectAccessFormat(head: Uint8Array, file: string): AccessFormatName {
  if (beginsWith(head, SXT_MAGIC)) return 'sxt';
  if (beginsWith(head, GEM5_MAGIC)) return 'gem5';
  const lines = new TextDecoder('latin1').decode(head).split('\n');
  const index = lines.findIndex((text) => content(text) !== '');
  if (index < 0) throw new InputError('the trace holds no access', { place: { file } });
  const first = content(lines[index]!);
  const found = RULES.find(([, rule]) => rule.test(first))?.[0];
  if (found === undefined)
    throw new InputError(`not an access trace of a known format: ${JSON.stringify(first.slice(0, 60))}`, {
      place: { file, line: index + 1, column: 1 },
      remedy: `--format names it: ${ACCESS_FORMATS.join(', ')}`,
    });
  return found === 'stl' && /\.rstl(\.gz)?$/.test(file) ? 'rstl' : found;
}

const beginsWith = (bytes: Uint8Array, magic: Uint8Array): boolean =>
  magic.every((byte, i) => bytes[i] === byte);

const content = (line: string): string => line.replace(/#.*/, '').trim();
