import { InputError } from '../errors/input-error.ts';
import { placeIn } from '../hardware/model-places.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';
import { LONGEST } from './core/layout.ts';

/**
 * In what order requests are served. `frfcfs`: ready row hits first, then the oldest; `fcfs`: the oldest alone, the
 * next one only after it.
 */
export const SCHEDULERS = ['frfcfs', 'fcfs'] as const;
/**
 * When a row is closed although no request needs another row of its bank. `open`: never; `closed`: with the last column
 * that the queue has for it (auto-precharge); `timeout`: after `pageTimeout` cycles without a request for it.
 */
export const PAGE_POLICIES = ['open', 'closed', 'timeout'] as const;
/** What one refresh command refreshes. */
export const REFRESH_KINDS = ['allBank', 'perBank'] as const;
/**
 * What a bank does before an overdue refresh closes it. `activated`: a row that has given no column since its activation gives
 * one first, so that no activation is wasted.
 */
export const BEFORE_REFRESH = ['nothing', 'activated'] as const;

/** Policy of a channel's controller; docs/controller.md has the semantics. */
export interface ControllerOptions {
  /** Requests (bursts) that each queue holds at most. */
  readonly readQueue: number;
  readonly writeQueue: number;
  /** Writes are drained from this many on (or when no reads wait) ... */
  readonly highWatermark: number;
  /** ... until only so many are left and a read waits. */
  readonly lowWatermark: number;
  readonly scheduler: (typeof SCHEDULERS)[number];
  /** Columns that a row may serve before an older request to another row of its bank; Infinity for no end. */
  readonly rowHitCap: number;
  readonly pagePolicy: (typeof PAGE_POLICIES)[number];
  readonly pageTimeout: Cycles;
  readonly refresh: (typeof REFRESH_KINDS)[number];
  /**
   * Refreshes that a busy rank (per bank: a busy bank) may owe; JEDEC allows 8. Unless it is 0, the rank stops early enough for
   * the next refresh to begin no later than when one more is due (refresh-lead.ts).
   */
  readonly postponedRefreshes: number;
  readonly beforeRefresh: (typeof BEFORE_REFRESH)[number];
  /** Cycles after a rank's last column until it powers down, or refreshes itself; Infinity for never. */
  readonly powerDownAfter: Cycles;
  readonly selfRefreshAfter: Cycles;
  /** Whether a read of a burst that waits to be written is answered from the write queue. */
  readonly forwardWrites: boolean;
}

export const DEFAULT_CONTROLLER: ControllerOptions = {
  readQueue: 32,
  writeQueue: 32,
  highWatermark: 24,
  lowWatermark: 8,
  scheduler: 'frfcfs',
  rowHitCap: Number.POSITIVE_INFINITY,
  pagePolicy: 'open',
  pageTimeout: 200,
  refresh: 'allBank',
  postponedRefreshes: 0,
  beforeRefresh: 'nothing',
  powerDownAfter: Number.POSITIVE_INFINITY,
  selfRefreshAfter: Number.POSITIVE_INFINITY,
  forwardWrites: false,
};

/**
 * Throws InputError unless the queues hold something and the watermarks differ (at equal marks a drain would begin
 * and end in turns, and what happens would depend on how often the controller looks), and for anything that the device
 * cannot do.
 */
export function requireController(options: ControllerOptions, timing: ResolvedTiming): void {
  const whole = (name: keyof ControllerOptions, least: number, endless = false): void => {
    const value = options[name] as number;
    if (endless && value === Number.POSITIVE_INFINITY) return;
    if (!(Number.isSafeInteger(value) && value >= least && value <= LONGEST))
      throw new InputError(
        `${name} of the controller must be a whole number from ${least} to ${LONGEST}, not ${value}`,
      );
  };
  whole('readQueue', 1);
  whole('writeQueue', 1);
  whole('highWatermark', 1);
  whole('lowWatermark', 0);
  whole('rowHitCap', 1, true);
  whole('pageTimeout', 1);
  whole('postponedRefreshes', 0);
  whole('powerDownAfter', 1, true);
  whole('selfRefreshAfter', 1, true);
  const oneOf = (name: keyof ControllerOptions, known: readonly string[]): void => {
    if (!known.includes(options[name] as string))
      throw new InputError(`unknown ${name} "${String(options[name])}" of the controller`, {
        remedy: `one of ${known.join(', ')}`,
      });
  };
  oneOf('scheduler', SCHEDULERS);
  oneOf('pagePolicy', PAGE_POLICIES);
  oneOf('refresh', REFRESH_KINDS);
  oneOf('beforeRefresh', BEFORE_REFRESH);

  const { writeQueue, highWatermark, lowWatermark } = options;
  if (!(lowWatermark < highWatermark && highWatermark <= writeQueue))
    throw new InputError(
      `write drain from ${highWatermark} down to ${lowWatermark} of ${writeQueue} writes makes no sense`,
      { remedy: 'lowWatermark < highWatermark <= writeQueue' },
    );
  requireStandard(options, timing);
}

/** Throws InputError for what the device's standard does not have or allow, or what the controller cannot do with it. */
function requireStandard(options: ControllerOptions, timing: ResolvedTiming): void {
  const { postponedRefreshes, closedBanks } = timing.rules;
  if (options.postponedRefreshes > postponedRefreshes)
    throw new InputError(
      `${options.postponedRefreshes} postponed refreshes are more than the ${postponedRefreshes} that JEDEC allows ${timing.standard}`,
    );

  const can = (command: string): boolean => (timing.commands as readonly string[]).includes(command);
  const needs = (wanted: boolean, what: string, ...commands: string[]): void => {
    const lacking = commands.filter((command) => !can(command));
    if (wanted && lacking.length > 0)
      throw new InputError(
        `${timing.standard} has no ${lacking.join(', ')}, which ${what} needs`,
        placeIn(timing.places?.standard, 'commands'),
      );
  };
  needs(true, 'every controller', 'ACT', 'PRE', 'PREA', 'RD', 'WR');
  needs(options.refresh === 'allBank', 'all-bank refresh', 'REFab');
  needs(options.refresh === 'perBank', 'per-bank refresh', 'REFpb');
  needs(options.pagePolicy === 'closed', 'the closed page policy', 'RDA', 'WRA');
  needs(Number.isFinite(options.powerDownAfter), 'power-down', 'PDE', 'PDX');
  needs(Number.isFinite(options.selfRefreshAfter), 'self-refresh', 'SRE', 'SRX');

  if (options.beforeRefresh === 'activated' && timing.subarrays && timing.subarrays.openSubarrays !== 1)
    throw new InputError(
      `${timing.subarrays.scheme} keeps several rows of a bank open, and the controller counts the columns of the last one alone`,
      { remedy: 'leave out --before-refresh activated' },
    );
  if (Number.isFinite(options.powerDownAfter) && closedBanks.PDE === 'all')
    throw new InputError(
      `power-down of ${timing.standard} needs all banks closed, which the controller does not see to`,
      { remedy: 'leave out --power-down-after' },
    );
  if (options.refresh === 'perBank' && closedBanks.REFpb === 'all')
    throw new InputError(
      `REFpb of ${timing.standard} needs all banks closed, which the controller does not see to`,
      { remedy: 'refresh all banks at once (--refresh allBank)' },
    );
}
