import { z } from 'zod';
import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import { sha256 } from '../files/sha256.ts';
import { readYaml, type YamlDocument } from '../hardware/yaml-document.ts';
import { device } from '../settings/memory-settings.ts';
import { checked } from '../settings/parse-job.ts';
import { rangeValues } from '../settings/supply-list.ts';
import { readPercent, shareOfNominal } from '../settings/supply-shares.ts';
import type { Volts } from '../units/flavours.ts';
import {
  AXIS_NAMES,
  type AxisValue,
  axesOfKind,
  axisSchema,
  type PointSettings,
  quantityOf,
  settingsOf,
  valueOn,
  wordsOf,
} from './axes.ts';

/** A plan as it is run: the values of each axis in the plan's order, and the combinations left out. */
export interface SweepPlan {
  readonly axes: Readonly<Record<string, readonly AxisValue[]>>;
  /** A point is left out when it matches every axis of one of these. */
  readonly exclude: readonly Readonly<Record<string, readonly AxisValue[]>>[];
}

/** One point: its place among the plan's, what it is, and the hash of that, by which its result is filed. */
export interface SweepPoint {
  readonly index: number;
  readonly hash: string;
  readonly settings: PointSettings;
}

/** More points than this are a slip of the pen. */
const MOST_POINTS = 1_000_000;

const range = z.strictObject({ from: z.number(), to: z.number(), step: z.number().positive() });
/** An axis as results name it, `page_policy` in the column axis_page_policy, is the same axis. */
const spellingsOf = (axis: string): string[] => [...new Set([axis, axis.replaceAll('-', '_')])];
const axisOf = (spelling: string): string => spelling.replaceAll('_', '-');

const anyAxis = z.strictObject(
  Object.fromEntries(
    AXIS_NAMES.flatMap(spellingsOf).map((axis): [string, z.ZodOptional<z.ZodUnknown>] => [
      axis,
      z.unknown().optional(),
    ]),
  ),
);
const planSchema = z.strictObject({ axes: anyAxis, exclude: z.array(anyAxis).optional() });
type RawPlan = z.infer<typeof planSchema>;

/**
 * Reads a plan. Throws InputError with file:line:column for an unknown axis or value, an empty axis, an exclusion that
 * leaves out nothing, and whatever leaves no points or the same point twice. Supplies such as 90% are of `nominal`, the
 * nominal supply of the plan's devices (`relativePlan`).
 */
export function parsePlan(
  text: string,
  file: string,
  nominal?: Volts,
): { plan: SweepPlan; points: SweepPoint[] } {
  const document = readYaml({ text, file }, planSchema);
  const { axes, exclude = [] } = document.data;
  const replays = axes['trace'] !== undefined;
  const values = (raw: RawPlan['axes'], path: readonly PropertyKey[]) => {
    // The schema puts keys in its own order; the plan's is that of the file.
    const byPlace = (a: string, b: string): number => {
      const [left, right] = [document.place([...path, a]), document.place([...path, b])];
      return left.line! - right.line! || left.column! - right.column!;
    };
    const names = Object.keys(raw).sort(byPlace);
    for (const [i, name] of names.entries())
      if (names.slice(0, i).some((other) => axisOf(other) === axisOf(name)))
        throw new InputError(`the axis ${axisOf(name)} is there twice`, {
          place: document.place([...path, name]),
        });
    return Object.fromEntries(
      names.map((name) => [
        axisOf(name),
        axisValues(document, { replays, nominal }, axisOf(name), raw[name], [...path, name]),
      ]),
    );
  };
  const plan: SweepPlan = {
    axes: values(axes, ['axes']),
    exclude: exclude.map((raw, i) => values(raw, ['exclude', i])),
  };
  const refuse = (what: string, path: readonly PropertyKey[], remedy?: string): never => {
    throw new InputError(what, { place: document.place(path), ...(remedy ? { remedy } : {}) });
  };
  for (const [i, rule] of plan.exclude.entries())
    if (Object.keys(rule).length === 0)
      refuse('an exclusion without axes would leave out everything', ['exclude', i]);
  const all = combinationsOf(plan);
  if (all > MOST_POINTS) refuse(`the plan has ${all} points, more than ${MOST_POINTS}`, ['axes']);
  if (!plan.axes['supply']) refuse('the plan names no supply', ['axes'], 'add an axis supply, in volts');
  if (plan.axes['network'] && plan.axes['weights'])
    refuse('weights take the place of a network: a plan has one of the two axes', ['axes', 'weights']);
  if (plan.axes['chip'] && plan.axes['weak-cells'])
    refuse('a measured map is a chip: a plan has one of the axes chip and weak-cells', [
      'axes',
      'weak-cells',
    ]);

  const used = new Set<number>();
  const points = expandPlan(plan, (rule) => used.add(rule));
  const idle = plan.exclude.findIndex((_, i) => !used.has(i));
  if (idle >= 0) refuse('the exclusion matches no point', ['exclude', idle], 'take it out or correct it');
  if (points.length === 0) refuse('the plan has no points: all are excluded', ['exclude']);
  const seen = new Map<string, number>();
  for (const { hash, index } of points) {
    const twin = seen.get(hash);
    if (twin !== undefined)
      refuse(`points ${twin} and ${index} are the same`, ['axes'], 'name each value once');
    seen.set(hash, index);
  }
  return { plan, points };
}

/** The points of a plan, its first axis slowest; `excluding` is called with the place of each exclusion that applies. */
export function expandPlan(
  { axes, exclude }: SweepPlan,
  excluding: (rule: number) => void = () => {},
): SweepPoint[] {
  const names = Object.keys(axes);
  let combinations: Record<string, AxisValue>[] = [{}];
  for (const axis of names)
    combinations = combinations.flatMap((point) => axes[axis]!.map((value) => ({ ...point, [axis]: value })));
  const points: SweepPoint[] = [];
  for (const chosen of combinations) {
    const settings = settingsOf(chosen);
    const rules = exclude.flatMap((rule, i) => (matches(settings, rule) ? [i] : []));
    rules.forEach(excluding);
    if (rules.length === 0) points.push({ index: points.length, hash: pointHash(settings), settings });
  }
  return points;
}

const matches = (settings: PointSettings, rule: SweepPlan['exclude'][number]): boolean =>
  Object.entries(rule).every(([axis, values]) => {
    const value = valueOn(settings, axis);
    return value !== undefined && values.includes(value);
  });

/** SHA-256 of what a point is, whatever the order in which its plan named the axes. */
const pointHash = (settings: PointSettings): string =>
  sha256(JSON.stringify(AXIS_NAMES.map((axis) => valueOn(settings, axis) ?? null)));

function axisValues(
  document: YamlDocument<RawPlan>,
  { replays, nominal }: { readonly replays: boolean; readonly nominal: Volts | undefined },
  axis: string,
  raw: unknown,
  path: readonly PropertyKey[],
): AxisValue[] {
  const refuse = (what: string, place: readonly PropertyKey[], remedy?: string): never => {
    throw new InputError(`${axis}: ${what}`, { place: document.place(place), ...(remedy ? { remedy } : {}) });
  };
  const schema = axisSchema(axis, replays);
  if (!schema)
    throw new InputError(
      replays
        ? `the plan replays traces, and ${axis} is a setting of networks`
        : `${axis} is a setting of replayed traces, and the plan names no trace`,
      {
        place: document.place(path),
        remedy: replays ? 'sweep traces and networks apart' : 'add an axis trace',
      },
    );
  const volts = (share: string, place: readonly PropertyKey[]): Volts => {
    try {
      return shareOfNominal(readPercent(share.trim()), nominal!);
    } catch (error) {
      return refuse((error as Error).message, place);
    }
  };
  const one = (given: unknown, place: readonly PropertyKey[]): AxisValue => {
    const inUnit = typeof given === 'string' ? quantityOf(axis, replays, given) : undefined;
    const value =
      axis === 'supply' && nominal !== undefined && isShare(given) ? volts(given, place) : (inUnit ?? given);
    const result = schema.safeParse(value);
    if (result.success && isAxisValue(value)) return value;
    const words = wordsOf(axis, replays);
    if (typeof value === 'string' && words.length > 0)
      return refuse(`unknown value "${value}"`, place, suggest(value, words, 'values'));
    return refuse(result.error?.issues[0]?.message ?? 'a value is missing', place);
  };
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) {
    const ends = range.safeParse(raw);
    if (!ends.success) return refuse('expected a value, a list, or a range { from, to, step }', path);
    const { from, to, step } = ends.data;
    const values = rangeValues(from, to, step, MOST_POINTS);
    if (!values) return refuse(`the range has more than ${MOST_POINTS} values`, path);
    return values.map((value) => one(value, path));
  }
  const list = Array.isArray(raw) ? raw : [raw];
  if (list.length === 0) return refuse('an empty axis leaves no points', path);
  return list.map((value, i) => one(value, Array.isArray(raw) ? [...path, i] : path));
}

const isShare = (value: unknown): value is string => typeof value === 'string' && value.trim().endsWith('%');

/** The devices whose nominal supply a plan's supplies are shares of, as the plan names them; undefined where none are. */
export function relativePlan(text: string, file: string): readonly string[] | undefined {
  const { axes, exclude = [] } = readYaml({ text, file }, planSchema).data;
  const supplies = [axes, ...exclude].flatMap(({ supply }) => supply);
  if (!supplies.some(isShare)) return undefined;
  const devices = [axes['device'] ?? device.default].flat();
  return devices.filter((name) => typeof name === 'string');
}

const isAxisValue = (value: unknown): value is AxisValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const combinationsOf = ({ axes }: SweepPlan): number =>
  Object.values(axes).reduce((product, list) => product * list.length, 1);

const storedAxes = z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1));
const storedPlan = z.strictObject({ axes: storedAxes, exclude: z.array(storedAxes) });

/**
 * A plan as sweep.json states it. Throws InputError, naming file and key, for axes that no plan has, values that an axis
 * does not take, and more points than a sweep may have.
 */
export function parseStoredPlan(stated: unknown, file: string): SweepPlan {
  const plan = checked(storedPlan, stated, { file, key: 'plan' });
  const replays = plan.axes['trace'] !== undefined;
  const require = (axes: z.infer<typeof storedAxes>, path: string): void => {
    for (const [axis, values] of Object.entries(axes)) {
      const schema = axisSchema(axis, replays);
      if (!schema)
        throw new InputError(`unknown axis "${axis}" in ${path}`, {
          place: { file },
          remedy: suggest(axis.slice(0, 40), axesOfKind(replays), 'axes'),
        });
      for (const [i, value] of values.entries())
        checked(schema, value, { file, key: `${path}.${axis}[${i}]` });
    }
  };
  require(plan.axes, 'plan.axes');
  for (const [i, rule] of plan.exclude.entries()) require(rule, `plan.exclude[${i}]`);
  const all = combinationsOf(plan);
  if (all > MOST_POINTS)
    throw new InputError(`the plan has ${all} points, more than ${MOST_POINTS}`, { place: { file } });
  return plan;
}

/** What every point has on the axes that the plan does not name. */
export function defaultsOf({ axes }: SweepPlan): Readonly<Record<string, AxisValue>> {
  const [trace] = axes['trace'] ?? [];
  const settings = settingsOf({ ...(trace === undefined ? {} : { trace }), supply: 1 });
  const unnamed = axesOfKind(trace !== undefined).filter((axis) => axes[axis] === undefined);
  // `weights` takes the place of `network`.
  const stated = unnamed.filter((axis) => axis !== 'network' || axes['weights'] === undefined);
  return Object.fromEntries(
    stated.flatMap((axis) => {
      const value = valueOn(settings, axis);
      return value === undefined ? [] : [[axis, value]];
    }),
  );
}
