import type { Command } from 'commander';
import { z } from 'zod';
import { InputError } from '../../errors/input-error.ts';
import { printableLine } from '../../errors/printable.ts';
import type { WeightsConvertOutcome } from '../../experiments/weights-convert.ts';
import { WEIGHTS_DAMAGE } from '../../settings/jobs/weights-damage.ts';
import { WEIGHTS_SHOW } from '../../settings/jobs/weights-show.ts';
import { described, type JobOf, optional, required } from '../../settings/setting.ts';
import { threads } from '../../settings/thread-setting.ts';
import { oneOf, text } from '../../settings/values.ts';
import { STORAGE_FORMATS } from '../../snn/weight-format.ts';
import { ROLES, THETA_UNITS } from '../../weights/foreign-weights.ts';
import { ORIENTATIONS } from '../../weights/tensor.ts';
import { configureCommand, type Everywhere } from '../command-settings.ts';
import { createProgress } from '../progress.ts';
import { note, print } from '../terminal.ts';

/** Images that train and label in the shipped datasets; only the bar depends on it. */
const LABELLED_IMAGES = 50_000;

const CONVERT = {
  input: required({
    ...text,
    positional: true,
    value: 'IN',
    help: 'trained network (safetensors, npz, any NIR graph, or a shipped name); with --like also bare arrays and PyTorch files',
  }),
  output: required({
    ...text,
    positional: true,
    value: 'OUT',
    help: 'file to write: .safetensors, .npz or .nir, also with .gz',
  }),
  storage: optional({
    ...oneOf(STORAGE_FORMATS, 'formats'),
    help: `weights in the file: ${STORAGE_FORMATS.join(', ')} (default: as in IN)`,
  }),
  like: optional({
    ...text,
    value: 'NETWORK',
    names: 'networks',
    help: 'IN has only arrays weight and theta; take all else but the number of neurons from this network',
  }),
  arrays: optional({
    schema: z.array(z.tuple([z.enum(ROLES), z.string().min(1)])).readonly(),
    flag: 'array',
    value: 'ROLE=NAME',
    read: readArray,
    repeatable: true,
    help: 'with --like: the array that is "weight" or "theta", by its name in IN; others are left out (repeatable)',
  }),
  orientation: optional({
    ...oneOf(ORIENTATIONS, 'orientations'),
    help: 'with --like: rows by columns of the array weight (default: as the format or the shape says)',
  }),
  thetaUnit: optional({
    ...oneOf(THETA_UNITS, 'units'),
    help: 'with --like: unit of the array theta (default: mV)',
  }),
  relabel: optional({
    ...text,
    value: 'DATASET',
    names: 'datasets',
    help: 'label the neurons anew from the training images of mnist, fashion-mnist or a folder',
  }),
};

const OUTPUT = { threads: described(threads, 'threads for labelling') };

export function configure(command: Command): void {
  const help =
    'Examples:\n' +
    '  sparkxd weights convert n400-mnist n400.npz\n' +
    '  sparkxd weights convert net.pt net.safetensors --like n400-mnist --array weight=X_to_Ae.w --array theta=Ae.theta --relabel mnist';
  const own = command.command('convert').description('write a trained network in another file format');
  configureCommand(own, { job: CONVERT, output: OUTPUT, help }, convert);
  configureDamage(command);
  configureShow(command);
}

function configureDamage(command: Command): void {
  const help =
    'Examples:\n' +
    '  sparkxd weights damage net.safetensors --supply 1.05 --chip 3 --out damaged.safetensors --masks masks.npz\n' +
    "  sparkxd weights damage net.npz --supply 1.025 --tensor '*.weight' --format int8 --ecc secded --out damaged.npz";
  const own = command
    .command('damage')
    .description('any tensors through the modelled DRAM and back, under the same names');
  configureCommand(own, { job: WEIGHTS_DAMAGE, output: {}, help }, async (job, output) => {
    const { damageWeights } = await import('../weights/damage.ts');
    await damageWeights(job, output);
  });
}

function configureShow(command: Command): void {
  const help = 'Example:\n  sparkxd weights show net.safetensors';
  const own = command
    .command('show')
    .description('tensors of a file, and whether the program runs them as a network');
  configureCommand(own, { job: WEIGHTS_SHOW, output: {}, help }, async (job, output) => {
    const { showWeights } = await import('../weights/show.ts');
    await showWeights(job, output);
  });
}

/** "weight=NAME" or "theta=NAME" as one element of a list. */
function readArray(text: string): unknown {
  const [role = '', name = ''] = text.split(/=(.*)/s);
  if (!(ROLES as readonly string[]).includes(role) || name === '')
    throw new InputError(`expected ${ROLES.map((known) => `${known}=NAME`).join(' or ')}`);
  return [[role, name]];
}

async function convert(
  job: JobOf<typeof CONVERT>,
  { threads: count, json: asJson, quiet }: JobOf<typeof OUTPUT> & Everywhere,
): Promise<void> {
  const { arrays, like, orientation, relabel, output, thetaUnit } = job;
  for (const [flag, given] of [
    ['--array', arrays],
    ['--orientation', orientation],
    ['--theta-unit', thetaUnit],
  ] as const)
    if (given !== undefined && like === undefined)
      throw new InputError(`${flag} is about bare arrays`, { remedy: 'add --like NETWORK' });
  const twice = ROLES.find((role) => (arrays ?? []).filter(([known]) => known === role).length > 1);
  if (twice !== undefined)
    throw new InputError(`--array names ${twice} twice`, { remedy: `name one array ${twice}` });
  const { runWeightsConvert } = await import('../../experiments/weights-convert.ts');
  const bar = createProgress('labelling', relabel === undefined ? 0 : LABELLED_IMAGES, quiet);
  try {
    const names = arrays && Object.fromEntries(arrays);
    const outcome = await runWeightsConvert(
      {
        input: job.input,
        output,
        storage: job.storage,
        like,
        relabel,
        stated: { names, orientation, thetaUnit },
        threads: count,
      },
      bar.advance,
    );
    bar.done();
    if (!quiet) note(notesOf(outcome));
    const labels = outcome.labelled ? 'with labels' : 'without labels (--relabel makes them)';
    print(
      asJson
        ? `${JSON.stringify(outcome)}\n`
        : outcome.layers === undefined
          ? `${output}: ${outcome.neurons} neurons, ${outcome.storage}, ${labels}, ${outcome.bytes} bytes\n`
          : `${output}: ${outcome.layers} layers, ${outcome.neurons} neurons, ${outcome.storage}, ${outcome.bytes} bytes\n`,
    );
  } finally {
    bar.done();
  }
}

/** Arrays that a note names; a checkpoint may have thousands. */
const MOST_NAMED = 12;

/** What was assumed and what is not in the file that was written, a line each. */
function notesOf({ assumed, leftOut }: WeightsConvertOutcome): string {
  const more = leftOut.length > MOST_NAMED ? ` and ${leftOut.length - MOST_NAMED} more` : '';
  const named = `left out: ${leftOut.slice(0, MOST_NAMED).join(', ')}${more}`;
  const lines = [
    ...assumed.map((sentence) => `assumed: ${sentence}`),
    ...(leftOut.length > 0 ? [named] : []),
  ];
  return lines.map((line) => `${printableLine(line)}\n`).join('');
}
