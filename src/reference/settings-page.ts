import { flagOf, type Setting, type Settings, valueSchema } from '../settings/setting.ts';
import { cell } from './format-page.ts';
import { typeInWords } from './schema-keys.ts';

/** The settings of a command or a plan. */
export interface SettingsTable {
  readonly title: string;
  /** What has these settings. */
  readonly says: string;
  readonly settings: Settings;
}

/** A section with the settings, by what `name` makes of them: the key of a job, or the axis of a plan. */
export function settingsSection(
  { title, says, settings }: SettingsTable,
  nameOf: (name: string, setting: Setting) => string,
): string[] {
  return [
    `## ${title}`,
    '',
    says,
    '',
    '| name | flag | value | default | meaning |',
    '|---|---|---|---|---|',
    ...lines(settings, nameOf, ''),
    '',
  ];
}

function lines(
  settings: Settings,
  nameOf: (name: string, setting: Setting) => string,
  before: string,
): string[] {
  return Object.entries(settings).flatMap(([name, setting]) => {
    const shown = `${before}${nameOf(name, setting)}`;
    if (setting.members) return lines(setting.members, nameOf, `${shown}.`);
    const flag = setting.positional ? 'argument' : `\`${flagOf(name, setting)}\``;
    const required = setting.default === undefined && setting.optional !== true;
    return [
      `| \`${shown}\`${required ? ' *' : ''} | ${flag} | ${cell(valueInWords(setting))} | ${cell(defaultInWords(setting))} | ${cell(setting.help)} |`,
    ];
  });
}

function valueInWords({ schema, words, value }: Setting): string {
  if (words !== undefined) return words.map((word) => `\`${word}\``).join(', ');
  const type = typeInWords(valueSchema(schema));
  return value === undefined || type !== 'value' ? type : value;
}

const defaultInWords = ({ default: standard }: Setting): string =>
  standard === undefined ? '-' : Array.isArray(standard) ? standard.join(', ') : String(standard);
