import type { Completed, CompletedCommand } from './completed-commands.ts';
import { quotedWord } from './quoted-word.ts';

/** A fish script that completes the program's commands, options and values, each with its help. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => {
    const at = conditionOf(command);
    const complete = (rest: string): string => `complete -c sparkxd -n ${fishWord(at)} ${rest}`;
    const words = command.arguments.flatMap((one) => one.words);
    return [
      ...command.subcommands.map(({ name, summary }) =>
        complete(`-f -a ${fishWord(name)} -d ${fishWord(summary)}`),
      ),
      ...(words.length > 0 ? [complete(`-f -a ${fishWord(words.join(' '))}`)] : []),
      ...(command.arguments.some(({ isFile }) => isFile) ? [complete('-F')] : []),
      ...command.options.map((option) => complete(optionOf(option))),
    ];
  });
  return `# fish completion of sparkxd. To use it now:  sparkxd completion fish | source
# and in every shell:  sparkxd completion fish > ~/.config/fish/completions/sparkxd.fish
complete -c sparkxd -f
function __sparkxd_at
    set -l at
    for word in (commandline -opc)[2..]
        if contains -- (string join -- ' ' $at $word) ${commands
          .filter(({ path }) => path !== '')
          .map(({ path }) => fishWord(path))
          .join(' ')}
            set at (string join -- ' ' $at $word)
        end
    end
    test "$at" = "$argv"
end
${lines.join('\n')}
`;
}

const conditionOf = ({ path }: CompletedCommand): string => `__sparkxd_at ${path}`.trim();

/** fish knows \\' and \\\\ within single quotes. */
const fishWord = (text: string): string =>
  quotedWord(text.replaceAll('\\', '\\\\')).replaceAll("'\\''", "\\'");

function optionOf({ flag, help, takesValue, words, isFile }: Completed): string {
  const value = !takesValue
    ? ''
    : `${isFile ? ' -r -F' : ' -x'}${words.length > 0 ? ` -a ${fishWord(words.join(' '))}` : ''}`;
  return `-l ${flag.slice(2)}${value} -d ${fishWord(help)}`;
}
