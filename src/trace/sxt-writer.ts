import { crc32 } from '../bytes/crc32.ts';
import { type AccessRun, emptyRun } from './access-run.ts';
import type { MemoryMap } from './memory-map.ts';
import {
  BLOCK_BYTES,
  FLAG,
  MAXIMUM_END,
  MEMORY_MAP_KEY,
  SXT_MAGIC,
  SXT_VERSION,
  type TraceMetadata,
} from './sxt-format.ts';

/** Writes a trace run by run; finished pieces of the file go to `put`, in order. */
export interface SxtWriter {
  /**
   * Appends a run. If the writer joins runs, one that continues the previous one (next address, same direction, time and
   * source) lengthens it. Throws RangeError for numbers that are not safe non-negative integers and for a time before the previous one.
   */
  append(run: Readonly<AccessRun>): void;
  /** Writes what is left and the end mark. */
  end(): void;
}

const MAXIMUM_RUN = 1 + 4 * 8;

export interface SxtWriterOptions {
  /**
   * Whether runs that follow each other become one. Whoever records whole bursts of a device may join them; two accesses
   * to parts of one burst would become a single access of it, so a conversion keeps runs as they are.
   */
  readonly join: boolean;
  /** What the trace knows of the data that it reads. */
  readonly memoryMap?: MemoryMap | undefined;
}

export function createSxtWriter(
  put: (bytes: Uint8Array) => void,
  metadata: TraceMetadata,
  { join, memoryMap }: SxtWriterOptions,
): SxtWriter {
  const payload = new Uint8Array(BLOCK_BYTES + MAXIMUM_RUN);
  let length = 0;
  let blockRuns = 0;
  let allRuns = 0;
  // The run that may still grow, and the fields of the run before it, relative to which it is written.
  const last = emptyRun();
  const before = { end: 0, bytes: 0, arrival: 0, source: 0 };

  put(header(memoryMap === undefined ? metadata : { ...metadata, [MEMORY_MAP_KEY]: memoryMap }));

  const varint = (value: number): void => {
    let rest = value;
    while (rest >= 128) {
      payload[length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    payload[length++] = rest;
  };

  function writeLast(): void {
    if (last.bytes === 0) return;
    const distance = last.address - before.end;
    const flags =
      (last.write ? FLAG.write : 0) |
      (distance !== 0 ? FLAG.address : 0) |
      (last.bytes !== before.bytes ? FLAG.bytes : 0) |
      (last.arrival !== before.arrival ? FLAG.arrival : 0) |
      (last.source !== before.source ? FLAG.source : 0);
    payload[length++] = flags;
    if (flags & FLAG.address) varint(distance >= 0 ? distance * 2 : -distance * 2 - 1);
    if (flags & FLAG.bytes) varint(last.bytes);
    if (flags & FLAG.arrival) varint(last.arrival - before.arrival);
    if (flags & FLAG.source) varint(last.source);
    before.end = last.address + last.bytes;
    before.bytes = last.bytes;
    before.arrival = last.arrival;
    before.source = last.source;
    blockRuns++;
    if (length >= BLOCK_BYTES) endBlock();
  }

  function endBlock(): void {
    if (blockRuns === 0) return;
    const block = new Uint8Array(12 + length);
    const view = new DataView(block.buffer);
    const content = payload.subarray(0, length);
    view.setUint32(0, length, true);
    view.setUint32(4, blockRuns, true);
    view.setUint32(8, crc32(content), true);
    block.set(content, 12);
    put(block);
    allRuns += blockRuns;
    length = 0;
    blockRuns = 0;
  }

  return {
    append({ address, bytes, write, arrival, source }) {
      if (
        !(address + bytes <= MAXIMUM_END) ||
        address % 1 !== 0 ||
        address < 0 ||
        !(bytes > 0) ||
        bytes % 1 !== 0
      )
        throw new RangeError(`a run of ${bytes} bytes at ${address}`);
      if (!Number.isSafeInteger(arrival) || arrival < last.arrival)
        throw new RangeError(`arrival ${arrival} ps after ${last.arrival} ps`);
      if (!Number.isSafeInteger(source) || source < 0) throw new RangeError(`source ${source}`);
      if (
        join &&
        last.bytes > 0 &&
        address === last.address + last.bytes &&
        write === last.write &&
        arrival === last.arrival &&
        source === last.source
      ) {
        last.bytes += bytes;
        return;
      }
      writeLast();
      last.address = address;
      last.bytes = bytes;
      last.write = write;
      last.arrival = arrival;
      last.source = source;
    },
    end() {
      writeLast();
      endBlock();
      const mark = new DataView(new ArrayBuffer(16));
      mark.setUint32(8, allRuns % 2 ** 32, true);
      mark.setUint32(12, Math.floor(allRuns / 2 ** 32), true);
      put(new Uint8Array(mark.buffer));
    },
  };
}

function header(metadata: Readonly<Record<string, unknown>>): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(metadata));
  const bytes = new Uint8Array(16 + text.length);
  const view = new DataView(bytes.buffer);
  bytes.set(SXT_MAGIC);
  view.setUint16(8, SXT_VERSION, true);
  view.setUint32(12, text.length, true);
  bytes.set(text, 16);
  return bytes;
}
