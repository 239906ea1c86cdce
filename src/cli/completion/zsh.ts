import type { Completed, CompletedCommand } from './completed-commands.ts';
import { quotedWord } from './quoted-word.ts';

/** A zsh script that completes the program's commands, options and values, each with its help. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef sparkxd
# zsh completion of sparkxd. To use it now:  source <(sparkxd completion zsh)
# and in every shell: write it as _sparkxd into a folder of $fpath.
_sparkxd() {
  local at= i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
      ${commands
        .filter(({ path }) => path !== '')
        .map(({ path }) => `(${quotedWord(` ${path}`)})`)
        .join(' | ')
        .replace(/\) \| \(/g, ' | ')
        .replace(/^\(|\)$/g, '')}) at="$at \${words[i]}" ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$at" in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ \${funcstack[1]} == _sparkxd ]]; then _sparkxd "$@"; else compdef _sparkxd sparkxd; fi
`;
}

const valueCases = ({ path, options }: CompletedCommand): string[] =>
  options
    .filter(({ takesValue }) => takesValue)
    .map(
      (option) =>
        `    ${quotedWord(`${path === '' ? '' : ` ${path}`} ${option.flag}`)}) ${completionOf(option)}return ;;`,
    );

function completionOf({ words, isFile, isList }: Completed): string {
  const list = isList ? "compset -P '*,'; " : '';
  const known = words.length > 0 ? `${list}compadd -- ${words.map(quotedWord).join(' ')}; ` : '';
  return `${known}${isFile ? '_files; ' : ''}`;
}

/** "word:help", as `_describe` reads it. */
const described = (word: string, help: string): string =>
  quotedWord(`${word.replaceAll(':', '\\:')}:${help.replaceAll(':', ' -')}`);

function commandCase({ path, subcommands, options, arguments: positional }: CompletedCommand): string {
  const words = positional.flatMap((one) => one.words);
  return [
    `    ${quotedWord(path === '' ? '' : ` ${path}`)})`,
    ...(subcommands.length > 0
      ? [
          `found=(${subcommands.map(({ name, summary }) => described(name, summary)).join(' ')}); _describe command found`,
        ]
      : []),
    ...(words.length > 0 ? [`compadd -- ${words.map(quotedWord).join(' ')}`] : []),
    ...(positional.some(({ isFile }) => isFile) ? ['_files'] : []),
    `found=(${options.map(({ flag, help }) => described(flag, help)).join(' ')}); _describe option found`,
    ';;',
  ].join('\n      ');
}
