import { z } from 'zod';
import type { ModelKind } from '../hardware/model-source.ts';

/** What is shipped under names that settings take. */
export type ShippedNames = ModelKind | 'networks' | 'datasets';

/**
 * One setting of the program, stated once: what values it takes, its default, its help. Flags of the command line, axes
 * of plans, jobs, manifests and the files of a sweep are all made from settings and checked by them.
 */
export interface Setting<S extends z.ZodType = z.ZodType> {
  /** What values a job, a manifest or a plan may give; with the default, or optional, where it may be left out. */
  readonly schema: S;
  /** One line for `--help`. */
  readonly help: string;
  /** What stands for the value in help texts: `N` of `--chips <N>`. A switch has none. */
  readonly value?: string;
  /** The flag, where it is not the setting's name in kebab-case. */
  readonly flag?: string;
  /** Turns the text of a flag into a value for the schema. Throws InputError for text that stands for none. */
  readonly read: (text: string) => unknown;
  /** The value of a job that does not give it; absent for settings that must be given or may be absent. */
  readonly default?: unknown;
  /** Whether a job may lack it, which then has a meaning of its own. */
  readonly optional?: boolean;
  /** Words that it takes, where it takes words of a list. */
  readonly words?: readonly string[];
  /** The shipped things whose names it takes beside files: a folder of `hw-models/`, networks, datasets. */
  readonly names?: ShippedNames;
  /** Takes a supply or a list of them; its flag may name shares of the device's nominal one (supply-shares.ts). */
  readonly supplies?: 'one' | 'list';
  /** The settings of a group, each with a flag of its own. */
  readonly members?: Settings;
  /** Names a file that the command writes. */
  readonly writes?: boolean;
  /** Given as an argument of the command, not as a flag. */
  readonly positional?: boolean;
  /** Given more than once on the command line, each time one element of the list. */
  readonly repeatable?: boolean;
  /** The setting of the same job that gets what its flag gives for single tensors, as TENSOR=VALUE; it has no flag of its own. */
  readonly byTensor?: string;
  readonly flagless?: boolean;
}

/** Settings by name: what a job consists of. */
export type Settings = Readonly<Record<string, Setting>>;

type ShapeOf<T extends Settings> = { [K in keyof T]: T[K]['schema'] };

/** The schema of a job with these settings; unknown keys are refused. */
export const jobSchema = <T extends Settings>(settings: T): z.ZodObject<ShapeOf<T>, z.core.$strict> =>
  z.strictObject(
    Object.fromEntries(Object.entries(settings).map(([name, { schema }]) => [name, schema])) as ShapeOf<T>,
  );

/** A whole job: every setting that is not optional has its value. */
export type JobOf<T extends Settings> = Readonly<z.output<z.ZodObject<ShapeOf<T>, z.core.$strict>>>;
/** What a caller must give of a job; defaults fill in the rest. */
export type JobInput<T extends Settings> = Readonly<z.input<z.ZodObject<ShapeOf<T>, z.core.$strict>>>;

type Plain<S extends z.ZodType> =
  S extends z.ZodDefault<infer Inner extends z.ZodType>
    ? Inner
    : S extends z.ZodExactOptional<infer Inner extends z.ZodType>
      ? Inner
      : S;

/** The schema of a value, without its default and without leave to be absent. */
export function valueSchema(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodExactOptional ||
    inner instanceof z.ZodPrefault
  )
    inner = inner.unwrap() as z.ZodType;
  return inner;
}

/** The setting with another default, or with a first one. */
export const withDefault = <S extends z.ZodType>(
  { optional: _, ...setting }: Setting<S>,
  value: z.output<Plain<S>>,
): Setting<z.ZodDefault<Plain<S>>> => ({
  ...setting,
  schema: z._default(valueSchema(setting.schema) as Plain<S>, value as never),
  default: value,
});

/** The setting as one that a job may lack. */
export const optional = <S extends z.ZodType>({
  default: _,
  ...setting
}: Setting<S>): Setting<z.ZodExactOptional<Plain<S>>> => ({
  ...setting,
  schema: z.exactOptional(valueSchema(setting.schema) as Plain<S>),
  optional: true,
});

/** The setting as one that every job must give. */
export const required = <S extends z.ZodType>({
  default: _,
  optional: __,
  ...setting
}: Setting<S>): Setting<Plain<S>> => ({ ...setting, schema: valueSchema(setting.schema) as Plain<S> });

/** The setting with another help text. */
export const described = <S extends z.ZodType>(setting: Setting<S>, help: string): Setting<S> => ({
  ...setting,
  help,
});

/** The settings with words before their help texts, such as "with --supply: ". */
export const prefixed = <T extends Settings>(settings: T, words: string): T =>
  Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      { ...setting, help: `${words}${setting.help}` },
    ]),
  ) as unknown as T;

/** A group of settings, one object in a job, whose members have flags of their own. */
export const group = <T extends Settings>(
  members: T,
  help: string,
): Setting<z.ZodPrefault<z.ZodObject<ShapeOf<T>, z.core.$strict>>> => ({
  schema: jobSchema(members).prefault({} as never),
  help,
  members,
  read: (text) => text,
});

/** The flag of a setting: `--ber-limit`. */
export const flagOf = (name: string, { flag }: Setting): string =>
  `--${flag ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
