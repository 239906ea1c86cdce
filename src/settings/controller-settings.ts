import { z } from 'zod';
import {
  BEFORE_REFRESH,
  type ControllerOptions,
  DEFAULT_CONTROLLER,
  PAGE_POLICIES,
  REFRESH_KINDS,
  SCHEDULERS,
} from '../dram/controller-options.ts';
import { InputError } from '../errors/input-error.ts';
import { group, type JobOf, optional, withDefault } from './setting.ts';
import { oneOf, whole, yesOrNo } from './values.ts';

const { highWatermark, lowWatermark } = DEFAULT_CONTROLLER;

/** The controller counts in 32 bits. */
const MOST = 2 ** 28;

const drain = /^(\d{1,9}):(\d{1,9})$/;

/** The policy of a channel's controller (docs/controller.md). Caps and idle times that are absent are endless. */
export const CONTROLLER = {
  scheduler: withDefault(
    { ...oneOf(SCHEDULERS, 'values of --scheduler'), help: `order of requests: ${SCHEDULERS.join(', ')}` },
    DEFAULT_CONTROLLER.scheduler,
  ),
  rowHitCap: optional({
    ...whole(1, MOST),
    help: 'columns of a row before an older request to another row (default: no cap)',
  }),
  pagePolicy: withDefault(
    {
      ...oneOf(PAGE_POLICIES, 'values of --page-policy'),
      help: `when an unwanted row is closed: ${PAGE_POLICIES.join(', ')}`,
    },
    DEFAULT_CONTROLLER.pagePolicy,
  ),
  pageTimeout: withDefault(
    { ...whole(1, MOST), help: 'cycles after which the timeout policy closes it' },
    DEFAULT_CONTROLLER.pageTimeout,
  ),
  readQueue: withDefault(
    { ...whole(1, MOST), help: 'bursts that wait to be read' },
    DEFAULT_CONTROLLER.readQueue,
  ),
  writeQueue: withDefault(
    { ...whole(1, MOST), help: 'bursts that wait to be written' },
    DEFAULT_CONTROLLER.writeQueue,
  ),
  writeDrain: withDefault(
    {
      schema: z
        .string({ error: 'expected two numbers such as 24:8' })
        .regex(drain, { error: 'expected two numbers such as 24:8' }),
      value: 'HIGH:LOW',
      read: (text: string) => text,
      help: 'writes at which a drain begins and ends',
    },
    `${highWatermark}:${lowWatermark}`,
  ),
  forwardWrites: withDefault(
    { ...yesOrNo, help: 'answer reads from waiting writes' },
    DEFAULT_CONTROLLER.forwardWrites,
  ),
  refresh: withDefault(
    {
      ...oneOf(REFRESH_KINDS, 'values of --refresh'),
      help: `what a refresh command refreshes: ${REFRESH_KINDS.join(', ')}`,
    },
    DEFAULT_CONTROLLER.refresh,
  ),
  postponedRefreshes: withDefault(
    { ...whole(0, MOST), help: 'refreshes that a busy rank may owe' },
    DEFAULT_CONTROLLER.postponedRefreshes,
  ),
  beforeRefresh: withDefault(
    {
      ...oneOf(BEFORE_REFRESH, 'values of --before-refresh'),
      help: `rows that give a column before an overdue refresh closes them: ${BEFORE_REFRESH.join(', ')}`,
    },
    DEFAULT_CONTROLLER.beforeRefresh,
  ),
  powerDownAfter: optional({
    ...whole(1, MOST),
    help: 'idle cycles before a rank powers down (default: never)',
  }),
  selfRefreshAfter: optional({
    ...whole(1, MOST),
    help: 'idle cycles before it refreshes itself (default: never)',
  }),
};

export type ControllerSettings = JobOf<typeof CONTROLLER>;

/** The same as one setting of a job. */
export const controller = group(CONTROLLER, 'policy of the memory controller');

/** The controller's options as the DRAM room takes them. */
export function controllerOptions({
  writeDrain,
  rowHitCap = Number.POSITIVE_INFINITY,
  powerDownAfter = Number.POSITIVE_INFINITY,
  selfRefreshAfter = Number.POSITIVE_INFINITY,
  ...others
}: ControllerSettings): ControllerOptions {
  const [, high, low] = drain.exec(writeDrain) ?? [];
  if (high === undefined) throw new InputError(`write drain "${writeDrain}" is not HIGH:LOW`);
  return {
    ...others,
    rowHitCap,
    powerDownAfter,
    selfRefreshAfter,
    highWatermark: Number(high),
    lowWatermark: Number(low),
  };
}
