import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { suggest } from '../errors/suggest.ts';
import { ERROR_MODEL_IDS } from '../faults/error-model.ts';
import { MAPPING_POLICIES } from '../mapping/policy.ts';
import { RUN, type RunJob } from '../settings/jobs/run.ts';
import { parseJob } from '../settings/parse-job.ts';
import { flagOf, type Setting } from '../settings/setting.ts';

/** Settings of `sparkxd run` that the page offers, in its order. */
const OFFERED = [
  'weights',
  'dataset',
  'device',
  'supplies',
  'profile',
  'timing',
  'latencyCurve',
  'mappings',
  'chips',
  'errorModel',
  'weakCells',
  'temperature',
  'format',
  'ecc',
  'repair',
  'workload',
  'vote',
  'seed',
] as const satisfies readonly (keyof typeof RUN)[];

/** Test images that the page shows to the network; all others of the dataset stay on the disk. */
export const STUDIO_IMAGES = 1000;

/** Values as texts, by the names of the flags without dashes: what the address of the page holds. */
export type SettingTexts = Readonly<Record<string, string>>;

/** A setting that the page offers. */
export interface Choice {
  /** Name in the address: the flag without its dashes. */
  readonly name: string;
  readonly help: string;
  /** Words that it takes, where it takes words of a list. */
  readonly words?: readonly string[];
  /** Text of the value of a job that does not give it; absent where it must be given or may be absent. */
  readonly default?: string;
}

/** Words of settings that do not say theirs: one of a list, or a number. */
const WORDS: Partial<Record<(typeof OFFERED)[number], readonly string[]>> = {
  mappings: MAPPING_POLICIES,
  errorModel: ERROR_MODEL_IDS.map(String),
};

export const CHOICES: readonly Choice[] = OFFERED.map((key) => {
  const setting: Setting = RUN[key];
  const words = WORDS[key] ?? setting.words;
  const first = Array.isArray(setting.default) ? setting.default[0] : setting.default;
  return {
    name: nameOf(key),
    help: setting.help,
    ...(words === undefined ? {} : { words }),
    ...(first === undefined || key === 'supplies' ? {} : { default: key === 'chips' ? '1' : String(first) }),
  };
});

function nameOf(key: (typeof OFFERED)[number]): string {
  return flagOf(key, RUN[key]).slice(2);
}

const KEY_OF = new Map<string, (typeof OFFERED)[number]>(OFFERED.map((key) => [nameOf(key), key]));

/**
 * The job of `sparkxd run` that the texts stand for, at one supply and one mapping, with the chips up to the one that is looked
 * at. Throws InputError for an unknown name, a text that stands for no value, and more than one supply or mapping.
 */
export function jobOf(texts: SettingTexts): RunJob {
  const given: Record<string, unknown> = { images: STUDIO_IMAGES, mappings: ['baseline'], chips: 1 };
  for (const [name, text] of Object.entries(texts)) {
    const key = KEY_OF.get(name);
    if (key === undefined)
      throw new InputError(`unknown setting ${quoted(name)}`, {
        remedy: suggest(name, [...KEY_OF.keys()], 'settings'),
      });
    given[key] = (RUN[key] as Setting).read(text);
  }
  const job = parseJob(RUN, given);
  if (job.supplies.length !== 1 || job.mappings.length !== 1)
    throw new InputError('the page shows one supply and one mapping at a time', {
      remedy: 'sparkxd run takes lists of both',
    });
  return job;
}

/** The command whose last row has the numbers of the page. */
export function commandOf(texts: SettingTexts): string {
  const words = ['sparkxd run'];
  for (const { name, default: standard } of CHOICES) {
    const text = texts[name] ?? (name === 'mapping' ? 'baseline' : name === 'chips' ? '1' : undefined);
    const said = name === 'weights' || name === 'supply' || name === 'mapping' || name === 'chips';
    if (text !== undefined && (said || text !== standard)) words.push(`--${name} ${shellWord(text)}`);
  }
  return [...words, `--images ${STUDIO_IMAGES}`].join(' ');
}

export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
