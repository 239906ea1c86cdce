import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { wholeNumber } from '../option-values.ts';
import { createPhaseBar } from '../progress.ts';

interface ReproduceOptions {
  readonly quick?: boolean;
  readonly networks?: string;
  readonly chips?: number;
  readonly images?: number;
  readonly seed: number;
  readonly jobs: number;
  readonly out: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The shipped networks of the paper's grid, and what `--quick` takes of it. */
const ALL = ['n400-mnist', 'n900-mnist', 'n1600-mnist', 'n2500-mnist', 'n3600-mnist', 'n400-fashion-mnist'];
const QUICK = { networks: ['n400-mnist', 'n900-mnist'], chips: 3, images: 2000 };
const FULL = { networks: ALL, chips: 5, images: undefined };

export function configure(command: Command): void {
  command
    .option('--quick', `${QUICK.networks.join(', ')}, ${QUICK.chips} chips, ${QUICK.images} images`)
    .option('--networks <LIST>', 'shipped networks of the grid, such as n400-mnist,n900-mnist')
    .option('--chips <N>', `chips (default: ${FULL.chips})`, wholeNumber(1))
    .option('--images <N>', 'test images (default: all)', wholeNumber(1))
    .option('--seed <N>', 'seed of chips and input spikes', wholeNumber(0), 1)
    .option('--jobs <N>', 'threads', wholeNumber(1), availableParallelism())
    .option('--out <DIR>', 'folder for reproduction.md, reproduction.csv and what goes on', 'reproduction')
    .option('--json', 'print the rows of every study as one JSON object')
    .addHelpText('after', '\nInterrupted, it goes on where it was.\n\nExample:\n  sparkxd reproduce --quick')
    .action(reproduce);
}

async function reproduce(options: ReproduceOptions): Promise<void> {
  const { quick, seed, jobs, out, json, quiet } = options;
  const { reproductionPlan } = await import('../../experiments/reproduction-plan.ts');
  const { runReproduction } = await import('../../experiments/run-reproduction.ts');
  const { requireWritableFolder, writeWhole } = await import('../../experiments/files.ts');
  const { resultsCsv } = await import('../../report/csv.ts');
  const { reproductionText } = await import('../../report/reproduction-text.ts');

  const scale = quick ? QUICK : FULL;
  const networks = options.networks?.split(',').map((name) => name.trim()) ?? scale.networks;
  const { chips = scale.chips, images = scale.images } = options;
  await requireWritableFolder(out);
  const bar = createPhaseBar(quiet);
  try {
    const studies = reproductionPlan({ networks, chips, images, seed });
    const outcomes = await runReproduction(studies, out, jobs, bar);
    const found = outcomes.map(({ study: { id, ablation }, rows, refused }) => ({
      ...{ id, ablation, rows, refused },
    }));
    const text = reproductionText(found, commandOf(options));
    const rows = outcomes.flatMap(({ rows: some }) => some);
    await writeWhole(join(out, 'reproduction.csv'), await resultsCsv(rows, { withNetwork: true }));
    await writeWhole(join(out, 'reproduction.md'), text);
    bar.done();
    process.stdout.write(json ? `${JSON.stringify({ studies: found })}\n` : text);
  } finally {
    bar.done();
  }
}

/** The command that gives the same text: what changes it, not threads or folders. */
function commandOf({ quick, networks, chips, images, seed }: ReproduceOptions): string {
  return [
    'sparkxd reproduce',
    ...(quick ? ['--quick'] : []),
    ...(networks === undefined ? [] : [`--networks ${networks}`]),
    ...(chips === undefined ? [] : [`--chips ${chips}`]),
    ...(images === undefined ? [] : [`--images ${images}`]),
    ...(seed === 1 ? [] : [`--seed ${seed}`]),
  ].join(' ');
}
