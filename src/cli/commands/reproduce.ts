import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { wholeNumber } from '../option-values.ts';
import { createPhaseBar } from '../progress.ts';

interface ReproduceOptions {
  readonly quick?: boolean;
  readonly networks?: string;
  readonly chips?: number;
  readonly awareChips?: number;
  readonly trainingSeeds?: number;
  readonly images?: number;
  readonly seed: number;
  readonly jobs: number;
  readonly out: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The paper's grid, as far as networks of it are shipped, and what `--quick` takes of it. */
const GRID = ['mnist', 'fashion-mnist'].flatMap((dataset) =>
  [400, 900, 1600, 2500, 3600].map((size) => `n${size}-${dataset}`),
);
const QUICK = { networks: ['n400-mnist', 'n900-mnist'], chips: 3, awareChips: 0, seeds: 1, images: 2000 };
const FULL = { chips: 5, awareChips: 3, seeds: 3, images: undefined };

export function configure(command: Command): void {
  command
    .option(
      '--quick',
      `${QUICK.networks.join(', ')} as shipped, ${QUICK.chips} chips, ${QUICK.images} images`,
    )
    .option('--networks <LIST>', 'shipped networks of the grid, such as n400-mnist,n900-mnist (default: all)')
    .option('--chips <N>', `chips (default: ${FULL.chips})`, wholeNumber(1))
    .option(
      '--aware-chips <N>',
      `chips that networks are trained for, fault-aware (default: ${FULL.awareChips}, with --quick ${QUICK.awareChips})`,
      wholeNumber(0),
    )
    .option(
      '--training-seeds <N>',
      `trainings of each network; those after the first are made by its recipe (default: ${FULL.seeds})`,
      wholeNumber(1),
    )
    .option('--images <N>', 'test images (default: all)', wholeNumber(1))
    .option('--seed <N>', 'seed of chips and input spikes', wholeNumber(0), 1)
    .option('--jobs <N>', 'threads', wholeNumber(1), availableParallelism())
    .option('--out <DIR>', 'folder for the text, its pictures, the rows, and what goes on', 'reproduction')
    .option('--json', 'print the rows of every study as one JSON object')
    .addHelpText('after', '\nInterrupted, it goes on where it was.\n\nExample:\n  sparkxd reproduce --quick')
    .action(reproduce);
}

async function reproduce(options: ReproduceOptions): Promise<void> {
  const { quick, seed, jobs, out, json, quiet } = options;
  const { reproductionPlan } = await import('../../reproduction/reproduction-plan.ts');
  const { reproduceCurves } = await import('../../reproduction/reproduction-curves.ts');
  const { runReproduction } = await import('../../reproduction/run-reproduction.ts');
  const { requireWritableFolder } = await import('../../files/write-file.ts');
  const { readNetwork, shippedNetworks } = await import('../../inputs/read-network.ts');
  const { writeReproduction } = await import('../../reproduction/write-reproduction.ts');

  const scale = quick ? QUICK : { ...FULL, networks: GRID };
  const there = await shippedNetworks();
  const networks =
    options.networks?.split(',').map((name) => name.trim()) ??
    scale.networks.filter((name) => there.includes(name));
  const { chips = scale.chips, images = scale.images, trainingSeeds = scale.seeds } = options;
  // Before anything is written.
  for (const network of networks) await readNetwork(network);
  await requireWritableFolder(out);
  const bar = createPhaseBar(quiet);
  try {
    const awareChips = options.awareChips ?? Math.min(chips, scale.awareChips);
    const asked = { networks, chips, awareChips, trainingSeeds, images, seed };
    const studies = await runReproduction(reproductionPlan(asked), out, jobs, bar);
    const curves = await reproduceCurves(asked, out, jobs, bar);
    const text = await writeReproduction(studies, curves, out, commandOf(options));
    bar.done();
    process.stdout.write(json ? `${JSON.stringify({ studies, curves })}\n` : text);
  } finally {
    bar.done();
  }
}

/** The command that gives the same text: what changes it, not threads or folders. */
function commandOf({
  quick,
  networks,
  chips,
  awareChips,
  trainingSeeds,
  images,
  seed,
}: ReproduceOptions): string {
  return [
    'sparkxd reproduce',
    ...(quick ? ['--quick'] : []),
    ...(networks === undefined ? [] : [`--networks ${networks}`]),
    ...(chips === undefined ? [] : [`--chips ${chips}`]),
    ...(awareChips === undefined ? [] : [`--aware-chips ${awareChips}`]),
    ...(trainingSeeds === undefined ? [] : [`--training-seeds ${trainingSeeds}`]),
    ...(images === undefined ? [] : [`--images ${images}`]),
    ...(seed === 1 ? [] : [`--seed ${seed}`]),
  ].join(' ');
}
