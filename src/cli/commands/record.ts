import type { Command } from 'commander';
import { WORKLOADS, type Workload } from '../../accelerator/workload.ts';
import { oneOf, wholeNumber } from '../option-values.ts';

interface RecordOptions {
  readonly weights: string;
  readonly dataset: string;
  readonly device: string;
  readonly accelerator: string;
  readonly workload: Workload;
  readonly images: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .requiredOption(
      '--weights <FILE>',
      'trained network: a safetensors file or a shipped name such as n400-mnist',
    )
    .requiredOption('--out <FILE>', 'trace to write (.sxt)')
    .option('--dataset <NAME|DIR>', 'mnist, or a folder with the four IDX files, plain or .gz', 'mnist')
    .option(
      '--device <NAME|FILE>',
      'device in whose address space the weights lie',
      'lpddr3-1600-4gb-sparkxd',
    )
    .option('--accelerator <NAME|FILE>', 'SNN accelerator', 'edge')
    .option('--workload <NAME>', WORKLOADS.join(', '), oneOf(WORKLOADS, 'workloads'), 'stream')
    .option('--images <N>', 'test images whose inference is recorded', wholeNumber(1), 16)
    .option('--seed <N>', 'seed of the input spikes', wholeNumber(0), 1)
    .option('--json', 'print what was recorded as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd record --weights n400-mnist --workload event --images 16 --out n400-event.sxt',
    )
    .action(record);
}

async function record({ json, ...options }: RecordOptions): Promise<void> {
  const { runRecord } = await import('../../experiments/run-record.ts');
  const { weights, dataset, device, accelerator, workload, images, seed, out } = options;
  const outcome = await runRecord({ weights, dataset, device, accelerator, workload, images, seed, out });
  const { inferences, accesses, bytes } = outcome;
  process.stdout.write(
    json
      ? `${JSON.stringify({ out, ...outcome })}\n`
      : `${out}: ${accesses.toLocaleString('en')} accesses, ${bytes.toLocaleString('en')} bytes read in ${inferences} inferences\n`,
  );
}
