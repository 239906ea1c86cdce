import { requireDistinctColumns } from '../errors/distinct-columns.ts';
import { InputError } from '../errors/input-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Volts } from '../units/flavours.ts';
import { FIELD_LIMITS, sortedMap } from './map-order.ts';
import { allocateMap, type MapShape, type WeakCellMap } from './weak-cell-map.ts';

/** Columns of a weak-cell map as text. Channel and rank may be left out where there is one of each. */
export const REQUIRED_COLUMNS = ['bank', 'row', 'bit', 'failure_voltage_V'] as const;
export const OPTIONAL_COLUMNS = [
  'channel',
  'rank',
  'flip_probability',
  'flip_probability_0',
  'flip_probability_1',
] as const;
type ColumnName = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];
const KNOWN: readonly string[] = [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS];

/** What the reader must know besides the text: the memory, and the supplies between which the map says everything. */
export interface MapContext {
  readonly file: string;
  readonly shape: MapShape;
  readonly nominal: Volts;
  readonly lowest: Volts;
}

/**
 * Reads `bank,row,bit,failure_voltage_V[,flip_probability]`, header first, cells in any order, with `channel` and `rank`
 * where the memory has several, and `flip_probability_0`, `flip_probability_1` (when the cell stores 0, 1) for cells
 * that depend on their data. Throws InputError with the line for anything missing, unknown, not a number, out of the
 * memory, listed twice, a probability outside [0, 1] or a voltage outside (lowest, nominal].
 */
export function readMapCsv(text: string, { file, shape, nominal, lowest }: MapContext): WeakCellMap {
  const lines = text.split(/\r?\n/);
  while (lines.length > 0 && lines.at(-1)!.trim() === '') lines.pop();
  const names = (lines[0] ?? '')
    .replace(/^\uFEFF/, '')
    .split(',')
    .map((name) => name.trim());
  const header = readHeader(names, file, shape);
  const cells = lines.length - 1;
  const map = allocateMap(cells, shape, nominal, lowest);
  const at = (index: number) => ({ file, line: index + 2 });

  for (let i = 0; i < cells; i++) {
    const fields = lines[i + 1]!.split(',');
    if (fields.length !== names.length)
      throw new InputError(`${fields.length} fields where the header has ${names.length}`, { place: at(i) });
    const field = (name: ColumnName, absent: number): number => {
      const column = header.get(name);
      if (column === undefined) return absent;
      const value = fields[column]!.trim() === '' ? Number.NaN : Number(fields[column]);
      if (!Number.isFinite(value))
        throw new InputError(`${name} is "${fields[column]}", not a number`, { place: at(i) });
      return value;
    };
    const index = (name: keyof typeof FIELD_LIMITS): number => {
      const value = field(name, 0);
      const limit = shape[FIELD_LIMITS[name]];
      if (!Number.isInteger(value) || value < 0 || value >= limit)
        throw new InputError(`${name} ${value} is outside the memory, which has 0 to ${limit - 1}`, {
          place: at(i),
          remedy: 'is the map for another geometry? name its device with --device',
        });
      return value;
    };
    const probability = (name: ColumnName, absent: number): number => {
      const value = field(name, absent);
      if (!(value >= 0 && value <= 1))
        throw new InputError(`${name} ${value} is outside 0 to 1`, { place: at(i) });
      return value;
    };
    const failure = field('failure_voltage_V', 0);
    if (!(failure >= lowest && failure <= nominal))
      throw new InputError(
        `failure voltage ${failure} V is outside the range of the map, ${lowest} to ${nominal} V`,
        { place: at(i), remedy: 'a map goes from the lowest supply that was tested to the nominal one' },
      );
    map.channel[i] = index('channel');
    map.rank[i] = index('rank');
    map.bank[i] = index('bank');
    map.row[i] = index('row');
    map.bit[i] = index('bit');
    map.failureVoltage[i] = failure;
    const flip = probability('flip_probability', 1);
    map.flips[2 * i] = probability('flip_probability_0', flip);
    map.flips[2 * i + 1] = probability('flip_probability_1', flip);
  }
  return sortedMap(map, at);
}

function readHeader(names: readonly string[], file: string, shape: MapShape): Map<ColumnName, number> {
  const place = { file, line: 1 };
  for (const name of names)
    if (!KNOWN.includes(name))
      throw new InputError(`unknown column "${name}" in a weak-cell map`, {
        place,
        remedy: suggest(name, KNOWN, 'columns'),
      });
  requireDistinctColumns(names, file);
  const header = new Map(names.map((name, i) => [name as ColumnName, i]));
  const needed: ColumnName[] = [...REQUIRED_COLUMNS];
  if (shape.channels > 1) needed.push('channel');
  if (shape.ranks > 1) needed.push('rank');
  for (const name of needed)
    if (!header.has(name))
      throw new InputError(`a weak-cell map needs the column ${name}`, {
        place,
        remedy: `header: ${needed.join(',')}[,flip_probability]`,
      });
  if (header.has('flip_probability_0') !== header.has('flip_probability_1'))
    throw new InputError('flip_probability_0 and flip_probability_1 go together', { place });
  return header;
}

/**
 * The same as text, in pieces (a chip at a low voltage has millions of cells). Columns as the reader's, with
 * flip_probability the mean over stored 0 and 1, and the two apart only where some cell depends on its data. Numbers
 * read back to the same doubles.
 */
export function* writeMapCsv(map: WeakCellMap, cellsAPiece = 65_536): Generator<string> {
  const { channels, ranks } = map.shape;
  let dependent = false;
  for (let i = 0; i < map.size && !dependent; i++) dependent = map.flips[2 * i] !== map.flips[2 * i + 1];
  const columns = [
    ...(channels > 1 ? ['channel'] : []),
    ...(ranks > 1 ? ['rank'] : []),
    ...REQUIRED_COLUMNS,
    'flip_probability',
    ...(dependent ? ['flip_probability_0', 'flip_probability_1'] : []),
  ];
  yield `${columns.join(',')}\r\n`;
  for (let first = 0; first < map.size; first += cellsAPiece) {
    const lines: string[] = [];
    for (let i = first; i < Math.min(map.size, first + cellsAPiece); i++) {
      const [storing0, storing1] = [map.flips[2 * i]!, map.flips[2 * i + 1]!];
      const place = `${channels > 1 ? `${map.channel[i]},` : ''}${ranks > 1 ? `${map.rank[i]},` : ''}`;
      const flips = dependent ? `,${storing0},${storing1}` : '';
      lines.push(
        `${place}${map.bank[i]},${map.row[i]},${map.bit[i]},${map.failureVoltage[i]},${(storing0 + storing1) / 2}${flips}\r\n`,
      );
    }
    yield lines.join('');
  }
}
