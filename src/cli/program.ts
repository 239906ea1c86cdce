import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { COMMAND_LIST } from './command-list.ts';
import { EXIT, explainFailure, explainUsage } from './failure.ts';
import { note, print } from './terminal.ts';

/** For a process that runs the program more than once (test/cli/host.mjs). */
export { isStandardOutputTaken } from '../files/write-file.ts';

/** Runs the program on `argv` (without node and script); answers with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const program = new Command('sparkxd')
    .description('SNN inference from reduced-voltage DRAM: cycles, energy per access and accuracy.')
    .version(version)
    // An option belongs to the command it stands behind: a subcommand may have options of its parent's names.
    .enablePositionalOptions()
    .configureHelp({ helpWidth: 100 })
    .configureOutput({
      writeOut: print,
      writeErr: note,
      outputError: (text) => note(explainUsage(text)),
    })
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd run --network n400 --dataset mnist --supply 1.35,1.025 --out results\n\n' +
        'sparkxd COMMAND --help explains a command, with an example; sparkxd --help-all explains all of them.',
    );

  program.option('--help-all', 'the help of every command, as one text');
  const asked = argv.find((word) => !word.startsWith('-'));
  const helpAll = asked === undefined && argv.includes('--help-all');
  // These two speak of all commands.
  const all = helpAll || asked === 'completion';
  for (const { name, summary, load } of COMMAND_LIST) {
    const command = program.command(name).description(summary);
    if (all || name === asked || (asked === 'help' && argv.includes(name))) (await load()).configure(command);
  }
  forEachCommand(program, (command) =>
    command.exitOverride().showHelpAfterError(false).showSuggestionAfterError(true),
  );

  try {
    if (argv.length === 0) {
      program.outputHelp();
      return EXIT.done;
    }
    if (helpAll) {
      forEachCommand(program, printHelp);
      return EXIT.done;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return process.exitCode === undefined ? EXIT.done : Number(process.exitCode);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    note(explainFailure(error, argv.includes('--debug')));
    return EXIT.input;
  }
}

/** The help of a command below a line that names it. */
function printHelp(command: Command): void {
  const names: string[] = [];
  for (let each: Command | null = command; each !== null; each = each.parent) names.unshift(each.name());
  print(`${'='.repeat(20)} ${names.join(' ')}\n\n`);
  command.outputHelp();
  print('\n');
}

function forEachCommand(command: Command, action: (command: Command) => unknown): void {
  action(command);
  for (const sub of command.commands) forEachCommand(sub, action);
}

// What goes wrong outside any command, in a callback, is said in the same way.
process.on('uncaughtException', (error) => {
  note(explainFailure(error, process.argv.includes('--debug')));
  process.exit(EXIT.input);
});
