import type { Command } from 'commander';
import { WORKLOADS, type Workload } from '../../accelerator/workload.ts';
import { MAPPING_POLICIES, type MappingPolicy } from '../../mapping/policy.ts';
import { fraction, numberBetween, oneOf, wholeNumber } from '../option-values.ts';

interface RecordOptions {
  readonly weights: string;
  readonly dataset: string;
  readonly device: string;
  readonly accelerator: string;
  readonly workload: Workload;
  readonly images: number;
  readonly mapping: MappingPolicy;
  readonly profile: string;
  readonly supply: number;
  readonly chip: number;
  readonly berLimit: number;
  readonly occupied: number;
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
    .option('--dataset <NAME|DIR>', 'mnist, fashion-mnist, or a folder with the four IDX files', 'mnist')
    .option(
      '--device <NAME|FILE>',
      'device in whose address space the weights lie',
      'lpddr3-1600-4gb-sparkxd',
    )
    .option('--accelerator <NAME|FILE>', 'SNN accelerator', 'edge')
    .option('--workload <NAME>', WORKLOADS.join(', '), oneOf(WORKLOADS, 'workloads'), 'stream')
    .option('--images <N>', 'test images whose inference is recorded', wholeNumber(1), 16)
    .option('--mapping <NAME>', MAPPING_POLICIES.join(', '), oneOf(MAPPING_POLICIES, 'mappings'), 'baseline')
    .option('--profile <NAME|FILE>', 'voltage profile of the chip that the mapping knows', 'sparkxd')
    .option('--supply <V>', 'supply at which the mapping looks at the chip', numberBetween(0, 10), 1.025)
    .option('--chip <N>', 'number of that chip', wholeNumber(1), 1)
    .option('--ber-limit <X>', 'bit error rate up to which a subarray is safe', numberBetween(0, 1), 1e-3)
    .option('--occupied <SHARE>', 'share of the subarrays that other data holds', fraction, 0)
    .option('--seed <N>', 'seed of the input spikes and of the chips', wholeNumber(0), 1)
    .option('--json', 'print what was recorded as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  sparkxd record --weights n400-mnist --workload event --images 16 --out n400-event.sxt',
    )
    .action(record);
}

async function record({ json, ...options }: RecordOptions): Promise<void> {
  const { runRecord } = await import('../../experiments/run-record.ts');
  const { out } = options;
  const outcome = await runRecord(options);
  const { inferences, accesses, bytes } = outcome;
  process.stdout.write(
    json
      ? `${JSON.stringify({ out, ...outcome })}\n`
      : `${out}: ${accesses.toLocaleString('en')} accesses, ${bytes.toLocaleString('en')} bytes read in ${inferences} inferences\n`,
  );
}
