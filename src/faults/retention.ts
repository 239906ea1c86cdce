import { log } from '../elementary/logarithm.ts';
import { pow } from '../elementary/power.ts';
import { InputError } from '../errors/input-error.ts';
import { bankLevels, rowIndex } from '../hardware/bank-index.ts';
import { bytesPerRow } from '../hardware/device.ts';
import { placeIn } from '../hardware/model-places.ts';
import type { RetentionSeries, RetentionTable, VoltageProfile } from '../hardware/voltage-profile.ts';
import { counterHash, mix32, permutationMask, permutationShift, permute } from '../random/counter-hash.ts';
import { exponentialOf } from '../random/exponential.ts';
import type { Volts } from '../units/flavours.ts';
import { derivedKey, type GeneratedChip, hazardLimit, profileSupply } from './chip.ts';
import type { RetentionConditions } from './retention-conditions.ts';
import type { WeakCells } from './weak-cells.ts';

/**
 * Bit error rate of retention at a supply on the profile's scale. Along the refresh interval log(rate) runs linearly in
 * log(interval) between measured points, beginning at the detection limit where the last error-free interval ends;
 * along the temperature log(rate) is linear (retention shortens exponentially); along the supply the rate itself is,
 * levelled so that a lower supply never has fewer errors. Throws InputError for a profile without retention data and
 * outside its table.
 */
export function retentionBer(
  profile: VoltageProfile,
  supply: Volts,
  { refreshInterval_ms: interval, temperature_C: temperature }: RetentionConditions,
): number {
  const table = profile.retention;
  if (!table)
    throw new InputError(`voltage profile ${profile.name} has no retention data`, {
      ...placeIn(profile.places),
      remedy: 'voltron-a, voltron-b and voltron-c have; or leave out refresh interval and temperature',
    });
  const supplies = distinct(table.series.map((series) => series.supply));
  const temperatures = distinct(table.series.map((series) => series.temperature));
  const { intervals } = table.series[0]!;
  requireWithin('refresh interval', interval, intervals, 'ms', profile.name);
  requireWithin('temperature', temperature, temperatures, 'C', profile.name);
  requireWithin('supply', supply, supplies, 'V', profile.name);

  const atSupply = (voltage: Volts): number =>
    Math.max(
      ...supplies.filter((s) => s >= voltage).map((s) => atTemperature(table, s, temperature, interval)),
    );
  const [low, high] = neighbours(supplies, supply);
  const share = high === low ? 0 : (supply - low) / (high - low);
  return atSupply(low) * (1 - share) + atSupply(high) * share;
}

/**
 * Bit error rate of retention of a chip at a supply (volts of the device's knob) under conditions, by default those of the
 * chip; undefined where there are none. Throws InputError as `retentionBer`.
 */
export function retentionOf(
  chip: GeneratedChip,
  supply: Volts,
  conditions: RetentionConditions | undefined = chip.retention,
): number | undefined {
  if (conditions === undefined) return undefined;
  const { profile, member } = chip;
  const own = member.retention === undefined ? profile : { ...profile, retention: member.retention };
  return retentionBer(own, profileSupply(chip, conditions.supply ?? supply), conditions);
}

function atTemperature(table: RetentionTable, supply: Volts, temperature: number, interval: number): number {
  const temperatures = distinct(
    table.series.filter((series) => series.supply === supply).map((series) => series.temperature),
  );
  const [low, high] = neighbours(temperatures, temperature);
  const rate = (t: number): number =>
    atInterval(
      table.series.find((series) => series.supply === supply && series.temperature === t)!,
      interval,
      table.detectionLimit,
    );
  if (low === high) return rate(low);
  const share = (temperature - low) / (high - low);
  const hot = rate(high);
  if (hot === 0) return 0;
  return pow(Math.max(rate(low), table.detectionLimit), 1 - share) * pow(hot, share);
}

function atInterval({ intervals, ber }: RetentionSeries, interval: number, limit: number): number {
  const last = ber.lastIndexOf(0);
  if (last >= 0 && interval <= intervals[last]!) return 0;
  const [low, high] = neighbours(intervals, interval);
  const from = ber[intervals.indexOf(low)]! || limit;
  const to = ber[intervals.indexOf(high)]!;
  return low === high ? to : from * pow(to / from, log(interval / low) / log(high / low));
}

const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** The nearest table values at or below and at or above. */
function neighbours(ascending: readonly number[], value: number): [number, number] {
  const high = ascending.find((v) => v >= value) ?? ascending.at(-1)!;
  const low = ascending.findLast((v) => v <= value) ?? ascending[0]!;
  return [low, high];
}

function requireWithin(
  what: string,
  value: number,
  ascending: readonly number[],
  unit: string,
  profile: string,
): void {
  const low = ascending[0]!;
  const high = ascending.at(-1)!;
  if (!(value >= low - 1e-9 && value <= high + 1e-9))
    throw new InputError(
      `${what} ${value} ${unit} is outside the retention data of ${profile}, ${low} to ${high} ${unit}`,
      { remedy: 'nothing was measured there; choose a value within' },
    );
}

/**
 * Adds to the weak cells of a chip those whose charge does not last the refresh interval. They are a population of
 * their own, uniform over the chip and fixed like the other: a longer interval only adds cells. The measured rate is of
 * bits in error, so such a cell flips whatever it stores. `ber` is `retentionBer`.
 */
export function withRetention(weak: WeakCells, chip: GeneratedChip, ber: number): WeakCells {
  const { organisation } = chip;
  const levels = bankLevels(organisation);
  const rowBits = bytesPerRow(organisation) * 8;
  const [key0, key1] = derivedKey(chip.key, 'retention');
  const limit = hazardLimit(1, ber);
  const mask = permutationMask(rowBits);
  const shift = permutationShift(mask);
  const listed = new Uint8Array(rowBits);

  return {
    organisation,
    rowBits,
    alwaysFlips: weak.alwaysFlips,
    ofRow(channel, rank, bank, row, bits, flips, failures) {
      const others = weak.ofRow(channel, rank, bank, row, bits, flips, failures);
      const rowKey0 = counterHash(key0, key1, rowIndex(levels, channel, rank, bank, row));
      const rowKey1 = mix32(rowKey0 ^ chip.key[3]!);
      let count = others;
      let hazard = 0;
      for (let k = 0; k < rowBits; k++) {
        hazard += exponentialOf(counterHash(rowKey0, rowKey1, k)) / (rowBits - k);
        if (hazard > limit) break;
        if (k === 0) for (let i = 0; i < others; i++) listed[bits[i]!] = 1;
        const bit = permute(k, rowBits, mask, shift, rowKey0, rowKey1);
        // A cell that is weak already: from now on it flips whatever it stores.
        const place = listed[bit] === 1 ? bits.indexOf(bit) : count++;
        bits[place] = bit;
        if (flips) flips[2 * place] = flips[2 * place + 1] = 1;
        if (failures) failures[place] = Number.POSITIVE_INFINITY;
      }
      for (let i = 0; i < others; i++) listed[bits[i]!] = 0;
      return count;
    },
  };
}
