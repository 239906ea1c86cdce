import { InputError } from '../../errors/input-error.ts';
import type { Device } from '../device.ts';
import { loadDevice } from '../load-device.ts';
import type { ModelSource, ModelText } from '../model-source.ts';
import { timingConsistency } from '../timing-consistency.ts';
import { checkNames, noteFractionsOfCycles, noteUnusualCurrents } from './check-draft.ts';
import { completeDraft } from './complete-draft.ts';
import { readDraft } from './detect-format.ts';
import { addCurrentDoubts } from './doubtful-currents.ts';
import type { Draft, Finding } from './draft.ts';
import { type DeviceText, draftYaml } from './draft-yaml.ts';
import type { FileValues } from './file-values.ts';
import { type SetNumber, setNumbers } from './set-numbers.ts';

export interface ImportRequest {
  /** The device's name; the file's own by default. */
  readonly name?: string | undefined;
  /** Numbers that take the place of the file's, or that it lacks. */
  readonly set?: readonly SetNumber[] | undefined;
  /** SHA-256 of the file, for the device's sources. */
  readonly hash?: string | undefined;
}

export interface ImportedDevice {
  readonly title: string;
  /** The device file's text. */
  readonly yaml: string;
  /** The device as the loader reads that text. */
  readonly device: Device;
  /** What is missing, contradictory, doubtful or not used, in this order. */
  readonly findings: readonly Finding[];
}

/** Names that one line of the report lists. */
const MOST_NAMED = 30;
const ORDER: readonly Finding['kind'][] = ['missing', 'contradictory', 'doubtful', 'not used'];

/**
 * Makes a device file of a memory specification of another program: DRAMSys and DRAMPower (JSON, XML), DRAMsim3 (INI),
 * Ramulator 2 (YAML). Every number has its key and line, or the source "assumed". Throws InputError, with the line of the
 * imported file, for what cannot be read, for a standard that is not known, for numbers that are missing without which
 * nothing runs, and for what no device can have.
 */
export async function importDevice(
  model: ModelText,
  request: ImportRequest,
  models: ModelSource,
): Promise<ImportedDevice> {
  const { draft, values } = await readDraft(model, models);
  draft.name = request.name ?? tidyName(draft.name);
  draft.sources['file'] = [`${draft.title} ${model.file}`, request.hash && `SHA-256 ${request.hash}`]
    .filter(Boolean)
    .join(', ');
  setNumbers(draft, request.set ?? []);
  checkNames(draft, values.look('memoryId'));
  addCurrentDoubts(draft);
  noteUnusualCurrents(draft);
  noteFractionsOfCycles(draft);
  requireComplete(draft, await completeDraft(draft, models));
  addUnused(draft, values);
  sortFindings(draft);

  const loaded = await load(draftYaml(draft), model.file, models);
  for (const what of timingConsistency(loaded, () => ({ file: model.file })))
    draft.findings.push({ kind: 'contradictory', what });
  sortFindings(draft);
  const { text } = draftYaml(draft);
  return { title: draft.title, yaml: text, device: loaded, findings: draft.findings };
}

/** Lower case, dashes between words: as the shipped devices are named. */
const tidyName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+|-+$/gu, '')
    .slice(0, 100) || 'imported';

function requireComplete({ file, standard, findings }: Draft, missing: readonly string[]): void {
  if (missing.length === 0) return;
  const [contradiction] = findings.filter(({ kind }) => kind === 'contradictory');
  const why = contradiction === undefined ? '' : ` (${contradiction.what})`;
  throw new InputError(
    `the file does not give ${missing.join(', ')}, which a device of ${standard.name} needs${why}`,
    {
      place: contradiction?.place ?? { file },
      remedy: `add what is missing: ${missing.map((name) => `--set ${name}=...`).join(' ')}`,
    },
  );
}

/** One finding a section, with its keys. */
function addUnused({ findings }: Draft, values: FileValues): void {
  const sections = new Map<string, string[]>();
  for (const { path } of values.unused()) {
    if (findings.some(({ kind, what }) => kind === 'not used' && what.startsWith(`${path}:`))) continue;
    const [section, ...rest] = path.split('.');
    const [name, key] = rest.length === 0 ? ['', section!] : [section!, rest.join('.')];
    sections.set(name, [...(sections.get(name) ?? []), key]);
  }
  for (const [name, keys] of sections) {
    const more = keys.length > MOST_NAMED ? ` and ${keys.length - MOST_NAMED} more` : '';
    const listed = `${keys.slice(0, MOST_NAMED).join(', ')}${more}`;
    findings.push({ kind: 'not used', what: name === '' ? listed : `${name}: ${listed}` });
  }
}

const sortFindings = ({ findings }: Draft): void => {
  findings.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
};

/** The device of the text; what the loader refuses is refused at the line of the imported file. */
async function load({ text, numbers }: DeviceText, file: string, models: ModelSource): Promise<Device> {
  const name = '\0imported';
  const source: ModelSource = {
    read: async (kind, asked) =>
      kind === 'dram' && asked === name ? { text, file: name } : models.read(kind, asked),
    list: (kind) => models.list(kind),
  };
  try {
    return await loadDevice(name, source);
  } catch (error) {
    if (!(error instanceof InputError) || error.place?.file !== name) throw error;
    const number = numbers.get(error.place.line ?? 0);
    const [value] = number?.from ?? [];
    const set = number && (number.source === 'user' ? 'it was given with --set' : 'or give it with --set');
    const remedy = [error.remedy, set].filter((part) => part !== undefined).join('; ');
    throw new InputError(error.what, {
      place: value?.place ?? { file },
      ...(remedy === '' ? {} : { remedy }),
      cause: error,
    });
  }
}
