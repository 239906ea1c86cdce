import type { Command } from 'commander';
import { MODEL_KINDS } from '../../hardware/model-source.ts';
import { flagOf, type Setting, type ShippedNames } from '../../settings/setting.ts';
import { settingsOf } from '../command-settings.ts';

/** An option or argument as a shell completes it. */
export interface Completed {
  /** "--device"; empty for an argument. */
  readonly flag: string;
  readonly help: string;
  /** Whether a value follows the flag. */
  readonly takesValue: boolean;
  /** Words that the value may be. */
  readonly words: readonly string[];
  /** Whether it may be a file. */
  readonly isFile: boolean;
  /** Whether several words may be given, with commas between. */
  readonly isList: boolean;
}

/** A command or subcommand. */
export interface CompletedCommand {
  /** "run", "weights show"; empty for the program. */
  readonly path: string;
  readonly subcommands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly Completed[];
  readonly arguments: readonly Completed[];
}

/** Names that are shipped, by what they are of. */
export type Names = Readonly<Record<ShippedNames, readonly string[]>>;

/** What a program of configured commands can be given, command by command, the program itself first. */
export function completedCommands(program: Command, names: Names): CompletedCommand[] {
  const found: CompletedCommand[] = [];
  const visit = (command: Command, path: readonly string[]): void => {
    const settings = Object.entries(settingsOf(command));
    found.push({
      path: path.join(' '),
      subcommands: command.commands.map((sub) => ({ name: sub.name(), summary: sub.description() })),
      options: [
        ...settings
          .filter(([, { positional }]) => !positional)
          .map(([name, setting]) => completed(flagOf(name, setting), setting, names)),
        ...(path.length === 0
          ? [plain('--help-all', 'the help of every command, as one text'), plain('--version', 'the version')]
          : []),
        plain('--help', 'help'),
      ],
      arguments: settings
        .filter(([, { positional }]) => positional)
        .map(([, setting]) => completed('', setting, names)),
    });
    for (const sub of command.commands) visit(sub, [...path, sub.name()]);
  };
  visit(program, []);
  return found;
}

const plain = (flag: string, help: string): Completed => ({
  flag,
  help,
  takesValue: false,
  words: [],
  isFile: false,
  isList: false,
});

/** Placeholders of values that are files or folders. */
const FILES = /FILE|DIR|TRACE|PATH|PLAN|WEIGHTS|MAP|FIRST|SECOND|^IN$|^OUT$/;

function completed(flag: string, setting: Setting, names: Names): Completed {
  const { help, value, words, names: shipped } = setting;
  return {
    flag,
    help,
    takesValue: value !== undefined,
    words: words ?? (shipped === undefined ? (isAnyModel(setting) ? anyModel(names) : []) : names[shipped]),
    isFile: setting.writes === true || (words === undefined && FILES.test(value ?? '')),
    isList: value === 'LIST',
  };
}

/** An argument that takes a name of any model: `devices show`. */
const isAnyModel = ({ positional, value }: Setting): boolean => positional === true && value === 'NAME|FILE';
const anyModel = (names: Names): string[] => MODEL_KINDS.flatMap((kind) => [...names[kind]]);
