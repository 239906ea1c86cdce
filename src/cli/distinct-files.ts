import { resolve } from 'node:path';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { isSameFile, statOf } from '../files/same-file.ts';
import { flagOf, type Setting, type Settings } from '../settings/setting.ts';

/** A file that the command line names, under a flag or as an argument. */
interface NamedFile {
  readonly file: string;
  readonly flag: string;
  readonly setting: Setting;
}

const STANDARD_STREAM = '-';

/**
 * Throws InputError where two outputs are to go to one place, or one over an input, before any work. Devices and pipes take
 * any number of results.
 */
export function requireDistinctFiles(
  settings: Settings,
  values: Readonly<Record<string, unknown>>,
  overInputs: boolean,
): void {
  const files = Object.entries(settings).flatMap(([name, setting]): NamedFile[] => {
    const flag = setting.positional ? (setting.value ?? name) : flagOf(name, setting);
    return [values[name]].flat().flatMap((file) => (typeof file === 'string' ? { file, flag, setting } : []));
  });
  const outputs = files.filter(({ setting }) => setting.writes);
  for (const [i, output] of outputs.entries()) {
    const other = outputs.slice(0, i).find(({ file }) => samePlace(file, output.file));
    if (other)
      throw new InputError(
        `${other.flag} and ${output.flag} write to one place: ${output.file === STANDARD_STREAM ? 'standard output' : quoted(output.file)}`,
        { remedy: 'name another file for one of them' },
      );
    const input = files.find(({ file, setting }) => !setting.writes && isSameFile(file, output.file));
    if (input && !overInputs)
      throw new InputError(
        `${output.flag} would write over ${input.flag}, which is read: ${quoted(output.file)}`,
        {
          remedy: 'name another file',
        },
      );
  }
}

function samePlace(a: string, b: string): boolean {
  if (a === STANDARD_STREAM || b === STANDARD_STREAM) return a === b;
  return statOf(a) ? isSameFile(a, b) : resolve(a) === resolve(b);
}
