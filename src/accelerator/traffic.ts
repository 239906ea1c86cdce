import { transferTimes } from '../dram/channel-statistics.ts';
import type { RequestSource } from '../dram/replay.ts';
import { type Kilohertz, kilohertzOf } from '../engine/clock-crossing.ts';
import { InputError } from '../errors/input-error.ts';
import { bytesPerBurst, bytesPerChannel, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import { wordsBelow } from '../random/counter-hash.ts';
import { createFastStream, nextUint32, reseed, streamKey } from '../random/streams.ts';
import type { Bytes, Megahertz } from '../units/flavours.ts';
import type { ByteRange, GeneratedTraffic } from './traffic-spec.ts';

/** The memory that traffic goes to, and what the description may leave out. */
export interface TrafficTarget {
  readonly organisation: Organisation;
  readonly timing: ResolvedTiming;
  readonly clock: Megahertz;
  /** For traffic without a range of its own. */
  readonly range: ByteRange;
  /** For traffic without a seed of its own. */
  readonly seed: number;
  /** Number of the traffic in its system: each has a random stream of its own. */
  readonly number: number;
}

/**
 * The requests of generated traffic, without end: `next` is always true, and allocates nothing. Addresses are multiples of the
 * request's size and lie in the range; arrivals are cycles of the memory's clock and never fall. Request k belongs to the period
 * from k x bytes / rate on, in exact arithmetic, so the rate is kept without drift however long it runs.
 *
 * - `sequential`: one address after the other, at the beginning of each period; from the start again at the range's end.
 * - `strided`: `stride` bytes from one to the next, at the beginning of each period; at the end of the range from its start again, one
 *   request further, so that every place comes once before any comes again.
 * - `random`: any place of the range, at any cycle of each period (both uniform).
 * - `bursty`: `burst` requests to consecutive places from any place on, all read or all written, `duty` of the time that they
 *   have; then none until their time is over.
 *
 * Whether a request (of `bursty`: a burst) reads is drawn for each. The random numbers are those of the stream
 * `traffic NUMBER` under the seed. Throws InputError for a range beyond the memory or without room for a request, a size
 * that is not whole bursts, a stride that is not whole requests or leaves the range, a burst that does not fit, and a rate beyond the
 * memory's peak or without a request in 2^53 cycles.
 */
export function createTraffic(spec: GeneratedTraffic, target: TrafficTarget): RequestSource {
  const { organisation } = target;
  const burstBytes = bytesPerBurst(organisation);
  const { kind, requestBytes: size = burstBytes, readShare, placeOf } = spec;
  const clock = kilohertzOf(target.clock);
  if (size % burstBytes !== 0)
    throw new InputError(`requests of ${size} bytes are not whole bursts`, {
      place: placeOf('bytes'),
      remedy: `a burst of this memory is ${burstBytes} bytes`,
    });
  requirePeak(spec, target, clock);
  const { first, places } = placesOf(spec, target, size);
  const bursts = size / burstBytes;
  const step = strideOf(spec, size, places);

  const stream = createFastStream();
  reseed(stream, streamKey(spec.seed ?? target.seed, `traffic ${target.number}`), 0, 0);
  const readsBelow = wordsBelow(readShare);
  const anyPlace = (): number =>
    Math.floor(((nextUint32(stream) >>> 5) * 2 ** 26 + (nextUint32(stream) >>> 6)) * 2 ** -53 * places);
  const isWrite = (): boolean => nextUint32(stream) >= readsBelow;

  const together = kind === 'bursty' ? spec.burst : 1;
  const clockwork = createPeriods(spec, size, clock, together);
  let place = -step;
  let lane = 0;
  let write = false;
  let left = 0;
  return {
    next(run) {
      const begins = left === 0;
      left = begins ? together - 1 : left - 1;
      if (begins) write = isWrite();
      let arrival = clockwork.cycle();
      clockwork.advance();
      switch (kind) {
        case 'random':
          place = anyPlace();
          arrival += Math.floor(nextUint32(stream) * 2 ** -32 * (clockwork.cycle() - arrival));
          break;
        case 'bursty':
          place = begins ? anyPlace() : place + 1;
          if (place === places) place = 0;
          break;
        default:
          place += step;
          if (place >= places) {
            lane = lane + 1 === step ? 0 : lane + 1;
            place = lane;
          }
      }
      run.address = first + place * size;
      run.bursts = bursts;
      run.write = write;
      run.arrival = arrival;
      return true;
    },
  };
}

/** The aligned places for requests of a size: where the first begins, and how many there are. */
function placesOf(
  { range: own, placeOf, kind, burst }: GeneratedTraffic,
  { organisation, range: others }: TrafficTarget,
  size: Bytes,
): { first: Bytes; places: number } {
  const { from, bytes } = own ?? others;
  const capacity = organisation.channels * bytesPerChannel(organisation);
  if (from + bytes > capacity)
    throw new InputError(`traffic to ${bytes} bytes from ${from} on goes beyond the memory`, {
      place: placeOf('range'),
      remedy: `it has ${capacity} bytes, from 0 on`,
    });
  const first = Math.ceil(from / size) * size;
  const places = Math.floor((from + bytes - first) / size);
  const needed = kind === 'bursty' ? burst : 1;
  if (places < needed)
    throw new InputError(
      `${bytes} bytes from ${from} on hold ${Math.max(0, places)} aligned requests of ${size} bytes, and the traffic needs ${needed}`,
      {
        place: placeOf('range'),
        remedy: `give a range of at least ${needed * size} bytes, aligned to ${size}`,
      },
    );
  return { first, places };
}

/** Places from one request to the next. */
function strideOf({ kind, stride, placeOf }: GeneratedTraffic, size: Bytes, places: number): number {
  if (kind !== 'strided') return 1;
  const step = stride / size;
  if (!Number.isInteger(step) || step > places)
    throw new InputError(`a stride of ${stride} bytes with requests of ${size} bytes`, {
      place: placeOf('stride'),
      remedy: `give a multiple of ${size}, at most the ${places * size} bytes of the range`,
    });
  return step;
}

/** Throws InputError for a rate that no schedule of the memory could serve. */
function requirePeak(
  { bytesPerMillisecond, placeOf }: GeneratedTraffic,
  { organisation, timing }: TrafficTarget,
  clock: Kilohertz,
): void {
  const { burst } = transferTimes(organisation, timing);
  const peak = (organisation.channels * bytesPerBurst(organisation) * clock) / burst;
  if (bytesPerMillisecond > peak)
    throw new InputError(`traffic of ${bytesPerMillisecond / 1e6} GB/s is more than the memory can move`, {
      place: placeOf('rate'),
      remedy: `its peak is ${peak / 1e6} GB/s`,
    });
}

/** Exact times, one after the other; `cycle` is the first cycle that does not begin before the current one. */
interface Periods {
  cycle(): number;
  advance(): void;
}

/** The beginnings of requests: groups of `together`, each of which is over after a share (the duty) of its time. */
function createPeriods(
  { bytesPerMillisecond, dutyThousandths, kind, placeOf }: GeneratedTraffic,
  size: Bytes,
  clock: Kilohertz,
  together: number,
): Periods {
  // A period is size x clock / rate cycles; in thousandths for the duty.
  const parts = BigInt(bytesPerMillisecond) * 1000n;
  const period = BigInt(size) * BigInt(clock) * 1000n;
  const inside = kind === 'bursty' ? (period / 1000n) * BigInt(dutyThousandths) : period;
  const between = period * BigInt(together) - inside * BigInt(together - 1);
  const whole = [Number(between / parts), Number(inside / parts)] as const;
  const rest = [Number(between % parts), Number(inside % parts)] as const;
  if (!Number.isSafeInteger(whole[0]))
    throw new InputError(`traffic of ${bytesPerMillisecond} kB/s makes no request within 2^53 cycles`, {
      place: placeOf('rate'),
      remedy: 'give a higher rate, or smaller requests or bursts',
    });
  const all = Number(parts);
  let cycle = 0;
  let fraction = 0;
  let left = together;
  return {
    cycle: () => (fraction > 0 ? cycle + 1 : cycle),
    advance() {
      const step = --left === 0 ? 0 : 1;
      if (step === 0) left = together;
      cycle += whole[step];
      fraction += rest[step];
      if (fraction >= all) {
        fraction -= all;
        cycle++;
      }
    },
  };
}
