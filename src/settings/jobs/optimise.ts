import { TIMING_MODES } from '../../hardware/resolved-timing.ts';
import { WEIGHT_FORMATS, type WeightFormat } from '../../snn/weight-format.ts';
import { RUN_REPAIRS } from '../../sparkxd/repair-on-load.ts';
import { described, type JobInput, type JobOf, optional, required } from '../setting.ts';
import { between, listOf, oneOf, text } from '../values.ts';
import { RUN } from './run.ts';

/** More networks than there are sizes and datasets. */
const MOST_NETWORKS = 100;

const { weights: _weights, format: _format, repair: _repair, timing: _timing, ...shared } = RUN;
const { prior: _prior, subarrays: _subarrays, dataEnergy: _dataEnergy, ...searched } = shared;

/** Formats of a search that names none: of each width the one that keeps most, integers without a sign. */
export const SEARCHED_FORMATS = ['fp32', 'fp16', 'uint8', 'uint4'] as const satisfies readonly WeightFormat[];

/** What a search alone goes over; the first network, in FP32 and without errors, is what accuracy is compared with. */
export const SEARCH = {
  networks: required({
    ...listOf(text, MOST_NETWORKS),
    help: 'networks, the reference first (default: the one)',
  }),
  formats: required({
    ...listOf(oneOf(WEIGHT_FORMATS, 'formats'), WEIGHT_FORMATS.length),
    help: `weight formats (default: that of --format, or ${SEARCHED_FORMATS.join(',')})`,
  }),
  repairs: required({
    ...listOf(oneOf(RUN_REPAIRS, 'repairs'), RUN_REPAIRS.length),
    help: 'repairs (default: the one)',
  }),
  timings: required({
    ...listOf(oneOf(TIMING_MODES, 'timings'), TIMING_MODES.length),
    help: 'latency policies (default: the one)',
  }),
  rewardWeight: optional({
    ...between(0, 100),
    value: 'MU',
    help: "also EnforceSNN's reward, accuracy - MU x share of the baseline's energy",
  }),
};

/** `sparkxd run --optimise`: the axes of the search and the bound. */
export const OPTIMISE = {
  ...SEARCH,
  ...searched,
  images: described(
    searched.images,
    'validation images of the search, then test images of its answer (default: all)',
  ),
};

export type OptimiseJob = JobOf<typeof OPTIMISE>;
/**
 * These settings as a caller gives them; docs/reference/settings.md has their units, bounds and defaults.
 * @interface
 */
export type OptimiseInput = JobInput<typeof OPTIMISE>;
