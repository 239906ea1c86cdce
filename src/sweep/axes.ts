import type { z } from 'zod';
import { CONTROLLER, type ControllerSettings } from '../settings/controller-settings.ts';
import { REPLAY } from '../settings/jobs/replay.ts';
import { RUN } from '../settings/jobs/run.ts';
import { MOST_CHIPS, mapping, supply } from '../settings/memory-settings.ts';
import { network, weights } from '../settings/network-settings.ts';
import { parseJob } from '../settings/parse-job.ts';
import {
  flagOf,
  type JobOf,
  optional,
  type Setting,
  type Settings,
  valueSchema,
  withDefault,
} from '../settings/setting.ts';
import { whole } from '../settings/values.ts';

const {
  weights: _weights,
  supplies: _supplies,
  mappings: _mappings,
  chips: _chips,
  controller: _controller,
  law: _law,
  ...ofRun
} = RUN;

/** A point that runs a network: the settings of `sparkxd run`, each with one value; `chip` is the number of one chip. */
export const NETWORK_POINT = {
  network,
  weights: optional(weights),
  ...ofRun,
  supply,
  mapping: withDefault(mapping, 'baseline'),
  chip: withDefault({ ...whole(1, MOST_CHIPS), help: 'number of the chip' }, 1),
  ...CONTROLLER,
};

const {
  supplies: _replaySupplies,
  controller: _replayController,
  law: _replayLaw,
  hash: _hash,
  commands: _commands,
  commandsFormat: _commandsFormat,
  wrongReads: _wrongReads,
  overTime: _overTime,
  timeline: _timeline,
  timelineWindow: _timelineWindow,
  chips: _replayChips,
  chip: _replayChip,
  ...ofReplay
} = REPLAY;

const chip = { ...whole(1, MOST_CHIPS), help: 'number of the chip' };

/** A point that replays a trace: the settings of `sparkxd replay`, of one chip. */
export const TRACE_POINT = { ...ofReplay, supply, chip: optional(chip), ...CONTROLLER };

export type NetworkPoint = JobOf<typeof NETWORK_POINT>;
export type TracePoint = JobOf<typeof TRACE_POINT>;
export type PointSettings = NetworkPoint | TracePoint;
export type AxisValue = string | number | boolean;

/** An axis of a plan: its name there, which is the flag's without dashes, and the setting that it goes over. */
interface Axis {
  readonly name: string;
  readonly setting: Setting;
}

const axesOf = (settings: Settings): ReadonlyMap<string, Axis> =>
  new Map(
    Object.entries(settings).map(([name, setting]) => [flagOf(name, setting).slice(2), { name, setting }]),
  );
const NETWORK_AXES = axesOf(NETWORK_POINT);
const TRACE_AXES = axesOf(TRACE_POINT);

const axesOfPoints = (replays: boolean): ReadonlyMap<string, Axis> => (replays ? TRACE_AXES : NETWORK_AXES);

/** Every axis that a plan may have. */
export const AXIS_NAMES: readonly string[] = [...new Set([...NETWORK_AXES.keys(), ...TRACE_AXES.keys()])];

/** The settings, by their names in points, that are the controller's. */
export const CONTROLLER_NAMES: readonly string[] = Object.keys(CONTROLLER);

/** What one value of an axis must be, in points that replay a trace or in those that run a network, if they have it. */
export const axisSchema = (axis: string, replays: boolean): z.ZodType | undefined =>
  axesOfPoints(replays).get(axis)?.setting.schema;

/** The settings of a point that names these axes. Throws InputError for what does not belong together. */
export function settingsOf(chosen: Readonly<Record<string, AxisValue>>): PointSettings {
  const replays = chosen['trace'] !== undefined;
  const axes = axesOfPoints(replays);
  const named = Object.fromEntries(
    Object.entries(chosen).map(([axis, value]) => [axes.get(axis)?.name ?? axis, value]),
  );
  return replays ? parseJob(TRACE_POINT, named) : parseJob(NETWORK_POINT, named);
}

/** The axes of points that replay a trace, or of those that run a network. */
export const axesOfKind = (replays: boolean): readonly string[] => [...axesOfPoints(replays).keys()];

export const isReplay = (settings: PointSettings): settings is TracePoint => 'trace' in settings;

export const isRun = (settings: PointSettings): settings is NetworkPoint => !isReplay(settings);

/** The value that a point has on an axis, if it has one. */
export function valueOn(settings: PointSettings, axis: string): AxisValue | undefined {
  const found = axesOfPoints(isReplay(settings)).get(axis);
  return found && (settings as Readonly<Record<string, AxisValue | undefined>>)[found.name];
}

/** The controller's settings of a point, and the others. */
export function withoutController<T extends PointSettings>(
  settings: T,
): { readonly controller: ControllerSettings; readonly others: Omit<T, keyof ControllerSettings> } {
  const entries = Object.entries(settings);
  const own = entries.filter(([name]) => CONTROLLER_NAMES.includes(name));
  const others = entries.filter(([name]) => !CONTROLLER_NAMES.includes(name));
  return {
    controller: parseJob(CONTROLLER, Object.fromEntries(own)),
    others: Object.fromEntries(others) as Omit<T, keyof ControllerSettings>,
  };
}

/** The number that a text with a unit stands for on an axis of quantities, such as "1ms"; undefined for any other text or axis. */
export function quantityOf(name: string, replays: boolean, text: string): number | undefined {
  const setting = axesOfPoints(replays).get(name)?.setting;
  if (setting === undefined || !/\d\s*\p{L}+$/u.test(text)) return undefined;
  const value = setting.read(text);
  return typeof value === 'number' && valueSchema(setting.schema).safeParse(value).success
    ? value
    : undefined;
}

/** Words that an axis takes, where it takes words of a list. */
export const wordsOf = (axis: string, replays: boolean): readonly string[] =>
  axesOfPoints(replays).get(axis)?.setting.words ?? [];
