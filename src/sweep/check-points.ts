import { InputError } from '../errors/input-error.ts';
import { openReplayCheck } from '../experiments/check-replay.ts';
import { openRunCheck } from '../experiments/check-run.ts';
import type { UnknownPoint } from '../experiments/unknown-points.ts';
import { isReplay, type PointSettings } from './axes.ts';
import type { DatasetLibrary } from './inputs.ts';
import type { SweepPoint } from './plan.ts';
import { groupPoints, replays, type SweepJob } from './point-groups.ts';

/** Points that cannot run, for one reason. */
export interface RefusedPoints {
  readonly error: string;
  /** Their numbers, ascending. */
  readonly points: readonly number[];
}

/** Points without a result. */
export interface CheckedPoints {
  /** Reasons in the order of their first points. */
  readonly refused: readonly RefusedPoints[];
  /** Of whose chip's module nothing is known at the supply: they are no fault of the plan. */
  readonly unknown: readonly UnknownPoint[];
}

/**
 * The points of a sweep that cannot run or will have no row, as far as that can be known without an inference and without replaying a trace:
 * inputs, rules of the memory, timing and errors at the supply, room for the weights.
 */
export async function checkPoints(
  points: readonly SweepPoint[],
  datasets: DatasetLibrary,
): Promise<CheckedPoints> {
  const reasons = new Map<string, number[]>();
  const unknown: UnknownPoint[] = [];
  const look = async <T>(some: readonly SweepPoint[], what: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await what();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const numbers = reasons.get(error.message) ?? [];
      reasons.set(error.message, numbers);
      for (const { index } of some) numbers.push(index);
      return undefined;
    }
  };
  for (const { job, points: members } of groupPoints(points)) {
    const check = await look(members, () => openCheck(job, datasets));
    if (!check) continue;
    for (const point of members) unknown.push(...((await look([point], () => check(point.settings))) ?? []));
  }
  const refused = [...reasons]
    .map(([error, numbers]) => ({ error, points: numbers.sort((a, b) => a - b) }))
    .sort((a, b) => a.points[0]! - b.points[0]!);
  return { refused, unknown };
}

/** Answers with the point, if nothing is known of its chip's module. */
type Check = (settings: PointSettings) => Promise<UnknownPoint[]>;

async function openCheck(job: SweepJob, datasets: DatasetLibrary): Promise<Check> {
  if (replays(job)) {
    const check = await openReplayCheck(job);
    return async ({ supply, chip }) => {
      await check(supply, chip);
      return [];
    };
  }
  const check = await openRunCheck(job, datasets);
  return async (settings) => {
    if (isReplay(settings)) return [];
    const unknown = await check(settings.supply, settings.mapping, settings.chip);
    return unknown ? [unknown] : [];
  };
}

/** Numbers in few characters: "3 to 7, 12"; of more than `most` stretches the first ones and how many numbers there are. */
export function numbersText(numbers: readonly number[], most = 8): string {
  const stretches: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = stretches.at(-1);
    if (last?.to === number - 1) last.to = number;
    else stretches.push({ from: number, to: number });
  }
  const shown = stretches
    .slice(0, most)
    .map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`));
  return stretches.length > most
    ? `${shown.join(', ')} and more, ${numbers.length} in all`
    : shown.join(', ');
}
