import type { ChannelActivity, RankActivity } from '../hardware/activity.ts';
import { bankIndex, bankLevels } from '../hardware/bank-index.ts';
import type { Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';
import {
  BANK_COUNT,
  BANK_COUNTS_LENGTH,
  CONDITION_COUNT,
  CONDITIONS,
  RANK_COUNT,
  RANK_COUNTS_LENGTH,
  slotsPerGroup,
} from './core/layout.ts';
import type { Core } from './core/open-core.ts';
import { HISTOGRAM_LENGTH } from './latency-histogram.ts';

/** Sums over the banks of a channel, by bank index within it (hardware/bank-index.ts), and per subarray of each. */
export interface BankCounts {
  readonly rowHits: Float64Array;
  readonly rowMisses: Float64Array;
  readonly rowConflicts: Float64Array;
  /** Bursts read and written, by subarray index within the channel. */
  readonly subarrayAccesses: Float64Array;
}

/** What one channel did so far. */
export interface ChannelStatistics {
  readonly banks: BankCounts;
  /** From entry into the queue to the end of the data; a forwarded read takes one cycle. For `latencyHistogram`. */
  readonly readLatency: Float64Array;
  readonly writeLatency: Float64Array;
  readonly forwardedReads: number;
  /** Cycles that requests spent in the queues, summed. */
  readonly readsWaited: Cycles;
  readonly writesWaited: Cycles;
  /** The most that ever waited in each queue. */
  readonly peakReads: number;
  readonly peakWrites: number;
  readonly activity: ChannelActivity;
}

/** Reads what the core of a channel has counted; its time is counted up to `cycles`. */
export function readStatistics(core: Core, organisation: Organisation, cycles: Cycles): ChannelStatistics {
  core.settle(cycles);
  const { ranks, bankGroups, banksPerGroup } = organisation;
  const levels = bankLevels(organisation);
  const { banks, subarrays } = levels;
  const { tables } = core;
  const numbers = (at: number, length: number): Float64Array =>
    new Float64Array(core.memory.buffer, at, length);

  // The core leaves bank slots free between bank groups, so that each group fills whole vectors.
  const perGroup = slotsPerGroup(banksPerGroup);
  const bankSlots = Array.from(
    { length: ranks * banks },
    (_, bank) => Math.floor(bank / banksPerGroup) * perGroup + (bank % banksPerGroup),
  );
  const end = ranks * bankGroups * perGroup;
  const counts = numbers(tables.bankCounts, end * BANK_COUNTS_LENGTH);
  const byBank = (element: number): Float64Array =>
    Float64Array.from(bankSlots, (slot) => counts[slot * BANK_COUNTS_LENGTH + element]!);
  const accesses = numbers(tables.subarrayAccesses, end * subarrays);
  const ofRanks = numbers(tables.rankCounts, ranks * RANK_COUNTS_LENGTH);
  const counted = mapValues(BANK_COUNT, byBank);
  const served = numbers(tables.served, end * 2 * CONDITION_COUNT);
  const requests = (write: number, condition: number): Float64Array =>
    Float64Array.from(bankSlots, (slot) => served[(slot * 2 + write) * CONDITION_COUNT + condition]!);
  const total = (parts: readonly Float64Array[]): Float64Array =>
    parts[0]!.map((_, bank) => parts.reduce((sum, part) => sum + part[bank]!, 0));
  const both = (condition: number): Float64Array => total([requests(0, condition), requests(1, condition)]);
  const all = (write: number): Float64Array =>
    total(Object.values(CONDITIONS).map((condition) => requests(write, condition)));
  const bankCounts = {
    ...counted,
    pre: counted.act.map((activations, bank) => activations - counted.open[bank]!),
    rd: all(0),
    wr: all(1),
  };
  return {
    banks: {
      rowHits: both(CONDITIONS.HIT),
      rowMisses: both(CONDITIONS.MISS),
      rowConflicts: both(CONDITIONS.CONFLICT),
      subarrayAccesses: Float64Array.from(
        bankSlots.flatMap((slot) => Array.from(accesses.subarray(slot * subarrays, (slot + 1) * subarrays))),
      ),
    },
    readLatency: numbers(tables.readLatency, HISTOGRAM_LENGTH),
    writeLatency: numbers(tables.writeLatency, HISTOGRAM_LENGTH),
    forwardedReads: core.forwardedReads(),
    readsWaited: core.readsWaited(),
    writesWaited: core.writesWaited(),
    peakReads: core.peakReads(),
    peakWrites: core.peakWrites(),
    activity: {
      cycles,
      ranks: Array.from({ length: ranks }, (_, rank) => {
        const own = ofRanks.subarray(rank * RANK_COUNTS_LENGTH);
        const of = mapValues(RANK_COUNT, (element) => own[element]!);
        const firstBank = bankIndex(levels, 0, rank, 0);
        return rankActivity(of, bankCounts, firstBank, firstBank + banks, cycles);
      }),
    },
  };
}

type BankNumbers = Readonly<Record<keyof typeof BANK_COUNT | 'pre' | 'rd' | 'wr', Float64Array>>;
type RankNumbers = Readonly<Record<keyof typeof RANK_COUNT, number>>;

/** The elements of a record, each replaced by what `read` gives for it. */
function mapValues<Name extends string, Value>(
  elements: Readonly<Record<Name, number>>,
  read: (element: number) => Value,
): Readonly<Record<Name, Value>> {
  const entries = Object.entries<number>(elements).map(([name, element]) => [name, read(element)]);
  return Object.fromEntries(entries) as Record<Name, Value>;
}

function rankActivity(
  rank: RankNumbers,
  all: BankNumbers,
  from: number,
  to: number,
  cycles: Cycles,
): RankActivity {
  const own = (counts: Float64Array): Float64Array => counts.slice(from, to);
  const { open, activeThen, refPerBankEnd } = all;
  return {
    cycles,
    act: own(all.act),
    pre: own(all.pre),
    rd: own(all.rd),
    wr: own(all.wr),
    refPerBank: own(all.refPerBank),
    refAllBank: rank.refAllBank,
    selfRefreshEntries: rank.selfRefreshEntries,
    bankActiveCycles: own(all.active).map((active, i) => {
      const bank = from + i;
      const still = open[bank]! > 0 ? rank.active - activeThen[bank]! : 0;
      return active + still + rank.refresh - Math.max(0, refPerBankEnd[bank]! - cycles);
    }),
    activeCycles: rank.active + rank.refresh,
    prechargedCycles: rank.precharged,
    activePowerDownFastCycles: rank.activePowerDown,
    activePowerDownSlowCycles: 0,
    prechargePowerDownFastCycles: rank.prechargePowerDown,
    prechargePowerDownSlowCycles: 0,
    selfRefreshCycles: rank.selfRefresh,
    entryRefreshActiveCycles: rank.entryRefresh,
    entryRefreshPrechargedCycles: rank.entryPrecharge,
    exitRefreshActiveCycles: rank.exitRefresh,
    exitRefreshPrechargedCycles: rank.exitPrecharge,
    bankwise: {
      bankActiveCycles: own(all.bankwiseActive).map((active, i) => {
        const bank = from + i;
        const still = open[bank]! > 0 ? rank.bankwiseActive - all.bankwiseThen[bank]! : 0;
        return active + still + rank.bankwiseRefresh - Math.max(0, all.bankwiseRefreshEnd[bank]! - cycles);
      }),
      activeCycles: rank.bankwiseActive + rank.bankwiseRefresh,
      prechargedCycles: rank.bankwisePrecharged,
      activePowerDownCycles: rank.bankwiseActivePowerDown,
      prechargePowerDownCycles: rank.bankwisePrechargePowerDown,
      selfRefreshCycles: rank.bankwiseSelfRefresh,
    },
  };
}

/** Cycles from a column to the end of its data, and those of the data. */
export function transferTimes(
  { burstLength, dataRate }: Organisation,
  { rules: { firstData } }: ResolvedTiming,
): { readDone: Cycles; writeDone: Cycles; burst: Cycles } {
  const burst = burstLength / dataRate;
  return { readDone: firstData.read + burst, writeDone: firstData.write + burst, burst };
}
