import { bitsToNumber } from '../elementary/float-bits.ts';
import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Organisation } from '../hardware/device.ts';
import { type AddressMapping, COORDINATES, type Coordinate } from './address.ts';
import {
  type BitTable,
  coordinateSizes,
  createBitTableMapping,
  isPowerOfTwo,
} from './address-mapping-bits.ts';

/** Orders in which consecutive bursts move through a memory, the fastest-moving coordinate last. */
export const ADDRESS_ORDERS = {
  /** A row's columns, then the next bank's row: open rows in all banks (Ramulator's RoBaRaCoCh with one rank). */
  'row-bank-column': ['row', 'rank', 'bank', 'bankGroup', 'channel', 'column'],
  /** A row's columns, then the next row of the same bank: the sequential placement of the SparkXD paper. */
  'bank-row-column': ['channel', 'rank', 'bankGroup', 'bank', 'row', 'column'],
  /** Consecutive bursts in different channels, bank groups and banks: every burst another row buffer. */
  'row-column-bank': ['row', 'column', 'rank', 'bank', 'bankGroup', 'channel'],
} as const satisfies Record<string, readonly Coordinate[]>;
export type AddressOrder = keyof typeof ADDRESS_ORDERS;

/** Ramulator's bigrams. */
const BIGRAMS: Readonly<Record<string, Coordinate>> = {
  Ch: 'channel',
  Ra: 'rank',
  Bg: 'bankGroup',
  Ba: 'bank',
  Ro: 'row',
  Co: 'column',
};

/**
 * The coordinates, slowest first, that a name stands for: one of `ADDRESS_ORDERS`, or bigrams as Ramulator writes them
 * (RoBaRaCoCh, ChRaBaRoCo). Ba without Bg stands for bank and bank group, the group moving faster, as there; a
 * coordinate with a single member may be left out. Throws InputError for anything else.
 */
export function addressOrder(name: string, organisation: Organisation): readonly Coordinate[] {
  const known = ADDRESS_ORDERS[name as AddressOrder];
  if (known) return known;
  if (!/^([A-Z][a-z])+$/.test(name))
    throw new InputError(`unknown address order "${name}"`, {
      remedy: `${suggest(name, Object.keys(ADDRESS_ORDERS), 'orders')}, or bigrams such as RoBaRaCoCh`,
    });
  const order: Coordinate[] = [];
  for (const bigram of name.match(/../g)!) {
    const coordinate = BIGRAMS[bigram];
    if (!coordinate)
      throw new InputError(`address order "${name}" has an unknown part "${bigram}"`, {
        remedy: `parts: ${Object.keys(BIGRAMS).join(', ')}`,
      });
    if (order.includes(coordinate)) throw new InputError(`address order "${name}" has ${bigram} twice`);
    order.push(coordinate);
    if (bigram === 'Ba' && !name.includes('Bg')) order.push('bankGroup');
  }
  const sizes = coordinateSizes(organisation);
  const missing = COORDINATES.filter((coordinate) => !order.includes(coordinate));
  for (const coordinate of missing)
    if (sizes[coordinate] > 1)
      throw new InputError(
        `address order "${name}" leaves out ${coordinate}, of which the device has ${sizes[coordinate]}`,
      );
  return [...missing, ...order];
}

/**
 * A mapping that counts through the coordinates in the given order (slowest first); any sizes. Where all sizes are
 * powers of two it is a bit table, elsewhere a mixed-radix number.
 */
export function createOrderedMapping(
  organisation: Organisation,
  order: AddressOrder | readonly Coordinate[],
): AddressMapping {
  const slowestFirst: readonly Coordinate[] = typeof order === 'string' ? ADDRESS_ORDERS[order] : order;
  const fastestFirst = [...slowestFirst].reverse();
  const sizes = coordinateSizes(organisation);
  if (COORDINATES.every((coordinate) => isPowerOfTwo(sizes[coordinate]))) {
    let next = 0;
    const table = {} as Record<Coordinate, BitTable[Coordinate]>;
    for (const coordinate of fastestFirst)
      table[coordinate] = Array.from({ length: bitsToNumber(sizes[coordinate]) }, () => [next++]);
    return createBitTableMapping(organisation, table);
  }
  return createMixedRadixMapping(organisation, fastestFirst);
}

function createMixedRadixMapping(
  organisation: Organisation,
  fastestFirst: readonly Coordinate[],
): AddressMapping {
  const size = coordinateSizes(organisation);
  const sizes = fastestFirst.map((coordinate) => size[coordinate]);
  const positions = fastestFirst.map((coordinate) => COORDINATES.indexOf(coordinate));
  const weight = new Float64Array(COORDINATES.length);
  let bursts = 1;
  fastestFirst.forEach((coordinate, i) => {
    weight[positions[i]!] = bursts;
    bursts *= size[coordinate];
  });
  if (!Number.isSafeInteger(bursts)) throw new InputError(`a memory of ${bursts} bursts is beyond 2^53`);
  // Columns follow each other only where nothing moves faster than they do.
  const run = weight[COORDINATES.indexOf('column')] === 1 ? size.column : 1;
  return {
    bursts,
    decode(burst, out) {
      let rest = burst;
      for (let i = 0; i < sizes.length; i++) {
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
    burstsToRowEnd: (burst) => run - (burst % run),
  };
}
