import { PUBLISHED_SUPPLIES } from '../results/published-savings.ts';
import type { RunInput } from '../settings/jobs/run.ts';
import type { Awareness } from './reproduction-study.ts';

/** Changes to the paper's means, and how a table calls them. */
export interface Configuration {
  readonly id: string;
  readonly title: string;
  /** The configuration of its list that it differs from in one mechanism. */
  readonly control?: string;
  /** Whether the text leads with it: it is computed for more chips. */
  readonly leads?: boolean;
  readonly awareness?: Awareness;
  readonly changes: Partial<RunInput>;
}

export const LOWEST = PUBLISHED_SUPPLIES.at(-1)!;
const NOMINAL = PUBLISHED_SUPPLIES[0]!;

/** VDD2's 1.2 V lowered as 1.35 V is to 1.025 V. */
const SAME_SHARE = 0.9112;

/** Share of the training spikes whose inputs are not stored, chosen on validation images (docs/co-design.md). */
const PRUNED = 0.001;
const PRUNED_TEXT = `inputs with ${PRUNED * 100} % of the training spikes not stored`;

/** The paper's means at the lowest supply in its mapping, with more changed. */
const at = (changes: Partial<RunInput>): Partial<RunInput> => ({
  supplies: [LOWEST],
  mappings: ['sparkxd'],
  ...changes,
});
const atBaseline = (changes: Partial<RunInput>): Partial<RunInput> =>
  at({ mappings: ['baseline'], ...changes });

/** The paper's grid: all supplies, both mappings, each weight brought back into its range. */
export const PAPER: readonly Configuration[] = [
  { id: 'paper', title: "FP32, SparkXD's mapping, repair clamp", changes: {} },
];

/** What every network is run with at the lowest supply. The first two need neither geometry nor knowledge of the chip on load. */
export const OURS: readonly Configuration[] = [
  { id: 'fp32', title: 'FP32, repair zero', leads: true, changes: at({ repair: 'zero' }) },
  {
    id: 'uint8',
    title: 'UINT8, no repair',
    leads: true,
    changes: at({ format: 'uint8', repair: 'none' }),
  },
  {
    id: 'uint8-baseline',
    title: 'UINT8, no repair, baseline mapping',
    changes: atBaseline({ format: 'uint8', repair: 'none' }),
  },
  {
    id: 'fp32-points',
    title: "FP32, repair zero, the measured points' own rate (profile sparkxd-points)",
    changes: at({ repair: 'zero', profile: 'sparkxd-points' }),
  },
  {
    id: 'fp32-prune',
    title: `FP32, repair zero, ${PRUNED_TEXT}`,
    changes: at({ repair: 'zero', pruneInputs: PRUNED }),
  },
  {
    id: 'uint8-prune',
    title: `UINT8, no repair, ${PRUNED_TEXT}`,
    changes: at({ format: 'uint8', repair: 'none', pruneInputs: PRUNED }),
  },
  {
    id: 'fp32-median',
    title: 'FP32, repair median, which knows the geometry of images',
    changes: at({ repair: 'median' }),
  },
];

const REPAIRS = ['clamp', 'zero', 'likeliest', 'sum', 'median'] as const;

/** Each mechanism alone, then together. */
export const ABLATIONS: readonly Configuration[] = [
  {
    id: 'voltage-only',
    title: 'voltage alone: baseline mapping, no repair',
    changes: atBaseline({ repair: 'none' }),
  },
  {
    id: 'mapping-none',
    title: "SparkXD's mapping alone",
    control: 'voltage-only',
    changes: at({ repair: 'none' }),
  },
  ...REPAIRS.map((repair) => ({
    id: `baseline-${repair}`,
    title: `repair ${repair} alone, baseline mapping`,
    control: 'voltage-only',
    changes: atBaseline({ repair }),
  })),
  ...REPAIRS.map((repair) => ({
    id: `mapping-${repair}`,
    title: `SparkXD's mapping and repair ${repair}`,
    control: `baseline-${repair}`,
    changes: at({ repair }),
  })),
  {
    id: 'context',
    title: "SparkXD's mapping and repair context (prior: the shipped N900)",
    control: 'mapping-median',
    changes: at({ repair: 'context' }),
  },
  {
    id: 'ceiling-1',
    title: "SparkXD's mapping and repair zero with the bound 1 instead of the network's maximum",
    control: 'mapping-zero',
    changes: at({ repair: 'zero', ceiling: 1 }),
  },
  ...(['bit-plane', 'energy-optimal'] as const).map((mapping) => ({
    id: `mapping-${mapping}`,
    title: `mapping ${mapping} and repair zero`,
    control: 'mapping-zero',
    changes: at({ mappings: [mapping], repair: 'zero' }),
  })),
  ...(['none', 'zero'] as const).map((repair) => ({
    id: `respawn-${repair}`,
    title: `mapping respawn (knows the chip's weak cells), ${repair === 'none' ? 'no repair' : 'repair zero'}`,
    control: `mapping-${repair}`,
    changes: at({ mappings: ['respawn'], repair }),
  })),
  ...(['secded', 'parity'] as const).map((ecc) => ({
    id: ecc,
    title: `${ecc === 'secded' ? 'SECDED(72,64)' : 'parity of the top bits'}, SparkXD's mapping, repair zero`,
    control: 'mapping-zero',
    changes: at({ ecc, repair: 'zero' }),
  })),
  ...(['fp16', 'bf16'] as const).map((format) => ({
    id: format,
    title: `${format.toUpperCase()}, SparkXD's mapping, repair zero`,
    control: 'mapping-zero',
    changes: at({ format, repair: 'zero' }),
  })),
  ...(['int8', 'uint8', 'uint4'] as const).map((format) => ({
    id: `${format}-none`,
    title: `${format.toUpperCase()}, SparkXD's mapping, no repair`,
    control: 'mapping-none',
    changes: at({ format, repair: 'none' }),
  })),
  {
    id: 'int8-scale-1',
    title: "INT8 scaled by 1 instead of the network's maximum, SparkXD's mapping, no repair",
    control: 'int8-none',
    changes: at({ format: 'int8', repair: 'none', ceiling: 1 }),
  },
  {
    id: 'prune-silent',
    title: 'inputs that never spike in training not stored, baseline mapping, 1.35 V',
    changes: { supplies: [NOMINAL], mappings: ['baseline'], pruneInputs: 0 },
  },
  {
    id: 'prune',
    title: `${PRUNED_TEXT}, baseline mapping, 1.35 V`,
    changes: { supplies: [NOMINAL], mappings: ['baseline'], pruneInputs: PRUNED },
  },
  {
    id: 'nominal-timing',
    title: "nominal timing, SparkXD's mapping, repair zero",
    control: 'mapping-zero',
    changes: at({ timing: 'nominal', repair: 'zero' }),
  },
  {
    id: 'latency-table',
    title: "latencies by Voltron's table instead of the circuit, SparkXD's mapping, repair zero",
    control: 'mapping-zero',
    changes: at({ latencyCurve: 'voltron-table', repair: 'zero' }),
  },
  {
    id: 'rails',
    title: `LPDDR3's own rails, VDD2 alone at ${SAME_SHARE} V, SparkXD's mapping, repair zero`,
    control: 'mapping-zero',
    changes: at({ supplies: [SAME_SHARE], device: 'lpddr3-1600-4gb', repair: 'zero' }),
  },
  {
    id: 'event',
    title: "event-driven traffic, SparkXD's mapping, repair zero",
    control: 'mapping-zero',
    changes: at({ workload: 'event', repair: 'zero' }),
  },
];

/** The measured modules: a chip is one of them, at the raw latency at which they were tested, and at stretched latency. */
export const MODULES: readonly Configuration[] = [
  {
    id: 'modules',
    title: 'the 30 measured modules, FP32, repair zero',
    changes: { mappings: ['sparkxd'], repair: 'zero', profile: 'voltron-population' },
  },
  {
    id: 'modules-stretched',
    title: 'the same with the latencies that Voltron would give them',
    changes: {
      mappings: ['sparkxd'],
      repair: 'zero',
      profile: 'voltron-population',
      timing: 'stretched',
    },
  },
];

/** Going on from a shipped network under errors, and its control, as the chips of the paper's mapping hold them. */
export const TRAINING: readonly Configuration[] = (['control', 'aware'] as const).map((awareness) => ({
  id: awareness,
  title: awareness === 'aware' ? 'gone on under errors' : 'its control, gone on without errors',
  awareness,
  changes: at({ repair: 'zero' }),
}));
