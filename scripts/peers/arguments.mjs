// The command lines of streams.mjs and run.mjs.
import { parseArgs } from 'node:util';

/**
 * The options and the one folder of a command line. --help prints the usage and ends with exit code 0; a wrong command line
 * ends it with the reason, the usage and exit code 2.
 *
 * @param usage the usage, of one or more lines
 * @param options those of node's parseArgs, without help
 */
export function readArguments(usage, options) {
  const refuse = (message) => {
    console.error(`${message}\n${usage}`);
    process.exit(2);
  };
  const { values, positionals } = parsed(options, refuse);
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  if (positionals.length !== 1)
    refuse(positionals.length === 0 ? 'a folder is needed' : `one folder, not ${positionals.length}`);
  return { values, folder: positionals[0], refuse };
}

function parsed(options, refuse) {
  try {
    const help = { type: 'boolean', short: 'h' };
    return parseArgs({ allowPositionals: true, options: { ...options, help } });
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
    // Node explains at length how to give such a word as a positional argument.
    return refuse(error.message.split('. ')[0]);
  }
}
