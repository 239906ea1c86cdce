import { bitsToNumber } from '../elementary/float-bits.ts';
import { InputError, type Place } from '../errors/input-error.ts';
import { burstsPerRow, type Organisation } from '../hardware/device.ts';
import { type AddressMapping, COORDINATES, type Coordinate } from './address.ts';

/**
 * A mapping as a table: per coordinate, least significant bit first, the bits of the burst address (0 is the bit just
 * above the burst offset) whose XOR is that bit of the coordinate.
 */
export type BitTable = Readonly<Record<Coordinate, readonly (readonly number[])[]>>;

/** Where a bit of a table stands in the user's file, for messages. */
export type BitPlace = (coordinate: Coordinate, bit: number) => Place | undefined;

/** How many members each coordinate has. */
export const coordinateSizes = (organisation: Organisation): Readonly<Record<Coordinate, number>> => ({
  channel: organisation.channels,
  rank: organisation.ranks,
  bankGroup: organisation.bankGroups,
  bank: organisation.banksPerGroup,
  row: organisation.rows,
  column: burstsPerRow(organisation),
});

export const isPowerOfTwo = (size: number): boolean => 2 ** bitsToNumber(size) === size;

/**
 * Compiles a bit table. The table is a matrix over GF(2); it must be invertible, which is checked here, and its inverse
 * is `encode`. Bits that move by the same distance move together in one shift and mask, so a plain field costs one term
 * and each XOR one more.
 *
 * Only `row` may have a size that is no power of two; its bits must then be the uppermost ones of the address, in order,
 * so that the addresses of the memory stay without a hole. Throws InputError for a field of the wrong width, a bit that
 * the memory does not have, and a table that is no bijection, naming the bits.
 */
export function createBitTableMapping(
  organisation: Organisation,
  table: BitTable,
  placeOf: BitPlace = () => undefined,
): AddressMapping {
  const sizes = coordinateSizes(organisation);
  const bursts = COORDINATES.reduce((product, coordinate) => product * sizes[coordinate], 1);
  const outputs = COORDINATES.flatMap((coordinate) =>
    table[coordinate].map((sources, bit) => ({ coordinate, bit, sources })),
  );
  checkWidths(sizes, table, outputs.length, placeOf);
  checkSources(outputs, placeOf);
  checkHoles(sizes, table, outputs.length, placeOf);
  const inverse = invert(outputs, placeOf);

  const wide = outputs.length > 32;
  const fromLow = COORDINATES.map((c) => compile(table[c].map((sources) => low(sources))));
  const fromHigh = COORDINATES.map((c) => compile(table[c].map((sources) => high(sources))));
  // Inverse rows by coordinate: the bits of that coordinate which each address bit holds.
  const held = COORDINATES.map((c) =>
    inverse.map((members) => members.filter((o) => outputs[o]!.coordinate === c).map((o) => outputs[o]!.bit)),
  );
  const toLow = held.map((rows) => compile(rows.slice(0, 32)));
  const toHigh = held.map((rows) => compile(rows.slice(32)));

  const decodeAny = (burst: number, out: Int32Array): void => {
    const lowWord = burst | 0;
    for (let c = 0; c < 6; c++) out[c] = apply(fromLow[c]!, lowWord);
    if (!wide) return;
    const highWord = Math.floor(burst / 2 ** 32);
    for (let c = 0; c < 6; c++) out[c]! ^= apply(fromHigh[c]!, highWord);
  };
  const plain = !wide && fromLow.every(({ mask, left }) => mask.length < 2 && (left[0] ?? 0) === 0);
  const decode = plain ? decodeFields(fromLow) : decodeAny;

  const runBits = columnRunBits(table, outputs);
  const run = 1 << runBits;
  const runsMayJoin = mayJoin(outputs, runBits);
  const here = new Int32Array(6);
  const there = new Int32Array(6);

  return {
    bursts,
    decode,
    encode(channel, rank, bankGroup, bank, row, columnBurst) {
      const lowWord =
        apply(toLow[0]!, channel) ^
        apply(toLow[1]!, rank) ^
        apply(toLow[2]!, bankGroup) ^
        apply(toLow[3]!, bank) ^
        apply(toLow[4]!, row) ^
        apply(toLow[5]!, columnBurst);
      if (!wide) return lowWord >>> 0;
      const highWord =
        apply(toHigh[0]!, channel) ^
        apply(toHigh[1]!, rank) ^
        apply(toHigh[2]!, bankGroup) ^
        apply(toHigh[3]!, bank) ^
        apply(toHigh[4]!, row) ^
        apply(toHigh[5]!, columnBurst);
      return highWord * 2 ** 32 + (lowWord >>> 0);
    },
    burstsToRowEnd(burst) {
      // The low bits are exact whatever the burst; a remainder of large numbers is a call.
      let count = run - (burst & (run - 1));
      if (!runsMayJoin) return count;
      decode(burst, here);
      for (; burst + count < bursts; count += run) {
        decode(burst + count, there);
        if (there[5] !== here[5]! + count) break;
        if (here.some((value, c) => c < 5 && value !== there[c])) break;
      }
      return count;
    },
  };
}

interface Output {
  readonly coordinate: Coordinate;
  readonly bit: number;
  readonly sources: readonly number[];
}

const nameOf = ({ coordinate, bit }: Output): string => `${coordinate} bit ${bit}`;

function refuse(what: string, place: Place | undefined, remedy?: string): InputError {
  return new InputError(what, { ...(place ? { place } : {}), ...(remedy ? { remedy } : {}) });
}

function checkWidths(
  sizes: Readonly<Record<Coordinate, number>>,
  table: BitTable,
  bits: number,
  placeOf: BitPlace,
): void {
  for (const coordinate of COORDINATES) {
    const size = sizes[coordinate];
    const place = placeOf(coordinate, 0);
    if (coordinate !== 'row' && !isPowerOfTwo(size))
      throw refuse(
        `a bit table cannot number ${size} members of ${coordinate}: not a power of two`,
        place,
        'use a field order such as RoBaRaCoCh, which takes any size',
      );
    if (table[coordinate].length !== bitsToNumber(size))
      throw refuse(
        `${coordinate} has ${table[coordinate].length} bits, but the device's ${size} need ${bitsToNumber(size)}`,
        place,
      );
  }
  if (bits > 53)
    throw refuse(
      `${bits} address bits: a burst number holds at most 53`,
      placeOf('row', 0),
      `the device has 2^${bits} bursts: give its file fewer channels, ranks, banks, rows or columns`,
    );
}

function checkSources(outputs: readonly Output[], placeOf: BitPlace): void {
  for (const output of outputs) {
    const place = placeOf(output.coordinate, output.bit);
    if (output.sources.length === 0) throw refuse(`${nameOf(output)} is made of no address bit`, place);
    for (const source of output.sources)
      if (!Number.isInteger(source) || source < 0 || source >= outputs.length)
        throw refuse(
          `${nameOf(output)} takes bit ${source} of the burst address, which has bits 0 to ${outputs.length - 1}`,
          place,
        );
    if (new Set(output.sources).size !== output.sources.length)
      throw refuse(`${nameOf(output)} takes the same address bit twice: they cancel out`, place);
  }
}

function checkHoles(
  sizes: Readonly<Record<Coordinate, number>>,
  table: BitTable,
  bits: number,
  placeOf: BitPlace,
): void {
  if (isPowerOfTwo(sizes.row)) return;
  const first = bits - table.row.length;
  table.row.forEach((sources, bit) => {
    if (sources.length !== 1 || sources[0] !== first + bit)
      throw refuse(
        `row bit ${bit} must be bit ${first + bit} of the burst address alone, because ${sizes.row} rows are no power of two`,
        placeOf('row', bit),
        'give row the uppermost address bits, in order and without XOR',
      );
  });
}

/**
 * For each address bit, the outputs whose XOR it is (Gauss-Jordan elimination over GF(2)). Throws InputError when an
 * output depends on others: then two addresses would fall on the same place.
 */
function invert(outputs: readonly Output[], placeOf: BitPlace): number[][] {
  const bits = outputs.length;
  // A row of the matrix as a set of address bits, and the set of outputs that were XORed into it.
  const rows = outputs.map(({ sources }, i) => ({
    sources: sources.reduce((set, bit) => set ^ (1n << BigInt(bit)), 0n),
    members: 1n << BigInt(i),
  }));
  const members = (set: bigint): number[] =>
    Array.from({ length: bits }, (_, i) => i).filter((i) => (set >> BigInt(i)) & 1n);
  const pivots: { bit: bigint; row: (typeof rows)[number] }[] = [];
  rows.forEach((row, i) => {
    for (const pivot of pivots) if ((row.sources >> pivot.bit) & 1n) add(row, pivot.row);
    if (row.sources === 0n) throw dependent(outputs, i, members(row.members), placeOf);
    let bit = 0n;
    while (!((row.sources >> bit) & 1n)) bit++;
    for (const pivot of pivots) if ((pivot.row.sources >> bit) & 1n) add(pivot.row, row);
    pivots.push({ bit, row });
  });
  const inverse: number[][] = [];
  for (const { bit, row } of pivots) inverse[Number(bit)] = members(row.members);
  return inverse;
}

function add(to: { sources: bigint; members: bigint }, from: { sources: bigint; members: bigint }): void {
  to.sources ^= from.sources;
  to.members ^= from.members;
}

function dependent(
  outputs: readonly Output[],
  index: number,
  members: readonly number[],
  placeOf: BitPlace,
): InputError {
  const output = outputs[index]!;
  const others = members.filter((i) => i !== index).map((i) => nameOf(outputs[i]!));
  const used = new Set(outputs.flatMap(({ sources }) => sources));
  const unused = outputs.map((_, bit) => bit).filter((bit) => !used.has(bit));
  return refuse(
    `the mapping is no bijection: ${nameOf(output)} is always ${others.join(' xor ')}`,
    placeOf(output.coordinate, output.bit),
    unused.length > 0
      ? `bit ${unused.join(', ')} of the burst address is used nowhere`
      : 'every address bit is used, but some coordinates are made of the same bits',
  );
}

/** One shift and mask: bits that move by the same distance, at their places in the target word. */
interface Terms {
  readonly right: Int32Array;
  readonly left: Int32Array;
  readonly mask: Int32Array;
}

/** Target bit i is the XOR of the source bits in rows[i]; source and target are words of 32 bits. */
function compile(rows: readonly (readonly number[])[]): Terms {
  const masks = new Map<number, number>();
  rows.forEach((sources, target) => {
    for (const source of sources)
      masks.set(source - target, (masks.get(source - target) ?? 0) | (1 << target));
  });
  const distances = [...masks.keys()];
  return {
    right: Int32Array.from(distances, (d) => Math.max(d, 0)),
    left: Int32Array.from(distances, (d) => Math.max(-d, 0)),
    mask: Int32Array.from(distances, (d) => masks.get(d)!),
  };
}

function apply({ right, left, mask }: Terms, word: number): number {
  let value = 0;
  for (let i = 0; i < mask.length; i++) value ^= ((word >>> right[i]!) << left[i]!) & mask[i]!;
  return value;
}

/** Coordinates that are one field of the burst address each, as most mappings have them: no loops, a third of the time. */
function decodeFields(fields: readonly Terms[]): (burst: number, out: Int32Array) => void {
  const [shift0, shift1, shift2, shift3, shift4, shift5] = fields.map(({ right }) => right[0] ?? 0) as Six;
  const [mask0, mask1, mask2, mask3, mask4, mask5] = fields.map(({ mask }) => mask[0] ?? 0) as Six;
  return (burst, out) => {
    const word = burst | 0;
    out[0] = (word >>> shift0) & mask0;
    out[1] = (word >>> shift1) & mask1;
    out[2] = (word >>> shift2) & mask2;
    out[3] = (word >>> shift3) & mask3;
    out[4] = (word >>> shift4) & mask4;
    out[5] = (word >>> shift5) & mask5;
  };
}

type Six = [number, number, number, number, number, number];

const low = (sources: readonly number[]): number[] => sources.filter((bit) => bit < 32);
const high = (sources: readonly number[]): number[] =>
  sources.filter((bit) => bit >= 32).map((bit) => bit - 32);

/** The largest k for which the lowest k address bits are the lowest k column bits and nothing else. */
function columnRunBits({ column }: BitTable, outputs: readonly Output[]): number {
  let k = 0;
  while (
    k < column.length &&
    column[k]!.length === 1 &&
    column[k]![0] === k &&
    outputs.filter(({ sources }) => sources.includes(k)).length === 1
  )
    k++;
  return k;
}

/**
 * Whether the burst after a run can ever lie in the same row: counting on flips address bits k to k + t, for some t, and
 * all of them together must leave everything but the column as it was.
 */
function mayJoin(outputs: readonly Output[], k: number): boolean {
  const others = outputs.filter(({ coordinate }) => coordinate !== 'column');
  for (let top = k; top < outputs.length; top++) {
    const flips = ({ sources }: Output): boolean =>
      sources.filter((bit) => bit >= k && bit <= top).length % 2 === 1;
    if (!others.some(flips)) return true;
  }
  return false;
}
