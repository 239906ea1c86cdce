import { findRow } from './bank-queue.ts';
import { type ChannelState, type Lane, NOTHING } from './channel-state.ts';
import { isColumn, PRE } from './issued-commands.ts';
import { nextIdleWork } from './rank-work.ts';

/**
 * How many plain columns of the chosen bank's segment follow each other from the current cycle on, `step` cycles apart
 * and all before cycle `limit`, whatever comes; `s.feeding` tells whether a request enters after each. A bound may be
 * narrower than need be, never wider: columns beyond it are chosen one by one.
 */
export function streakLength(
  s: ChannelState,
  lane: Lane,
  step: number,
  limit: number,
  more: boolean,
): number {
  const bank = s.chosenBank;
  const { queue } = lane;
  const segment = lane.segment[bank]!;
  const size = queue.size[segment]!;
  if (size === 1 || !s.table.streaks[lane.column] || s.attention) return 1;
  // The last column that the queue wants of a row may have to close it.
  let count = s.autoPrecharge ? size - 1 : size;
  let before = limit < s.nextUrgent ? limit : s.nextUrgent;

  if (s.portCount === 0) {
    if (more) return 1;
  } else if (s.portArrival > s.cycle) {
    if (s.portArrival < before) before = s.portArrival;
  } else {
    const port = s.portLane;
    if (port.queue.count < port.queue.capacity || mayForward(s, port)) return 1;
    if (port === lane) {
      if (entryChangesBank(s, lane, bank)) return 1;
      s.feeding = true;
      // Whatever enters after the run's last request may be of any kind.
      if (grows(s, lane, segment, size, step) || s.portCount < count) count = s.portCount;
      count = Math.min(count, (queue.ages >> 1) - queue.capacity);
    }
  }
  // A drain ends at the low watermark; a row may not be hit for ever while an older request waits for another.
  if (lane === s.writes && !s.feeding) count = Math.min(count, queue.count - s.lowWatermark);
  if (queue.head[bank] !== segment) count = Math.min(count, s.rowHitCap - s.columns[bank]!);
  if (count <= 1) return 1;
  // A column goes before idle work of the same cycle.
  if (s.idleWork) before = Math.min(before, nextIdleWork(s) + 1);
  return s.inOrder ? bounded(s, count, before, step) : untilOthers(s, lane, count, before, step);
}

/** Bounds a streak by what other banks want: their rows, their older columns, and those that come up in between. */
function untilOthers(s: ChannelState, lane: Lane, count: number, end: number, step: number): number {
  const { command, priority, bankEntry, groupEntry, subarrayEntry } = lane;
  const { bankEarliest, groupEarliest, subarrayEarliest, subarrays, columnDelay } = s.table;
  const bank = s.chosenBank;
  const age = lane.queue.age[lane.segment[bank]!]!;
  let before = end;
  for (let other = 0; other < s.allBanks; other++) {
    const its = command[other]!;
    if (other === bank || its === NOTHING) continue;
    let own = bankEarliest[bankEntry[other]!]!;
    if (subarrays > 0) own = Math.max(own, subarrayEarliest[subarrayEntry[other]!]!);
    if (!isColumn(its)) {
      // A column goes before a row that is ready in the same cycle.
      const shared = groupEarliest[groupEntry[other]!]!;
      const ready = own > shared ? own : shared;
      if (ready + 1 < before) before = ready + 1;
      continue;
    }
    // A younger column of the same kind never goes first: it waits as long after each column, and loses ties. The ages
    // of a segment follow each other, so that none lies between them.
    const delay = columnDelay[lane.column * 3 + relation(s, bank, other)]!;
    const younger = priority[other]! >> s.bankBits > age && its === lane.column;
    if (!(younger && delay >= step) && own < before) before = own;
  }
  return bounded(s, count, before, step);
}

/** 0 in the same bank group, 1 in the same rank, 2 in another. */
function relation(s: ChannelState, bank: number, other: number): number {
  if (s.groupOf[bank] === s.groupOf[other]) return 0;
  return s.rankOf[bank] === s.rankOf[other] ? 1 : 2;
}

function bounded(s: ChannelState, count: number, before: number, step: number): number {
  const room = Math.floor((before - 1 - s.cycle) / step) + 1;
  return Math.max(1, Math.min(count, room));
}

/** Whether a read that wants to enter may find its burst among the waiting writes. */
function mayForward(s: ChannelState, port: Lane): boolean {
  const { queue } = s.writes;
  return s.forwardWrites && port === s.reads && findRow(queue, queue.head[s.portBank]!, s.portRow) >= 0;
}

/** Whether the waiting run, by entering, changes what its bank wants; a bank that sleeps wants nothing. */
function entryChangesBank(s: ChannelState, lane: Lane, served: number): boolean {
  const bank = s.portBank;
  if (bank === served) return false;
  const wanted = lane.command[bank]!;
  if (wanted === NOTHING || wanted === lane.lastColumn) return true;
  return !isColumn(wanted) && (s.openSubarrays > 1 || (wanted === PRE && s.openRow[bank] === s.portRow));
}

/** Whether each request of the waiting run joins the segment whose column makes room for it. */
function grows(s: ChannelState, lane: Lane, segment: number, size: number, step: number): boolean {
  const { queue } = lane;
  return (
    segment === queue.lastEntered &&
    segment === queue.tail[s.portBank] &&
    s.portBank === s.chosenBank &&
    s.portRow === queue.row[segment] &&
    s.portColumn === queue.column[segment]! + size &&
    queue.step[segment] === step &&
    queue.entered[segment]! + size * step === s.origin + s.cycle + 1
  );
}
