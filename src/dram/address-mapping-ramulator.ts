import { bitsToNumber } from '../elementary/float-bits.ts';
import { InputError, type Place } from '../errors/input-error.ts';
import type { Organisation } from '../hardware/device.ts';
import type { ModelText } from '../hardware/model-source.ts';
import type { AddressMapping, Coordinate } from './address.ts';
import { coordinateSizes, createBitTableMapping } from './address-mapping-bits.ts';

const FIELDS: Readonly<Record<string, Coordinate>> = {
  Ch: 'channel',
  Ra: 'rank',
  Bg: 'bankGroup',
  Ba: 'bank',
  Ro: 'row',
  Co: 'column',
};
const STATEMENT = /^([A-Z][a-z])\s+(\d+)(?::(\d+))?\s*=\s*(.+)$/;

/** Whether the first statement of a text is one of a Ramulator 1 mapping file. */
export function looksLikeRamulatorMap(text: string): boolean {
  const first = text.split(/\r?\n/).find((line) => withoutComment(line) !== '');
  return first !== undefined && STATEMENT.test(withoutComment(first));
}

const withoutComment = (line: string): string => line.replace(/#.*$/, '').trim();

/**
 * Reads Ramulator 1's mapping file: `Ba 2 = 13`, `Ro 13:0 = 22:9`, `Ba 0 = 6 13` (XOR); bit 0 is the lowest bit of the
 * burst address. Its files number more row bits than most devices have; bits above the device's are accepted where
 * the address bits they take lie beyond the memory and so are always 0. Throws InputError as readAddressMapping does.
 */
export function readRamulatorMap({ text, file }: ModelText, organisation: Organisation): AddressMapping {
  const sizes = coordinateSizes(organisation);
  const width = (coordinate: Coordinate): number => bitsToNumber(sizes[coordinate]);
  const addressBits = (Object.keys(sizes) as Coordinate[]).reduce((sum, c) => sum + width(c), 0);
  const table: Record<Coordinate, number[][]> = {
    channel: [],
    rank: [],
    bankGroup: [],
    bank: [],
    row: [],
    column: [],
  };
  const places = new Map<string, Place>();

  text.split(/\r?\n/).forEach((raw, index) => {
    const line = withoutComment(raw);
    if (line === '') return;
    const place: Place = { file, line: index + 1, column: raw.search(/\S/) + 1 };
    for (const { coordinate, bit, sources } of statement(line, place)) {
      if (bit >= width(coordinate)) {
        if (sources.every((source) => source >= addressBits)) continue;
        throw new InputError(
          `${coordinate} bit ${bit} does not exist: the device's ${sizes[coordinate]} need ${width(coordinate)} bits`,
          { place, remedy: `or take it from address bits beyond the memory, ${addressBits} and up` },
        );
      }
      if (table[coordinate][bit])
        throw new InputError(`${coordinate} bit ${bit} is assigned twice`, { place });
      table[coordinate][bit] = sources;
      places.set(`${coordinate}${bit}`, place);
    }
  });
  for (const coordinate of Object.keys(table) as Coordinate[])
    for (let bit = 0; bit < width(coordinate); bit++)
      if (!table[coordinate][bit])
        throw new InputError(`${coordinate} bit ${bit} is not assigned`, {
          place: { file },
          remedy: `the device's ${sizes[coordinate]} need ${width(coordinate)} bits`,
        });
  return createBitTableMapping(organisation, table, (coordinate, bit) => places.get(`${coordinate}${bit}`));
}

interface Assignment {
  readonly coordinate: Coordinate;
  readonly bit: number;
  readonly sources: number[];
}

function statement(line: string, place: Place): Assignment[] {
  const fault = (what: string): InputError =>
    new InputError(`${what}: "${line}"`, {
      place,
      remedy: 'statements: Ba 2 = 13, Ro 13:0 = 22:9, Ba 0 = 6 13 (XOR); fields Ch Ra Bg Ba Ro Co',
    });
  const match = STATEMENT.exec(line);
  if (!match) throw fault('not a statement of a Ramulator mapping');
  const [, name, high, low, right] = match;
  const coordinate = FIELDS[name!];
  if (!coordinate) throw fault(`unknown field ${name}`);
  const span = /^(\d+):(\d+)$/.exec(right!.trim());
  if (low !== undefined || span) {
    if (low === undefined || !span) throw fault('a range of bits needs a range on both sides');
    const [bits, sources] = [Number(high) - Number(low), Number(span[1]) - Number(span[2])];
    if (bits < 0 || bits !== sources) throw fault('ranges must be of the same length, high:low');
    return Array.from({ length: bits + 1 }, (_, i) => ({
      coordinate,
      bit: Number(low) + i,
      sources: [Number(span[2]) + i],
    }));
  }
  if (!/^\d+(\s+\d+)*$/.test(right!.trim())) throw fault('expected address bits after "="');
  return [{ coordinate, bit: Number(high), sources: right!.trim().split(/\s+/).map(Number) }];
}
