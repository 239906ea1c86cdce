import type { z } from 'zod';
import { expectation } from '../errors/expectation.ts';
import { InputError, type Place } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import { type JobInput, type JobOf, jobSchema, type Settings } from './setting.ts';

/** Where a job comes from, for messages: a file, and the key in it under which the job stands. */
export interface JobPlace {
  readonly file: string;
  readonly key?: string;
}

/** Whole jobs by the settings that they were checked by: what the command line has checked, the library need not. */
const checkedBy = new WeakMap<object, Settings>();

/**
 * The whole job that `given` stands for, its defaults filled in. Throws InputError of one to three lines (key and value,
 * the file if there is one, what is allowed) for anything that is no such job.
 */
export function parseJob<T extends Settings>(settings: T, given: unknown, place?: JobPlace): JobOf<T> {
  if (typeof given === 'object' && given !== null && checkedBy.get(given) === settings)
    return given as JobOf<T>;
  const job = checked(jobSchema(settings), given, place, Object.keys(settings)) as JobOf<T>;
  checkedBy.set(job, settings);
  return job;
}

/** The same for a caller in TypeScript, whose job the compiler has checked already. */
export const completeJob = <T extends Settings>(settings: T, given: JobInput<T>): JobOf<T> =>
  parseJob(settings, given);

/**
 * `given`, if the schema takes it. Throws InputError as `parseJob` does; `known` are the keys of the outermost object,
 * for the "did you mean" line.
 */
export function checked<S extends z.ZodType>(
  schema: S,
  given: unknown,
  place?: JobPlace,
  known: readonly string[] = [],
): z.output<S> {
  // Each schema checks one value or few: code made for it would cost more than it saves.
  const result = schema.safeParse(given, { error: expectation, jitless: true });
  if (result.success) return result.data;
  throw refusal(result.error, given, place, known);
}

/** Longest value that a message shows whole. */
const LONGEST = 40;

function refusal(
  error: z.ZodError,
  given: unknown,
  place: JobPlace | undefined,
  known: readonly string[],
): InputError {
  // A misspelt key shows as one key missing and one unknown: the unknown one is what the user wrote.
  const issue = error.issues.find(({ code }) => code === 'unrecognized_keys') ?? error.issues[0]!;
  const at: { place?: Place } = place ? { place: { file: place.file } } : {};
  const path = keyName([...(place?.key === undefined ? [] : [place.key]), ...issue.path]);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    return new InputError(`unknown key "${shortened(key)}"${path === '' ? '' : ` in ${path}`}`, {
      ...at,
      ...(issue.path.length === 0 && known.length > 0
        ? { remedy: suggest(key.slice(0, LONGEST), known, 'keys') }
        : {}),
    });
  }
  const value = issue.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    given,
  );
  const name = path === '' ? 'the value' : path;
  const what = value === undefined ? `${name} is missing` : `${name} is ${shortened(JSON.stringify(value))}`;
  return new InputError(what, { ...at, remedy: issue.message });
}

const shortened = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;

/** "controller.rowHitCap", "mappings[0]". */
const keyName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, key) =>
      typeof key === 'number' ? `${name}[${key}]` : name === '' ? String(key) : `${name}.${String(key)}`,
    '',
  );
