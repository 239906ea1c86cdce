// Counts what an energy model needs to know about each rank (src/hardware/activity.ts). The active time of a bank is the time that its
// rank spent active while the bank was open. While a rank is steady, active whatever rows open and close, a bank counts its own
// cycles instead. Cycles are counted from the start of the simulation.
import { autoPrecharge, countsRows, idleWork } from './features';
import {
  PDE,
  PREA,
  RANK_ACTIVE,
  RANK_ACTIVE_POWER_DOWN,
  RANK_ENTRY_REFRESH,
  RANK_EXIT_REFRESH,
  RANK_PRECHARGE_POWER_DOWN,
  RANK_PRECHARGED,
  RANK_REFRESH,
  RANK_SELF_REFRESH,
  RankCounts,
  RDA,
  REFab,
  REFpb,
  SRE,
  SRX,
} from './layout';
import {
  activeUntil,
  advance,
  advanceBankwise,
  bankwiseActiveUntil,
  countsOf,
  keepAwake,
  rankCounts,
} from './rank-time';
import { bankOf, bankSlotOf, Rank, rankOf, s, UNSTEADY } from './state';

/** The precharge of an RDA or WRA that has not begun. */
@unmanaged
class Pending {
  at: f64;
  bankSlot: i32;
}

/** Bytes of the counts of all ranks. */
export function rankCountsBytes(): usize {
  return <usize>s.ranks * offsetof<RankCounts>();
}
/** Bytes of the pending precharges of all ranks. */
export function pendingBytes(): usize {
  return <usize>(s.ranks * s.pendingCapacity) * offsetof<Pending>();
}

function pendingOf(rank: i32, index: i32): Pending {
  return changetype<Pending>(s.pending + <usize>(rank * s.pendingCapacity + index) * offsetof<Pending>());
}

export function startCounting(): void {
  for (let rank = 0; rank < s.ranks; rank++) {
    rankCounts(rank).state = RANK_PRECHARGED;
    rankCounts(rank).heldBy = RANK_REFRESH;
    rankOf(rank).steadyFrom = UNSTEADY;
  }
}

/** Counts a refresh, or a command to a whole rank (negative `bankSlot`), of the current cycle. */
export function countRankCommand(command: i32, rankNumber: i32, bankSlot: i32): void {
  const cycle = s.origin + <f64>s.cycle;
  const rank = rankCounts(rankNumber);
  if (autoPrecharge() && rank.pending > 0) closePending(rank, rankNumber, cycle);
  endSteady(rankNumber, cycle);
  if (command === REFpb) {
    countsOf(bankSlot).refPerBank += 1;
    advanceBankwise(rank, cycle);
    const end = cycle + <f64>s.tRFCpb;
    const first = bankOf(bankSlot).inRank % s.refreshTurns;
    for (let inRank = first; inRank < s.banks; inRank += s.refreshTurns) {
      const bank = countsOf(bankSlotOf(rankNumber, inRank));
      bank.active += <f64>(s.tRAS + s.tRP);
      bank.refPerBankEnd = cycle + <f64>(s.tRAS + s.tRP);
      bank.bankwiseActive += <f64>s.tRFCpb;
      bank.bankwiseRefreshEnd = end;
    }
    rank.bankRefreshEnd = max(rank.bankRefreshEnd, end);
    keepAwake(rank, end);
  } else wholeRank(rank, rankNumber, command, cycle);
}

function wholeRank(rank: RankCounts, rankNumber: i32, command: i32, cycle: f64): void {
  advance(rank, cycle);
  advanceBankwise(rank, cycle);
  const open = rankOf(rankNumber).openRows > 0;
  if (command === PREA) {
    for (let inRank = 0; inRank < s.banks; inRank++) {
      const bankSlot = bankSlotOf(rankNumber, inRank);
      while (countsOf(bankSlot).open > 0) close(rank, rankOf(rankNumber), bankSlot, cycle);
    }
  } else if (command === REFab) {
    rank.refAllBank += 1;
    rank.heldActive = cycle + <f64>(s.tRFC - s.tRP);
    rank.heldPrecharged = rank.heldActive;
    rank.heldBy = RANK_REFRESH;
    refreshAllBanks(rank, cycle);
  } else if (command === PDE) {
    rank.state = open ? RANK_ACTIVE_POWER_DOWN : RANK_PRECHARGE_POWER_DOWN;
    rank.sleepFrom = max(rank.earliestSleep, cycle);
  } else if (command === SRE) {
    rank.selfRefreshEntries += 1;
    rank.state = RANK_SELF_REFRESH;
    rank.heldActive = cycle + <f64>(s.tRFC - s.tRP);
    rank.heldPrecharged = cycle + <f64>s.tRFC;
    rank.heldBy = RANK_ENTRY_REFRESH;
    refreshAllBanks(rank, cycle);
  } else {
    if (command === SRX) rank.heldBy = RANK_EXIT_REFRESH;
    else if (open) keepAwake(rank, max(rank.earliestSleep, cycle) + <f64>s.tRCD);
    rank.state = open ? RANK_ACTIVE : RANK_PRECHARGED;
  }
}

/** Notes the precharge of an RDA or WRA of the current cycle. It begins as soon as the row may close. */
export function holdPrecharge(command: i32, bankSlot: i32): void {
  const rankNumber = bankOf(bankSlot).rank;
  const rank = rankCounts(rankNumber);
  const after = command === RDA ? s.readToPrecharge : s.writeToPrecharge;
  const cycle = max(s.origin + <f64>(s.cycle + after), countsOf(bankSlot).activated + <f64>s.tRAS);
  let i = <i32>rank.pending;
  if (i >= s.pendingCapacity) unreachable();
  rank.pending += 1;
  for (; i > 0 && pendingOf(rankNumber, i - 1).at > cycle; i--) {
    const moved = pendingOf(rankNumber, i);
    moved.at = pendingOf(rankNumber, i - 1).at;
    moved.bankSlot = pendingOf(rankNumber, i - 1).bankSlot;
  }
  pendingOf(rankNumber, i).at = cycle;
  pendingOf(rankNumber, i).bankSlot = bankSlot;
}

/** Counts the precharges of RDA and WRA that begin up to `cycle`; one of the same cycle comes before a command. */
function closePending(rank: RankCounts, rankNumber: i32, cycle: f64): void {
  const count = <i32>rank.pending;
  let begun = 0;
  for (; begun < count && pendingOf(rankNumber, begun).at <= cycle; begun++) {
    const next = pendingOf(rankNumber, begun);
    close(rank, rankOf(rankNumber), next.bankSlot, next.at);
  }
  if (begun === 0) return;
  for (let i = begun; i < count; i++) {
    pendingOf(rankNumber, i - begun).at = pendingOf(rankNumber, i).at;
    pendingOf(rankNumber, i - begun).bankSlot = pendingOf(rankNumber, i).bankSlot;
  }
  rank.pending = <f64>(count - begun);
}

/** Counts the time of every rank up to a cycle from the start of the simulation. */
export function countUntil(cycle: f64): void {
  for (let r = 0; r < s.ranks; r++) {
    const rank = rankCounts(r);
    closePending(rank, r, cycle);
    endSteady(r, cycle);
    advance(rank, cycle);
    advanceBankwise(rank, cycle);
  }
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++) {
    const steady = <f64>bankOf(bankSlot).steady;
    countsOf(bankSlot).active += steady;
    countsOf(bankSlot).bankwiseActive += steady;
    bankOf(bankSlot).steady = 0;
  }
}

/** Counts the steady time of a rank up to `cycle`, from which on its time is not steady. */
function endSteady(rankNumber: i32, cycle: f64): void {
  const from = rankOf(rankNumber).steadyFrom;
  if (from === UNSTEADY) return;
  rankOf(rankNumber).steadyFrom = UNSTEADY;
  const rank = rankCounts(rankNumber);
  advance(rank, cycle);
  advanceBankwise(rank, cycle);
  const first = rankNumber * s.slotsPerRank;
  for (let bankSlot = first; bankSlot < first + s.slotsPerRank; bankSlot++) {
    const since = bankOf(bankSlot).since;
    if (since < from || countsOf(bankSlot).open === 0) continue;
    countsOf(bankSlot).activeThen = rank.active - (cycle - <f64>since);
    countsOf(bankSlot).bankwiseThen = rank.bankwiseActive - (cycle - <f64>since);
  }
}

function refreshAllBanks(rank: RankCounts, cycle: f64): void {
  rank.refreshEnd = cycle + <f64>s.tRFC;
  keepAwake(rank, rank.refreshEnd);
}

/** Counts the time of a rank up to `cycle`, in which a row of a bank opens; its time may be steady from then on. */
function beginStay(rankNumber: i32, bankSlot: i32, cycle: f64): void {
  const rank = rankCounts(rankNumber);
  advance(rank, cycle);
  advanceBankwise(rank, cycle);
  rank.state = RANK_ACTIVE;
  const held = max(max(rank.heldActive, rank.heldPrecharged), max(rank.refreshEnd, rank.bankRefreshEnd));
  const bank = countsOf(bankSlot);
  if (cycle >= held && rank.counted === cycle && rank.bankwiseCounted === cycle)
    rankOf(rankNumber).steadyFrom = <i64>cycle;
  else if (bank.open === 0) {
    bank.activeThen = activeUntil(rank, cycle);
    bank.bankwiseThen = bankwiseActiveUntil(rank, cycle);
  }
}

/** Counts that a row of a bank closes. */
function close(rank: RankCounts, ofRank: Rank, bankSlot: i32, cycle: f64): void {
  const bank = countsOf(bankSlot);
  if (bank.open === 0) return;
  ofRank.openRows--;
  if (ofRank.openRows === 0) endSteady(ofRank.index, cycle);
  if (ofRank.steadyFrom === UNSTEADY) {
    advance(rank, cycle);
    advanceBankwise(rank, cycle);
  }
  if (idleWork()) keepAwake(rank, cycle + <f64>s.tRP);
  bank.open -= 1;
  if (bank.open === 0) {
    const since = bankOf(bankSlot).since;
    if (since >= ofRank.steadyFrom) bankOf(bankSlot).steady += <i64>cycle - since;
    else {
      bank.active += activeUntil(rank, cycle) - bank.activeThen;
      bank.bankwiseActive += bankwiseActiveUntil(rank, cycle) - bank.bankwiseThen;
    }
  }
  if (ofRank.openRows === 0 && rank.state === RANK_ACTIVE) rank.state = RANK_PRECHARGED;
}

/** Counts that a row of a bank opens in the current cycle. @inline */
export function countActivation(rankNumber: i32, bankSlot: i32): void {
  const cycle = s.start + <i64>s.cycle;
  const rank = rankOf(rankNumber);
  const bank = countsOf(bankSlot);
  if (autoPrecharge()) {
    if (rankCounts(rankNumber).pending > 0) closePending(rankCounts(rankNumber), rankNumber, <f64>cycle);
    bank.activated = <f64>cycle;
  }
  if (idleWork()) keepAwake(rankCounts(rankNumber), <f64>cycle + <f64>s.tRCD);
  if (rank.steadyFrom === UNSTEADY) beginStay(rankNumber, bankSlot, <f64>cycle);
  rank.openRows++;
  bank.act += 1;
  if (!countsRows() || bank.open === 0) bankOf(bankSlot).since = cycle;
  bank.open = countsRows() ? bank.open + 1 : 1;
}

/** Counts that a row of a bank closes in the current cycle. @inline */
export function countPrecharge(rankNumber: i32, bankSlot: i32): void {
  const cycle = s.start + <i64>s.cycle;
  const rank = rankOf(rankNumber);
  const bank = bankOf(bankSlot);
  if (!countsRows() && rank.openRows > 1 && bank.since >= rank.steadyFrom) {
    if (idleWork()) keepAwake(rankCounts(rankNumber), <f64>cycle + <f64>s.tRP);
    rank.openRows--;
    bank.steady += cycle - bank.since;
    countsOf(bankSlot).open = 0;
    return;
  }
  const counts = rankCounts(rankNumber);
  if (autoPrecharge() && counts.pending > 0) closePending(counts, rankNumber, <f64>cycle);
  close(counts, rank, bankSlot, <f64>cycle);
}
