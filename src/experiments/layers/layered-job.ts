import type { EventSet } from '../../datasets/event-set.ts';
import { eventsToSteps } from '../../datasets/events-to-steps.ts';
import { InputError } from '../../errors/input-error.ts';
import type { OpenLayers } from '../../inputs/open-layers.ts';
import type { Remark } from '../../inputs/recorder.ts';
import { LAYERED } from '../../settings/layered-settings.ts';
import { flagOf } from '../../settings/setting.ts';
import type { LayeredSamples } from '../../sparkxd/layered-samples.ts';

/** Throws InputError for settings of layered networks where a Diehl & Cook network is run, all of them at once. */
export function refuseLayeredSettings(job: Readonly<Record<string, unknown>>, file: string): void {
  const given = Object.entries(LAYERED).filter(([name]) => job[name] !== undefined);
  refuseFlags(
    given.map(([name, setting]) => flagOf(name, setting)),
    'of layered networks, and this is one of Diehl & Cook, which says all of it itself',
    file,
  );
}

/** Throws InputError for flags that were given to a network that has no use for them. */
export function refuseFlags(flags: readonly string[], why: string, file: string): void {
  if (flags.length === 0) return;
  const named = flags.join(' and ');
  throw new InputError(`${named} ${flags.length === 1 ? 'is' : 'are'} ${why}`, {
    place: { file },
    remedy: `leave out ${named}`,
  });
}

/** Says what of event data the time steps leave out. */
export function remarkEvents(
  { runnable, dataset }: OpenLayers,
  samples: LayeredSamples,
  remark: Remark,
): void {
  if (samples.kind !== 'events') return;
  const { late, merged, events } = leftOut(samples.set, {
    timeStepS: runnable.dynamics.timeStepS,
    steps: runnable.presentation.steps,
  });
  if (late > 0)
    remark(
      `${late} of ${events} events of ${dataset} lie behind the last of ${runnable.presentation.steps} steps and are left out (--steps)`,
    );
  if (merged > 0)
    remark(
      `${merged} of ${events} events of ${dataset} fall on a spike of the same input in the same step: one spike`,
    );
}

function leftOut(
  set: EventSet,
  step: { readonly timeStepS: number; readonly steps: number },
): { late: number; merged: number; events: number } {
  let late = 0;
  let merged = 0;
  for (let sample = 0; sample < set.count; sample++) {
    const found = eventsToSteps(set, sample, step);
    late += found.late;
    merged += found.merged;
  }
  return { late, merged, events: set.offsets[set.count]! - set.offsets[0]! };
}
