// How requests enter the queues: the runs of the host, and the one that is entering.
import { updateCandidate } from './candidates';
import { autoPrecharge, forwardsWrites, idleWork, opensSubarrays } from './features';
import { addForwarded } from './latency';
import { PRE, Run } from './layout';
import { reportForwarded } from './observation';
import { enterQueue, findRow, findSegment, renumber } from './queue';
import {
  AWAKE,
  bankOf,
  bankSlotOf,
  commandOf,
  fromOrigin,
  isColumn,
  NOTHING,
  RequestQueue,
  rankOf,
  s,
} from './state';

/** Takes a run of requests. Returns false, and takes nothing, while an earlier run is still entering. */
export function offer(
  write: i32,
  rank: i32,
  bank: i32,
  row: i32,
  column: i32,
  count: i32,
  arrival: f64,
): bool {
  if (s.portCount > 0) return false;
  take(write, rank, bank, row, column, count, arrival);
  return true;
}

/** Takes the next run of the host's batch; false if there is none. @inline */
export function takeRun(): bool {
  if (s.nextRun === s.lastRun) return false;
  const run = changetype<Run>(s.nextRun);
  s.nextRun += offsetof<Run>();
  take(run.write, run.rank, run.bank, run.row, run.column, run.count, run.arrival);
  return true;
}

/** @inline */
function take(write: i32, rank: i32, bank: i32, row: i32, column: i32, count: i32, arrival: f64): void {
  s.portQueue = write ? s.writes : s.reads;
  s.portCount = count;
  s.portBank = bankSlotOf(rank, bank);
  s.portRow = row;
  s.portColumn = column;
  s.portClear = 0;
  s.portArrivalAt = arrival;
  s.portArrival = fromOrigin(arrival);
}

/** Whether the next request of the entering run could enter now. @inline */
export function mayEnter(): bool {
  return (
    (s.portQueue.count < s.portQueue.capacity && !waitsForOther()) || (forwardsWrites() && isForwarded())
  );
}

/** Whether the next request waits for one to the same burst in the other queue, and a drain must begin for it. @inline */
export function mustHoldRead(): bool {
  return !s.readHeld && s.portQueue === s.reads && s.reads.count < s.reads.capacity && waitsForOther();
}

/** The queue that the entering run does not enter. @inline */
export function otherQueue(): RequestQueue {
  return s.portQueue === s.reads ? s.writes : s.reads;
}

/** Whether the other queue holds a request to the burst of the next one: requests to one burst keep their order. @inline */
function waitsForOther(): bool {
  return !s.portClear && isHeldBack(otherQueue());
}

/** The same. Where the queue holds no request to the row, none enters it before the run has entered: the walk is over. */
function isHeldBack(other: RequestQueue): bool {
  if (holdsRow(other)) return holdsBurst(other);
  s.portClear = 1;
  return false;
}

/** Whether a queue holds a request to the row of the entering run. @inline */
export function holdsRow(queue: RequestQueue): bool {
  return queue.count > 0 && findSegment(queue, s.portBank, s.portRow) !== null;
}

/** Whether the next request to enter is a read of a burst in the write queue. */
function isForwarded(): bool {
  return s.portQueue === s.reads && holdsBurst(s.writes);
}

/** Whether a queue holds a request to the burst of the next one to enter. */
function holdsBurst(queue: RequestQueue): bool {
  let segment = findSegment(queue, s.portBank, s.portRow);
  while (segment !== null) {
    if (s.portColumn >= segment.column && s.portColumn < segment.column + segment.size) return true;
    segment = findRow(segment.next, s.portRow);
  }
  return false;
}

/** Lets the next request of the entering run enter, if it may. @inline */
export function feed(): void {
  s.readHeld = 0;
  if (forwardsWrites() && isForwarded()) {
    if (s.observed) reportForwarded();
    s.forwardedReads += 1;
    addForwarded(s.reads.latency);
    s.portColumn++;
    s.portCount--;
    s.lastProgress = s.cycle;
    s.lastForwarded = s.origin + <f64>(s.cycle + 1);
  } else if (s.portQueue.count < s.portQueue.capacity) {
    if (!waitsForOther()) enterAt(s.cycle, 1, 1);
    else if (s.portQueue === s.reads) s.readHeld = 1;
  }
}

/** Renumbers the ages of a queue, and with them its candidates. */
function renumberAges(queue: RequestQueue): void {
  renumber(queue);
  s.settled = 0;
  for (let bankSlot = 0; bankSlot < s.bankSlots; bankSlot++) updateCandidate(queue, bankSlot);
}

/** Lets `count` requests of the entering run enter, the first at `cycle` and each `step` cycles after the one before. */
export function enter(cycle: i32, step: i32, count: i32): void {
  enterAt(cycle, step, count);
}

/** The same, where it must be fast. @inline */
function enterAt(cycle: i32, step: i32, count: i32): void {
  const queue = s.portQueue;
  const bankSlot = s.portBank;
  const bank = bankOf(bankSlot);
  s.lastProgress = cycle;
  if (queue.nextAge >= s.ages >> 1) {
    renumberAges(queue);
  }
  const began = enterQueue(queue, bankSlot, s.portRow, s.portColumn, s.start + <i64>cycle, <i64>step, count);
  s.portColumn += count;
  s.portCount -= count;
  if (idleWork()) {
    const rank = rankOf(bank.rank);
    rank.waiting += count;
    if (rank.asleep !== AWAKE) {
      s.attention = 1;
      s.settled = 0;
    }
  }
  // The choice stands unless the entry changes the candidate of its bank.
  const candidate = commandOf(queue, bankSlot);
  if (!autoPrecharge() || candidate !== queue.closingColumn) {
    if (!began) return;
    if (candidate === PRE) {
      if (!opensSubarrays() && s.portRow !== bank.openRow) return;
    } else if (candidate !== NOTHING && (!opensSubarrays() || isColumn(candidate))) return;
  }
  s.settled = 0;
  updateCandidate(queue, bankSlot);
}
