import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ChannelStatistics } from '../../dram/channel-statistics.ts';
import { RUN_BYTES } from '../../dram/run-batch.ts';
import { InputError } from '../../errors/input-error.ts';
import { packageFolder } from '../../files/package.ts';
import type { Cycles } from '../../units/flavours.ts';
import type { ChannelTask, FromChannels, ToChannels } from './channel-messages.ts';

/** Threads that serve the channels of a memory. What fails in one of them fails `room`, `end` and `until`. */
export interface ChannelThreads {
  /** A buffer for runs: one that was served, or a new one. */
  buffer(): ArrayBuffer;
  /** Sends the runs in the first bytes of a buffer to a channel. */
  send(channel: number, buffer: ArrayBuffer, bytes: number): void;
  /** Whether as many buffers wait as may. */
  readonly full: boolean;
  /** Waits while they do. */
  room(): Promise<void>;
  /** Waits until all runs are served; answers with the last channel's last cycle. */
  end(): Promise<Cycles>;
  /** What each channel did up to a cycle. */
  until(cycles: Cycles): Promise<readonly ChannelStatistics[]>;
  /** Ends the threads, whatever they do. */
  close(): Promise<void>;
}

/** The built program's, also where tests run the sources. It is not bundled: it needs few of the modules that commands share. */
const WORKER = join(packageFolder, 'dist', 'experiments', 'replay', 'channel-worker.js');
/** Runs, and bytes, of a buffer: serving so many takes several times as long as sending them. */
export const BUFFER_RUNS = 4096;
export const BUFFER_BYTES = BUFFER_RUNS * RUN_BYTES;
/** Buffers that wait to be served, of all threads together (3 MB): enough to read on while these start. */
const MOST_WAITING = 24;
/** Bytes of a file from which on threads gain more than they take to start: some four million lines (docs/performance.md). */
const LONG_FILE = 1 << 26;

/** Whether a trace is a file that is long enough for threads, and the built program is there, from which they start. */
export async function isWorthThreads(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true && found.size >= LONG_FILE && existsSync(WORKER);
}

/** Starts `threads` threads and deals the channels to them in turn. */
export function startChannelThreads(task: Omit<ChannelTask, 'channels'>, threads: number): ChannelThreads {
  const { channels: count } = task.organisation;
  const channels = Array.from({ length: count }, (_, channel) => channel);
  const free: ArrayBuffer[] = [];
  const workers = Array.from({ length: threads }, (_, thread) =>
    startThread({ ...task, channels: channels.filter((channel) => channel % threads === thread) }, free),
  );
  const isFull = (): boolean =>
    workers.reduce((waiting, worker) => waiting + worker.waiting(), 0) >= MOST_WAITING;
  return {
    buffer: () => free.pop() ?? new ArrayBuffer(BUFFER_BYTES),
    send: (channel, buffer, bytes) =>
      workers[channel % threads]!.send({ kind: 'runs', channel, buffer, bytes }, [buffer]),
    get full() {
      return isFull();
    },
    async room() {
      while (isFull()) await Promise.race(workers.map((worker) => worker.next()));
    },
    async end() {
      const done = await Promise.all(workers.map((worker) => worker.ask({ kind: 'end' }, 'done')));
      return Math.max(...done.map(({ lastDone }) => lastDone));
    },
    async until(cycles) {
      const each = await Promise.all(
        workers.map((worker) => worker.ask({ kind: 'until', cycles }, 'statistics')),
      );
      return channels.map((channel) => each[channel % threads]!.statistics[Math.floor(channel / threads)]!);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

interface ChannelThread {
  /** Throws what the thread failed with. */
  send(message: ToChannels, transferred?: ArrayBuffer[]): void;
  /** Buffers sent and not served. */
  waiting(): number;
  /** Waits for the next message; fails where the thread has failed or does. */
  next(): Promise<void>;
  /** Sends a message, and waits for the answer of this kind. */
  ask<Kind extends Answer['kind']>(message: ToChannels, kind: Kind): Promise<Extract<Answer, { kind: Kind }>>;
  close(): Promise<unknown>;
}

type Answer = Extract<FromChannels, { kind: 'done' | 'statistics' }>;

/** Starts one thread; buffers that it has served become `free`. */
function startThread(task: ChannelTask, free: ArrayBuffer[]): ChannelThread {
  const worker = new Worker(WORKER, { workerData: task, execArgv: [] });
  let waiting = 0;
  let failure: Error | undefined;
  let answer: Answer | undefined;
  let wake = (): void => {};

  function fail(error: Error): void {
    failure ??= error;
    wake();
  }
  worker.on('message', (message: FromChannels) => {
    if (message.kind === 'fault') return fail(new InputError(message.what, message));
    if (message.kind === 'served') {
      waiting--;
      free.push(message.buffer);
    } else answer = message;
    wake();
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('a thread of the replay has ended by itself')));

  function send(message: ToChannels, transferred: ArrayBuffer[] = []): void {
    if (failure) throw failure;
    if (message.kind === 'runs') waiting++;
    worker.postMessage(message, transferred);
  }
  const next = (): Promise<void> =>
    new Promise((resolve, reject) => {
      wake = () => (failure ? reject(failure) : resolve());
      if (failure) wake();
    });
  return {
    send,
    waiting: () => waiting,
    next,
    async ask(message, kind) {
      send(message);
      while (answer?.kind !== kind) await next();
      return answer as Extract<Answer, { kind: typeof kind }>;
    },
    close: () => worker.terminate(),
  };
}
