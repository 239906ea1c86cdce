import type { Command } from 'commander';
import { DEFAULT_ENERGY_MODEL } from '../../energy/energy-of.ts';
import { energyModel } from '../../settings/energy-settings.ts';
import { images, seed as seeds } from '../../settings/network-settings.ts';
import { switchedOn, threads } from '../../settings/output-settings.ts';
import { described, type JobOf, optional, withDefault } from '../../settings/setting.ts';
import { listOf, text, whole } from '../../settings/values.ts';
import { configureCommand, type Everywhere } from '../command-settings.ts';
import { createPhaseBar } from '../progress.ts';
import { print } from '../terminal.ts';

/** The paper's grid, as far as networks of it are shipped, and what `--quick` takes of it. */
const GRID = ['mnist', 'fashion-mnist'].flatMap((dataset) =>
  [400, 900, 1600, 2500, 3600].map((size) => `n${size}-${dataset}`),
);
const QUICK = {
  networks: ['n400-mnist', 'n400-fashion-mnist'],
  headlineChips: 3,
  chips: 3,
  trainingSeeds: 1,
  awareSeeds: 0,
  modules: 30,
  images: 1000,
};
const FULL = {
  networks: GRID,
  headlineChips: 30,
  chips: 5,
  trainingSeeds: 3,
  awareSeeds: 3,
  modules: 30,
  images: 2000,
};

const MOST = 10_000;

const REPRODUCE = {
  quick: switchedOn(`${QUICK.networks.join(', ')} as shipped, ${QUICK.chips} chips, ${QUICK.images} images`),
  networks: optional({
    ...listOf(text, 100),
    help: 'shipped networks of the grid, such as n400-mnist,n900-mnist (default: all)',
  }),
  headlineChips: optional({
    ...whole(1, MOST),
    help: `chips of the rows that the text leads with (default: ${FULL.headlineChips}, with --quick ${QUICK.headlineChips})`,
  }),
  chips: optional({
    ...whole(1, MOST),
    help: `chips of everything else (default: ${FULL.chips}, with --quick ${QUICK.chips})`,
  }),
  trainingSeeds: optional({
    ...whole(1, MOST),
    help: `trainings of the networks whose mechanisms are taken apart; those after the first are made by its recipe (default: ${FULL.trainingSeeds}, with --quick ${QUICK.trainingSeeds})`,
  }),
  awareSeeds: optional({
    ...whole(0, MOST),
    help: `fault-aware trainings that go on from each network (default: ${FULL.awareSeeds}, with --quick ${QUICK.awareSeeds})`,
  }),
  modules: optional({
    ...whole(0, 30),
    help: `measured modules that hold the weights (default: ${FULL.modules})`,
  }),
  images: described(
    images,
    `test images (default: ${FULL.images}, and all for leading rows whose interval over chips is 0.4 points or wider; with --quick ${QUICK.images})`,
  ),
  energyModel,
  seed: described(seeds, 'seed of chips and input spikes'),
};
type Job = JobOf<typeof REPRODUCE>;

const OUTPUT = {
  threads,
  out: withDefault(
    { ...text, value: 'DIR', help: 'folder for the text, its pictures, the rows, and what goes on' },
    'reproduction',
  ),
};

export function configure(command: Command): void {
  const help = 'Interrupted, it goes on where it was.\n\nExample:\n  sparkxd reproduce --quick';
  configureCommand(command, { job: REPRODUCE, output: OUTPUT, help }, reproduce);
}

async function reproduce(
  options: Job,
  { threads: count, out, json: asJson, quiet }: JobOf<typeof OUTPUT> & Everywhere,
): Promise<void> {
  const { quick, seed, energyModel: model } = options;
  const { reproductionPlan } = await import('../../reproduction/reproduction-plan.ts');
  const { reproduceAtMean, reproduceCurves } = await import('../../reproduction/reproduction-curves.ts');
  const { runReproduction } = await import('../../reproduction/run-reproduction.ts');
  const { claimFolder } = await import('../../files/claim-folder.ts');
  const { shippedNetworks } = await import('../../inputs/locate-network.ts');
  const { readNetwork } = await import('../../inputs/read-network.ts');
  const { createDatasetLibrary } = await import('../../sweep/inputs.ts');
  const { keepPools } = await import('../../threads/pool.ts');
  const { writeReproduction } = await import('../../reproduction/write-reproduction.ts');

  const scale = quick ? QUICK : FULL;
  const there = await shippedNetworks();
  const networks = options.networks ?? scale.networks.filter((name) => there.includes(name));
  const asked = {
    networks,
    headlineChips: options.headlineChips ?? scale.headlineChips,
    chips: options.chips ?? scale.chips,
    trainingSeeds: options.trainingSeeds ?? scale.trainingSeeds,
    awareSeeds: options.awareSeeds ?? scale.awareSeeds,
    modules: options.modules ?? scale.modules,
    images: options.images ?? scale.images,
    widens: !quick && options.images === undefined,
    seed,
    energyModel: model,
  };
  // Before anything is written.
  for (const network of networks) await readNetwork(network);
  await claimFolder(out);
  const bar = createPhaseBar(
    quiet,
    () =>
      `networks, studies and curves that are done are kept in ${out}; the same command goes on with the rest`,
  );
  try {
    const datasets = createDatasetLibrary();
    const means = { ...asked, folder: out, datasets, threads: count, monitor: bar };
    const found = await keepPools(async () => ({
      studies: await runReproduction(reproductionPlan(asked), out, datasets, count, bar),
      curves: await reproduceCurves(means),
      atMean: await reproduceAtMean(networks, means),
    }));
    const text = await writeReproduction(found, out, commandOf(options));
    bar.done();
    print(asJson ? `${JSON.stringify(found)}\n` : text);
  } finally {
    bar.done();
  }
}

/** The command that gives the same text: what changes it, not threads or folders. */
function commandOf(job: Job): string {
  const { quick, networks, headlineChips, chips, trainingSeeds, awareSeeds, modules, images, seed } = job;
  return [
    'sparkxd reproduce',
    ...(quick ? ['--quick'] : []),
    ...(networks === undefined ? [] : [`--networks ${networks.join(',')}`]),
    ...(headlineChips === undefined ? [] : [`--headline-chips ${headlineChips}`]),
    ...(chips === undefined ? [] : [`--chips ${chips}`]),
    ...(trainingSeeds === undefined ? [] : [`--training-seeds ${trainingSeeds}`]),
    ...(awareSeeds === undefined ? [] : [`--aware-seeds ${awareSeeds}`]),
    ...(modules === undefined ? [] : [`--modules ${modules}`]),
    ...(images === undefined ? [] : [`--images ${images}`]),
    ...(job.energyModel === DEFAULT_ENERGY_MODEL ? [] : [`--model ${job.energyModel}`]),
    ...(seed === 1 ? [] : [`--seed ${seed}`]),
  ].join(' ');
}
