// The thread that serves channels of a long replay (channel-threads.ts).
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ChannelStatistics } from '../../dram/channel-statistics.ts';
import { createController } from '../../dram/controller.ts';
import { InputError } from '../../errors/input-error.ts';
import type { ChannelTask, FromChannels, ToChannels } from './channel-messages.ts';

const port = parentPort as MessagePort;
const { organisation, timing, options, channels } = workerData as ChannelTask;
const controllers = new Map(
  channels.map((channel) => [channel, createController(organisation, timing, options)]),
);

function answer(message: ToChannels): FromChannels {
  const all = [...controllers.values()];
  if (message.kind === 'runs') {
    controllers.get(message.channel)!.serve(new Uint8Array(message.buffer, 0, message.bytes));
    return { kind: 'served', buffer: message.buffer };
  }
  if (message.kind === 'end') {
    for (const controller of all) controller.drain();
    return { kind: 'done', lastDone: Math.max(...all.map(({ lastDone }) => lastDone)) };
  }
  const { cycles } = message;
  for (const controller of all) if (controller.lastDone < cycles) controller.idleUntil(cycles);
  return { kind: 'statistics', statistics: all.map((controller) => apart(controller.statistics(cycles))) };
}

/** The histograms lie in the core's memory, all of which would be copied with them. */
const apart = (statistics: ChannelStatistics): ChannelStatistics => ({
  ...statistics,
  readLatency: statistics.readLatency.slice(),
  writeLatency: statistics.writeLatency.slice(),
});

/** The memory that a message hands over, in place of a copy. */
function movedBy(message: FromChannels): ArrayBuffer[] {
  if (message.kind === 'served') return [message.buffer];
  if (message.kind !== 'statistics') return [];
  return message.statistics.flatMap(({ readLatency, writeLatency }) => [
    readLatency.buffer as ArrayBuffer,
    writeLatency.buffer as ArrayBuffer,
  ]);
}

function faultOf(error: unknown): FromChannels {
  // Errors lose their class between threads. What is no fault of the user ends this one.
  if (!(error instanceof InputError)) throw error;
  const { what, place, remedy } = error;
  return { kind: 'fault', what, ...(place ? { place } : {}), ...(remedy === undefined ? {} : { remedy }) };
}

port.on('message', (message: ToChannels) => {
  let found: FromChannels;
  try {
    found = answer(message);
  } catch (error) {
    found = faultOf(error);
  }
  port.postMessage(found, movedBy(found));
});
