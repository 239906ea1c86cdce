import type { AddressMapping } from '../dram/address.ts';
import type { Organisation } from '../hardware/device.ts';
import type { Bytes, Cycles, Megahertz } from '../units/flavours.ts';
import type { AccessRun, AccessRunReader } from './access-run.ts';
import type { FieldScanner } from './field-scanner.ts';

/** Access traces of the field (docs/access-traces.md). */
export const ACCESS_FORMATS = [
  'sxt',
  'csv',
  'ramulator',
  'ramulator-cpu',
  'ramulator2',
  'ramulator2-vector',
  'dramsim3',
  'stl',
  'rstl',
  'gem5',
  'nvmain',
  'scale-sim',
] as const;
export type AccessFormatName = (typeof ACCESS_FORMATS)[number];

/** What a trace leaves open and its reader or writer must be told. */
export interface AccessTraceOptions {
  /** Bytes of one access in formats that give none (64 by default, SCALE-Sim's words 1). */
  readonly accessBytes?: Bytes;
  /** Clock in whose cycles a format counts; without it any time but 0 is refused there. */
  readonly clock?: Megahertz;
  /** Direction in formats whose file is all reads or all writes (SCALE-Sim); reads by default. */
  readonly writes?: boolean;
  /** Memory whose coordinates address vectors are (Ramulator 2). */
  readonly memory?: AddressSpace;
  /** Most accesses that may be written where runs are cut into accesses: one run can be 2^51 of them. No limit unless given. */
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
}

export const noLosses = (): Losses => ({
  arrivals: 0,
  roundedArrivals: 0,
  sources: 0,
  lowAddressBits: 0,
  data: 0,
});

/** What a format's lines can say. */
export interface Carries {
  readonly arrival: 'nothing' | 'cycles' | 'picoseconds';
  /**
   * `units`: aligned accesses of one size, which the file does not give; `parts`: accesses with a size, cut at multiples
   * of it; `runs`: any number of bytes.
   */
  readonly extent: 'units' | 'parts' | 'runs';
  readonly source: boolean;
}

/** One format of text lines. */
export interface TextAccessFormat {
  /** The form of a line, for messages. */
  readonly grammar: string;
  readonly carries: Carries;
  /** Bytes of an access where a line does not say. */
  accessBytes(options: AccessTraceOptions): Bytes;
  reader(scanner: FieldScanner, options: AccessTraceOptions, losses: Losses): AccessRunReader;
  lines(options: AccessTraceOptions): AccessLines;
}

/** Writes lines; the accesses come cut to what the format carries, with `cycle` for those that count in cycles. */
export interface AccessLines {
  readonly header?: string;
  /** Whole lines, or nothing yet. Throws InputError for an access that the format cannot say. */
  line(access: Readonly<AccessRun>, cycle: Cycles): string;
  /** What was held back. */
  end?(): string;
}

export const DEFAULT_ACCESS_BYTES: Bytes = 64;

/** The first byte of the aligned unit that holds an address that was read; what lies below it is counted as lost. */
export function alignedAddress(address: number, unit: Bytes, losses: Losses): number {
  const start = unitStart(address, unit);
  if (start !== address) losses.lowAddressBits++;
  return start;
}

/** The first byte of the aligned unit that holds an address. */
export function unitStart(address: number, unit: Bytes): number {
  // A power of two needs no division, and the low 32 bits are exact whatever the address.
  return (unit & (unit - 1)) === 0 ? address - (address & (unit - 1)) : address - (address % unit);
}
