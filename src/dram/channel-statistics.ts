import type { ChannelActivity } from '../hardware/activity.ts';
import { banksPerRank, type Organisation, subarraysPerBank } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';
import { createActivityCounter } from './activity-counter.ts';
import { CONFLICT, HIT, MISS } from './bank-queue.ts';
import type { ControllerSink } from './controller-sink.ts';
import { RD, RDA } from './issued-commands.ts';
import { createLatencyHistogram, type LatencyHistogram } from './latency-histogram.ts';

/** Sums over the banks of a channel: [rank * banks a rank + bank], and per subarray of each. */
export interface BankCounts {
  readonly rowHits: Float64Array;
  readonly rowMisses: Float64Array;
  readonly rowConflicts: Float64Array;
  /** [(rank * banks a rank + bank) * subarrays + subarray]: bursts read and written. */
  readonly subarrayAccesses: Float64Array;
}

/** What one channel did; a sink for its controller. */
export interface ChannelStatistics extends ControllerSink {
  readonly banks: BankCounts;
  /** From entry into the queue to the end of the data; a forwarded read takes one cycle. */
  readonly readLatency: LatencyHistogram;
  readonly writeLatency: LatencyHistogram;
  readonly forwardedReads: number;
  /** Cycles that requests spent in the queues, summed. */
  readonly readsWaited: Cycles;
  readonly writesWaited: Cycles;
  activity(cycles: Cycles): ChannelActivity;
}

/** Statistics of one channel; several may share the histograms of latency. */
export function createChannelStatistics(
  organisation: Organisation,
  timing: ResolvedTiming,
  readLatency: LatencyHistogram = createLatencyHistogram(),
  writeLatency: LatencyHistogram = createLatencyHistogram(),
): ChannelStatistics {
  const counter = createActivityCounter(organisation, timing);
  const perRank = banksPerRank(organisation);
  const subarrays = subarraysPerBank(organisation);
  const { rowsPerSubarray } = organisation;
  const allBanks = organisation.ranks * perRank;
  const byCondition = [HIT, MISS, CONFLICT].map(() => new Float64Array(allBanks));
  const hits = byCondition[HIT]!;
  const subarrayAccesses = new Float64Array(allBanks * subarrays);
  const { readDone, writeDone } = transferTimes(organisation, timing);
  let forwardedReads = 0;
  // By direction; in place, as a variable of a closure would be allocated anew with each column.
  const waited = new Float64Array(2);

  return {
    command(cycle, command, rank, bank) {
      counter.command(cycle, command, rank, bank);
    },
    columns(cycle, command, rank, bank, row, _column, count, step, condition, entered, enteredStep) {
      counter.columns(cycle, command, rank, bank, count);
      const flat = rank * perRank + bank;
      const counts = byCondition[condition]!;
      counts[flat] = counts[flat]! + 1;
      if (count > 1) hits[flat] = hits[flat]! + count - 1;
      const subarray = flat * subarrays + Math.floor(row / rowsPerSubarray);
      subarrayAccesses[subarray] = subarrayAccesses[subarray]! + count;
      const wait = cycle - entered;
      const growth = step - enteredStep;
      const sum = count * wait + (growth * count * (count - 1)) / 2;
      if (command === RD || command === RDA) {
        waited[0] = waited[0]! + sum;
        readLatency.add(wait + readDone, growth, count);
      } else {
        waited[1] = waited[1]! + sum;
        writeLatency.add(wait + writeDone, growth, count);
      }
    },
    forwarded() {
      forwardedReads++;
      readLatency.add(1, 0, 1);
    },
    banks: {
      rowHits: hits,
      rowMisses: byCondition[MISS]!,
      rowConflicts: byCondition[CONFLICT]!,
      subarrayAccesses,
    },
    readLatency,
    writeLatency,
    get forwardedReads() {
      return forwardedReads;
    },
    get readsWaited() {
      return waited[0]!;
    },
    get writesWaited() {
      return waited[1]!;
    },
    activity: (cycles) => counter.activity(cycles),
  };
}

/** Cycles from a column to the end of its data, and those of the data. */
export function transferTimes(
  { burstLength, dataRate }: Organisation,
  { parameters }: ResolvedTiming,
): { readDone: Cycles; writeDone: Cycles; burst: Cycles } {
  const burst = burstLength / dataRate;
  const { RL = 0, WL = 0, tDQSCK = 0 } = parameters;
  return { readDone: RL + tDQSCK + burst, writeDone: WL + burst, burst };
}
