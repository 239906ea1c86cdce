/**
 * The binary access trace, `.sxt` (docs/trace-format.md). All numbers little-endian; varints are LEB128.
 *
 *     header   magic (8 bytes), version u16, reserved u16 = 0, metadata length u32, metadata (JSON, UTF-8)
 *     block    payload length u32 > 0, number of runs u32 > 0, CRC-32 of the payload u32, payload
 *     end      0 u32, 0 u32, number of all runs as two u32 (low, high)
 *
 * A run in a payload: a byte of flags, then the fields that the flags announce, each relative to the previous run of the
 * file.
 */
export const SXT_MAGIC = Uint8Array.of(0x89, 0x53, 0x58, 0x54, 0x0d, 0x0a, 0x1a, 0x0a);
export const SXT_VERSION = 1;

export const FLAG = {
  /** The run writes; otherwise it reads. */
  write: 1,
  /** The address is given, as a signed varint (zigzag) from the end of the previous run; otherwise it is that end. */
  address: 2,
  /** The length in bytes is given as a varint; otherwise it is the previous run's. */
  bytes: 4,
  /** The arrival is given, as a varint from the previous run's, in ps; otherwise it is the previous run's. */
  arrival: 8,
  /** The source is given as a varint; otherwise it is the previous run's. */
  source: 16,
} as const;
export const KNOWN_FLAGS = FLAG.write | FLAG.address | FLAG.bytes | FLAG.arrival | FLAG.source;

/** Payload size at which a writer ends a block; a reader refuses larger blocks than `MAXIMUM_BLOCK`. */
export const BLOCK_BYTES = 1 << 16;
export const MAXIMUM_BLOCK = 1 << 24;
export const MAXIMUM_METADATA = 1 << 24;
/** The entry of the metadata that holds the memory map of a recording. */
export const MEMORY_MAP_KEY = 'memory_map';
/** Where a run may end: the distance between two addresses is written doubled (zigzag), and must stay below 2^53. */
export const MAXIMUM_END = 2 ** 52 - 1;

/** What a trace says of itself: any names and values that its writer chooses. `replay` shows them. */
export type TraceMetadata = Readonly<Record<string, string | number>>;
