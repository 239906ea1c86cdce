import type { AddressMapping } from '../../dram/address.ts';
import { createController } from '../../dram/controller.ts';
import type { ControllerOptions } from '../../dram/controller-options.ts';
import type { SentPiece } from '../../dram/count-reads.ts';
import {
  endTogether,
  feedChannels,
  type ReplayResult,
  type RequestSource,
  summaryAt,
  summaryOf,
} from '../../dram/replay.ts';
import { RUN_BYTES, RunBatch } from '../../dram/run-batch.ts';
import type { Organisation } from '../../hardware/device.ts';
import type { ResolvedTiming } from '../../hardware/resolved-timing.ts';
import { BUFFER_BYTES, BUFFER_RUNS, type ChannelThreads, startChannelThreads } from './channel-threads.ts';

/** A replay in portions, whose channels are served by threads. */
export interface ThreadedReplay {
  /** Sends the next runs of the source, at most `runs` of them; false when the source had no more. */
  advance(runs: number): Promise<boolean>;
  /** Serves what still waits and reports on all. */
  finish(): Promise<ReplayResult>;
  /** Ends the threads; the last call. */
  close(): Promise<void>;
}

/**
 * Runs of one row and channel that are kept (4 MB) before threads start. Where there are no more, as in a long file of
 * sequential reads, they are served in this thread.
 */
export const LONG_TRACE = 1 << 17;

/** One thread reads and decodes for all that serve: more than so many would wait for it. */
const MOST_THREADS = 4;

/**
 * The same as `openReplay`, but where the trace is long its channels are served by threads besides this one, `threads` in all,
 * at most one a channel: since no channel knows of the others, results are the same. Throws what `openReplay` throws; of a fault
 * of the source and one of serving what came before it, the second.
 */
export function openThreadedReplay(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  mapping: AddressMapping,
  source: RequestSource,
  sent: SentPiece | undefined,
  threads: number,
  longTrace = LONG_TRACE,
): ThreadedReplay {
  // What is wrong with the settings is said at once.
  const first = createController(organisation, timing, options);
  const kept: { channel: number; buffer: ArrayBuffer; bytes: number }[] = [];
  let keptBytes = 0;
  let running: ChannelThreads | undefined;

  function give(channel: number, filled: Uint8Array): void {
    const buffer = running?.buffer() ?? new ArrayBuffer(BUFFER_BYTES);
    new Uint8Array(buffer).set(filled);
    if (running) {
      running.send(channel, buffer, filled.length);
      return;
    }
    kept.push({ channel, buffer, bytes: filled.length });
    keptBytes += filled.length;
    if (keptBytes < longTrace * RUN_BYTES) return;
    running = startChannelThreads(
      { organisation, timing, options },
      Math.min(threads - 1, organisation.channels, MOST_THREADS),
    );
    for (const { channel, buffer, bytes } of kept.splice(0)) running.send(channel, buffer, bytes);
  }

  const channels = Array.from({ length: organisation.channels }, (_, channel) => {
    const filling = new Uint8Array(BUFFER_BYTES);
    const batch = new RunBatch(filling.buffer, 0, BUFFER_RUNS, (runs) => {
      if (runs > 0) give(channel, filling.subarray(0, runs * RUN_BYTES));
    });
    return { batch };
  });

  function inThisThread(): ReplayResult {
    const controllers = channels.map((_, channel) =>
      channel === 0 ? first : createController(organisation, timing, options),
    );
    for (const { channel, buffer, bytes } of kept.splice(0))
      controllers[channel]!.serve(new Uint8Array(buffer, 0, bytes));
    for (const controller of controllers) controller.drain();
    return summaryAt(endTogether(controllers), controllers, organisation, timing);
  }

  async function serveAll(): Promise<ReplayResult> {
    for (const { batch } of channels) batch.flush();
    if (!running) return inThisThread();
    const cycles = await running.end();
    return summaryOf(cycles, await running.until(cycles), organisation, timing);
  }

  return {
    async advance(runs) {
      let more: boolean;
      try {
        more = feedChannels(channels, organisation, mapping, source, runs, sent);
      } catch (fault) {
        await serveAll();
        throw fault;
      }
      if (running?.full) await running.room();
      return more;
    },
    finish: serveAll,
    async close() {
      await running?.close();
    },
  };
}
