// The controller of one channel. docs/controller.md gives its semantics, cycle by cycle. It is event-driven: time jumps to
// the next cycle at which anything can change, and a streak of row hits that nothing can interrupt is issued as a whole.
import { countUntil } from './activity';
import { choose, chooseOldest, chooseRow, leastKey } from './choice';
import { feed, mayEnter, mustHoldRead, takeRun } from './entry';
import { forwardsWrites, idleWork, inOrder, servesActivated } from './features';
import { columnOf, issueActivated, issueColumns, issueRow } from './issue';
import { settleTotals } from './latency';
import { CONDITIONS, LONGEST, NEVER, Run } from './layout';
import { servedAt } from './rank-time';
import { chooseIdleWork, chooseRankDuty, issueRankWork, noteUrgentRanks, rebaseRank } from './rank-work';
import { bankOf, fromOrigin, isColumn, RequestQueue, rankOf, s } from './state';
import { rebaseTiming } from './timing';

export { begin, configure } from './configure';
export { offer } from './entry';

/** The origin of the clock moves after so many cycles, so that no cycle plus a latency reaches NEVER. */
const REBASE_AFTER: i32 = 1 << 29;

/** Serves the first `count` runs of the host's batch, until the last of them has entered its queue. */
export function serve(count: i32): bool {
  s.nextRun = s.runs;
  s.lastRun = s.runs + <usize>count * offsetof<Run>();
  return runUntil(Infinity, true);
}

/**
 * Runs until the cycle `absoluteLimit`, or until the entering run has entered (if `more` runs follow, so that the next one
 * is not late), or until no request waits. Returns false if refresh leaves no time for accesses.
 */
export function runUntil(absoluteLimit: f64, more: bool): bool {
  let limit = fromOrigin(absoluteLimit);
  const reads = s.reads;
  const writes = s.writes;
  let key = 0;
  s.settled = 0;
  while (true) {
    if (s.portCount === 0) {
      if (!takeRun() && (more || (reads.count + writes.count === 0 && !s.idling))) return true;
    }
    if (s.cycle >= min(limit, REBASE_AFTER)) {
      if (s.cycle >= limit && s.origin + <f64>s.cycle >= absoluteLimit) return true;
      if (s.cycle >= REBASE_AFTER) {
        rebase();
        limit = fromOrigin(absoluteLimit);
      }
    }
    if (s.portArrival <= s.cycle) {
      if (s.portCount > 0) {
        feed();
        // The next run must be known before the streaks below look ahead.
        if (s.portCount === 0) takeRun();
      }
    }

    // A drain begins at the high watermark, or when a read waits for a write, and ends at the low one. Repeating this in the
    // same cycle changes nothing.
    let queue = reads;
    if (writes.count > 0) {
      if (reads.count === 0 || s.readHeld) queue = writes;
      else if (s.servedQueue === writes) {
        if (writes.count > s.lowWatermark) queue = writes;
      } else if (writes.count >= s.highWatermark) queue = writes;
    }
    if (queue !== s.servedQueue) {
      s.settled = 0;
      s.servedQueue = queue;
    }
    if (s.cycle >= s.nextUrgent) noteUrgentRanks();

    let event = 0;
    let until = 0;
    if (!inOrder() && !idleWork() && !s.attention) {
      event = min(nextEvent(limit, more), REBASE_AFTER);
      until = event;
    } else {
      const again = chooseAny(queue);
      if (s.chosenAt > s.cycle) {
        const next = laterEvent(min(again, limit), more);
        if (next <= s.chosenAt) {
          s.cycle = next;
          continue;
        }
        // Nothing else happens until then, so the choice will be the same.
        s.cycle = s.chosenAt;
      }
      if (s.chosenIsRankWork) {
        s.settled = 0;
        if (servesActivated() && isColumn(s.chosen)) issueActivated();
        else if (!issueRankWork()) return false;
        s.cycle++;
        continue;
      }
      key = isColumn(s.chosen) ? s.chosenBank : s.chosenBank | s.rowPriority;
      s.settled = 1;
    }
    // Row commands change nothing of the above, so they follow each other until something else may happen.
    do {
      if (!s.settled) {
        key = leastKey(queue);
        s.chosenAt = s.cycle + (key >> s.priorityBits);
        s.settled = 1;
      }
      if (s.chosenAt > s.cycle) {
        if (event <= s.chosenAt) {
          s.cycle = event;
          break;
        }
        s.cycle = s.chosenAt;
        if (key >> s.priorityBits === s.longestWait) {
          s.settled = 0;
          if (queue.count === 0) s.cycle = event;
          break;
        }
      }
      s.settled = 0;
      const bankSlot = key & s.bankMask;
      if ((key & s.rowPriority) === 0) {
        issueColumns(queue, bankSlot, columnOf(queue, bankSlot), limit, more);
        s.cycle++;
        break;
      }
      issueRow(queue, bankSlot);
      s.cycle++;
    } while (s.cycle < until);
  }
}

/** Chooses among requests and the work of ranks. Returns the cycle at which to look again, NEVER if that is not known. @inline */
function chooseAny(queue: RequestQueue): i32 {
  if (s.settled) return NEVER;
  let again = NEVER;
  s.chosenAt = NEVER;
  if (s.attention && chooseRankDuty()) again = chooseRow(queue);
  else again = inOrder() ? chooseOldest(queue) : choose(queue);
  if (idleWork()) chooseIdleWork();
  else if (again === NEVER && !s.attention) s.settled = 1;
  return again;
}

/** Runs until a cycle with nothing to serve: refreshes, and what idle ranks do, go on. */
export function idleUntil(absoluteLimit: f64): void {
  s.idling = 1;
  runUntil(absoluteLimit, false);
  s.idling = 0;
}

/** The first later cycle in which something other than the chosen command may happen. @inline */
function nextEvent(limit: i32, more: bool): i32 {
  const next = min(limit, s.nextUrgent);
  if (s.portCount > 0) {
    if (s.portArrival > s.cycle) return min(next, s.portArrival);
    if (!forwardsWrites() && s.portQueue.count >= s.portQueue.capacity) return next;
    return mayEnter() || mustHoldRead() ? min(next, s.cycle + 1) : next;
  }
  return more ? min(next, s.cycle + 1) : next;
}

/** The same, where it need not be fast. */
function laterEvent(limit: i32, more: bool): i32 {
  return nextEvent(limit, more);
}

/** Moves the origin to the current cycle. */
function rebase(): void {
  const shift = s.cycle;
  rebaseTiming(shift);
  s.origin += <f64>shift;
  s.start += <i64>shift;
  s.cycle -= shift;
  s.lastProgress -= shift;
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++) {
    const bank = bankOf(bankSlot);
    bank.used = max(-LONGEST, bank.used - shift);
  }
  s.portArrival = fromOrigin(s.portArrivalAt);
  for (let rank = 0; rank < s.ranks; rank++) rebaseRank(rankOf(rank), shift);
  s.nextUrgent = 0;
  s.settled = 0;
}

/** Counts time up to a cycle from the start of the simulation. The host calls this before it reads the counters. */
export function settle(cycle: f64): void {
  countUntil(cycle);
  settleLatencies(s.reads, s.forwardedReads);
  settleLatencies(s.writes, 0);
}

/** The cycle after a queue's last data, 0 if there was none. */
function doneOf(queue: RequestQueue): f64 {
  return queue.lastColumn < 0 ? 0 : <f64>queue.lastColumn + queue.done;
}

/** Sets the totals of a queue's latencies; `forwarded` reads took a cycle each, all others what they waited and their data. */
function settleLatencies(queue: RequestQueue, forwarded: f64): void {
  let served: f64 = 0;
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++)
    for (let condition = 0; condition < CONDITIONS; condition++)
      served += load<f64>(servedAt(queue, bankSlot, condition));
  settleTotals(queue, served, forwarded);
}

// What the host reads. Cycles are counted from the start of the simulation.
export function cycle(): f64 {
  return s.origin + <f64>s.cycle;
}
export function lastDone(): f64 {
  return max(s.lastForwarded, max(doneOf(s.reads), doneOf(s.writes)));
}
export function waiting(): i32 {
  return s.reads.count + s.writes.count + s.portCount;
}
export function peakReads(): i32 {
  return s.reads.peak;
}
export function peakWrites(): i32 {
  return s.writes.peak;
}
export function readsWaited(): f64 {
  return <f64>s.reads.waited;
}
export function writesWaited(): f64 {
  return <f64>s.writes.waited;
}
export function forwardedReads(): f64 {
  return s.forwardedReads;
}
