import type { EnergyModel } from '../energy/energy-of.ts';
import { PUBLISHED_SUPPLIES } from '../results/published-savings.ts';
import { RUN, type RunInput, type RunJob } from '../settings/jobs/run.ts';
import { completeJob } from '../settings/parse-job.ts';
import type { WeightFormat } from '../snn/weight-format.ts';
import type { ReproducedStudy, WeightKind } from './reproduction-study.ts';

/** How much of the paper's grid is computed. */
export interface ReproductionScale {
  /** Shipped networks of the grid, "n400-mnist". */
  readonly networks: readonly string[];
  /** Trainings of each: seed 1 is the shipped one, the others are trained by its recipe. */
  readonly trainingSeeds: number;
  readonly chips: number;
  /** Chips that networks are trained for; 0 leaves fault-aware training out. */
  readonly awareChips: number;
  /** Test images of each accuracy; all if undefined. */
  readonly images: number | undefined;
  readonly seed: number;
  readonly energyModel: EnergyModel;
}

/** One run of the reproduction; `job.weights` is the shipped name, whatever the training seed. */
export interface Study extends Omit<ReproducedStudy, 'rows' | 'refused'> {
  readonly job: RunJob;
  /**
   * The network is trained for the job's last chip at its only supply, in its only mapping, and run on that chip alone;
   * or, for control, trained without errors and labelled under those of the chip.
   */
  readonly awareness?: 'aware' | 'control';
}

/** The network whose mechanisms are taken apart. */
export const ABLATED = 'n400-mnist';
/** The paper's device: one supply, 1.35 V. */
export const DEVICE = 'lpddr3-1600-4gb-sparkxd';
const LOWEST = PUBLISHED_SUPPLIES.at(-1)!;

/** The lowest of these supplies at which every module of the Voltron profiles was measured. */
const MEASURED = 1.2;
/** VDD2's 1.2 V lowered as 1.35 V is to 1.025 V. */
const SAME_SHARE = 0.9112;

/** Share of the training spikes whose inputs are not stored, the same for all networks (docs/co-design.md). */
const PRUNED = 0.001;

/** Inferences in the DRAM: after the first, an inference costs the same to within a refresh. */
const INFERENCES = 4;

/** Changes to the job of the grid, computed for a network. */
interface Configuration {
  readonly id: string;
  readonly title: string;
  readonly changes: Partial<RunInput>;
}

/** Repair median at the lowest supply, with more changed. */
const at = (changes: Partial<RunInput>): Partial<RunInput> => ({
  supplies: [LOWEST],
  mappings: ['sparkxd'],
  repair: 'median',
  ...changes,
});

/** What every network is run with: the paper's grid, then means beyond it at the lowest supply. */
const GRID: readonly Configuration[] = [
  { id: 'grid', title: "SparkXD's mapping, FP32, repair clamp", changes: {} },
];
const BEYOND: readonly Configuration[] = [
  { id: 'median', title: 'FP32, median, all weights stored', changes: at({}) },
  {
    id: 'prune-silent',
    title: 'FP32, median, inputs that never spike in training not stored',
    changes: at({ pruneInputs: 0 }),
  },
  ...(['fp32', 'fp16', 'int8', 'int4'] as const).map((format) => ({
    id: format === 'fp32' ? 'prune' : `${format}-prune`,
    title: `${format.toUpperCase()}, median, inputs with ${PRUNED * 100} % of the spikes not stored`,
    changes: at({ format, pruneInputs: PRUNED }),
  })),
];

/** The paper's means at the lowest supply, with one thing changed. */
const paper = (changes: Partial<RunInput>): Partial<RunInput> => ({
  supplies: [LOWEST],
  mappings: ['sparkxd'],
  ...changes,
});

const CONTEXT = { repair: 'context', prior: 'n900-mnist' } as const;

/** Each mechanism alone, then together, on one network. */
const ABLATIONS: readonly Configuration[] = [
  {
    id: 'voltage-only',
    title: 'voltage alone: baseline mapping, no repair',
    changes: paper({ mappings: ['baseline'], repair: 'none' }),
  },
  { id: 'mapping-only', title: "SparkXD's mapping alone, no repair", changes: paper({ repair: 'none' }) },
  ...(['clamp', 'zero', 'median'] as const).map((repair) => ({
    id: `repair-${repair}`,
    title: `repair ${repair}, baseline mapping`,
    changes: paper({ mappings: ['baseline'], repair }),
  })),
  {
    id: 'repair-context',
    title: 'repair context (prior: the shipped N900), baseline mapping',
    changes: paper({ mappings: ['baseline'], ...CONTEXT }),
  },
  { id: 'mapping-clamp', title: "SparkXD's mapping and clamp", changes: paper({}) },
  { id: 'mapping-median', title: "SparkXD's mapping and median", changes: paper({ repair: 'median' }) },
  { id: 'mapping-context', title: "SparkXD's mapping and context", changes: paper(CONTEXT) },
  ...(['bit-plane', 'energy-optimal'] as const).map((mapping) => ({
    id: `mapping-${mapping}`,
    title: `mapping ${mapping} and clamp`,
    changes: paper({ mappings: [mapping] }),
  })),
  ...(['fp16', 'bf16', 'int8', 'int4'] as const).flatMap((format) =>
    (['none', 'median'] as const).map((repair) => ({
      id: `${format}-${repair}`,
      title: `${format.toUpperCase()}, SparkXD's mapping, ${repair === 'none' ? 'no repair' : repair}`,
      changes: paper({ format, repair }),
    })),
  ),
  {
    id: 'prune-silent-only',
    title: 'inputs that never spike in training not stored, baseline mapping, 1.35 V',
    changes: { supplies: [PUBLISHED_SUPPLIES[0]!], mappings: ['baseline'], pruneInputs: 0 },
  },
  {
    id: 'prune-only',
    title: `inputs with ${PRUNED * 100} % of the spikes not stored, baseline mapping, 1.35 V`,
    changes: { supplies: [PUBLISHED_SUPPLIES[0]!], mappings: ['baseline'], pruneInputs: PRUNED },
  },
  ...(['nominal', 'stretched'] as const).map((timing) => ({
    id: `timing-${timing}`,
    title: `${timing} timing, SparkXD's mapping and clamp`,
    changes: paper({ timing }),
  })),
  ...(['voltron-a', 'voltron-b', 'voltron-c'] as const).map((profile) => ({
    id: profile,
    title: `errors of ${profile} at ${MEASURED} V, SparkXD's mapping and clamp`,
    changes: paper({ supplies: [MEASURED], profile }),
  })),
  {
    id: 'rails',
    title: `LPDDR3's own rails, VDD2 alone at ${SAME_SHARE} V, SparkXD's mapping and clamp`,
    changes: paper({ supplies: [SAME_SHARE], device: 'lpddr3-1600-4gb' }),
  },
  {
    id: 'event',
    title: "event-driven traffic, SparkXD's mapping and clamp",
    changes: paper({ workload: 'event' }),
  },
];

const WEIGHT_KINDS: Readonly<Record<WeightFormat, WeightKind>> = {
  fp32: 'single',
  fp16: 'half',
  bf16: 'half',
  int16: 'integer',
  int8: 'integer',
  int4: 'integer',
  uint16: 'integer',
  uint8: 'integer',
  uint4: 'integer',
};

/** Fault-aware training of one network, a training for each chip. */
const AWARE: readonly (Configuration & { readonly awareness: 'aware' | 'control' })[] = [
  ...(['baseline', 'sparkxd'] as const).flatMap((mapping) =>
    (['control', 'aware'] as const).map((awareness) => ({
      id: `${awareness}-${mapping}`,
      awareness,
      title: `${
        awareness === 'aware'
          ? 'fault-aware training for the chip'
          : 'its control: plain training, labelled on the chip'
      }, ${mapping === 'baseline' ? 'baseline mapping' : "SparkXD's mapping"}, no repair`,
      changes: paper({ mappings: [mapping], repair: 'none' }),
    })),
  ),
];

/** "mnist" of "n400-mnist". */
export const datasetOf = (network: string): string => network.slice(network.indexOf('-') + 1);

/**
 * The paper's grid (supplies x mappings x chips), the means beyond it, and each mechanism alone: a study a
 * configuration, network and training seed.
 */
export function reproductionPlan(scale: ReproductionScale): Study[] {
  const seeds = Array.from({ length: scale.trainingSeeds }, (_, k) => k + 1);
  const studies = (role: Study['role'], network: string, { id, title, changes }: Configuration): Study[] =>
    seeds.map((trainingSeed) => ({
      id: `${network}-seed${trainingSeed}-${id}`,
      role,
      configuration: id,
      title,
      network,
      trainingSeed,
      weights: WEIGHT_KINDS[changes.format ?? 'fp32'],
      job: completeJob(RUN, { ...gridInput(network, scale), ...changes }),
    }));
  return [
    ...scale.networks.flatMap((network) => GRID.flatMap((grid) => studies('grid', network, grid))),
    ...scale.networks.flatMap((network) => BEYOND.flatMap((beyond) => studies('beyond', network, beyond))),
    ...ABLATIONS.flatMap((ablation) => studies('ablation', ABLATED, ablation)),
    ...AWARE.flatMap(({ awareness, ...configuration }) =>
      studies('ablation', ABLATED, configuration).flatMap((study) =>
        Array.from({ length: scale.awareChips }, (_, k) => ({
          ...study,
          id: `${study.id}-chip${k + 1}`,
          awareness,
          job: { ...study.job, chips: k + 1 },
        })),
      ),
    ),
  ];
}

/** The paper's grid, spelt out: a default that changes does not change a reproduction. */
function gridInput(network: string, { chips, images, seed, energyModel }: ReproductionScale): RunInput {
  return {
    weights: network,
    dataset: datasetOf(network),
    device: DEVICE,
    profile: 'sparkxd',
    accelerator: 'edge',
    supplies: PUBLISHED_SUPPLIES,
    mappings: ['baseline', 'sparkxd'],
    chips,
    ...(images === undefined ? {} : { images }),
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
    seed,
  };
}
