import type { Completed, CompletedCommand } from './completed-commands.ts';
import { quotedWord } from './quoted-word.ts';

/** A bash script that completes the program's commands, options and values. Works without the package bash-completion. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  return `# bash completion of sparkxd. To use it now:  source <(sparkxd completion bash)
# and in every shell:  sparkxd completion bash > ~/.local/share/bash-completion/completions/sparkxd
_sparkxd_words() {
  local prefix= cur=$cur
  if [[ $1 == list && $cur == *,* ]]; then prefix=\${cur%,*},; cur=\${cur##*,}; fi
  COMPREPLY+=($(compgen -P "$prefix" -W "$2" -- "$cur"))
}
_sparkxd_files() { local IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- "$cur")); }
_sparkxd() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at= i
  local IFS=$' \\t\\n'
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${commands
        .filter(({ path }) => path !== '')
        .map(({ path }) => quotedWord(` ${path}`))
        .join(' | ')}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at $prev" in
${valueCases(commands)}
  esac
  case "$at" in
${commands.map(commandCase).join('\n')}
  esac
}
complete -F _sparkxd sparkxd
`;
}

/** The completions of option values: commands whose options take the same share a case. */
function valueCases(commands: readonly CompletedCommand[]): string {
  const cases = new Map<string, string[]>();
  for (const { path, options } of commands)
    for (const option of options.filter(({ takesValue }) => takesValue)) {
      const then = [completionOf(option), 'return'].filter((step) => step !== '').join('; ');
      const at = `${path === '' ? '' : ` ${path}`} ${option.flag}`;
      cases.set(then, [...(cases.get(then) ?? []), quotedWord(at)]);
    }
  return [...cases].map(([then, at]) => `    ${at.join(' | ')}) ${then} ;;`).join('\n');
}

const completionOf = ({ words, isFile, isList }: Completed): string =>
  [
    ...(words.length > 0 ? [`_sparkxd_words ${isList ? 'list' : 'one'} ${quotedWord(words.join(' '))}`] : []),
    ...(isFile ? ['_sparkxd_files'] : []),
  ].join('; ');

function commandCase({ path, subcommands, options, arguments: positional }: CompletedCommand): string {
  const words = [
    ...subcommands.map(({ name }) => name),
    ...options.map(({ flag }) => flag),
    ...positional.flatMap((one) => one.words),
  ];
  const files = positional.some(({ isFile }) => isFile) ? '; [[ $cur != -* ]] && _sparkxd_files' : '';
  return `    ${quotedWord(path === '' ? '' : ` ${path}`)}) _sparkxd_words one ${quotedWord(words.join(' '))}${files} ;;`;
}
