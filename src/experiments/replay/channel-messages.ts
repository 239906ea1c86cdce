import type { ChannelStatistics } from '../../dram/channel-statistics.ts';
import type { ControllerOptions } from '../../dram/controller-options.ts';
import type { Place } from '../../errors/input-error.ts';
import type { Organisation } from '../../hardware/device.ts';
import type { ResolvedTiming } from '../../hardware/resolved-timing.ts';
import type { Cycles } from '../../units/flavours.ts';

/** What a thread needs before it can serve channels of a memory. */
export interface ChannelTask {
  readonly organisation: Organisation;
  readonly timing: ResolvedTiming;
  readonly options: ControllerOptions;
  /** The channels that it serves. */
  readonly channels: readonly number[];
}

/** To the thread: runs of a channel (a buffer that it gives back), that there are no more, and the cycle up to which time counts. */
export type ToChannels =
  | { readonly kind: 'runs'; readonly channel: number; readonly buffer: ArrayBuffer; readonly bytes: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'until'; readonly cycles: Cycles };

/** From the thread: runs are served, all are, what its channels did (in the order of the task), or the user's fault that it met. */
export type FromChannels =
  | { readonly kind: 'served'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'done'; readonly lastDone: Cycles }
  | { readonly kind: 'statistics'; readonly statistics: readonly ChannelStatistics[] }
  | { readonly kind: 'fault'; readonly what: string; readonly place?: Place; readonly remedy?: string };
