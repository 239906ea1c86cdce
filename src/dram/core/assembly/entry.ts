// Requests on their way into the queues: runs from the host, and the one that is entering.
import { want } from './candidates';
import { forwardsWrites, opensSubarrays } from './features';
import { addLatencies } from './latency';
import { tellForwarded } from './observer';
import { enterQueue, findRow, renumber } from './queue';
import { at, AWAKE, bankOf, fromOrigin, isColumn, NOTHING, placeOf, PRE, queueOf, rankOf, Run, s } from './state';

/** Hands over a run of requests. False, and nothing taken, while an earlier run still waits to enter. */
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
  s.portLane = write ? s.writes : s.reads;
  s.portCount = count;
  s.portBank = placeOf(rank, bank);
  s.portRow = row;
  s.portColumn = column;
  s.portArrivalAt = arrival;
  s.portArrival = fromOrigin(arrival);
  return true;
}

/** Takes the next of the host's runs, if there is one. */
// @ts-ignore: decorator
@inline
export function takeRun(): bool {
  if (s.nextRun == s.lastRun) return false;
  const run = changetype<Run>(s.nextRun);
  s.nextRun += offsetof<Run>();
  offer(run.write, run.rank, run.bank, run.row, run.column, run.count, run.arrival);
  return true;
}

/** Whether the next request of the waiting run could enter now. */
// @ts-ignore: decorator
@inline
export function mayEnter(): bool {
  return s.portLane.count < s.portLane.capacity || (forwardsWrites() && isForwarded());
}

/** Whether the burst that wants to enter is a read of one that waits to be written. */
function isForwarded(): bool {
  if (s.portLane !== s.reads) return false;
  let segment = findRow(queueOf(s.writes, s.portBank).head, s.portRow);
  while (segment !== null) {
    if (s.portColumn >= segment.column && s.portColumn < segment.column + segment.size) return true;
    segment = findRow(segment.next, s.portRow);
  }
  return false;
}

/** Lets the next request of the waiting run enter, if it may. */
// @ts-ignore: decorator
@inline
export function feed(): void {
  if (forwardsWrites() && isForwarded()) {
    if (s.observed) tellForwarded();
    s.forwardedReads += 1;
    addLatencies(s.reads.latency, 1, 0, 1);
    s.portColumn++;
    s.portCount--;
    s.lastProgress = s.cycle;
    s.lastDone = max(s.lastDone, s.origin + <f64>(s.cycle + 1));
  } else if (s.portLane.count < s.portLane.capacity) enter(s.cycle, 1, 1);
}

/** Lets `count` requests of the waiting run enter, from a cycle on and `step` cycles apart. */
export function enter(cycle: i32, step: i32, count: i32): void {
  const lane = s.portLane;
  const place = s.portBank;
  const bank = bankOf(place);
  const rank = rankOf(bank.rank);
  s.lastProgress = cycle;
  if (lane.youngest >= s.ages >> 1) {
    renumber(lane);
    s.settled = 0;
    for (let other = 0; other < s.places; other++) want(lane, other);
  }
  const began = enterQueue(
    lane,
    place,
    s.portRow,
    s.portColumn,
    s.origin + <f64>cycle,
    <f64>step,
    count,
  );
  s.portColumn += count;
  s.portCount -= count;
  rank.waiting += count;
  if (rank.asleep != AWAKE) {
    s.attention = 1;
    s.settled = 0;
  }
  // What stands chosen stays so unless the bank now wants something else.
  const wanted = at(lane.command, place);
  const changes =
    wanted == lane.lastColumn ||
    (began &&
      (wanted == NOTHING ||
        (wanted == PRE && s.portRow == bank.openRow) ||
        (opensSubarrays() && !isColumn(wanted))));
  if (!changes) return;
  s.settled = 0;
  want(lane, place);
}
