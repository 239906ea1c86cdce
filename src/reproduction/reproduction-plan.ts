import type { EnergyModel } from '../energy/energy-of.ts';
import { PUBLISHED_SUPPLIES } from '../results/published-savings.ts';
import { RUN, type RunInput, type RunJob } from '../settings/jobs/run.ts';
import { completeJob } from '../settings/parse-job.ts';
import { ABLATIONS, type Configuration, LOWEST, MODULES, OURS, PAPER, TRAINING } from './configurations.ts';
import type { ReproducedStudy, StudyRole } from './reproduction-study.ts';

/** How much is computed. */
export interface ReproductionScale {
  /** Shipped networks of the grid, "n400-mnist". */
  readonly networks: readonly string[];
  /** Chips of the rows that the text leads with, of the shipped networks. */
  readonly headlineChips: number;
  /** Chips of everything else. */
  readonly chips: number;
  /** Trainings of the networks of the ablations: seed 1 is the shipped one, the others are trained by its recipe. */
  readonly trainingSeeds: number;
  /** Fault-aware trainings that go on from each shipped network, each with its control; 0 leaves them out. */
  readonly awareSeeds: number;
  /** Measured modules that weights are held by; 0 leaves them out. */
  readonly modules: number;
  /** Test images of each accuracy. */
  readonly images: number;
  /** Whether a leading row is computed anew on all test images where the interval over its chips is wide (`isWide`). */
  readonly widens: boolean;
  readonly seed: number;
  readonly energyModel: EnergyModel;
}

/** One run of the reproduction; `job.weights` is the shipped name, whatever was trained. */
export interface Study extends Omit<ReproducedStudy, 'rows' | 'refused'> {
  readonly job: RunJob;
  /** What is computed instead where the interval of its rows is wide. */
  readonly wider?: RunJob;
}

/** The paper's device: one supply, 1.35 V. */
export const DEVICE = 'lpddr3-1600-4gb-sparkxd';

/** The size whose mechanisms are taken apart, and that measured modules hold. */
const ABLATED = 'n400-';
/** The network of the curves. */
export const CURVED = 'n400-mnist';

/** Inferences in the DRAM: after the first, an inference costs the same to within a refresh. */
const INFERENCES = 4;

/** "mnist" of "n400-mnist". */
export const datasetOf = (network: string): string => network.slice(network.indexOf('-') + 1);

/** All studies, in the order in which they are computed: a study a configuration, network and training. */
export function reproductionPlan(scale: ReproductionScale): Study[] {
  const { networks, chips, headlineChips, trainingSeeds, awareSeeds, modules } = scale;
  const seeds = (count: number): number[] => Array.from({ length: count }, (_, k) => k + 1);
  const ablated = networks.filter((network) => network.startsWith(ABLATED));
  const study =
    (role: StudyRole, network: string, trainingSeed: number, more: Partial<RunInput>) =>
    ({ id, title, control, awareness, changes, leads }: Configuration): Study => ({
      id: `${network}-seed${trainingSeed}-${id}`,
      role,
      configuration: id,
      title,
      ...(control === undefined ? {} : { control }),
      ...(awareness === undefined ? {} : { awareness }),
      network,
      trainingSeed,
      ...jobsOf(network, { ...more, ...changes }, role === 'ours' && leads === true),
    });
  const jobsOf = (
    network: string,
    changes: Partial<RunInput>,
    leads: boolean,
  ): Pick<Study, 'job' | 'wider'> => {
    const input = { ...paperInput(network, scale), ...changes };
    const job = completeJob(RUN, { ...input, images: scale.images });
    return leads && scale.widens ? { job, wider: completeJob(RUN, input) } : { job };
  };
  const ours = (network: string): Study[] =>
    OURS.map((row) => study('ours', network, 1, { chips: row.leads ? headlineChips : chips })(row));
  return [
    ...networks.flatMap((network) => PAPER.map(study('paper', network, 1, { chips }))),
    ...networks.flatMap(ours),
    ...ablated.flatMap((network) =>
      seeds(trainingSeeds).flatMap((seed) => ABLATIONS.map(study('ablation', network, seed, { chips }))),
    ),
    ...(modules === 0
      ? []
      : ablated.flatMap((network) => MODULES.map(study('modules', network, 1, { chips: modules })))),
    ...networks.flatMap((network) =>
      seeds(awareSeeds).flatMap((seed) =>
        TRAINING.map(study('training', network, seed, { chips, supplies: [LOWEST] })),
      ),
    ),
  ];
}

/** The paper's means, spelt out: a default that changes does not change a reproduction. */
function paperInput(network: string, { seed, energyModel }: ReproductionScale): RunInput {
  return {
    weights: network,
    dataset: datasetOf(network),
    device: DEVICE,
    profile: 'sparkxd',
    accelerator: 'edge',
    supplies: PUBLISHED_SUPPLIES,
    mappings: ['baseline', 'sparkxd'],
    inferences: INFERENCES,
    workload: 'stream',
    timing: 'paper',
    repair: 'clamp',
    format: 'fp32',
    ecc: 'none',
    errorModel: 0,
    berLimit: 1e-3,
    bound: 0.01,
    law: 'quadratic',
    energyModel,
    range: true,
    seed,
  };
}
