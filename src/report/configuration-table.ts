import { type Markup, markup } from './markup.ts';
import { shownName } from './shown-names.ts';

interface StatedManifest {
  readonly version?: unknown;
  readonly git_revision?: unknown;
  readonly command?: unknown;
  readonly fingerprint?: unknown;
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly plan?: Readonly<Record<string, unknown>> & { readonly axes?: Readonly<Record<string, unknown>> };
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/**
 * What a manifest states as a table: program and revision, then seeds, then the other settings in their order (of a
 * sweep: its axes), then the inputs by their SHA-256. `manifest` is the file's text (JSON).
 */
export function configurationTable(manifest: string): Markup {
  const stated = JSON.parse(manifest) as StatedManifest;
  const { axes, ...rest } = stated.plan ?? {};
  const settings = Object.entries({ ...stated.configuration, ...axes, ...rest });
  const isSeed = ([name]: readonly [string, unknown]): boolean => /seed/i.test(name);
  const { version, git_revision: revision, command, fingerprint } = stated;
  const program: [string, unknown][] = [
    ['sparkxd', version],
    ['revision', revision === null ? 'not run from a checkout' : revision],
    ['command', command],
    ['fingerprint', fingerprint],
  ];
  const groups: readonly (readonly [string, readonly (readonly [string, unknown])[]])[] = [
    ['program', program],
    ['seeds', settings.filter(isSeed)],
    ['settings', settings.filter((setting) => !isSeed(setting))],
    ['inputs (SHA-256)', Object.entries(stated.inputs ?? {})],
  ];
  const body = groups
    .map(([group, entries]) => [group, entries.filter(([, value]) => isStated(value))] as const)
    .filter(([, entries]) => entries.length > 0)
    .map(
      ([group, entries]) =>
        markup`<tbody><tr><th scope="rowgroup" colspan="2">${group}</th></tr>${entries.map(
          ([name, value]) => markup`<tr>${nameCell(name)}<td>${inWords(value)}</td></tr>`,
        )}</tbody>`,
    );
  return markup`<table class="settings">${body}</table>`;
}

/** Whether a value says anything: an empty list (no exclusions, say) does not. */
const isStated = (value: unknown): boolean =>
  value !== undefined && !(Array.isArray(value) && value.length === 0);

/** A name that is too long is whole under the pointer. */
function nameCell(name: string): Markup {
  const shown = shownName(name);
  return shown === name ? markup`<td>${name}</td>` : markup`<td title="${name}">${shown}</td>`;
}

function inWords(value: unknown): string {
  if (value === null) return 'none';
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
