import { cosOfTurns } from '../elementary/circle.ts';
import { exp } from '../elementary/exponential.ts';
import { log } from '../elementary/logarithm.ts';
import { bankLevels, rankIndex, subarrayAt, subarrayCount } from '../hardware/bank-index.ts';
import type { Organisation } from '../hardware/device.ts';
import type { SubarrayStructure } from '../hardware/voltage-profile.ts';
import { counterHash, openUniform } from '../random/counter-hash.ts';

/**
 * Relative weakness of each subarray of a chip, by subarray index (hardware/bank-index.ts), mean exactly 1 up to rounding: log-normal, with a part that is the same in all banks of a rank (a row band
 * that is weak everywhere, as Voltron's heat maps show) and a part of its own, times the weight of its bank.
 */
export function subarrayFactors(
  organisation: Organisation,
  structure: SubarrayStructure,
  bankWeights: readonly number[] | undefined,
  key0: number,
  key1: number,
): Float64Array {
  const levels = bankLevels(organisation);
  const factors = new Float64Array(subarrayCount(levels));
  const common = structure.spread * Math.sqrt(structure.commonToBanks);
  const own = structure.spread * Math.sqrt(1 - structure.commonToBanks);
  let sum = 0;
  for (let index = 0; index < factors.length; index++) {
    const { channel, rank, bank, subarray } = subarrayAt(levels, index);
    const band = normalDeviate(key0, key1, rankIndex(levels, channel, rank) * levels.subarrays + subarray);
    // Keys swapped: a stream of its own, unrelated to the bands'.
    const deviation = common * band + own * normalDeviate(key1, key0, index);
    const weight = bankWeights ? bankWeights[bank % bankWeights.length]! : 1;
    factors[index] = weight * exp(deviation);
    sum += factors[index]!;
  }
  const scale = factors.length / sum;
  for (let i = 0; i < factors.length; i++) factors[i]! *= scale;
  return factors;
}

/** Standard normal deviate number `counter` under a key (Box and Muller 1958). */
function normalDeviate(key0: number, key1: number, counter: number): number {
  const u = openUniform(counterHash(key0, key1, 2 * counter));
  const v = openUniform(counterHash(key0, key1, 2 * counter + 1));
  return Math.sqrt(-2 * log(u)) * cosOfTurns(v);
}
