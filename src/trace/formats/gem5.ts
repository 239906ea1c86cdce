import type { ByteSource } from '../../bytes/byte-source.ts';
import { InputError } from '../../errors/input-error.ts';
import {
  type AccessFormat,
  type AccessTraceOptions,
  type AccessTraceWriter,
  accessBytesOf,
  type Carries,
  type Losses,
} from '../access-format.ts';
import { accessParts } from '../access-parts.ts';
import type { AccessRun, AccessRunReader } from '../access-run.ts';
import { LATE_REMEDY } from '../arrivals.ts';
import { GEM5_COMMANDS, type Gem5Command } from '../gem5-commands.ts';
import { largeAddresses } from '../large-addresses.ts';

/** "gem5" */
const MAGIC = Uint8Array.of(0x67, 0x65, 0x6d, 0x35);
const CARRIES: Carries = { arrival: 'picoseconds', extent: 'parts', source: true, metadata: false };
/** What is written: gem5's ReadReq and WriteReq. */
const READ_REQUEST = 1;
const WRITE_REQUEST = 4;
const PS_PER_SECOND = 1e12;
/** A packet takes a few dozen bytes, the header as many as the names in it. */
const LONGEST_MESSAGE = 1 << 20;
const PIECE = 1 << 18;

const FIELD = { tick: 1, command: 2, address: 3, size: 4, source: 6 } as const;
const HEADER_FIELD = { name: 1, version: 2, tickFrequency: 3 } as const;
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * gem5's packet trace: `gem5`, then messages of Protocol Buffers (version 2), each after its length as a varint: a
 * header {1 obj_id, 2 ver, 3 tick_freq, 4 id_strings}, then packets {1 tick, 2 cmd, 3 addr, 4 size, 5 flags, 6 pkt_id,
 * 7 pc}. `cmd` is MemCmd's number (gem5-commands.ts): reads and writes of every kind are taken, all else is skipped and
 * counted by its name. `pkt_id` is the requestor.
 */
export const gem5: AccessFormat<'gem5'> = {
  name: 'gem5',
  signature: { magic: MAGIC },
  carries: CARRIES,
  assumedBytes: () => undefined,
  open: (source, options, losses) => ({ metadata: {}, next: readGem5(source, options, losses).next }),
  createWriter(put, options, losses) {
    const accessBytes = accessBytesOf(options);
    const { append, end } = writeGem5(put);
    return { append: accessParts(CARRIES, accessBytes, options, losses, append), end };
  },
};

/** Reads the trace in bounded memory. Throws InputError, naming the byte, for what is damaged, cut short or unknown. */
function readGem5(source: ByteSource, options: AccessTraceOptions, losses: Losses): AccessRunReader {
  const { lateTimes = false } = options;
  const large = largeAddresses(options.window, () => accessBytesOf(options));
  let bytes = new Uint8Array(PIECE);
  let at = 0;
  let end = 0;
  /** File offset of `bytes[0]`. */
  let origin = 0;

  const fail = (
    what: string,
    offset = origin + at,
    remedy = 'expected a gem5 packet trace (src/proto/packet.proto) of read and write requests',
  ): never => {
    throw new InputError(`${what} (byte ${offset})`, { place: { file: source.file }, remedy });
  };

  /** Makes `length` bytes available; false if the file ends before. */
  function available(length: number): boolean {
    if (end - at >= length) return true;
    const kept = end - at;
    const larger = length > bytes.length ? new Uint8Array(length) : bytes;
    larger.set(bytes.subarray(at, end));
    bytes = larger;
    origin += at;
    at = 0;
    end = kept;
    while (end < length) {
      const got = source.read(bytes.subarray(end));
      if (got === 0) return false;
      end += got;
    }
    return true;
  }

  /** A varint that must end before `limit`; bits from 2^53 on are refused. */
  function varint(limit: number): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      if (at >= limit) fail('truncated: a number ends early');
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (value > Number.MAX_SAFE_INTEGER) fail('a number beyond 2^53');
      if (byte < 128) return value;
      scale *= 128;
      if (scale > 2 ** 63) fail('a number of more than 10 bytes');
    }
  }

  /** An address of 64 bits, or the one that is taken in its place. */
  function addressVarint(limit: number, packetAt: number): number {
    const first = at;
    skipVarint(limit);
    let address = 0n;
    for (let k = at - 1; k >= first; k--) address = address * 128n + BigInt(bytes[k]! & 127);
    if (address < large.below) return Number(address);
    const taken = large.inPlaceOf(address);
    return typeof taken === 'number'
      ? taken
      : fail(`a packet whose address 0x${address.toString(16)} ${taken.why}`, packetAt, taken.remedy);
  }

  /** Length of the next message, whose bytes are then available; -1 at the end of the file. */
  function message(): number {
    if (!available(1)) return -1;
    available(10);
    const length = varint(end);
    if (length > LONGEST_MESSAGE) fail(`a message of ${length} bytes`);
    if (!available(length)) fail('truncated: a message ends early', origin + end);
    return length;
  }

  /** Passes over the value of a field that is not used, or whose type is not the one that gem5 writes. */
  function skip(wire: number, limit: number): void {
    if (wire === WIRE.varint) skipVarint(limit);
    else if (wire === WIRE.fixed64) at += 8;
    else if (wire === WIRE.fixed32) at += 4;
    else if (wire === WIRE.bytes) {
      const length = varint(limit);
      at += length;
    } else fail(`wire type ${wire}`);
    if (at > limit) fail('a field ends outside its message');
  }

  /** Whether the next varint has more than 7 bytes, that is, more than 49 bits. */
  function isLongVarint(): boolean {
    let more = 0;
    while (more < 7 && bytes[at + more]! >= 128) more++;
    return more === 7;
  }

  /** A program counter or flags may have all 64 bits. */
  function skipVarint(limit: number): void {
    const first = at;
    while (at < limit && bytes[at]! >= 128) at++;
    if (at >= limit || at - first >= 10) fail('truncated: a number ends early');
    at++;
  }

  if (!available(MAGIC.length) || MAGIC.some((byte, i) => bytes[i] !== byte)) fail('not a gem5 trace', 0);
  at = MAGIC.length;
  let frequency = 0;
  const headerLength = message();
  if (headerLength < 0) fail('truncated: no header');
  for (const limit = at + headerLength; at < limit; ) {
    const key = varint(limit);
    if (key === HEADER_FIELD.tickFrequency * 8 + WIRE.varint) frequency = varint(limit);
    else skip(key % 8, limit);
  }
  if (frequency === 0) fail('the header has no tick frequency');
  const toPicoseconds = tickTime(frequency);
  let before = 0;

  /** Reads the next packet into `run`; undefined at the end, else what the packet does to the memory. */
  function packet(run: AccessRun): Gem5Command | undefined {
    const start = origin + at;
    const length = message();
    if (length < 0) return undefined;
    let tick = -1;
    let command = -1;
    let address = -1;
    let size = -1;
    run.source = 0;
    for (const limit = at + length; at < limit; ) {
      const key = varint(limit);
      const field = Math.floor(key / 8);
      if (key % 8 !== WIRE.varint || field === 0 || field > FIELD.source || field === 5) skip(key % 8, limit);
      else {
        if (field === FIELD.address && isLongVarint()) {
          address = addressVarint(limit, start);
          continue;
        }
        const value = varint(limit);
        if (field === FIELD.tick) tick = value;
        else if (field === FIELD.command) command = value;
        else if (field === FIELD.address) address = value;
        else if (field === FIELD.size) size = value;
        else run.source = value;
      }
    }
    if (tick < 0 || command < 0) fail('a packet without tick or command', start);
    const known = GEM5_COMMANDS.get(command);
    if (known === undefined) return fail(`a packet of command ${command}, which gem5 does not have`, start);
    if (known.effect === 'none') return known;
    if (address < 0 || size <= 0 || address + size >= large.below + 2 ** 51)
      fail(`a packet of ${size} bytes at address ${address}`, start);
    const arrival = toPicoseconds(tick);
    if (!Number.isSafeInteger(arrival)) fail(`tick ${tick} lies beyond 2^53 ps`, start);
    if (arrival >= before) before = arrival;
    else if (lateTimes) losses.lateTimes++;
    else fail(`tick ${tick} after a later one`, start, LATE_REMEDY);
    run.address = address;
    run.bytes = size;
    run.write = known.effect === 'write';
    run.arrival = before;
    return known;
  }

  return {
    next(run) {
      for (;;) {
        const found = packet(run);
        if (found === undefined) return false;
        if (found.effect !== 'none') return true;
        losses.skipped[found.name] = (losses.skipped[found.name] ?? 0) + 1;
      }
    },
  };
}

/** Ticks as picoseconds, rounded to the nearest where the frequency does not divide 1e12. */
function tickTime(frequency: number): (tick: number) => number {
  if (PS_PER_SECOND % frequency === 0) {
    const period = PS_PER_SECOND / frequency;
    return (tick) => tick * period;
  }
  const divisor = BigInt(frequency);
  return (tick) => Number((BigInt(tick) * 10n ** 12n + divisor / 2n) / divisor);
}

/** Writes accesses as packets with ticks of 1 ps, gem5's own. */
function writeGem5(put: (bytes: Uint8Array) => void): AccessTraceWriter {
  const piece = new Uint8Array(PIECE);
  const body = new Uint8Array(64);
  let filled = 0;
  const varint = (into: Uint8Array, position: number, value: number): number => {
    let rest = value;
    let at = position;
    while (rest >= 128) {
      into[at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    into[at++] = rest;
    return at;
  };
  const flush = (): void => {
    if (filled > 0) put(piece.slice(0, filled));
    filled = 0;
  };
  const send = (length: number): void => {
    filled = varint(piece, filled, length);
    piece.set(body.subarray(0, length), filled);
    filled += length;
    if (filled > PIECE - 2 * body.length) flush();
  };
  const number = (position: number, field: number, value: number): number =>
    varint(body, varint(body, position, field * 8 + WIRE.varint), value);

  piece.set(MAGIC);
  filled = MAGIC.length;
  const name = new TextEncoder().encode('sparkxd');
  body[0] = HEADER_FIELD.name * 8 + WIRE.bytes;
  body[1] = name.length;
  body.set(name, 2);
  send(number(number(2 + name.length, HEADER_FIELD.version, 0), HEADER_FIELD.tickFrequency, PS_PER_SECOND));
  return {
    append({ arrival, write, address, bytes, source }) {
      let length = number(0, FIELD.tick, arrival);
      length = number(length, FIELD.command, write ? WRITE_REQUEST : READ_REQUEST);
      length = number(length, FIELD.address, address);
      length = number(length, FIELD.size, bytes);
      if (source > 0) length = number(length, FIELD.source, source);
      send(length);
    },
    end: flush,
  };
}
