import type { ChannelActivity, RankActivity } from '../hardware/activity.ts';
import { banksPerRank, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName } from '../hardware/standard.ts';
import { ACT, PDE, PRE, PREA, RD, RDA, REFab, REFpb, SASEL, SRE, SRX, WRA } from './issued-commands.ts';

/** Counts what commands do to each rank of a channel, as `RankActivity` says: all that an energy model needs. */
export interface ActivityCounter {
  /** Any command but a column, numbered as in `ISSUED_COMMANDS`; bank -1 for those to the whole rank. */
  command(cycle: number, command: number, rank: number, bank: number): void;
  columns(cycle: number, command: number, rank: number, bank: number, count: number): void;
  /** The counts over the window from cycle 0 to `cycles`; the last call. */
  activity(cycles: number): ChannelActivity;
}

/** What a rank's time is spent in: first its own states, then those in which a refresh holds it. */
const ACTIVE = 0;
const PRECHARGED = 1;
const ACTIVE_POWER_DOWN = 2;
const PRECHARGE_POWER_DOWN = 3;
const SELF_REFRESH = 4;
const REFRESH = 5;
const ENTRY_REFRESH = 6;
const EXIT_REFRESH = 7;
const ENTRY_PRECHARGE = 8;
const EXIT_PRECHARGE = 9;

interface RankCounter {
  readonly act: Float64Array;
  readonly pre: Float64Array;
  readonly rd: Float64Array;
  readonly wr: Float64Array;
  readonly refPerBank: Float64Array;
  /** By bank: when its last per-bank refresh ends, and the cycle of its last activation. */
  readonly refPerBankEnd: Float64Array;
  readonly activated: Float64Array;
  /** By bank: rows open (several where subarrays are used apart), active cycles, and the rank's when it opened. */
  readonly open: Int32Array;
  readonly bankActive: Float64Array;
  readonly activeThen: Float64Array;
  /** Cycles by what they were spent in, up to cycle `counted`. */
  readonly spent: Float64Array;
  counted: number;
  openRows: number;
  state: number;
  /** A refresh holds the rank: up to when in its active part, up to when in its precharged part, and which it is. */
  heldActive: number;
  heldPrecharged: number;
  heldBy: number;
  refAllBank: number;
  selfRefreshEntries: number;
  /** Precharges that RDA and WRA hold, in order of time. */
  readonly pending: { at: number; bank: number }[];
}

/**
 * A counter for one channel. A rank's time is counted at its activations and precharges, refreshes and changes of power;
 * a bank's active time is what its rank spent active while the bank was open.
 */
export function createActivityCounter(organisation: Organisation, timing: ResolvedTiming): ActivityCounter {
  const banks = banksPerRank(organisation);
  const parameter = (name: string): number => timing.parameters[name] ?? 0;
  const [tRAS, tRFC, tRP] = [parameter('tRAS'), parameter('tRFCab'), parameter('tRP')];
  const toPrecharge = [distance(timing, 'RD', 'PRE'), distance(timing, 'WR', 'PRE')] as const;
  const ranks = Array.from({ length: organisation.ranks }, () => createRankCounter(banks));

  function wholeRank(rank: RankCounter, command: number, cycle: number): void {
    advance(rank, cycle);
    switch (command) {
      case PREA:
        for (let bank = 0; bank < banks; bank++) while (rank.open[bank]! > 0) close(rank, bank, cycle);
        return;
      case REFab:
        rank.refAllBank++;
        rank.heldActive = cycle + tRFC - tRP;
        rank.heldPrecharged = rank.heldActive;
        rank.heldBy = REFRESH;
        return;
      case PDE:
        rank.state = rank.openRows > 0 ? ACTIVE_POWER_DOWN : PRECHARGE_POWER_DOWN;
        return;
      case SRE:
        rank.selfRefreshEntries++;
        rank.state = SELF_REFRESH;
        rank.heldActive = cycle + tRFC - tRP;
        rank.heldPrecharged = cycle + tRFC;
        rank.heldBy = ENTRY_REFRESH;
        return;
      default:
        if (command === SRX) rank.heldBy = EXIT_REFRESH;
        rank.state = rank.openRows > 0 ? ACTIVE : PRECHARGED;
    }
  }

  return {
    command(cycle, command, rankNumber, bank) {
      const rank = ranks[rankNumber]!;
      if (rank.pending.length > 0) closePending(rank, cycle);
      if (command === ACT) open(rank, bank, cycle);
      else if (command === PRE) close(rank, bank, cycle);
      else if (command === REFpb) {
        rank.refPerBank[bank]!++;
        rank.bankActive[bank]! += tRAS + tRP;
        rank.refPerBankEnd[bank] = cycle + tRAS + tRP;
      } else if (command !== SASEL) wholeRank(rank, command, cycle);
    },
    columns(cycle, command, rankNumber, bank, count) {
      const rank = ranks[rankNumber]!;
      const read = command === RD || command === RDA;
      const columns = read ? rank.rd : rank.wr;
      columns[bank] = columns[bank]! + count;
      if (command !== RDA && command !== WRA) return;
      const at = Math.max(cycle + toPrecharge[read ? 0 : 1], rank.activated[bank]! + tRAS);
      rank.pending.push({ at, bank });
      rank.pending.sort((a, b) => a.at - b.at);
    },
    activity(cycles) {
      return {
        cycles,
        ranks: ranks.map((rank) => {
          closePending(rank, cycles);
          advance(rank, cycles);
          return rankActivity(rank, cycles);
        }),
      };
    },
  };
}

function createRankCounter(banks: number): RankCounter {
  const perBank = (): Float64Array => new Float64Array(banks);
  return {
    act: perBank(),
    pre: perBank(),
    rd: perBank(),
    wr: perBank(),
    refPerBank: perBank(),
    refPerBankEnd: perBank(),
    activated: perBank(),
    bankActive: perBank(),
    activeThen: perBank(),
    open: new Int32Array(banks),
    spent: new Float64Array(10),
    counted: 0,
    openRows: 0,
    state: PRECHARGED,
    heldActive: 0,
    heldPrecharged: 0,
    heldBy: REFRESH,
    refAllBank: 0,
    selfRefreshEntries: 0,
    pending: [],
  };
}

/** Longest constraint of a bank or its subarrays between two commands. */
function distance({ constraints }: ResolvedTiming, from: CommandName, to: CommandName): number {
  return constraints.reduce((longest, { level, sibling, preceding, following, latency }) => {
    const concerned =
      (level === 'bank' || level === 'subarray') &&
      !sibling &&
      preceding.includes(from) &&
      following.includes(to);
    return concerned ? Math.max(longest, latency) : longest;
  }, 0);
}

/** Counts the time up to `cycle`: what refreshes hold first, the rest in the rank's own state. */
function advance(rank: RankCounter, cycle: number): void {
  if (rank.counted < rank.heldPrecharged || rank.counted < rank.heldActive) {
    const { heldActive, heldPrecharged, heldBy } = rank;
    spend(rank, heldBy, Math.min(heldActive, cycle));
    const precharging = heldBy === ENTRY_REFRESH ? ENTRY_PRECHARGE : EXIT_PRECHARGE;
    spend(rank, precharging, Math.min(heldPrecharged, cycle));
  }
  spend(rank, rank.state, cycle);
}

function spend(rank: RankCounter, state: number, until: number): void {
  if (until <= rank.counted) return;
  rank.spent[state] = rank.spent[state]! + until - rank.counted;
  rank.counted = until;
}

function open(rank: RankCounter, bank: number, cycle: number): void {
  advance(rank, cycle);
  rank.act[bank] = rank.act[bank]! + 1;
  rank.activated[bank] = cycle;
  rank.openRows++;
  rank.state = ACTIVE;
  const rows = rank.open[bank]!;
  rank.open[bank] = rows + 1;
  if (rows === 0) rank.activeThen[bank] = rank.spent[ACTIVE]!;
}

function close(rank: RankCounter, bank: number, cycle: number): void {
  const rows = rank.open[bank]!;
  if (rows === 0) return;
  advance(rank, cycle);
  rank.pre[bank] = rank.pre[bank]! + 1;
  rank.open[bank] = rows - 1;
  rank.openRows--;
  if (rows === 1)
    rank.bankActive[bank] = rank.bankActive[bank]! + rank.spent[ACTIVE]! - rank.activeThen[bank]!;
  if (rank.openRows === 0 && rank.state === ACTIVE) rank.state = PRECHARGED;
}

/** Precharges of RDA and WRA that have begun; they go before a command of the same cycle. */
function closePending(rank: RankCounter, cycle: number): void {
  while (rank.pending.length > 0 && rank.pending[0]!.at <= cycle) {
    const { at, bank } = rank.pending.shift()!;
    close(rank, bank, at);
  }
}

function rankActivity(rank: RankCounter, cycles: number): RankActivity {
  const { act, pre, rd, wr, refPerBank, refAllBank, selfRefreshEntries, spent } = rank;
  return {
    cycles,
    act,
    pre,
    rd,
    wr,
    refPerBank,
    refAllBank,
    selfRefreshEntries,
    bankActiveCycles: rank.bankActive.map((own, bank) => {
      const still = rank.open[bank]! > 0 ? spent[ACTIVE]! - rank.activeThen[bank]! : 0;
      return own + still + spent[REFRESH]! - Math.max(0, rank.refPerBankEnd[bank]! - cycles);
    }),
    activeCycles: spent[ACTIVE]! + spent[REFRESH]!,
    prechargedCycles: spent[PRECHARGED]!,
    activePowerDownFastCycles: spent[ACTIVE_POWER_DOWN]!,
    activePowerDownSlowCycles: 0,
    prechargePowerDownFastCycles: spent[PRECHARGE_POWER_DOWN]!,
    prechargePowerDownSlowCycles: 0,
    selfRefreshCycles: spent[SELF_REFRESH]!,
    entryRefreshActiveCycles: spent[ENTRY_REFRESH]!,
    entryRefreshPrechargedCycles: spent[ENTRY_PRECHARGE]!,
    exitRefreshActiveCycles: spent[EXIT_REFRESH]!,
    exitRefreshPrechargedCycles: spent[EXIT_PRECHARGE]!,
  };
}
