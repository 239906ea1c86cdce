import { InputError } from '../errors/input-error.ts';
import { bankLevels, rowIndex } from '../hardware/bank-index.ts';
import type { Organisation } from '../hardware/device.ts';
import type { Volts } from '../units/flavours.ts';
import type { ChipSite } from './chip.ts';
import { mapShape, type WeakCellMap } from './weak-cell-map.ts';
import type { WeakCells } from './weak-cells.ts';

/** A chip whose weak cells are listed: measured by the user, or made elsewhere. Plain data. */
export interface MeasuredChip {
  readonly kind: 'measured';
  readonly organisation: Organisation;
  readonly nominal: Volts;
  /** Four words that decide, for cells with a flip probability below 1, which reads flip. */
  readonly key: Uint32Array;
  readonly map: WeakCellMap;
  /** The map's file, for messages. */
  readonly file?: string;
}

/**
 * A chip from a map. `site` must have the map's shape and nominal supply (InputError otherwise); `key` is any four
 * words, for instance `streamKey(seed, name)`; `file` names the map in messages.
 */
export function measuredChip(
  map: WeakCellMap,
  site: ChipSite,
  key: Uint32Array,
  file?: string,
): MeasuredChip {
  const shape = mapShape(site.organisation);
  for (const level of Object.keys(shape) as (keyof typeof shape)[])
    if (level !== 'rowsPerSubarray' && map.shape[level] !== shape[level])
      throw new InputError(
        `the weak-cell map is for another geometry: ${map.shape[level]} ${LEVEL_NAMES[level]}, the device has ${shape[level]}`,
        { remedy: 'name the device that the map was measured on with --device' },
      );
  if (Math.abs(map.nominal - site.supply.nominal) > 1e-9)
    throw new InputError(
      `the weak-cell map is for a nominal supply of ${map.nominal} V, the device has ${site.supply.nominal} V`,
    );
  const { organisation } = site;
  return {
    kind: 'measured',
    organisation,
    nominal: map.nominal,
    key,
    map,
    ...(file === undefined ? {} : { file }),
  };
}

const LEVEL_NAMES = {
  channels: 'channels',
  ranks: 'ranks',
  banks: 'banks',
  rows: 'rows a bank',
  rowBits: 'bits a row',
} as const;

/**
 * The weak cells of a measured chip at a supply. Throws InputError below the lowest supply down to which the map is
 * complete (nothing is known there) and above nominal.
 */
export function measuredWeakCells({ map, organisation }: MeasuredChip, supply: Volts): WeakCells {
  if (!(supply >= map.lowest - 1e-9 && supply <= map.nominal + 1e-9))
    throw new InputError(
      `supply ${supply} V is outside the range of the weak-cell map, ${map.lowest} to ${map.nominal} V`,
      { remedy: 'the map says nothing about cells that fail only below; choose a supply within' },
    );
  const starts = rowStarts(map);
  const levels = bankLevels(map.shape);
  const { rowBits } = map.shape;
  let alwaysFlips = true;
  for (const flip of map.flips) if (flip !== 1) alwaysFlips = false;

  return {
    organisation,
    rowBits,
    alwaysFlips,
    ofRow(channel, rank, bank, row, bits, flips, failures) {
      const first = starts.get(rowIndex(levels, channel, rank, bank, row));
      if (first === undefined) return 0;
      let count = 0;
      for (let i = first; i < map.size && sameRow(map, i, first); i++) {
        if (!(map.failureVoltage[i]! > supply)) continue;
        bits[count] = map.bit[i]!;
        if (failures) failures[count] = map.failureVoltage[i]!;
        if (flips) {
          flips[2 * count] = map.flips[2 * i]!;
          flips[2 * count + 1] = map.flips[2 * i + 1]!;
        }
        count++;
      }
      return count;
    },
  };
}

function sameRow({ channel, rank, bank, row }: WeakCellMap, a: number, b: number): boolean {
  return row[a] === row[b] && bank[a] === bank[b] && rank[a] === rank[b] && channel[a] === channel[b];
}

/** First cell of each row that has any, by row index. */
function rowStarts(map: WeakCellMap): Map<number, number> {
  const { channel, rank, bank, row } = map;
  const levels = bankLevels(map.shape);
  const starts = new Map<number, number>();
  for (let i = 0; i < map.size; i++)
    if (i === 0 || !sameRow(map, i, i - 1))
      starts.set(rowIndex(levels, channel[i]!, rank[i]!, bank[i]!, row[i]!), i);
  return starts;
}
