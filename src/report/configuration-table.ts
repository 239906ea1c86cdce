import { escapeMarkup } from './markup.ts';

interface StatedManifest {
  readonly version?: unknown;
  readonly git_revision?: unknown;
  readonly command?: unknown;
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/**
 * What a manifest states as a table: program and revision, then seeds, then the other settings in their order, then the
 * inputs by their SHA-256. `manifest` is the file's text (JSON).
 */
export function configurationTable(manifest: string): string {
  const {
    version,
    git_revision,
    command,
    configuration = {},
    inputs = {},
  } = JSON.parse(manifest) as StatedManifest;
  const settings = Object.entries(configuration);
  const isSeed = ([name]: readonly [string, unknown]): boolean => /seed/i.test(name);
  const groups: readonly (readonly [string, readonly (readonly [string, unknown])[]])[] = [
    [
      'program',
      [
        ['sparkxd', version],
        ['revision', git_revision ?? 'not run from a checkout'],
        ['command', command],
      ],
    ],
    ['seeds', settings.filter(isSeed)],
    ['settings', settings.filter((setting) => !isSeed(setting))],
    ['inputs (SHA-256)', Object.entries(inputs)],
  ];
  const body = groups
    .filter(([, entries]) => entries.length > 0)
    .map(
      ([group, entries]) =>
        `<tbody><tr><th scope="rowgroup" colspan="2">${group}</th></tr>${entries
          .map(
            ([name, value]) =>
              `<tr><td>${escapeMarkup(name)}</td><td>${escapeMarkup(inWords(value))}</td></tr>`,
          )
          .join('')}</tbody>`,
    )
    .join('\n');
  return `<table class="settings">${body}</table>`;
}

function inWords(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
