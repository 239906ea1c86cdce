import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { InputError } from '../../errors/input-error.ts';
import { STORAGE_FORMATS, type StorageFormat } from '../../snn/weight-format.ts';
import { oneOf, wholeNumber } from '../option-values.ts';
import { createProgress } from '../progress.ts';

/** Roles of bare arrays. */
const KNOWN = ['weight', 'theta'] as const;

/** Images that train and label in the shipped datasets; only the bar depends on it. */
const LABELLED_IMAGES = 50_000;

interface WeightsConvertOptions {
  readonly storage?: StorageFormat;
  readonly like?: string;
  readonly array?: Readonly<Record<string, string>>;
  readonly relabel?: string;
  readonly jobs: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function configure(command: Command): void {
  command
    .command('convert')
    .description('write a trained network in another file format')
    .argument(
      '<IN>',
      'trained network (safetensors, npz, NIR, or a shipped name); with --like also bare arrays, PyTorch files, foreign NIR graphs',
    )
    .argument('<OUT>', 'file to write: .safetensors, .npz or .nir')
    .option(
      '--storage <NAME>',
      `weights in the file: ${STORAGE_FORMATS.join(', ')} (default: as in IN)`,
      oneOf(STORAGE_FORMATS, 'formats'),
    )
    .option('--like <NETWORK>', 'IN has only arrays weight and theta; take everything else from this network')
    .option(
      '--array <ROLE=NAME>',
      'with --like: the array that is "weight" or "theta", by its name in IN; others are left out (repeatable)',
      arrayNames,
    )
    .option(
      '--relabel <DATASET>',
      'label the neurons anew from the training images of mnist, fashion-mnist or a folder',
    )
    .option('--jobs <N>', 'threads for labelling', wholeNumber(1), availableParallelism())
    .option('--json', 'print what was written as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  sparkxd weights convert n400-mnist n400.npz\n' +
        '  sparkxd weights convert net.pt net.safetensors --like n400-mnist --array weight=X_to_Ae.w --array theta=Ae.theta --relabel mnist',
    )
    .action(convert);
}

/** Adds "weight=NAME" or "theta=NAME" to what was given before. */
function arrayNames(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [role = '', name = ''] = text.split(/=(.*)/s);
  if (!(KNOWN as readonly string[]).includes(role) || name === '')
    throw new InvalidArgumentError(`expected ${KNOWN.map((known) => `${known}=NAME`).join(' or ')}.`);
  return { ...before, [role]: name };
}

async function convert(input: string, output: string, options: WeightsConvertOptions): Promise<void> {
  const { storage, like, array, relabel, jobs, json, quiet } = options;
  if (array && like === undefined)
    throw new InputError('--array names bare arrays', { remedy: 'add --like NETWORK' });
  const { runWeightsConvert } = await import('../../experiments/run-weights-convert.ts');
  const bar = createProgress('labelling', relabel === undefined ? 0 : LABELLED_IMAGES, quiet);
  try {
    const job = { input, output, storage, like, arrays: array, relabel, jobs };
    const outcome = await runWeightsConvert(job, (count) => bar.advance(count));
    bar.done();
    const labels = outcome.labelled ? 'with labels' : 'without labels (--relabel makes them)';
    process.stdout.write(
      json
        ? `${JSON.stringify(outcome)}\n`
        : `${output}: ${outcome.neurons} neurons, ${outcome.storage}, ${labels}, ${outcome.bytes} bytes\n`,
    );
  } finally {
    bar.done();
  }
}
