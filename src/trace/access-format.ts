import type { ByteSource } from '../bytes/byte-source.ts';
import type { AddressMapping } from '../dram/address.ts';
import type { Organisation } from '../hardware/device.ts';
import type { Bytes, Megahertz } from '../units/flavours.ts';
import type { AccessRun, AccessRunReader } from './access-run.ts';
import type { AddressWindow } from './address-window.ts';
import type { MemoryMap } from './memory-map.ts';
import type { Signature } from './signature.ts';
import type { TraceMetadata } from './sxt-format.ts';

/** What the reader or writer of a trace must know, where the trace itself does not say it. */
export interface AccessTraceOptions {
  /** Bytes of one access in formats that give none, and of SCALE-Sim's words (1 by default). */
  readonly accessBytes?: Bytes;
  /** Bytes of one access, where neither the format nor `accessBytes` gives them; 64 by default. */
  readonly burstBytes?: Bytes;
  /** Base of addresses that are bare digits, in formats that mean base 16 by them. 16 by default. */
  readonly addressBase?: 10 | 16;
  /**
   * Takes requests whose time lies before that of the request before them: they arrive with it, at the latest time so
   * far, as in DRAMSys. Refused by default.
   */
  readonly lateTimes?: boolean;
  /** Clock of formats that count time in cycles; without it they refuse every time but 0. */
  readonly clock?: Megahertz;
  /** Direction in formats whose file is all reads or all writes (SCALE-Sim). Reads by default. */
  readonly writes?: boolean;
  /** How the addresses are moved after reading, by `windowed`: it decides which large ones can be taken. */
  readonly window?: AddressWindow;
  /** Memory of formats that give coordinates instead of addresses (Ramulator 2). */
  readonly memory?: AddressSpace;
  /** Most accesses to write; a run of a few bytes in one format can be 2^51 accesses in another. No limit by default. */
  readonly limit?: number;
}

export interface AddressSpace {
  readonly organisation: Organisation;
  readonly mapping: AddressMapping;
}

/** What a conversion did not carry over, counted in accesses. */
export interface Losses {
  /** Arrival times that the format has no place for. */
  arrivals: number;
  /** Arrival times between two cycles of the format's clock. */
  roundedArrivals: number;
  sources: number;
  /** Addresses inside an access: the format names whole accesses, so the low bits go. */
  lowAddressBits: number;
  /** Data of accesses, which an access trace does not hold. */
  data: number;
  /** Times before that of the request before, which have become its time. */
  lateTimes: number;
  /** Entries that are no reads or writes, by their kind. */
  readonly skipped: Record<string, number>;
}

export const noLosses = (): Losses => ({
  arrivals: 0,
  roundedArrivals: 0,
  sources: 0,
  lowAddressBits: 0,
  data: 0,
  lateTimes: 0,
  skipped: {},
});

/** What a format can say of an access. */
export interface Carries {
  readonly arrival: 'nothing' | 'cycles' | 'picoseconds';
  /**
   * `units`: aligned accesses of one size, which the file does not give; `parts`: accesses with their size, which do not
   * cross a multiple of the size given by the options; `runs`: any number of bytes.
   */
  readonly extent: 'units' | 'parts' | 'runs';
  readonly source: boolean;
  /** Whether the file has a place for `TraceMetadata`. */
  readonly metadata: boolean;
}

/** One access-trace format: a file of formats/, and a line in access-formats.ts. */
export interface AccessFormat<Name extends string = string> {
  readonly name: Name;
  readonly signature: Signature;
  readonly carries: Carries;
  /** The size of an access that the file does not give; undefined in formats whose every access says its size. */
  assumedBytes(options: AccessTraceOptions): Bytes | undefined;
  /** In formats of bare addresses in base 16: which field of a line (split at white space) is one, from 0. */
  readonly bareAddressField?: number;
  /**
   * Reads a trace from its first byte on; what reading leaves out is counted in `losses`. Throws InputError (also from
   * `next`) for a file that does not follow the format.
   */
  open(source: ByteSource, options: AccessTraceOptions, losses: Losses): OpenedAccessTrace;
  /** Writes a trace; finished pieces go to `put`, and what the format has no place for is counted in `losses`. */
  createWriter(
    put: (bytes: Uint8Array) => void,
    options: AccessTraceOptions,
    losses: Losses,
    metadata: TraceMetadata,
    memoryMap?: MemoryMap,
  ): AccessTraceWriter;
}

export interface OpenedAccessTrace extends AccessRunReader {
  /** What the trace says of itself; empty in formats that have no place for it. */
  readonly metadata: TraceMetadata;
  /** What the trace knows of the data that it reads; formats without a place for it lack the function. */
  memoryMap?(): MemoryMap | undefined;
}

/** Writes an access trace; finished pieces of the file go out in order. */
export interface AccessTraceWriter {
  /** Throws InputError for a run that the format cannot say. */
  append(run: Readonly<AccessRun>): void;
  /** Writes what is left. */
  end(): void;
}

const DEFAULT_ACCESS_BYTES: Bytes = 64;

/** Bytes of an access in a format that gives none. */
export const accessBytesOf = ({ accessBytes, burstBytes }: AccessTraceOptions): Bytes =>
  accessBytes ?? burstBytes ?? DEFAULT_ACCESS_BYTES;

/** The first byte of the aligned unit that holds an address that was read; what lies below it is counted as lost. */
export function alignedAddress(address: number, unit: Bytes, losses: Losses): number {
  const start = unitStart(address, unit);
  if (start !== address) losses.lowAddressBits++;
  return start;
}

/** Makes a run an access of one unit of a trace without times and sources; true, for a reader to return. */
export function fillUnit(run: AccessRun, write: boolean, address: number, unit: Bytes, losses: Losses): true {
  run.write = write;
  run.address = alignedAddress(address, unit, losses);
  run.bytes = unit;
  run.arrival = 0;
  run.source = 0;
  return true;
}

/** The first byte of the aligned unit that holds an address. */
export function unitStart(address: number, unit: Bytes): number {
  // A power of two needs no division, and the low 32 bits are exact whatever the address.
  return (unit & (unit - 1)) === 0 ? address - (address & (unit - 1)) : address - (address % unit);
}
