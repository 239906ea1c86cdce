import { InputError } from '../errors/input-error.ts';
import { bankCount, bankLevels, rowAt, rowIndex } from '../hardware/bank-index.ts';
import { FIELD_LIMITS } from './map-order.ts';
import { allocateMap, type MapShape, type WeakCellMap } from './weak-cell-map.ts';

/**
 * A weak-cell map as bytes (docs/faults.md has the layout): magic, a JSON header with shape, range and size, then the
 * cells' places as differences in variable-length bytes, their failure voltages as doubles, and their flip
 * probabilities, which most maps have in common and then store once. About 11 bytes a cell.
 */
const MAGIC = 'SXDWCM1\n';
const SHAPE_KEYS = ['channels', 'ranks', 'banks', 'rows', 'rowsPerSubarray', 'rowBits'] as const;

interface Header {
  readonly shape: MapShape;
  readonly nominal: number;
  readonly lowest: number;
  readonly size: number;
  /** Flip probabilities when storing 0 and 1 that all cells share; absent: given cell by cell. */
  readonly flips?: readonly [number, number];
}

/** Whether bytes begin as a binary map does. */
export function isBinaryMap(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && String.fromCharCode(...bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/** Bytes of a map of weak cells in the binary form (.wcm). */
export function writeBinaryMap(map: WeakCellMap): Uint8Array {
  const shared = sharedFlips(map);
  const header: Header = {
    shape: map.shape,
    nominal: map.nominal,
    lowest: map.lowest,
    size: map.size,
    ...(shared ? { flips: shared } : {}),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  // A place takes at most five bytes for the row's difference and five for the bit.
  const bytes = new Uint8Array(MAGIC.length + 4 + text.length + map.size * (10 + 8 + (shared ? 0 : 16)));
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(MAGIC.length, text.length, true);
  bytes.set(text, MAGIC.length + 4);
  let at = MAGIC.length + 4 + text.length;
  const put = (value: number): void => {
    let rest = value;
    while (rest > 127) {
      bytes[at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    bytes[at++] = rest;
  };
  const levels = bankLevels(map.shape);
  let previousRow = 0;
  let previousBit = -1;
  for (let i = 0; i < map.size; i++) {
    const row = rowIndex(levels, map.channel[i]!, map.rank[i]!, map.bank[i]!, map.row[i]!);
    if (row !== previousRow) previousBit = -1;
    put(row - previousRow);
    put(map.bit[i]! - previousBit - 1);
    previousRow = row;
    previousBit = map.bit[i]!;
  }
  for (let i = 0; i < map.size; i++, at += 8) view.setFloat64(at, map.failureVoltage[i]!, true);
  if (!shared) for (let i = 0; i < 2 * map.size; i++, at += 8) view.setFloat64(at, map.flips[i]!, true);
  return bytes.subarray(0, at);
}

/**
 * Reads what `writeBinaryMap` wrote. Throws InputError for anything else: another format, a cut file, bytes left over,
 * a cell outside its own shape, a probability outside [0, 1], a voltage outside the range in the header.
 */
export function readBinaryMap(bytes: Uint8Array, file: string): WeakCellMap {
  const fault = (what: string): InputError => new InputError(`weak-cell map: ${what}`, { place: { file } });
  if (!isBinaryMap(bytes)) throw fault('not a binary weak-cell map');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cut = (): InputError => fault('the file is cut short');
  if (bytes.length < MAGIC.length + 4) throw cut();
  const headerEnd = MAGIC.length + 4 + view.getUint32(MAGIC.length, true);
  if (bytes.length < headerEnd) throw cut();
  const header = readHeader(new TextDecoder().decode(bytes.subarray(MAGIC.length + 4, headerEnd)));
  if (!header) throw fault('its header is damaged');
  const { shape, size, nominal, lowest, flips } = header;
  if (bytes.length < headerEnd + size * (2 + 8 + (flips ? 0 : 16))) throw cut();

  const map = allocateMap(size, shape, nominal, lowest);
  let at = headerEnd;
  const take = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || scale > 2 ** 35) throw cut();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const levels = bankLevels(shape);
  const rows = bankCount(levels) * levels.rows;
  let row = 0;
  let bit = -1;
  for (let i = 0; i < size; i++) {
    const step = take();
    if (step > 0) bit = -1;
    row += step;
    bit += take() + 1;
    if (row >= rows || bit >= shape.rowBits)
      throw fault(`cell ${i + 1} lies outside the memory of the header`);
    const place = rowAt(levels, row);
    map.row[i] = place.row;
    map.bank[i] = place.bank;
    map.rank[i] = place.rank;
    map.channel[i] = place.channel;
    map.bit[i] = bit;
  }
  const doubles = size * (flips ? 1 : 3);
  if (bytes.length !== at + 8 * doubles)
    throw bytes.length < at + 8 * doubles ? cut() : fault('bytes left over');
  for (let i = 0; i < size; i++, at += 8) map.failureVoltage[i] = view.getFloat64(at, true);
  if (flips) for (let i = 0; i < 2 * size; i++) map.flips[i] = flips[i & 1]!;
  else for (let i = 0; i < 2 * size; i++, at += 8) map.flips[i] = view.getFloat64(at, true);
  for (let i = 0; i < size; i++)
    if (!(map.failureVoltage[i]! >= lowest && map.failureVoltage[i]! <= nominal))
      throw fault(`cell ${i + 1} fails at ${map.failureVoltage[i]} V, outside ${lowest} to ${nominal} V`);
  for (const flip of map.flips)
    if (!(flip >= 0 && flip <= 1)) throw fault(`flip probability ${flip} is outside 0 to 1`);
  return map;
}

function readHeader(text: string): Header | undefined {
  try {
    const header = JSON.parse(text) as Header;
    const counts = [...SHAPE_KEYS.map((key) => header.shape[key]), header.size];
    const sound =
      counts.every((count) => Number.isInteger(count) && count >= 0) &&
      Object.values(FIELD_LIMITS).every((key) => header.shape[key] > 0) &&
      header.shape.rowsPerSubarray > 0 &&
      header.lowest > 0 &&
      header.lowest <= header.nominal &&
      (header.flips === undefined || header.flips.length === 2);
    return sound ? header : undefined;
  } catch {
    return undefined;
  }
}

function sharedFlips({ size, flips }: WeakCellMap): [number, number] | undefined {
  for (let i = 0; i < 2 * size; i++) if (flips[i] !== flips[i & 1]) return undefined;
  return size === 0 ? [1, 1] : [flips[0]!, flips[1]!];
}
