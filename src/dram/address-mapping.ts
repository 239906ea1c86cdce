import { banksPerRank, burstsPerRow, type Organisation } from '../hardware/device.ts';
import type { AddressMapping } from './address.ts';

/** Orders in which consecutive bursts move through a memory, the fastest-moving coordinate last. */
export const ADDRESS_ORDERS = {
  /** A row's columns, then the next bank's row: open rows in all banks (Ramulator's RoBaRaCoCh with one rank). */
  'row-bank-column': ['row', 'rank', 'bank', 'bankGroup', 'channel', 'column'],
  /** A row's columns, then the next row of the same bank: the sequential placement of the SparkXD paper. */
  'bank-row-column': ['channel', 'rank', 'bankGroup', 'bank', 'row', 'column'],
} as const satisfies Record<string, readonly Coordinate[]>;
export type AddressOrder = keyof typeof ADDRESS_ORDERS;

type Coordinate = 'channel' | 'rank' | 'bankGroup' | 'bank' | 'row' | 'column';
/** Positions in the six coordinates of `AddressMapping.decode`. */
const INDEX: Readonly<Record<Coordinate, number>> = {
  channel: 0,
  rank: 1,
  bankGroup: 2,
  bank: 3,
  row: 4,
  column: 5,
};

/** A mapping that counts through the coordinates in the given order; any sizes, powers of two or not. */
export function createOrderedMapping(organisation: Organisation, order: AddressOrder): AddressMapping {
  const size: Record<Coordinate, number> = {
    channel: organisation.channels,
    rank: organisation.ranks,
    bankGroup: organisation.bankGroups,
    bank: organisation.banksPerGroup,
    row: organisation.rows,
    column: burstsPerRow(organisation),
  };
  const fastestFirst = [...ADDRESS_ORDERS[order]].reverse();
  const sizes = fastestFirst.map((coordinate) => size[coordinate]);
  const positions = fastestFirst.map((coordinate) => INDEX[coordinate]);
  const weight = new Float64Array(6);
  let bursts = 1;
  fastestFirst.forEach((coordinate) => {
    weight[INDEX[coordinate]] = bursts;
    bursts *= size[coordinate];
  });
  const columns = size.column;
  return {
    bursts,
    decode(burst, out) {
      let rest = burst;
      for (let i = 0; i < 6; i++) {
        const next = Math.floor(rest / sizes[i]!);
        out[positions[i]!] = rest - next * sizes[i]!;
        rest = next;
      }
    },
    encode: (channel, rank, bankGroup, bank, row, columnBurst) =>
      channel * weight[0]! +
      rank * weight[1]! +
      bankGroup * weight[2]! +
      bank * weight[3]! +
      row * weight[4]! +
      columnBurst * weight[5]!,
    burstsToRowEnd: (burst) => columns - (burst % columns),
  };
}

/** Banks of the whole memory, for counters. */
export const banksOf = (organisation: Organisation): number =>
  organisation.channels * organisation.ranks * banksPerRank(organisation);
