import type { ByteSource } from '../../bytes/byte-source.ts';
import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import { banksPerRank, burstsPerRow, type Organisation } from '../../hardware/device.ts';
import type { DramCommand } from '../../hardware/dram-command.ts';
import { RANK_COMMANDS } from '../../hardware/dram-command.ts';
import { type BinaryCommandFormat, UNMODELLED_REMEDY } from '../command-trace-format.ts';
import { RAMULATOR_LEVELS, RAMULATOR_MEANINGS } from '../ramulator-commands.ts';

/** "RAM2BIN" and a zero byte. */
const MAGIC = Uint8Array.of(0x52, 0x41, 0x4d, 0x32, 0x42, 0x49, 0x4e, 0);
const HEADER = 64;
/** Largest file: the columns follow one another, so that the whole file must be in memory. */
const LARGEST = 2 ** 30;
/** Bytes of an entry without its levels (4 bytes each), and where its clock, command and levels begin. */
const ENTRY = { bytes: 20, clock: 0, command: 16, levels: 20 } as const;

/**
 * RAM2BIN 1.0 and 1.1, which Ramulator 2.1's BinTraceRecorder writes for its visualiser, one file per channel; only read.
 * A header of 64 bytes; level names, level sizes, command names, one byte of properties per command, from 1.1 on one byte
 * of command-bus cycles per command, timing names and values; then, from `data_offset` on, columns of `N` entries: clock,
 * arrival, command, type, source, and the coordinate in each level (-1: none). All numbers are little-endian
 * (src/ramulator/controller/plugin/impl/bin_trace_recorder.cpp).
 */
export const ram2bin: BinaryCommandFormat<'ram2bin'> = {
  name: 'ram2bin',
  signature: { magic: MAGIC },
  read: readRam2bin,
};

/**
 * Reads the trace. Throws InputError, naming the byte or the command, for what is damaged, cut short, larger than 1 GiB or
 * of another version, and, from the iteration, for unknown commands, falling clocks and places that the device does not have.
 */
function readRam2bin(source: ByteSource, organisation: Organisation): Iterable<DramCommand> {
  const { file } = source;
  const bytes = wholeSource(source);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (what: string): never => {
    throw new InputError(what, {
      place: { file },
      remedy: "expected RAM2BIN 1.0 or 1.1, Ramulator 2.1's binary command trace",
    });
  };
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) fail('not a RAM2BIN trace');
  if (bytes.length < HEADER) fail(`truncated: the header ends at byte ${bytes.length}`);
  const [major, minor] = [bytes[8]!, bytes[9]!];
  if (major !== 1 || minor > 1) fail(`RAM2BIN ${major}.${minor}`);
  if (view.getUint16(10, true) !== 0) fail('flags that are not 0 (byte 10)');
  const [levelCount, commandCount] = [view.getUint16(12, true), view.getUint16(14, true)];
  const entries = view.getBigUint64(32, true);
  const offset = view.getBigUint64(40, true);

  let at = HEADER;
  const names = (count: number): string[] =>
    Array.from({ length: count }, () => {
      const end = bytes.indexOf(0, at);
      if (end < 0) fail(`truncated: a name ends early (byte ${at})`);
      const name = String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 64)));
      at = end + 1;
      return name;
    });
  const levels = names(levelCount);
  at += 4 * levelCount;
  const commandNames = names(commandCount);
  at += commandCount * (1 + minor);
  const timings = view.getUint16(16, true);
  names(timings);
  at += 4 * timings;

  if (offset % 8n !== 0n || offset < BigInt(at)) fail(`columns from byte ${offset}, inside the tables`);
  const size = offset + entries * BigInt(ENTRY.bytes + 4 * levelCount);
  if (size !== BigInt(bytes.length))
    fail(
      `${bytes.length < size ? 'truncated: ' : ''}${bytes.length} bytes instead of ${size} for ${entries} commands`,
    );
  const unknown = levels.find((name) => !RAMULATOR_LEVELS.includes(name));
  if (unknown !== undefined) fail(`level ${quoted(unknown)} is not modelled`);
  if (!levels.includes('Bank')) fail('there is no level "Bank"');
  const [start, count] = [Number(offset), Number(entries)];

  function* commands(): Generator<DramCommand> {
    const { ranks, bankGroups, rows } = organisation;
    const columns = burstsPerRow(organisation);
    const banks = levels.includes('BankGroup') ? organisation.banksPerGroup : banksPerRank(organisation);
    let before = 0n;
    for (let i = 0; i < count; i++) {
      const fault = (what: string, remedy?: string): InputError =>
        new InputError(`${what} (command ${i + 1})`, { place: { file }, ...(remedy ? { remedy } : {}) });
      const clock = view.getBigInt64(start + ENTRY.clock * count + 8 * i, true);
      if (clock < before) throw fault(`cycle ${clock} after cycle ${before}`);
      if (clock > BigInt(Number.MAX_SAFE_INTEGER)) throw fault(`cycle ${clock} is not below 2^53`);
      before = clock;
      const id = view.getUint8(start + ENTRY.command * count + i);
      const name = commandNames[id];
      const meaning = name === undefined ? undefined : RAMULATOR_MEANINGS.get(name);
      if (meaning === undefined || typeof meaning === 'object')
        throw meaning === undefined
          ? fault(`unknown command ${name === undefined ? id : quoted(name)}`)
          : fault(`${name} is not modelled: ${meaning.unmodelled}`, UNMODELLED_REMEDY);
      if (meaning === 'nothing' || meaning === 'end') continue;
      const member = (level: string, members: number): number => {
        const k = levels.indexOf(level);
        if (k < 0) return 0;
        const value = view.getInt32(start + (ENTRY.levels + 4 * k) * count + 4 * i, true);
        if (value < 0 || value >= members)
          throw fault(`${level} ${value}: the device has ${members}, counted from 0`);
        return value;
      };
      const place = { rank: member('Rank', ranks), bank: -1, row: 0, column: 0, line: i + 1 };
      if (!RANK_COMMANDS.has(meaning)) {
        place.bank = member('BankGroup', bankGroups) * banks + member('Bank', banks);
        if (meaning !== 'PRE' && meaning !== 'REFpb') place.row = member('Row', rows);
        if (meaning !== 'ACT' && meaning !== 'PRE' && meaning !== 'REFpb')
          place.column = member('Column', columns);
      }
      yield { cycle: Number(clock), command: meaning, ...place };
    }
  }
  return commands();
}

/** All bytes of a source. Throws InputError beyond 1 GiB. */
function wholeSource(source: ByteSource): Uint8Array {
  let bytes = new Uint8Array(1 << 16);
  let length = 0;
  for (;;) {
    if (length === bytes.length) {
      if (length >= LARGEST)
        throw new InputError('a RAM2BIN trace of more than 1 GiB', {
          place: { file: source.file },
          remedy: "Ramulator's text form (CmdTraceRecorder) is read in bounded memory",
        });
      const larger = new Uint8Array(2 * length);
      larger.set(bytes);
      bytes = larger;
    }
    const got = source.read(bytes.subarray(length));
    if (got === 0) return bytes.subarray(0, length);
    length += got;
  }
}
