import type { ByteSource } from '../bytes/byte-source.ts';
import { crc32 } from '../bytes/crc32.ts';
import { InputError } from '../errors/input-error.ts';
import type { AccessRun, AccessRunReader } from './access-run.ts';
import { type MemoryMap, parseMemoryMap } from './memory-map.ts';
import {
  FLAG,
  KNOWN_FLAGS,
  MAXIMUM_BLOCK,
  MAXIMUM_END,
  MAXIMUM_METADATA,
  MEMORY_MAP_KEY,
  SXT_MAGIC,
  SXT_VERSION,
  type TraceMetadata,
} from './sxt-format.ts';

export interface SxtReader extends AccessRunReader {
  readonly metadata: TraceMetadata;
  /** The memory map of a recording, if the trace has one. Throws InputError for one that is not sound. */
  memoryMap(): MemoryMap | undefined;
}

/**
 * Reads a trace with one block in memory at a time. Throws InputError, naming the byte, for a file of another format, a
 * damaged or truncated file and an unknown version; nothing is skipped.
 */
export function openSxt(source: ByteSource): SxtReader {
  let position = 0;
  const fail = (what: string, at = position): never => {
    throw new InputError(`${what} (byte ${at})`, {
      place: { file: source.file },
      remedy: 'record the trace again, or fetch an undamaged copy',
    });
  };
  const take = (length: number, what: string): Uint8Array => {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const more = source.read(bytes.subarray(filled));
      if (more === 0) fail(`truncated: ${what} ends early`, position + filled);
      filled += more;
    }
    position += length;
    return bytes;
  };
  const words = (bytes: Uint8Array): DataView => new DataView(bytes.buffer);

  const head = take(16, 'the header');
  if (!SXT_MAGIC.every((byte, i) => head[i] === byte)) fail('not an .sxt trace', 0);
  const version = words(head).getUint16(8, true);
  if (version !== SXT_VERSION) fail(`.sxt version ${version}; this program reads version ${SXT_VERSION}`, 8);
  if (words(head).getUint16(10, true) !== 0) fail('reserved bytes are not 0', 10);
  const metadataBytes = words(head).getUint32(12, true);
  if (metadataBytes > MAXIMUM_METADATA) fail(`metadata of ${metadataBytes} bytes`, 12);
  const { [MEMORY_MAP_KEY]: map, ...said } =
    parseMetadata(take(metadataBytes, 'the metadata')) ?? fail('metadata is not a JSON object', 16);
  const metadata = said as TraceMetadata;

  let payload = new Uint8Array(0);
  let cursor = 0;
  let runStart = 0;
  let blockRuns = 0;
  let allRuns = 0;
  let ended = false;
  const before = { end: 0, bytes: 0, arrival: 0, source: 0 };

  /** An error in the run that begins at `runStart` of the payload. */
  const failInRun = (what: string): never => fail(what, position - payload.length + runStart);

  /** Reads the next block; false after the end mark. */
  function nextBlock(): boolean {
    const at = position;
    const start = words(take(12, 'a block'));
    const length = start.getUint32(0, true);
    blockRuns = start.getUint32(4, true);
    if (length === 0) {
      const high = words(take(4, 'the end mark')).getUint32(0, true);
      if (blockRuns !== 0 || start.getUint32(8, true) + high * 2 ** 32 !== allRuns)
        fail('the end mark counts other runs than the file holds', at);
      if (source.read(new Uint8Array(1)) !== 0) fail('bytes after the end mark');
      ended = true;
      return false;
    }
    if (length > MAXIMUM_BLOCK || blockRuns === 0)
      fail(`a block of ${length} bytes with ${blockRuns} runs`, at);
    payload = take(length, 'a block') as Uint8Array<ArrayBuffer>;
    if (crc32(payload) !== start.getUint32(8, true)) fail('damaged block: its checksum is wrong', at);
    cursor = 0;
    allRuns += blockRuns;
    return true;
  }

  function varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      if (cursor >= payload.length) failInRun('a run ends outside its block');
      const byte = payload[cursor++]!;
      value += (byte & 127) * scale;
      if (byte < 128) break;
      scale *= 128;
      if (scale > 2 ** 49) failInRun('a number beyond 2^53');
    }
    if (value > Number.MAX_SAFE_INTEGER) failInRun('a number beyond 2^53');
    return value;
  }

  return {
    metadata,
    memoryMap: () => (map === undefined ? undefined : parseMemoryMap(map, source.file)),
    next(run: AccessRun) {
      if (ended) return false;
      if (blockRuns === 0) {
        runStart = cursor;
        if (cursor !== payload.length) failInRun('bytes after the last run of a block');
        if (!nextBlock()) return false;
      }
      blockRuns--;
      runStart = cursor;
      if (cursor >= payload.length) failInRun('a block holds fewer runs than it says');
      const flags = payload[cursor++]!;
      if ((flags & ~KNOWN_FLAGS) !== 0) failInRun(`unknown flags ${flags}`);
      let address = before.end;
      if (flags & FLAG.address) {
        const zigzag = varint();
        address += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
      }
      const bytes = flags & FLAG.bytes ? varint() : before.bytes;
      const arrival = before.arrival + (flags & FLAG.arrival ? varint() : 0);
      const from = flags & FLAG.source ? varint() : before.source;
      if (address < 0 || bytes === 0 || address + bytes > MAXIMUM_END || !Number.isSafeInteger(arrival))
        failInRun(`a run of ${bytes} bytes at address ${address}, time ${arrival} ps`);
      run.address = address;
      run.bytes = bytes;
      run.write = (flags & FLAG.write) !== 0;
      run.arrival = arrival;
      run.source = from;
      before.end = address + bytes;
      before.bytes = bytes;
      before.arrival = arrival;
      before.source = from;
      return true;
    },
  };
}

function parseMetadata(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
