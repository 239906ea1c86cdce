import type { AddressMapping } from '../../dram/address.ts';
import type { ControllerOptions } from '../../dram/controller-options.ts';
import {
  type CommandLog,
  type OpenReplay,
  openReplay,
  type ReplayResult,
  type ReplayWatch,
} from '../../dram/replay.ts';
import { InputError } from '../../errors/input-error.ts';
import { createTurn } from '../../files/turn.ts';
import { bytesPerBurst, type Device } from '../../hardware/device.ts';
import type { ResolvedTiming } from '../../hardware/resolved-timing.ts';
import type { RepeatableBytes } from '../../inputs/repeatable-bytes.ts';
import { type OpenTrace, openTrace } from '../../inputs/trace-files.ts';
import type { ReplayJob } from '../../settings/jobs/replay.ts';
import type { AccessRunReader } from '../../trace/access-run.ts';
import { windowed } from '../../trace/address-window.ts';
import type { MemoryMap } from '../../trace/memory-map.ts';
import type { TraceMetadata } from '../../trace/sxt-format.ts';
import { traceRequests } from '../../trace/trace-requests.ts';
import type { Bytes } from '../../units/flavours.ts';
import { type TraceReading, traceReading } from '../trace-reading.ts';
import { isWorthThreads } from './channel-threads.ts';
import { readingOptions, windowOf } from './reading-options.ts';
import { openThreadedReplay, type ThreadedReplay } from './threaded-replay.ts';

/** What all replays of one trace share. */
export interface Bench {
  readonly job: ReplayJob;
  readonly bytes: RepeatableBytes;
  readonly device: Device;
  readonly mapping: AddressMapping;
  readonly controller: ControllerOptions;
}

/** What the trace was found to be, and how its accesses and times were taken. */
export interface ReplayReading extends TraceReading {
  readonly burst_bytes: Bytes;
  /** Whether the trace has times that were not used: requests entered as fast as the memory accepted them. */
  readonly times_unused: boolean;
}

export interface Replayed {
  readonly result: ReplayResult;
  readonly reading: ReplayReading;
}

/** What one replay does besides. */
export interface ReplayTasks extends ReplayWatch {
  readonly log?: CommandLog | undefined;
  /** Makes of the trace's runs those that are sent to the memory. */
  readonly through?: ((runs: AccessRunReader) => AccessRunReader) | undefined;
}

/** Replays of one trace, one after the other. */
export interface Replayer {
  readonly metadata: TraceMetadata;
  /** Throws InputError for a memory map that is not sound. */
  memoryMap(): MemoryMap | undefined;
  replay(timing: ResolvedTiming, tasks?: ReplayTasks): Promise<Replayed>;
  /** Gives up what was opened and not replayed. */
  close(): void;
}

/** Runs that are replayed between two looks at the clock: so many cross into WebAssembly at once. */
const RUNS_A_TURN = 512;

/**
 * Opens a trace to be replayed any number of times, with up to `threads` threads where it is long and the memory has several
 * channels. Throws InputError for one that cannot be read.
 */
export async function createReplayer(bench: Bench, threads = 1): Promise<Replayer> {
  const { job, bytes, device, mapping, controller } = bench;
  const { organisation } = device;
  const burst = bytesPerBurst(organisation);
  const options = readingOptions(bench);
  // The first replay goes on with the trace whose beginning says what it is.
  let opened: OpenTrace | undefined = await openTrace(bytes, options);
  const { metadata, memoryMap } = opened.trace;

  return {
    metadata,
    memoryMap: () => memoryMap?.(),
    async replay(timing, { log, through = asItIs, sent, observer } = {}) {
      const { trace, losses, close } = opened ?? (await openTrace(bytes, options));
      opened = undefined;
      try {
        const runs = through(windowed(trace, windowOf(bench)));
        const source = traceRequests(runs, device, mapping, job.arrival, windowOf(bench).offset);
        const observers = Array.from({ length: organisation.channels }, (_, channel) => observer?.(channel));
        // Whoever follows the commands of all channels hears them from one thread.
        const alone = threads === 1 || observers.length === 1 || log || observers.some((one) => one);
        const result =
          alone || !(await isWorthThreads(job.trace))
            ? await inOneThread(
                openReplay(organisation, timing, controller, mapping, source, log, {
                  sent,
                  observer: (channel) => observers[channel],
                }),
              )
            : await inThreads(
                openThreadedReplay(organisation, timing, controller, mapping, source, sent, threads),
              );
        if (result.reads + result.writes === 0)
          throw new InputError('the trace holds no access', { place: { file: job.trace } });
        const reading = {
          ...traceReading(trace, losses, job),
          ...(job.arrival === 'asap' ? { late_requests: 0 } : {}),
          burst_bytes: burst,
          times_unused: job.arrival === 'asap' && source.timed(),
        };
        return { result, reading };
      } finally {
        close();
      }
    },
    close() {
      opened?.close();
      opened = undefined;
    },
  };
}

async function inOneThread(open: OpenReplay): Promise<ReplayResult> {
  const turn = createTurn();
  while (open.advance(RUNS_A_TURN)) await turn();
  return open.finish();
}

async function inThreads(open: ThreadedReplay): Promise<ReplayResult> {
  const turn = createTurn();
  try {
    while (await open.advance(RUNS_A_TURN)) await turn();
    return await open.finish();
  } finally {
    await open.close();
  }
}

const asItIs = (runs: AccessRunReader): AccessRunReader => runs;
