// The counts of ranks and banks, and the time of a rank, which is counted when its state changes: as this program counts it, and
// as DRAMPower 6 does.
import {
  BankCounts,
  CONDITIONS,
  RANK_ACTIVE,
  RANK_ACTIVE_POWER_DOWN,
  RANK_ENTRY_PRECHARGE,
  RANK_ENTRY_REFRESH,
  RANK_EXIT_PRECHARGE,
  RANK_PRECHARGE_POWER_DOWN,
  RANK_PRECHARGED,
  RANK_REFRESH,
  RankCounts,
} from './layout';
import { RequestQueue, s } from './state';

/** The counts of a bank. @inline */
export function countsOf(bankSlot: i32): BankCounts {
  return changetype<BankCounts>(s.bankCounts + <usize>bankSlot * offsetof<BankCounts>());
}

/** Address of the number of requests of a queue that a bank has served and that needed this. @inline */
export function servedAt(queue: RequestQueue, bankSlot: i32, condition: i32): usize {
  return s.served + ((<usize>((bankSlot * 2 + queue.write) * CONDITIONS + condition)) << 3);
}

export function rankCounts(rank: i32): RankCounts {
  return changetype<RankCounts>(s.rankCounts + <usize>rank * offsetof<RankCounts>());
}

/** Address of the cycles that a rank has spent in a state. @inline */
function spentAt(rank: RankCounts, state: i32): usize {
  return changetype<usize>(rank) + offsetof<RankCounts>('active') + ((<usize>state) << 3);
}

/** Counts the time of a rank up to `cycle`: first the refresh that holds it, the rest as the rank's own state. */
export function advance(rank: RankCounts, cycle: f64): void {
  if (rank.counted < rank.heldPrecharged || rank.counted < rank.heldActive) {
    const heldBy = <i32>rank.heldBy;
    spend(rank, heldBy, min(rank.heldActive, cycle));
    spend(
      rank,
      heldBy === RANK_ENTRY_REFRESH ? RANK_ENTRY_PRECHARGE : RANK_EXIT_PRECHARGE,
      min(rank.heldPrecharged, cycle),
    );
  }
  spend(rank, <i32>rank.state, cycle);
}

function spend(rank: RankCounts, state: i32, until: f64): void {
  if (until <= rank.counted) return;
  const spent = spentAt(rank, state);
  store<f64>(spent, load<f64>(spent) + until - rank.counted);
  rank.counted = until;
}

/** Counts the time of a rank up to `cycle` as DRAMPower 6 does. */
export function advanceBankwise(rank: RankCounts, cycle: f64): void {
  spendBankwise(rank, RANK_REFRESH, min(rank.refreshEnd, cycle));
  spendBankwise(rank, RANK_ACTIVE, min(rank.bankRefreshEnd, cycle));
  const state = <i32>rank.state;
  if (state === RANK_ACTIVE_POWER_DOWN) spendBankwise(rank, RANK_ACTIVE, min(rank.sleepFrom, cycle));
  else if (state === RANK_PRECHARGE_POWER_DOWN)
    spendBankwise(rank, RANK_PRECHARGED, min(rank.sleepFrom, cycle));
  spendBankwise(rank, state, cycle);
}

function spendBankwise(rank: RankCounts, state: i32, until: f64): void {
  if (until <= rank.bankwiseCounted) return;
  const spent = changetype<usize>(rank) + offsetof<RankCounts>('bankwiseActive') + ((<usize>state) << 3);
  store<f64>(spent, load<f64>(spent) + until - rank.bankwiseCounted);
  rank.bankwiseCounted = until;
}

/** Lets no power-down begin before `cycle`, as DRAMPower 6 counts. @inline */
export function keepAwake(rank: RankCounts, cycle: f64): void {
  rank.earliestSleep = max(rank.earliestSleep, cycle);
}

/** The active cycles of a rank up to `cycle`, where time is counted up to then or steady. @inline */
export function activeUntil(rank: RankCounts, cycle: f64): f64 {
  return rank.active + max(0, cycle - rank.counted);
}

/** The same as DRAMPower 6 counts. @inline */
export function bankwiseActiveUntil(rank: RankCounts, cycle: f64): f64 {
  return rank.bankwiseActive + max(0, cycle - rank.bankwiseCounted);
}
