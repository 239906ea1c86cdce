import { createCommandHash } from '../../dram/command-hash.ts';
import { bothObservers, type ReplayResult } from '../../dram/replay.ts';
import type { ResolvedTiming } from '../../hardware/resolved-timing.ts';
import { rowOfByte, rowStarts } from '../../mapping/weight-image.ts';
import type { AccessRunReader } from '../../trace/access-run.ts';
import { bothListeners, type FetchListener, followFetches, moveFetches } from '../../trace/follow-fetches.ts';
import type { PhaseMonitor } from '../monitor.ts';
import type { OpenRecording } from '../recording/opened-recording.ts';
import { type RecordedDraws, recordDraws } from '../recording/recorded-draws.ts';
import { followRewrites, type RewrittenReads } from '../recording/rewritten-reads.ts';
import type { Layout, ReadPoint } from './reads.ts';
import type { Bench, Replayer, ReplayReading } from './replayer.ts';
import type { ListedRead, WatchOptions } from './watched-chip.ts';
import { followFromCounts, watchReplay } from './wrong-reads.ts';

/** A replay through the memory: points of the same commands share it. */
interface Window {
  readonly timing: ResolvedTiming;
  readonly layout: Layout | undefined;
  /** Points whose reads may be wrong. */
  readonly points: ReadPoint[];
}

/** What one window gave. */
export interface WindowResult {
  readonly result: ReplayResult;
  /** Of all commands, if the job wants it. */
  readonly hash: string | undefined;
  /** Draws of the cells of its points, where any of them draws at activations. */
  readonly draws: RecordedDraws | undefined;
}

/** The windows of a replay: first planned, so that each distinct one is run once. */
export interface Windows {
  /** The window of a point; answers its key. */
  plan(timing: ResolvedTiming, point: ReadPoint | undefined): string;
  /** The window of a layout (of the trace as it is, without one), without a look at its reads. */
  planReference(timing: ResolvedTiming, layout: Layout | undefined): string;
  /** Runs them all; `list` takes each wrong read of the first point. */
  run(list: ((read: ListedRead) => void) | undefined): Promise<ReadonlyMap<string, WindowResult>>;
  /** What the trace was found to be; after `run`. */
  reading(): ReplayReading;
}

export function createWindows(
  { job, device, mapping, controller }: Bench,
  replayer: Replayer,
  recording: OpenRecording | undefined,
  monitor: PhaseMonitor,
): Windows {
  const { organisation } = device;
  const planned = new Map<string, Window>();
  let reading: ReplayReading | undefined;

  function windowOf(timing: ResolvedTiming, layout: Layout | undefined): [key: string, window: Window] {
    const key = `${layout?.key ?? 'recorded'} ${JSON.stringify(timing.parameters)}`;
    const window = planned.get(key) ?? { timing, layout, points: [] };
    planned.set(key, window);
    return [key, window];
  }

  /** Which points each window watches: those whose wrong reads follow from counts are all watched in one of their layout. */
  function watchedBy(options: WatchOptions): ReadonlyMap<Window, readonly ReadPoint[]> {
    const watched = new Map<Window, ReadPoint[]>([...planned.values()].map((window) => [window, []]));
    const counting = new Map<string, ReadPoint[]>();
    for (const [window, own] of watched)
      for (const point of window.points) {
        if (point.berChip === 0) continue;
        if (!followFromCounts([point], options)) {
          own.push(point);
          continue;
        }
        const key = window.layout?.key ?? 'recorded';
        const first = counting.get(key) ?? own;
        counting.set(key, first);
        first.push(point);
      }
    return watched;
  }

  /** Draws at activations, for the points of a window that need them. */
  function drawsOf(
    { points, layout }: Window,
    rewrites: RewrittenReads | undefined,
  ): RecordedDraws | undefined {
    if (recording === undefined || job.draw === 'read') return undefined;
    const drawing = points.flatMap(({ recorded }) => recorded?.cells ?? []);
    if (drawing.length === 0) return undefined;
    const { layout: weights } = recording.memory.stored;
    const starts = rowStarts(weights);
    const offsets: number[][] = Array.from({ length: weights.rows }, () => []);
    for (const { size, imageBit, probability } of drawing)
      for (let cell = 0; cell < size; cell++) {
        if (probability[cell]! >= 1) continue;
        const byte = Math.floor(imageBit[cell]! / 8);
        const row = rowOfByte(weights, byte);
        offsets[row]!.push(byte - starts[row]!);
      }
    return recordDraws(
      layout?.rows ?? recording.rows,
      offsets,
      organisation,
      mapping,
      job.trace,
      rewrites?.rewritesBefore,
    );
  }

  async function runOne(
    window: Window,
    watched: readonly ReadPoint[],
    options: WatchOptions,
  ): Promise<WindowResult> {
    const hash = job.hash ? createCommandHash() : undefined;
    const rewrites =
      recording === undefined || job.rewriteEvery === undefined
        ? undefined
        : followRewrites(job.rewriteEvery, organisation, mapping);
    const watch = watchReplay(organisation, watched, {
      ...options,
      rewritesBefore: rewrites?.rewritesBefore,
    });
    const draws = drawsOf(window, rewrites);
    const listener = bothListeners(draws?.listener, rewrites?.listener);
    const replayed = await replayer.replay(window.timing, {
      log: hash?.log,
      sent: watch.sent,
      observer: (channel) => bothObservers(watch.observer?.(channel), draws?.activations.observer(channel)),
      through: throughOf(recording, job.trace, window.layout, listener),
    });
    watch.settle();
    reading = replayed.reading;
    return { result: replayed.result, hash: hash?.digest(), draws };
  }

  return {
    plan(timing, point) {
      const [key, window] = windowOf(timing, point?.recorded?.layout);
      if (point) window.points.push(point);
      return key;
    },
    planReference: (timing, layout) => windowOf(timing, layout)[0],
    async run(list) {
      const options: WatchOptions = {
        ecc: job.ecc ?? 'none',
        draw: job.draw,
        forwarded: controller.forwardWrites,
        list,
      };
      const watched = watchedBy(options);
      monitor.begin('DRAM commands', planned.size);
      const results = new Map<string, WindowResult>();
      for (const [key, window] of planned) {
        results.set(key, await runOne(window, watched.get(window)!, options));
        monitor.advance(1);
      }
      return results;
    },
    reading: () => reading!,
  };
}

/** Holds the runs of a recording against its memory map, and moves them where its weights are placed anew. */
export function throughOf(
  recording: OpenRecording | undefined,
  file: string,
  layout: Layout | undefined,
  listener?: FetchListener,
): ((runs: AccessRunReader) => AccessRunReader) | undefined {
  if (recording === undefined) return undefined;
  const { fetches, rows } = recording;
  if (layout === undefined || layout.key === 'recorded')
    return (runs) => followFetches(runs, fetches, rows, file, listener);
  return (runs) => {
    const moved = moveFetches((heard) => followFetches(runs, fetches, rows, file, heard), layout.rows);
    // What is sent is followed again, at its new place.
    return listener ? followFetches(moved, fetches, layout.rows, file, listener) : moved;
  };
}
