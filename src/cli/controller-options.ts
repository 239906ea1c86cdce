import { type Command, InvalidArgumentError } from 'commander';
import {
  type ControllerOptions,
  type ControllerRequest,
  DEFAULT_CONTROLLER,
  PAGE_POLICIES,
  REFRESH_KINDS,
  SCHEDULERS,
} from '../dram/controller-options.ts';
import { SUBARRAY_SCHEMES, type SubarrayScheme } from '../hardware/resolved-timing.ts';
import { oneOf, wholeNumber } from './option-values.ts';

/** What commander makes of the options below. */
export interface ControllerFlags extends Pick<ControllerOptions, 'scheduler' | 'pagePolicy'> {
  readonly rowHitCap?: number;
  readonly pageTimeout: number;
  readonly readQueue: number;
  readonly writeQueue: number;
  readonly writeDrain: Pick<ControllerOptions, 'highWatermark' | 'lowWatermark'>;
  readonly forwardWrites: boolean;
  readonly refresh: ControllerOptions['refresh'];
  readonly postponedRefreshes: number;
  readonly powerDownAfter?: number;
  readonly selfRefreshAfter?: number;
  readonly subarrays?: SubarrayScheme;
}

/** The names of these options. */
export const CONTROLLER_FLAGS = [
  ...['scheduler', 'rowHitCap', 'pagePolicy', 'pageTimeout', 'readQueue', 'writeQueue', 'writeDrain'],
  ...['forwardWrites', 'refresh', 'postponedRefreshes', 'powerDownAfter', 'selfRefreshAfter', 'subarrays'],
] as readonly (keyof ControllerFlags)[];

/** The options of a command apart from those of its controller. */
export function withoutController<T extends ControllerFlags>(options: T): Omit<T, keyof ControllerFlags> {
  const names: readonly string[] = CONTROLLER_FLAGS;
  const others = Object.entries(options).filter(([name]) => !names.includes(name));
  return Object.fromEntries(others) as Omit<T, keyof ControllerFlags>;
}

/** Adds the controller's policy (docs/controller.md) to a command. */
export function addControllerOptions(command: Command): Command {
  const whole = (flag: string, text: string, least: number, standard?: number): Command =>
    command.option(`${flag} <N>`, text, wholeNumber(least), standard);
  const { highWatermark, lowWatermark, ...standard } = DEFAULT_CONTROLLER;
  const word = (flag: string, text: string, known: readonly string[], value: string): Command =>
    command.option(
      `${flag} <NAME>`,
      `${text}: ${known.join(', ')}`,
      oneOf(known, `values of ${flag}`),
      value,
    );

  word('--scheduler', 'order of requests', SCHEDULERS, standard.scheduler);
  whole('--row-hit-cap', 'columns of a row before an older request to another row (default: no cap)', 1);
  word('--page-policy', 'when an unwanted row is closed', PAGE_POLICIES, standard.pagePolicy);
  whole('--page-timeout', 'cycles after which the timeout policy closes it', 1, standard.pageTimeout);
  whole('--read-queue', 'bursts that wait to be read', 1, standard.readQueue);
  whole('--write-queue', 'bursts that wait to be written', 1, standard.writeQueue);
  command.option('--write-drain <HIGH:LOW>', 'writes at which a drain begins and ends', watermarks, {
    highWatermark,
    lowWatermark,
  });
  command.option('--forward-writes', 'answer reads from waiting writes', standard.forwardWrites);
  word('--refresh', 'what a refresh command refreshes', REFRESH_KINDS, standard.refresh);
  whole('--postponed-refreshes', 'refreshes that a busy rank may owe', 0, standard.postponedRefreshes);
  whole('--power-down-after', 'idle cycles before a rank powers down (default: never)', 1);
  whole('--self-refresh-after', 'idle cycles before it refreshes itself (default: never)', 1);
  return command.option(
    '--subarrays <NAME>',
    `use the subarrays of a bank apart: ${SUBARRAY_SCHEMES.join(', ')}`,
    oneOf(SUBARRAY_SCHEMES, 'subarray schemes'),
  );
}

function watermarks(text: string): ControllerFlags['writeDrain'] {
  const found = /^(\d+):(\d+)$/.exec(text);
  if (!found) throw new InvalidArgumentError('expected two numbers such as 24:8.');
  return { highWatermark: Number(found[1]), lowWatermark: Number(found[2]) };
}

/** What of the policy that the options say is not the default; undefined where nothing is. */
export function controllerRequest(flags: ControllerFlags): ControllerRequest | undefined {
  const differing = Object.entries(controllerOf(flags)).filter(
    ([name, value]) => value !== DEFAULT_CONTROLLER[name as keyof ControllerOptions],
  );
  return differing.length === 0 ? undefined : Object.fromEntries(differing);
}

/** The policy that the options say. */
export function controllerOf(flags: ControllerFlags): ControllerOptions {
  const endless = (value: number | undefined): number => value ?? Number.POSITIVE_INFINITY;
  const { scheduler, pagePolicy, pageTimeout, readQueue, writeQueue, forwardWrites } = flags;
  const { refresh, postponedRefreshes } = flags;
  return {
    ...{ scheduler, pagePolicy, pageTimeout, readQueue, writeQueue, forwardWrites, refresh },
    ...{ postponedRefreshes, ...flags.writeDrain },
    rowHitCap: endless(flags.rowHitCap),
    powerDownAfter: endless(flags.powerDownAfter),
    selfRefreshAfter: endless(flags.selfRefreshAfter),
  };
}
