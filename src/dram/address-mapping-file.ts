import { z } from 'zod';
import { binaryExponent } from '../elementary/float-bits.ts';
import { InputError, type Place } from '../errors/input-error.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import type { ModelText } from '../hardware/model-source.ts';
import { readYaml, type YamlDocument } from '../hardware/yaml-document.ts';
import { type AddressMapping, COORDINATES, type Coordinate } from './address.ts';
import { addressOrder, createOrderedMapping } from './address-mapping.ts';
import { type BitPlace, type BitTable, createBitTableMapping, isPowerOfTwo } from './address-mapping-bits.ts';
import { looksLikeRamulatorMap, readRamulatorMap } from './address-mapping-ramulator.ts';

/**
 * Reads a mapping file of any known form, told apart by content: our own YAML, DRAMSys' JSON (ConGen), Ramulator 1's
 * `.map`. docs/address-mapping.md describes them. Throws InputError with file:line:column for what is malformed, does
 * not fit the device, or is no bijection.
 */
export function readAddressMapping(model: ModelText, organisation: Organisation): AddressMapping {
  if (/^\s*\{/.test(model.text)) return readDramsysMapping(model, organisation);
  if (looksLikeRamulatorMap(model.text)) return readRamulatorMap(model, organisation);
  return readOwnMapping(model, organisation);
}

/** "13" is a bit, "13-28" the bits 13 to 28. */
const range = z.string().regex(/^\d+(-\d+)?$/, 'expected address bits such as 13, 13-28 or [13, 16] (XOR)');
const bit = z.int().min(0);
const field = z.union([bit, range, z.array(z.union([bit, range, z.array(bit).min(1)]))]);
type Field = z.infer<typeof field>;

const FIELDS = { channel: field, rank: field, bank_group: field, bank: field, row: field, column: field };
const ownSchema = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  order: z.string().optional(),
  bits: z.strictObject(FIELDS).partial().optional(),
});
const KEYS: Readonly<Record<Coordinate, keyof typeof FIELDS>> = {
  channel: 'channel',
  rank: 'rank',
  bankGroup: 'bank_group',
  bank: 'bank',
  row: 'row',
  column: 'column',
};

function readOwnMapping(model: ModelText, organisation: Organisation): AddressMapping {
  const document = readYaml(model, ownSchema);
  const { order, bits } = document.data;
  if ((order === undefined) === (bits === undefined))
    throw new InputError('a mapping has either an order or bits', {
      place: document.place(order === undefined ? [] : ['order']),
      remedy: 'for instance "order: RoBaRaCoCh"',
    });
  if (order !== undefined) {
    try {
      return createOrderedMapping(organisation, addressOrder(order, organisation));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(error.what, {
        place: document.place(['order']),
        ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      });
    }
  }
  const places = new Map<string, Place>();
  const table = {} as Record<Coordinate, number[][]>;
  for (const coordinate of COORDINATES) {
    const key = KEYS[coordinate];
    const path = ['bits', key];
    table[coordinate] = expand(bits![key] ?? [], (at) => document.place([...path, ...at])).map(
      ({ sources, place }, position) => {
        places.set(`${coordinate}${position}`, place);
        return sources;
      },
    );
  }
  return fromByteBits(organisation, table, (coordinate, position) => {
    return places.get(`${coordinate}${position}`) ?? document.place(['bits', KEYS[coordinate]]);
  });
}

/** A field as written, as one list of address bits per bit of the coordinate, with its place. */
function expand(
  given: Field,
  placeAt: (path: readonly number[]) => Place,
): { sources: number[]; place: Place }[] {
  if (!Array.isArray(given)) return spread(given, placeAt([]));
  return given.flatMap((item, i) =>
    Array.isArray(item) ? [{ sources: item, place: placeAt([i]) }] : spread(item, placeAt([i])),
  );
}

function spread(given: number | string, place: Place): { sources: number[]; place: Place }[] {
  const [first, last = first] = String(given).split('-').map(Number);
  if (last! < first!)
    throw new InputError(`bits ${given} run downwards`, { place, remedy: `write ${last}-${first}` });
  return Array.from({ length: last! - first! + 1 }, (_, i) => ({ sources: [first! + i], place }));
}

/** Bits of byte addresses become bits of burst addresses; none may lie inside a burst. */
function fromByteBits(organisation: Organisation, table: BitTable, placeOf: BitPlace): AddressMapping {
  const offset = burstOffsetBits(organisation, placeOf('column', 0));
  const shifted = {} as Record<Coordinate, number[][]>;
  for (const coordinate of COORDINATES)
    shifted[coordinate] = table[coordinate].map((sources, position) =>
      sources.map((source) => {
        if (source >= offset) return source - offset;
        const place = placeOf(coordinate, position);
        throw new InputError(
          `${coordinate} bit ${position} takes address bit ${source}, which lies inside a burst of ${2 ** offset} bytes`,
          { ...(place ? { place } : {}), remedy: `address bits of bursts begin at ${offset}` },
        );
      }),
    );
  return createBitTableMapping(organisation, shifted, placeOf);
}

function burstOffsetBits(organisation: Organisation, place: Place | undefined): number {
  const bytes = bytesPerBurst(organisation);
  if (!isPowerOfTwo(bytes))
    throw new InputError(`a burst of ${bytes} bytes has no whole number of address bits`, {
      ...(place ? { place } : {}),
      remedy: 'use a field order such as RoBaRaCoCh',
    });
  return binaryExponent(bytes);
}

const bitEntry = z.union([bit, z.array(bit).min(1)]);
const bitList = z.array(bitEntry).optional();
const xorPairs = z.array(z.strictObject({ FIRST: bit, SECOND: bit })).optional();
const conGen = z.strictObject({
  BYTE_BIT: bitList,
  COLUMN_BIT: bitList,
  ROW_BIT: bitList,
  BANK_BIT: bitList,
  BANKGROUP_BIT: bitList,
  RANK_BIT: bitList,
  CHANNEL_BIT: bitList,
  XOR: xorPairs,
});
const dramsysSchema = z.strictObject({
  addressmapping: z.union([conGen, z.strictObject({ CONGEN: conGen })], {
    error:
      'expected lists BYTE_BIT, COLUMN_BIT, ROW_BIT, BANK_BIT, BANKGROUP_BIT, RANK_BIT, CHANNEL_BIT of address bits',
  }),
});
const DRAMSYS_KEYS = {
  channel: 'CHANNEL_BIT',
  rank: 'RANK_BIT',
  bankGroup: 'BANKGROUP_BIT',
  bank: 'BANK_BIT',
  row: 'ROW_BIT',
  column: 'COLUMN_BIT',
} as const satisfies Record<Coordinate, keyof z.infer<typeof conGen>>;

/**
 * DRAMSys counts bits of byte addresses; BYTE_BIT and the lowest column bits are the place inside a burst, and must be
 * the lowest address bits here. An inner list is an XOR; the older form XORs bit SECOND onto every use of bit FIRST.
 */
function readDramsysMapping(model: ModelText, organisation: Organisation): AddressMapping {
  // JSON is YAML, and the YAML reader knows lines and columns.
  const document: YamlDocument<z.infer<typeof dramsysSchema>> = readYaml(model, dramsysSchema);
  const given = document.data.addressmapping;
  const nested = 'CONGEN' in given;
  const lists = nested ? given.CONGEN : given;
  const path = nested ? ['addressmapping', 'CONGEN'] : ['addressmapping'];
  const entries = (key: Exclude<keyof typeof lists, 'XOR'>): number[][] =>
    (lists[key] ?? []).map((entry) => {
      const bits = Array.isArray(entry) ? entry : [entry];
      return bits.flatMap((first) => [
        first,
        ...(lists.XOR ?? []).filter(({ FIRST }) => FIRST === first).map(({ SECOND }) => SECOND),
      ]);
    });
  const columnsInBurst = binaryExponent(organisation.burstLength);
  const offset = burstOffsetBits(organisation, document.place(path));
  const inside = [...entries('BYTE_BIT'), ...entries('COLUMN_BIT').slice(0, columnsInBurst)];
  const expected = Array.from({ length: offset }, (_, i) => i);
  const found = inside.map((bits) => (bits.length === 1 ? bits[0]! : -1)).sort((a, b) => a - b);
  if (found.join() !== expected.join())
    throw new InputError(
      `BYTE_BIT and the lowest ${columnsInBurst} of COLUMN_BIT must be the place in a burst of ${2 ** offset} bytes, address bits 0 to ${offset - 1}`,
      {
        place: document.place([...path, 'BYTE_BIT']),
        remedy: `they are ${inside.map((bits) => bits.join(' xor ')).join(', ') || 'missing'}`,
      },
    );
  const table = {} as Record<Coordinate, number[][]>;
  for (const coordinate of COORDINATES) table[coordinate] = entries(DRAMSYS_KEYS[coordinate]);
  table.column = table.column.slice(columnsInBurst);
  return fromByteBits(organisation, table, (coordinate, position) =>
    document.place([
      ...path,
      DRAMSYS_KEYS[coordinate],
      coordinate === 'column' ? position + columnsInBurst : position,
    ]),
  );
}
