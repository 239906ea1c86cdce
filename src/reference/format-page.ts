import type { z } from 'zod';
import { type FileKey, keysOfSchema } from './schema-keys.ts';

/** What a page of the reference says of a file format beside what its schema says. */
export interface FormatDescription {
  /** Name of the page: "device" is docs/reference/device.md. */
  readonly page: string;
  readonly title: string;
  readonly schema: z.ZodType;
  /** Markdown before the keys. */
  readonly intro: readonly string[];
  /** What each key is for, by its path; every key of the schema has one, and there is none for any other. */
  readonly keys: Readonly<Record<string, string>>;
  /** A shipped file that is shown whole: its kind and name. */
  readonly example: { readonly folder: string; readonly name: string };
}

/** Keys that mean the same wherever they stand. */
export const COMMON_KEYS: Readonly<Record<string, string>> = {
  name: 'name in results and messages; a shipped file has the same name',
  title: 'what it is, in a line',
  description: 'what it is, in a sentence or two',
  sources: 'where the numbers come from: short names, and what each stands for',
  'sources.NAME': 'a source: paper, data sheet, program with its version, or "an assumption"',
};

/** What a key is for. Throws RangeError for a key without a description: whoever adds a key describes it. */
export function meaningOf({ page, keys }: FormatDescription, path: string): string {
  const meaning = keys[path] ?? COMMON_KEYS[path];
  if (meaning !== undefined) return meaning;
  if (path.endsWith('.source')) return 'name of the source of all numbers of this section';
  throw new RangeError(`${page}: the key ${path} has no description`);
}

/** Descriptions of keys that the schema does not have. */
export function strayMeanings({ keys, schema }: FormatDescription): string[] {
  const known = new Set(keysOfSchema(schema).map(({ path }) => path));
  return Object.keys(keys).filter((path) => !known.has(path));
}

/** A page of the reference; `example` is the text of the file shown whole, `more` stands behind the keys. */
export function formatPage(
  description: FormatDescription,
  example: string,
  more: readonly string[] = [],
): string {
  const { title, schema, intro } = description;
  const { folder, name } = description.example;
  return [
    `# ${title}`,
    '',
    ...intro,
    '',
    '## Keys',
    '',
    'Required keys are marked with *. NAME stands for a name of your own; `[]` for each entry of a list.',
    '',
    '| key | value | meaning |',
    '|---|---|---|',
    ...keysOfSchema(schema).map((key) => keyLine(key, meaningOf(description, key.path))),
    '',
    ...more,
    '## A whole file',
    '',
    `This is \`hw-models/${folder}/${name}.yaml\`; \`sparkxd devices show ${name}\` prints its numbers with their sources.`,
    '',
    '```yaml',
    example.trimEnd(),
    '```',
    '',
  ].join('\n');
}

const keyLine = ({ path, type, required, default: standard }: FileKey, meaning: string): string =>
  `| \`${path}\`${required ? ' *' : ''} | ${cell(type)} | ${cell(meaning)}${standard === undefined ? '' : ` (default: ${standard})`} |`;

/** Text for a cell of a table. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
