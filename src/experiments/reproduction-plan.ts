import { PUBLISHED_SUPPLIES } from '../report/published-savings.ts';
import type { VoltageJob } from './run-voltages.ts';

/** How much of the paper's grid is computed. */
export interface ReproductionScale {
  /** Shipped networks of the grid, "n400-mnist". */
  readonly networks: readonly string[];
  readonly chips: number;
  /** Test images of each accuracy; all if undefined. */
  readonly images: number | undefined;
  readonly seed: number;
}

/** One run of the reproduction. */
export interface Study {
  readonly id: string;
  /** Its row in the table of ablations; undefined for the grid. */
  readonly ablation: string | undefined;
  readonly job: VoltageJob;
}

/** The network whose mechanisms are taken apart. */
export const ABLATED = 'n400-mnist';
const LOWEST = PUBLISHED_SUPPLIES.at(-1)!;

/** The lowest of these supplies at which every module of the Voltron profiles was measured. */
const MEASURED = 1.2;
/** VDD2's 1.2 V lowered as 1.35 V is to 1.025 V. */
const SAME_SHARE = 0.9112;

const datasetOf = (network: string): string => network.slice(network.indexOf('-') + 1);

/** The paper's grid (supplies x mappings x chips, a study a network), then each mechanism alone at the lowest supply. */
export function reproductionPlan({ networks, chips, images, seed }: ReproductionScale): Study[] {
  const job = (network: string, changes: Partial<VoltageJob>): VoltageJob => ({
    weights: network,
    dataset: datasetOf(network),
    device: 'lpddr3-1600-4gb-sparkxd',
    profile: 'sparkxd',
    accelerator: 'edge',
    supplies: PUBLISHED_SUPPLIES,
    mappings: ['baseline', 'sparkxd'],
    chips,
    ...(images === undefined ? {} : { images }),
    inferences: 16,
    workload: 'stream',
    timing: 'paper',
    repair: 'clamp',
    format: 'fp32',
    ecc: 'none',
    errorModel: 0,
    berLimit: 1e-3,
    bound: 0.01,
    law: 'quadratic',
    seed,
    ...changes,
  });
  const ablation = (id: string, title: string, changes: Partial<VoltageJob>): Study => ({
    id,
    ablation: title,
    job: job(ABLATED, { supplies: [LOWEST], ...changes }),
  });
  return [
    ...networks.map((network) => ({ id: network, ablation: undefined, job: job(network, {}) })),
    ablation('voltage-only', 'voltage alone: baseline mapping, no repair', {
      mappings: ['baseline'],
      repair: 'none',
    }),
    ablation('mapping-only', "SparkXD's mapping alone, no repair", { mappings: ['sparkxd'], repair: 'none' }),
    ...(['clamp', 'zero', 'median'] as const).map((repair) =>
      ablation(`repair-${repair}`, `repair ${repair}, baseline mapping`, { mappings: ['baseline'], repair }),
    ),
    ablation('mapping-clamp', "SparkXD's mapping and clamp", { mappings: ['sparkxd'] }),
    ablation('int8', "INT8, SparkXD's mapping, no repair", {
      mappings: ['sparkxd'],
      format: 'int8',
      repair: 'none',
    }),
    ablation('int8-median', "INT8, SparkXD's mapping and median", {
      mappings: ['sparkxd'],
      format: 'int8',
      repair: 'median',
    }),
    ...(['nominal', 'stretched'] as const).map((timing) =>
      ablation(`timing-${timing}`, `${timing} timing, SparkXD's mapping and clamp`, {
        mappings: ['sparkxd'],
        timing,
      }),
    ),
    ...(['voltron-a', 'voltron-b', 'voltron-c'] as const).map((profile) =>
      ablation(profile, `errors of ${profile} at ${MEASURED} V, SparkXD's mapping and clamp`, {
        supplies: [MEASURED],
        mappings: ['sparkxd'],
        profile,
      }),
    ),
    ablation('rails', `LPDDR3's own rails, VDD2 alone at ${SAME_SHARE} V, SparkXD's mapping and clamp`, {
      supplies: [SAME_SHARE],
      mappings: ['sparkxd'],
      device: 'lpddr3-1600-4gb',
    }),
    ablation('event', "event-driven traffic, SparkXD's mapping and clamp", {
      mappings: ['sparkxd'],
      workload: 'event',
    }),
  ];
}
