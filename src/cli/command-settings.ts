import { type Command, InvalidArgumentError, Option } from 'commander';
import { expectation } from '../errors/expectation.ts';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { nearest } from '../errors/suggest.ts';
import { debug, json, quiet } from '../settings/output-settings.ts';
import { parseJob } from '../settings/parse-job.ts';
import { flagOf, type JobOf, type Setting, type Settings, valueSchema } from '../settings/setting.ts';
import { requireDistinctFiles } from './distinct-files.ts';
import { EXIT } from './failure.ts';
import { relativeSupplies, resolveSupplies } from './relative-supplies.ts';
import { note } from './terminal.ts';

/** What every command takes besides its own settings. */
const EVERYWHERE = { json, quiet, debug };

/** The values of these. */
export type Everywhere = JobOf<typeof EVERYWHERE>;

/** A command: the settings of its job, what becomes of the results, and its examples. */
export interface CommandSpec<J extends Settings, O extends Settings> {
  readonly job: J;
  readonly output: O;
  /** Text behind the options: at least one example. */
  readonly help: string;
  /** Names of settings that cannot be given together, by name. */
  readonly conflicts?: Readonly<Record<string, readonly string[]>>;
  /** Whether an output may take the place of an input: of one that is read whole before and is of the same kind. */
  readonly overInputs?: boolean;
  /** Whether the command itself says what a word means that names no subcommand. */
  readonly takesWords?: boolean;
}

const SETTINGS = new WeakMap<Command, Settings>();

/** The settings of a configured command, with those of its groups beside them; none for one that only has subcommands. */
export function settingsOf(command: Command): Settings {
  const flat = (settings: Settings): [string, Setting][] =>
    Object.entries(settings).flatMap(([name, setting]) =>
      setting.members ? flat(setting.members) : [[name, setting]],
    );
  return Object.fromEntries(flat(SETTINGS.get(command) ?? {}));
}

/** Ends with a usage error where a command that takes no words has been given one; names the subcommand that it resembles. */
export function refuseWords(command: Command): void {
  const [word] = command.args;
  if (word === undefined) return;
  const names = command.commands.map((sub) => sub.name());
  const shown = quoted(word).slice(1, -1);
  const near = nearest(word, names);
  const what =
    names.length > 0
      ? `unknown subcommand '${shown}' of ${command.name()}`
      : `${command.name()} takes no argument such as '${shown}'`;
  const hint =
    near === undefined
      ? `add --help for ${names.length > 0 ? 'its subcommands' : 'its options'}`
      : `Did you mean ${near}?`;
  command.error(`${what}\n(${hint})`, { exitCode: EXIT.usage });
}

/** Adds flags and arguments for all settings of a command, and its action, which gets the whole job. */
export function configureCommand<J extends Settings, O extends Settings>(
  command: Command,
  { job, output, help, conflicts = {}, overInputs = false, takesWords = false }: CommandSpec<J, O>,
  action: (job: JobOf<J>, output: JobOf<O> & Everywhere, command: Command) => void | Promise<void>,
): void {
  const all = { ...output, ...EVERYWHERE };
  const arguments_ = Object.entries(job).filter(([, { positional }]) => positional);
  for (const [, setting] of arguments_) command.argument(`<${setting.value}>`, setting.help, reader(setting));
  addOptions(command, { ...job, ...all }, conflicts);
  SETTINGS.set(command, { ...job, ...all });
  // A word too many may be a subcommand mistyped, which the parser does not see.
  if (arguments_.length === 0) command.allowExcessArguments();
  command.addHelpText('after', `\n${help}`).action(async (...given: unknown[]) => {
    if (!takesWords && arguments_.length === 0) refuseWords(command);
    const options = command.opts();
    const named = Object.fromEntries(arguments_.map(([name], i) => [name, given[i]]));
    const outputs = parseJob(all, valuesOf(all, options)) as JobOf<O> & Everywhere;
    const say = (line: string): void => {
      if (!outputs.quiet) note(`${line}\n`);
    };
    const ofJob = await resolveSupplies(job, { ...named, ...valuesOf(job, options) }, say);
    const parsed = parseJob(job, ofJob);
    requireDistinctFiles({ ...job, ...output }, { ...parsed, ...outputs }, overInputs);
    await action(parsed, outputs, command);
  });
}

function addOptions(
  command: Command,
  settings: Settings,
  conflicts: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [name, setting] of Object.entries(settings)) {
    if (setting.positional || setting.flagless) continue;
    if (setting.members) addOptions(command, setting.members, conflicts);
    else command.addOption(optionOf(name, setting, conflicts[name] ?? []));
  }
}

function optionOf(name: string, setting: Setting, conflicts: readonly string[]): Option {
  const { value, help, default: standard, optional, repeatable } = setting;
  const flag = flagOf(name, setting);
  const option = new Option(value === undefined ? flag : `${flag} <${value}>`, help);
  if (value !== undefined)
    option.argParser((text: string, before: unknown) =>
      setting.byTensor !== undefined
        ? readByTensor(setting, text, before)
        : repeatable
          ? [...(Array.isArray(before) ? before : []), ...(readValue(setting, text) as unknown[])]
          : readValue(setting, text),
    );
  if (value !== undefined && standard !== undefined)
    option.default(standard, Array.isArray(standard) ? standard.join(',') : String(standard));
  if (standard === undefined && !optional) option.makeOptionMandatory();
  return conflicts.length > 0 ? option.conflicts([...conflicts]) : option;
}

/** The value that a flag's text stands for; what it refuses is a usage error. */
function readValue(setting: Setting, text: string): unknown {
  let value: unknown;
  try {
    const relative = relativeSupplies(setting, text);
    if (relative !== undefined) return relative;
    value = setting.read(text);
  } catch (error) {
    if (error instanceof InputError) throw new InvalidArgumentError(sentence(error.what));
    throw error;
  }
  const result = valueSchema(setting.schema).safeParse(value, { error: expectation, jitless: true });
  if (result.success) return value;
  throw new InvalidArgumentError(sentence(result.error.issues[0]!.message));
}

/** What a flag gave for all tensors, and for single ones. */
interface ByTensor {
  readonly all: readonly unknown[];
  readonly named: readonly (readonly [tensor: string, value: unknown])[];
}
const isByTensor = (value: unknown): value is ByTensor =>
  typeof value === 'object' && value !== null && 'named' in value;

/** Adds a value, or TENSOR=VALUE, to what the flag gave before. */
function readByTensor(setting: Setting, text: string, before: unknown): ByTensor {
  const { all, named }: ByTensor = isByTensor(before) ? before : { all: [], named: [] };
  const at = text.lastIndexOf('=');
  if (at < 0) return { all: [readValue(setting, text)], named };
  if (at === 0) throw new InvalidArgumentError(`expected ${setting.value}.`);
  return { all, named: [...named, [text.slice(0, at), readValue(setting, text.slice(at + 1))]] };
}

const sentence = (words: string): string => (words.endsWith('?') ? words : `${words}.`);

/** Reads an argument, or each of several of one name into a list. */
const reader =
  (setting: Setting) =>
  (text: string, before: unknown): unknown =>
    setting.value?.endsWith('...')
      ? [...(Array.isArray(before) ? before : []), text]
      : readValue(setting, text);

/** The name under which commander keeps the value of a setting's flag. */
const attributeOf = (name: string, setting: Setting): string =>
  new Option(flagOf(name, setting)).attributeName();

/** The values of settings among a command's options. */
function valuesOf(settings: Settings, options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    if (setting.positional || setting.flagless) continue;
    const value = setting.members ? valuesOf(setting.members, options) : valueGiven(name, setting, options);
    if (setting.byTensor !== undefined && isByTensor(value)) {
      if (value.all.length > 0) values[name] = value.all[0];
      if (value.named.length > 0) values[setting.byTensor] = value.named;
    } else if (value !== undefined) values[name] = value;
  }
  return values;
}

/** The value of one setting; commander keeps that of a flag `--no-NAME` turned round, under NAME. */
function valueGiven(name: string, setting: Setting, options: Readonly<Record<string, unknown>>): unknown {
  const option = new Option(flagOf(name, setting));
  const value = options[option.attributeName()];
  return option.negate && typeof value === 'boolean' ? !value : value;
}

/** Names of those of the settings that stood on the command line. */
export function givenSettings(command: Command, settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, setting]) => {
    if (setting.members) return givenSettings(command, setting.members);
    return command.getOptionValueSource(attributeOf(name, setting)) === 'cli' ? [name] : [];
  });
}
