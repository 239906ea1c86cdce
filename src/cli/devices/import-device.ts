import { z } from 'zod';
import { InputError } from '../../errors/input-error.ts';
import { escapeControls } from '../../errors/printable.ts';
import type { ImportedDevice } from '../../hardware/import/import-device.ts';
import { maybeFile } from '../../settings/output-settings.ts';
import { type JobOf, optional, required } from '../../settings/setting.ts';
import { text } from '../../settings/values.ts';
import type { Everywhere } from '../command-settings.ts';
import { note, print } from '../terminal.ts';

export const IMPORT = {
  file: required({
    ...text,
    positional: true,
    value: 'FILE',
    help: 'memory specification of DRAMSys or DRAMPower (JSON, XML), DRAMsim3 .ini, or Ramulator 2 YAML',
  }),
  name: optional({ ...text, help: "name of the device (default: the file's own)" }),
  set: optional({
    schema: z.array(z.tuple([z.string().min(1), z.string().min(1)])).readonly(),
    value: 'NAME=VALUE',
    read: readSet,
    repeatable: true,
    help: 'a number that the file lacks or gets wrong, such as tRTRS=2tCK, ranks=2, clock=1200MHz, VDD.IDD5=118mA (repeatable)',
  }),
};

export const IMPORT_OUTPUT = { out: maybeFile('device file to write (default: print it)') };

function readSet(words: string): unknown {
  const [name = '', value = ''] = words.split(/=(.*)/s).map((part) => part.trim());
  if (name === '' || value === '') throw new InputError('expected NAME=VALUE, such as tRTRS=2tCK');
  return [[name, value]];
}

/**
 * Writes the device file to `--out`, and what is missing or contradictory to standard output; without `--out` the file goes
 * to standard output and the list to standard error.
 */
export async function importFile(
  { file, name, set }: JobOf<typeof IMPORT>,
  { out, json, quiet }: JobOf<typeof IMPORT_OUTPUT> & Everywhere,
): Promise<void> {
  const { modelFiles, readModelText } = await import('../../inputs/model-files.ts');
  const { sha256 } = await import('../../files/sha256.ts');
  const { importDevice } = await import('../../hardware/import/import-device.ts');
  const model = await readModelText(file);
  const imported = await importDevice(model, { name, set, hash: sha256(model.text) }, modelFiles);
  if (out !== undefined) {
    const { writeWhole } = await import('../../files/write-file.ts');
    await writeWhole(out, imported.yaml);
  }
  if (json) {
    const { device, title, findings, yaml } = imported;
    const fields = { name: device.name, standard: device.standard.name, format: title, out, findings };
    print(`${JSON.stringify(out === undefined ? { ...fields, yaml } : fields)}\n`);
    return;
  }
  if (out !== undefined) print(report(imported, out));
  else {
    print(imported.yaml);
    if (!quiet) note(report(imported, undefined));
  }
}

const HEADINGS = {
  missing: 'Missing',
  contradictory: 'Contradictory',
  doubtful: 'Doubtful',
  'not used': 'Not used',
} as const;

function report({ device, title, findings }: ImportedDevice, out: string | undefined): string {
  const lines = [`${out ?? device.name}: ${device.name}, ${device.standard.name}, from a ${title}`];
  for (const [kind, heading] of Object.entries(HEADINGS)) {
    const found = findings.filter((finding) => finding.kind === kind);
    if (found.length === 0) continue;
    lines.push('', heading);
    for (const { what, place } of found)
      lines.push(`  ${what}${place?.line === undefined ? '' : ` (line ${place.line})`}`);
  }
  return `${lines.map(escapeControls).join('\n')}\n`;
}
