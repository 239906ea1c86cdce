import type { SystemPlan } from '../../accelerator/build-system.ts';
import { InputError } from '../../errors/input-error.ts';
import type { Accelerator } from '../../hardware/accelerator.ts';
import { placeIn } from '../../hardware/model-places.ts';

/** What is looked at of the plan of a system, of one layer or of several. */
export type SimulatedPlan = Pick<SystemPlan, 'shape' | 'mostImages'>;

/** Whether one core serves one inference after the other at the memory, so that each read of a row is followed. */
export const isFollowed = ({ shape }: SimulatedPlan, batch: number): boolean =>
  shape.cores.length === 1 && !shape.interconnect && batch === 1;

/**
 * Throws InputError for more inferences together than their neurons' state has room, and for what is followed read by read
 * where several cores or inferences share the reads.
 */
export function requireSystem(
  { system, name }: Accelerator,
  plan: SimulatedPlan,
  job: {
    readonly batch: number;
    readonly record?: string | undefined;
    readonly traffic?: readonly string[] | undefined;
    readonly load: boolean;
    readonly rewriteEvery?: number | undefined;
  },
  uncertain: boolean,
): void {
  if (job.batch > plan.mostImages)
    throw new InputError(
      `the neuron state of accelerator ${name} has room for ${plan.mostImages} inferences together, not ${job.batch}`,
      {
        ...placeIn(system?.places, 'system', 'neuron_state'),
        remedy: `--batch ${Math.max(1, plan.mostImages)} at most, or more neuron_state`,
      },
    );
  const shares = (job.traffic ?? []).length > 0 || job.load;
  if (job.record !== undefined && (shares || !isFollowed(plan, job.batch)))
    throw new InputError(
      'a recording is of one core that has the memory to itself, and of one inference after the other',
      { remedy: 'leave out --record, or --cores, --batch, --traffic and --load, with --accelerator edge' },
    );
  if (isFollowed(plan, job.batch)) return;
  if (uncertain)
    throw new InputError(
      `flips that each read draws anew are followed on one core alone, not with several cores, an interconnect or --batch`,
      {
        remedy:
          'give --flip-probability 1 and an error model whose cells flip for certain, or --accelerator edge',
      },
    );
}
