// What DRAMsim3 did by when: the epochs in dramsim3epoch.json, one object an epoch and channel. Names after
// src/controller.cc and src/simple_stats.cc (UpdatePrints).
import { PeerOutputError, parseJson } from './peer-output.mjs';

/**
 * DRAMsim3 runs as many cycles as it is told, however short the trace, so the end of the stream is looked up in the epochs. A
 * write counts as done one cycle after it was accepted. A trace that ends in a line break is followed by a repetition of its
 * last address, which is not waited for.
 * @param text of the file
 * @param requests of the stream
 * @param name of the file, for messages
 * @returns {{ cycles: number, resolution: number }} the end of the epoch in which the last request was done, and its length: the
 *   stream ended at most that much earlier
 * @throws {PeerOutputError} if the requests were not done, or there is more than one channel
 */
export function readDramsim3(text, requests, name) {
  const epochs = parseJson(text, name);
  if (!Array.isArray(epochs)) throw new PeerOutputError(`${name}: no list of epochs`);
  let cycles = 0;
  let done = 0;
  for (const [i, epoch] of epochs.entries()) {
    const of = (key) => {
      if (!Number.isInteger(epoch?.[key]))
        throw new PeerOutputError(`${name}: ${key} of epoch ${i} is no whole number`);
      return epoch[key];
    };
    if (of('channel') !== 0) throw new PeerOutputError(`${name}: several channels, where one is compared`);
    cycles += of('num_cycles');
    done += of('num_reads_done') + of('num_writes_done');
    if (done >= requests) return { cycles, resolution: of('num_cycles') };
  }
  throw new PeerOutputError(
    `${name}: ${done} of ${requests} requests done in ${cycles} cycles; give DRAMsim3 more cycles (-c)`,
  );
}
