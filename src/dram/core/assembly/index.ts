// The controller of one channel: docs/controller.md has the semantics, cycle by cycle. Event-driven: time jumps to the
// next cycle at which anything can change, and a streak of row hits that nothing can interrupt is issued by arithmetic.
import {
  countCommand,
  BankCounts,
  countsOf,
  countUntil,
  holdPrecharge,
  pendingBytes,
  rankCountsBytes,
  startCounting,
} from './activity';
import {
  closeBankRow,
  openBankRow,
  refreshTouched,
  rowToClose,
  want,
  wantBoth,
} from './candidates';
import { choose, chooseOldest } from './choice';
import { addLatencies, histogramBytes, startHistogram } from './latency';
import { tellColumns, tellCommand, tellForwarded } from './observer';
import { enterQueue, findRow, leaveQueue, renumber } from './queue';
import {
  chooseIdleWork,
  chooseRankDuty,
  issueRankWork,
  noteUrgentRanks,
  rebaseRank,
  updateRank,
} from './rank-work';
import {
  ACT,
  ALL_COMMANDS,
  allocate,
  at,
  AWAKE,
  Bank,
  BANK_COMMANDS,
  bankOf,
  BankQueue,
  CLOSED,
  CONFLICT,
  fromOrigin,
  HIT,
  isColumn,
  Lane,
  LONG_AGO,
  LONGEST,
  MISS,
  NEVER,
  NOTHING,
  placeOf,
  PRE,
  put,
  queueOf,
  Rank,
  rankOf,
  RD,
  RDA,
  s,
  Segment,
  subarrayOf,
  Window,
  WR,
  WRA,
} from './state';
import { streakLength, turnsLength, turnStep } from './streak';
import { membersOf, noteCommand, rebaseTiming } from './timing';

/** The origin moves on after so many cycles, far below NEVER so that no sum with a latency reaches it. */
const REBASE_AFTER: i32 = 1 << 29;

/** Takes memory for what the settings speak of; then the host writes the timing tables into it, then calls `begin`. */
export function configure(): void {
  s.banks = s.bankGroups * s.banksPerGroup;
  s.groups = s.ranks * s.bankGroups;
  s.placesPerGroup = (s.banksPerGroup + 3) & ~3;
  s.placesPerRank = s.bankGroups * s.placesPerGroup;
  s.places = s.ranks * s.placesPerRank;
  s.bankBits = 32 - clz(s.places - 1);
  s.bankMask = (1 << s.bankBits) - 1;
  s.priorityBits = 1 + s.ageBits + s.bankBits;
  s.rowPriority = 1 << (s.priorityBits - 1);
  s.noPriority = (1 << s.priorityBits) - 1;
  s.longestWait = (1 << (31 - s.priorityBits)) - 1;
  s.ages = 1 << s.ageBits;
  s.subarrayShift = popcnt(s.rowsPerSubarray) == 1 ? ctz(s.rowsPerSubarray) : -1;
  s.idleWork = s.pageTimeout >= 0 || s.mayOwe > 0 || s.powerDownAfter >= 0 || s.selfRefreshAfter >= 0 ? 1 : 0;
  s.delays = words(ALL_COMMANDS * 7 * BANK_COMMANDS);
  s.toRank = words(ALL_COMMANDS * ALL_COMMANDS);
  s.toOtherRank = words(ALL_COMMANDS * ALL_COMMANDS);
  s.columnStep = words(WRA + 1);
  s.columnDelay = words((WRA + 1) * 3);
  s.windows = allocate(<usize>s.windowCount * offsetof<Window>());
  s.last = words(s.ranks * ALL_COMMANDS);
  s.rankWindows = words(s.ranks * ALL_COMMANDS);
  s.groupEarliest = words(s.groups * BANK_COMMANDS);
  s.bankEarliest = words(s.places * BANK_COMMANDS);
  s.subarrayEarliest = words(s.places * s.subarrays * BANK_COMMANDS);
  s.readLatency = allocate(histogramBytes);
  s.writeLatency = allocate(histogramBytes);
  s.reads = createLane(0, s.readQueue);
  s.writes = createLane(1, s.writeQueue);
  s.bankTable = allocate(<usize>s.places * offsetof<Bank>());
  s.rankTable = allocate(<usize>s.ranks * offsetof<Rank>());
  const mayOpen = s.openSubarrays > 1 ? min(s.openSubarrays, s.subarraysOfBank) : 1;
  // A held precharge begins so long after its column at most, one column a cycle; and open rows may all be read before
  // the next command that lets held ones go.
  s.pendingCapacity = s.banks * mayOpen + max(s.tRAS, max(s.readToPrecharge, s.writeToPrecharge)) + 1;
  s.bankCounts = allocate(<usize>s.places * offsetof<BankCounts>());
  s.rankCounts = allocate(rankCountsBytes());
  s.pending = allocate(pendingBytes());
  s.runs = allocate(<usize>s.batch * offsetof<Run>());
  s.subarrayAccesses = allocate(<usize>(s.places * s.subarraysOfBank) << 3);
  for (let place = 0; place < s.places; place++) {
    const bank = bankOf(place);
    bank.rank = place / s.placesPerRank;
    bank.group = place / s.placesPerGroup;
    bank.openRow = CLOSED;
    bank.selected = NOTHING;
    bank.inRank = -1;
    bank.blocked = 1;
    if (mayOpen > 1) bank.openRows = words(mayOpen);
  }
  for (let rank = 0; rank < s.ranks; rank++) {
    rankOf(rank).index = rank;
    rankOf(rank).due = s.refreshInterval;
    for (let inRank = 0; inRank < s.banks; inRank++) bankOf(placeOf(rank, inRank)).inRank = inRank;
  }
}

function words(count: i32): usize {
  return allocate(<usize>count << 2);
}

function createLane(write: i32, capacity: i32): Lane {
  const lane = changetype<Lane>(allocate(offsetof<Lane>()));
  lane.write = write;
  lane.capacity = capacity;
  lane.column = write ? WR : RD;
  lane.lastColumn = write ? WRA : RDA;
  lane.queues = allocate(<usize>s.places * offsetof<BankQueue>());
  lane.command = words(s.places);
  lane.ready = words(s.places);
  lane.priority = words(s.places);
  const segments = allocate(<usize>capacity * offsetof<Segment>());
  for (let i = capacity - 1; i >= 0; i--) {
    const segment = changetype<Segment>(segments + <usize>i * offsetof<Segment>());
    segment.next = lane.free;
    lane.free = segment;
  }
  lane.latency = write ? s.writeLatency : s.readLatency;
  startHistogram(lane.latency);
  for (let place = 0; place < s.places; place++) {
    put(lane.command, place, NOTHING);
    put(lane.ready, place, NEVER);
    put(lane.priority, place, s.noPriority);
  }
  return lane;
}

/** Everything is known: time may begin. `readDone`, `writeDone`: cycles from a column to the end of its data. */
export function begin(readDone: f64, writeDone: f64): void {
  s.reads.done = readDone;
  s.writes.done = writeDone;
  s.lane = s.reads;
  s.portLane = s.reads;
  for (let i = 0; i < s.ranks * ALL_COMMANDS; i++) put(s.last, i, LONG_AGO);
  for (let w = 0; w < s.windowCount; w++) {
    const window = changetype<Window>(s.windows + <usize>w * offsetof<Window>());
    const members = membersOf(window.level);
    window.ring = words(members * window.length);
    window.next = words(members);
    for (let i = 0; i < members * window.length; i++) put(window.ring, i, LONG_AGO);
    s.concerned |= window.preceding | window.following;
  }
  if (s.groups > 1) noteTurns();
  startCounting();
  for (let rank = 0; rank < s.ranks; rank++) updateRank(rankOf(rank));
  s.nextUrgent = rankOf(0).urgentAt;
}

/** Finds the columns that banks of two groups may give in turns. */
function noteTurns(): void {
  if (s.inOrder || s.autoPrecharge || s.rowHitCap < NEVER) return;
  for (let column = RD; column <= WR; column++)
    for (let relation = 1; relation < 3; relation++) {
      const own = at(s.columnStep, column);
      const step = at(s.columnDelay, column * 3 + relation);
      if (((s.streaks >> column) & 1) != 0 && step < own && own <= 2 * step) s.turns |= 1 << column;
    }
}

/** A run of requests as the host writes it; see `serve`. */
@unmanaged
class Run {
  arrival: f64;
  write: i32;
  rank: i32;
  bank: i32;
  row: i32;
  column: i32;
  count: i32;
}

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

/** Serves the first `count` of the host's runs, until all of the last has entered its queue; more are to come. */
export function serve(count: i32): bool {
  s.nextRun = s.runs;
  s.lastRun = s.runs + <usize>count * offsetof<Run>();
  return runUntil(Infinity, true);
}

/** Takes the next of the host's runs, if there is one. */
// @ts-ignore: decorator
@inline
function takeRun(): bool {
  if (s.nextRun == s.lastRun) return false;
  const run = changetype<Run>(s.nextRun);
  s.nextRun += offsetof<Run>();
  offer(run.write, run.rank, run.bank, run.row, run.column, run.count, run.arrival);
  return true;
}

/**
 * Runs until `cycle` reaches `limit`, until the whole run has entered (if `more` are to come, so that the next one is
 * not late), or until no request waits. False if refresh leaves no time for accesses.
 */
export function runUntil(absoluteLimit: f64, more: bool): bool {
  let limit = fromOrigin(absoluteLimit);
  const reads = s.reads;
  const writes = s.writes;
  while (!s.stuck) {
    if (s.portCount == 0 && !takeRun() && (more || reads.count + writes.count == 0)) return true;
    if (s.cycle >= limit && s.origin + <f64>s.cycle >= absoluteLimit) return true;
    if (s.cycle >= REBASE_AFTER) {
      rebase();
      limit = fromOrigin(absoluteLimit);
    }
    if (s.portCount > 0 && s.portArrival <= s.cycle) feed();

    // Reads wait for a write drain to end, writes for one to begin; asking twice changes nothing.
    const draining =
      s.lane === writes
        ? writes.count > 0 && (writes.count > s.lowWatermark || reads.count == 0)
        : writes.count >= s.highWatermark || (reads.count == 0 && writes.count > 0);
    const lane = draining ? writes : reads;
    if (lane !== s.lane) {
      s.settled = 0;
      s.lane = lane;
    }
    if (s.cycle >= s.nextUrgent) noteUrgentRanks();

    let again = NEVER;
    if (!s.settled) {
      s.chosen = NOTHING;
      s.chosenAt = NEVER;
      s.chosenWhole = 0;
      if (s.attention) chooseRankDuty();
      again = s.inOrder ? chooseOldest(lane) : choose(lane);
      if (s.idleWork) chooseIdleWork();
      s.settled = again == NEVER && !s.attention && !s.idleWork ? 1 : 0;
    }

    if (s.chosenAt > s.cycle) {
      const next = nextEvent(min(again, limit), more);
      if (next <= s.chosenAt) {
        s.cycle = next;
        continue;
      }
      // Nothing else happens until then, so what is chosen now is what would be chosen then.
      s.cycle = s.chosenAt;
    }
    s.settled = 0;
    if (s.chosenWhole) issueRankWork();
    else if (isColumn(s.chosen)) issueColumns(lane, limit, more);
    else issueRow(lane);
    s.cycle++;
  }
  return false;
}

/** The first cycle after this one in which something may happen other than the chosen command. */
// @ts-ignore: decorator
@inline
function nextEvent(limit: i32, more: bool): i32 {
  const next = min(limit, s.nextUrgent);
  if (s.portCount > 0) {
    if (s.portArrival > s.cycle) return min(next, s.portArrival);
    return mayEnter() ? min(next, s.cycle + 1) : next;
  }
  return more ? min(next, s.cycle + 1) : next;
}

// @ts-ignore: decorator
@inline
function mayEnter(): bool {
  return s.portLane.count < s.portLane.capacity || (s.forwardWrites != 0 && isForwarded());
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
function feed(): void {
  if (s.forwardWrites && isForwarded()) {
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
function enter(cycle: i32, step: i32, count: i32): void {
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
        (s.openSubarrays > 1 && !isColumn(wanted))));
  if (!changes) return;
  s.settled = 0;
  want(lane, place);
}

/** Opens, closes or selects a row for the request behind the chosen command. */
// @ts-ignore: decorator
@inline
function issueRow(lane: Lane): void {
  const command = s.chosen;
  const place = s.chosenBank;
  const bank = bankOf(place);
  const segment = queueOf(lane, place).wanted!;
  const row = command == PRE ? rowToClose(lane, place) : segment.row;
  if (command == ACT) {
    openBankRow(place, row);
    if (segment.condition == HIT) segment.condition = MISS;
  } else if (command == PRE) {
    closeBankRow(place, row);
    segment.condition = CONFLICT;
  } else bank.selected = subarrayOf(row);
  countCommand(command, bank.rank, place);
  if (s.observed) tellCommand(command, bank.rank, place, row);
  noteCommand(command, bank.rank, place, subarrayOf(row), s.cycle);
  wantBoth(place);
  if (s.banksTouched) refreshTouched(place);
}

/** Issues the chosen column and as many after it as nothing can interrupt. */
// @ts-ignore: decorator
@inline
function issueColumns(lane: Lane, limit: i32, more: bool): void {
  const command = s.chosen;
  const place = s.chosenBank;
  const cycle = s.cycle;
  const segment = queueOf(lane, place).wanted!;
  const step = at(s.columnStep, command);
  let count = 1;
  if (command == lane.column) {
    if (segment.size > 1) count = streakLength(lane, segment, step, limit, more);
    if (count == 1 && s.turns) {
      const turns = turnsLength(lane, segment, limit, more);
      if (turns > 1) {
        issueTurns(lane, segment, turns);
        return;
      }
    }
  } else holdPrecharge(command, place);
  countColumns(lane, place, segment, count, cycle, step);
  if (s.observed) tellColumns(command, place, segment, 0, count, cycle, step);
  // Each column but the last has made room, filled a cycle later; the last one's is filled by the next cycle's feed.
  if (count > 1 && s.feeding) enter(cycle + 1, step, count - 1);
  finishColumns(lane, command, place, segment, count, cycle + (count - 1) * step);
}

/** Issues columns of the chosen bank and its partner in turns. */
function issueTurns(lane: Lane, segment: Segment, count: i32): void {
  const cycle = s.cycle;
  const place = s.chosenBank;
  const partner = s.partner;
  const second = queueOf(lane, partner).wanted!;
  const step = turnStep(lane, place, partner);
  const ofPartner = count >> 1;
  const own = count - ofPartner;
  countColumns(lane, place, segment, own, cycle, 2 * step);
  countColumns(lane, partner, second, ofPartner, cycle + step, 2 * step);
  if (s.observed)
    for (let i = 0; i < count; i++)
      tellColumns(lane.column, i & 1 ? partner : place, i & 1 ? second : segment, i >> 1, 1, cycle + i * step, step);
  if (s.feeding) enter(cycle + 1, step, count - 1);
  const last = cycle + (count - 1) * step;
  // In the order of time: what comes last counts.
  if (own == ofPartner) finishColumns(lane, lane.column, place, segment, own, last - step);
  finishColumns(lane, lane.column, partner, second, ofPartner, own == ofPartner ? last : last - step);
  if (own > ofPartner) finishColumns(lane, lane.column, place, segment, own, last);
}

/** Takes `count` columns that were issued up to cycle `last` out of a segment, with all that follows for their bank. */
function finishColumns(lane: Lane, command: i32, place: i32, segment: Segment, count: i32, last: i32): void {
  const bank = bankOf(place);
  const row = segment.row;
  noteCommand(command, bank.rank, place, subarrayOf(row), last);
  const rank = rankOf(bank.rank);
  rank.waiting -= count;
  rank.lastColumn = last;
  bank.columns += count;
  bank.used = last;
  s.lastDone = max(s.lastDone, s.origin + <f64>last + lane.done);
  s.lastProgress = last;
  s.cycle = last;
  const emptied = leaveQueue(lane, place, segment, count);
  const closes = command != lane.column;
  if (closes) closeBankRow(place, row);
  if (closes || s.rowHitCap < NEVER) {
    want(lane, place);
    wantBoth(place);
  } else if (emptied || s.autoPrecharge) want(lane, place);
  else put(lane.priority, place, at(lane.priority, place) + (count << s.bankBits));
  refreshTouched(place);
}

/** Counts columns from `cycle` on, `step` cycles apart. */
function countColumns(lane: Lane, place: i32, segment: Segment, count: i32, cycle: i32, step: i32): void {
  const columns = <f64>count;
  const counts = countsOf(place);
  if (lane.write) counts.wr += columns;
  else counts.rd += columns;
  counts.hits += columns - 1;
  const condition = segment.condition;
  if (condition == HIT) counts.hits += 1;
  else if (condition == MISS) counts.misses += 1;
  else counts.conflicts += 1;
  const accesses =
    s.subarrayAccesses + (<usize>(place * s.subarraysOfBank + subarrayOf(segment.row)) << 3);
  store<f64>(accesses, load<f64>(accesses) + columns);
  const wait = s.origin + <f64>cycle - segment.entered;
  const growth = <f64>step - segment.step;
  lane.waited += columns * wait + (growth * columns * (columns - 1)) / 2;
  addLatencies(lane.latency, wait + lane.done, growth, count);
}

/** Moves the origin to the current cycle. */
function rebase(): void {
  const shift = s.cycle;
  rebaseTiming(shift);
  s.origin += <f64>shift;
  s.cycle -= shift;
  s.lastProgress -= shift;
  for (let place = 0; place < s.places; place++) {
    const bank = bankOf(place);
    bank.used = max(-LONGEST, bank.used - shift);
  }
  s.portArrival = fromOrigin(s.portArrivalAt);
  for (let rank = 0; rank < s.ranks; rank++) rebaseRank(rankOf(rank), shift);
  s.nextUrgent = 0;
  s.settled = 0;
}

/** Counts time up to a cycle from the beginning, for the host to read the counts. */
export function settle(cycle: f64): void {
  countUntil(cycle);
}

// What the host asks.
export function cycle(): f64 {
  return s.origin + <f64>s.cycle;
}
export function lastDone(): f64 {
  return s.lastDone;
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
  return s.reads.waited;
}
export function writesWaited(): f64 {
  return s.writes.waited;
}
export function forwardedReads(): f64 {
  return s.forwardedReads;
}
