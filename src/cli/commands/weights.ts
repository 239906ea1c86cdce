import type { Command } from 'commander';
import { STORAGE_FORMATS, type StorageFormat } from '../../snn/weight-format.ts';
import { oneOf } from '../option-values.ts';

interface WeightsConvertOptions {
  readonly storage?: StorageFormat;
  readonly like?: string;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .command('convert')
    .description('write a trained network in another file format')
    .argument('<IN>', 'trained network (safetensors, npz, or a shipped name); with --like also bare arrays')
    .argument('<OUT>', 'file to write: .safetensors or .npz')
    .option(
      '--storage <NAME>',
      `weights in the file: ${STORAGE_FORMATS.join(', ')} (default: as in IN)`,
      oneOf(STORAGE_FORMATS, 'formats'),
    )
    .option('--like <NETWORK>', 'IN has only arrays weight and theta; take everything else from this network')
    .option('--json', 'print what was written as one JSON object')
    .addHelpText('after', '\nExample:\n  sparkxd weights convert n400-mnist n400.npz')
    .action(convert);
}

async function convert(
  input: string,
  output: string,
  { storage, like, json }: WeightsConvertOptions,
): Promise<void> {
  const { runWeightsConvert } = await import('../../experiments/run-weights-convert.ts');
  const outcome = await runWeightsConvert({ input, output, storage, like });
  const labels = outcome.labelled ? 'with labels' : 'without labels (evaluate --relabel makes them)';
  process.stdout.write(
    json
      ? `${JSON.stringify(outcome)}\n`
      : `${output}: ${outcome.neurons} neurons, ${outcome.storage}, ${labels}, ${outcome.bytes} bytes\n`,
  );
}
