import type { Organisation } from '../hardware/device.ts';
import { banksPerRank, bytesPerRow } from '../hardware/device.ts';
import type { Volts } from '../units/flavours.ts';
import type { WeakCells } from './weak-cells.ts';

/**
 * Weak cells listed one by one, as columns, sorted by (channel, rank, bank, row, bit): what is exported, imported,
 * compared and fitted. A cell fails at every supply below its failure voltage.
 */
export interface WeakCellMap {
  readonly size: number;
  readonly shape: MapShape;
  /** Nominal supply of the device and the lowest supply down to which every failing cell is listed. */
  readonly nominal: Volts;
  readonly lowest: Volts;
  readonly channel: Uint8Array;
  readonly rank: Uint8Array;
  readonly bank: Uint16Array;
  readonly row: Uint32Array;
  readonly bit: Uint32Array;
  readonly failureVoltage: Float64Array;
  /** Flip probability of cell i at [2 i] when it stores 0, at [2 i + 1] when it stores 1. */
  readonly flips: Float64Array;
}

/** Counts of the memory that a map is about. */
export interface MapShape {
  readonly channels: number;
  readonly ranks: number;
  readonly banks: number;
  readonly rows: number;
  readonly rowsPerSubarray: number;
  readonly rowBits: number;
}

/** The extents of the memory that a map of weak cells is of. */
export function mapShape(organisation: Organisation): MapShape {
  const { channels, ranks, rows, rowsPerSubarray } = organisation;
  return {
    channels,
    ranks,
    banks: banksPerRank(organisation),
    rows,
    rowsPerSubarray,
    rowBits: bytesPerRow(organisation) * 8,
  };
}

export function allocateMap(size: number, shape: MapShape, nominal: Volts, lowest: Volts): WeakCellMap {
  return {
    size,
    shape,
    nominal,
    lowest,
    channel: new Uint8Array(size),
    rank: new Uint8Array(size),
    bank: new Uint16Array(size),
    row: new Uint32Array(size),
    bit: new Uint32Array(size),
    failureVoltage: new Float64Array(size),
    flips: new Float64Array(2 * size),
  };
}

/** Part of the memory: the banks (of every channel and rank) and the rows from `firstRow` to before `endRow`. */
export interface Region {
  readonly banks: readonly number[];
  readonly firstRow: number;
  readonly endRow: number;
}

export function wholeMemory({ banks, rows }: MapShape): Region {
  return { banks: Array.from({ length: banks }, (_, bank) => bank), firstRow: 0, endRow: rows };
}

/** Rows of a region, in the order of the map. */
export function* rowsOf({ channels, ranks }: MapShape, { banks, firstRow, endRow }: Region) {
  const ordered = [...new Set(banks)].sort((a, b) => a - b);
  for (let channel = 0; channel < channels; channel++)
    for (let rank = 0; rank < ranks; rank++)
      for (const bank of ordered)
        for (let row = firstRow; row < endRow; row++) yield { channel, rank, bank, row };
}

/** Cells of a region, the number that a bit error rate is a share of. */
export function cellsOf({ channels, ranks, rowBits }: MapShape, region: Region): number {
  return channels * ranks * new Set(region.banks).size * (region.endRow - region.firstRow) * rowBits;
}

/** Lists the weak cells of a region. `nominal` and `supply` are those at which `weak` was made. */
export function collectWeakCells(
  weak: WeakCells,
  nominal: Volts,
  supply: Volts,
  region: Region = wholeMemory(mapShape(weak.organisation)),
): WeakCellMap {
  const shape = mapShape(weak.organisation);
  const bits = new Uint32Array(shape.rowBits);
  let total = 0;
  for (const { channel, rank, bank, row } of rowsOf(shape, region))
    total += weak.ofRow(channel, rank, bank, row, bits);
  const map = allocateMap(total, shape, nominal, supply);
  const flips = new Float64Array(2 * shape.rowBits);
  const failures = new Float64Array(shape.rowBits);
  let next = 0;
  for (const { channel, rank, bank, row } of rowsOf(shape, region)) {
    const count = weak.ofRow(channel, rank, bank, row, bits, flips, failures);
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => bits[a]! - bits[b]!);
    for (const i of order) {
      map.channel[next] = channel;
      map.rank[next] = rank;
      map.bank[next] = bank;
      map.row[next] = row;
      map.bit[next] = bits[i]!;
      map.failureVoltage[next] = failures[i]!;
      map.flips[2 * next] = flips[2 * i]!;
      map.flips[2 * next + 1] = flips[2 * i + 1]!;
      next++;
    }
  }
  return map;
}
