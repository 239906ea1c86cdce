import { banksPerRank, type Organisation, subarraysPerBank } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { ResolvedConstraint } from '../hardware/standard.ts';
import { type CommandWindows, createCommandWindows, noteWindows, rebaseWindows } from './command-windows.ts';
import {
  type EarliestCycles,
  LONG_AGO,
  NEVER,
  raise,
  rebaseEarliest,
  rebaseLast,
} from './earliest-cycles.ts';
import { ALL_COMMANDS, BANK_COMMANDS, ISSUED_COMMANDS, indices, RD, WRA } from './issued-commands.ts';

const B = BANK_COMMANDS;
const K = ALL_COMMANDS;

/** How the place of a later command to a bank relates to that of an earlier one. */
const OWN_BANK = 0;
const OTHER_BANK_OF_GROUP = 1;
const OWN_GROUP = 2;
const OTHER_GROUP = 3;
const OTHER_RANK = 4;
const OWN_SUBARRAY = 5;
const OTHER_SUBARRAY = 6;
const RELATIONS = 7;

/**
 * When each command may be issued next, kept up to date command by command. A command to a bank may go from the latest
 * of its bank's, its group's and its subarray's cycle on; subarrays are numbered through their bank.
 */
export interface TimingTable extends EarliestCycles {
  /** Subarrays of a bank that are used apart, 0 for none. */
  readonly subarrays: number;
  /** [(bank * subarrays + subarray) * 8 + command]; empty unless subarrays are used apart. */
  readonly subarrayEarliest: Int32Array;
  /** Pairs of a later command and its delay, for [command * RELATIONS + relation] from `starts` there to the next. */
  readonly delays: Int32Array;
  readonly starts: Int32Array;
  /** [relation][earlier * 14 + later]: to a command to a whole rank from one in it, and in another rank. */
  readonly toRank: readonly [Int32Array, Int32Array];
  /** [rank * 14 + command]: the last cycle of each. */
  readonly last: Int32Array;
  readonly windows: CommandWindows;
  /**
   * Whether columns of this kind in one bank leave all but later columns and their own bank's precharge untouched, so
   * that a streak of them follows from arithmetic.
   */
  readonly streaks: readonly boolean[];
  /** Cycles from a column to the next of its kind in the same bank. */
  readonly columnStep: Int32Array;
  /** [command * 3 + relation]: cycles from a column to the next of its kind in the own group, another, another rank. */
  readonly columnDelay: Int32Array;
}

/**
 * Compiles the resolved constraints of one channel for the commands in use: those on the last command become delays by
 * the relation of the two places; those on the n-th last keep a ring. No standard is known by name.
 */
export function createTimingTable(
  organisation: Organisation,
  timing: ResolvedTiming,
  used: readonly boolean[],
): TimingTable {
  const { ranks, bankGroups, banksPerGroup } = organisation;
  const banks = banksPerRank(organisation);
  const apart = timing.constraints.some(({ level }) => level === 'subarray');
  const subarrays = apart ? subarraysPerBank(organisation) : 0;
  const bankEarliest = new Int32Array(ranks * banks * B + 1);
  bankEarliest[ranks * banks * B] = NEVER;

  const toBank = Array.from({ length: RELATIONS }, () => new Int32Array(K * K));
  const toRank = [new Int32Array(K * K), new Int32Array(K * K)] as const;
  const rules = timing.constraints.filter(({ latency }) => latency > 0);
  for (const rule of rules) if (rule.window === 1) enter(rule);
  const windows = createCommandWindows(
    organisation,
    rules.filter(({ window }) => window > 1),
    used,
  );

  function enter({ level, preceding, following, latency, sibling }: ResolvedConstraint): void {
    const raise = (delays: Int32Array, from: number, to: number): void => {
      delays[from * K + to] = Math.max(delays[from * K + to]!, latency);
    };
    for (const from of indices(preceding, used))
      for (const to of indices(following, used)) {
        const wide = to >= B;
        const fromRank = from >= B;
        const inRank = (): void => {
          if (wide) raise(toRank[0], from, to);
          else for (const relation of [OWN_GROUP, OTHER_GROUP]) raise(toBank[relation]!, from, to);
        };
        const inOtherRank = (): void => raise(wide ? toRank[1] : toBank[OTHER_RANK]!, from, to);
        const members = {
          channel: 1,
          rank: ranks,
          bankgroup: bankGroups,
          bank: banksPerGroup,
          subarray: subarrays,
        };
        if (sibling && members[level] < 2) continue;
        if (level === 'channel') {
          inRank();
          inOtherRank();
        } else if (level === 'rank') {
          if (sibling) inOtherRank();
          else inRank();
        } else if (wide) {
          // A command to the whole rank concerns all banks and groups of it, siblings of each other.
          raise(toRank[0], from, to);
        } else if (level === 'bankgroup') {
          // From a whole rank every group is both its own and a sibling's.
          raise(toBank[sibling && !fromRank ? OTHER_GROUP : OWN_GROUP]!, from, to);
        } else if (level === 'bank') {
          raise(toBank[sibling && !fromRank ? OTHER_BANK_OF_GROUP : OWN_BANK]!, from, to);
        } else if (fromRank) raise(toBank[OWN_BANK]!, from, to);
        else raise(toBank[sibling ? OTHER_SUBARRAY : OWN_SUBARRAY]!, from, to);
      }
  }

  // Commands follow each other anyway, so a delay of one cycle is none.
  const delays: number[] = [];
  const starts = new Int32Array(K * RELATIONS + 1);
  for (let command = 0; command < K; command++)
    for (let relation = 0; relation < RELATIONS; relation++) {
      for (let to = 0; to < B; to++) {
        const delay = toBank[relation]![command * K + to]!;
        if (delay > 1) delays.push(to, delay);
      }
      starts[command * RELATIONS + relation + 1] = delays.length;
    }

  const delay = (relation: number, from: number, to: number): number => toBank[relation]![from * K + to]!;
  const columns = Array.from({ length: WRA + 1 }, (_, command) => command);
  return {
    ranks,
    bankGroups,
    banksPerGroup,
    banks,
    subarrays,
    bankEarliest,
    toRank,
    windows,
    starts,
    groupEarliest: new Int32Array(ranks * bankGroups * B),
    subarrayEarliest: new Int32Array(ranks * banks * subarrays * B),
    delays: Int32Array.from(delays),
    last: new Int32Array(ranks * K).fill(LONG_AGO),
    rankWindows: new Int32Array(ranks * K),
    streaks: columns.map((command) => {
      const touches = (relation: number): boolean =>
        ISSUED_COMMANDS.some(
          (_, to) => to < B && !(to >= RD && to <= WRA) && delay(relation, command, to) > 1,
        );
      const beyond = [OTHER_BANK_OF_GROUP, OWN_GROUP, OTHER_GROUP, OTHER_RANK].some(touches);
      const siblings = columns.some((to) => to >= RD && delay(OTHER_BANK_OF_GROUP, command, to) > 1);
      return command >= RD && !beyond && !siblings && !windows.concerned[command];
    }),
    columnStep: Int32Array.from(columns, (command) =>
      Math.max(
        1,
        ...[OWN_BANK, OWN_GROUP, OWN_SUBARRAY].map((relation) => delay(relation, command, command)),
      ),
    ),
    columnDelay: Int32Array.from(
      columns.flatMap((command) =>
        [OWN_GROUP, OTHER_GROUP, OTHER_RANK].map((relation) =>
          Math.max(1, delay(relation, command, command)),
        ),
      ),
    ),
  };
}

/** The first cycle at which a command to a whole rank may go, which may be long past. */
export function rankEarliest(table: TimingTable, command: number, rank: number): number {
  const { ranks, toRank, last, rankWindows } = table;
  let earliest = rankWindows[rank * K + command]!;
  for (let r = 0; r < ranks; r++) {
    const delays = toRank[r === rank ? 0 : 1];
    for (let from = 0; from < K; from++) {
      const delay = delays[from * K + command]!;
      if (delay > 0) earliest = Math.max(earliest, last[r * K + from]! + delay);
    }
  }
  return earliest;
}

/** The first cycle at which a command to a bank (flat in the channel) may go. */
export function bankCommandEarliest(
  table: TimingTable,
  command: number,
  bank: number,
  subarray: number,
): number {
  const { bankEarliest, groupEarliest, subarrayEarliest, banksPerGroup, subarrays } = table;
  const earliest = Math.max(
    bankEarliest[bank * B + command]!,
    groupEarliest[Math.floor(bank / banksPerGroup) * B + command]!,
  );
  return subarrays === 0
    ? earliest
    : Math.max(earliest, subarrayEarliest[(bank * subarrays + subarray) * B + command]!);
}

/** Notes a command: `bank` is flat in its rank, -1 for commands to the rank. */
export function noteCommand(
  table: TimingTable,
  command: number,
  rank: number,
  bank: number,
  subarray: number,
  cycle: number,
): void {
  const { delays, starts, bankEarliest, groupEarliest, banks, bankGroups, banksPerGroup } = table;
  table.last[rank * K + command] = cycle;
  if (table.windows.concerned[command]) noteWindows(table.windows, table, command, rank, bank, cycle);
  const base = command * RELATIONS;
  if (bank < 0) {
    noteRankCommand(table, base, rank, cycle);
    return;
  }
  const flat = rank * banks + bank;
  const ownEnd = starts[base + OWN_BANK + 1]!;
  for (let i = starts[base]!; i < ownEnd; i += 2)
    raise(bankEarliest, flat * B + delays[i]!, cycle + delays[i + 1]!);

  const groups = table.ranks * bankGroups;
  const firstOfRank = rank * bankGroups;
  const group = groups === 1 ? 0 : firstOfRank + Math.floor(bank / banksPerGroup);
  for (let g = 0; g < groups; g++) {
    const relation =
      g === group ? OWN_GROUP : g >= firstOfRank && g < firstOfRank + bankGroups ? OTHER_GROUP : OTHER_RANK;
    raiseAll(table, groupEarliest, g * B, base + relation, cycle);
  }
  if (starts[base + OTHER_BANK_OF_GROUP]! < starts[base + OTHER_BANK_OF_GROUP + 1]!)
    noteSiblingBanks(table, base, group * banksPerGroup, flat, cycle);
  if (table.subarrays > 0) noteSubarrays(table, base, flat, subarray, cycle);
}

function noteSiblingBanks(table: TimingTable, base: number, first: number, own: number, cycle: number): void {
  for (let bank = first; bank < first + table.banksPerGroup; bank++)
    if (bank !== own) raiseAll(table, table.bankEarliest, bank * B, base + OTHER_BANK_OF_GROUP, cycle);
}

function noteSubarrays(table: TimingTable, base: number, bank: number, own: number, cycle: number): void {
  const { subarrays, subarrayEarliest, starts } = table;
  raiseAll(table, subarrayEarliest, (bank * subarrays + own) * B, base + OWN_SUBARRAY, cycle);
  if (starts[base + OTHER_SUBARRAY] === starts[base + OTHER_SUBARRAY + 1]) return;
  for (let s = 0; s < subarrays; s++)
    if (s !== own)
      raiseAll(table, subarrayEarliest, (bank * subarrays + s) * B, base + OTHER_SUBARRAY, cycle);
}

function noteRankCommand(table: TimingTable, base: number, rank: number, cycle: number): void {
  const { ranks, bankGroups, banks, groupEarliest, bankEarliest } = table;
  for (let group = 0; group < ranks * bankGroups; group++) {
    const relation = Math.floor(group / bankGroups) === rank ? OWN_GROUP : OTHER_RANK;
    raiseAll(table, groupEarliest, group * B, base + relation, cycle);
  }
  for (let bank = rank * banks; bank < (rank + 1) * banks; bank++)
    raiseAll(table, bankEarliest, bank * B, base + OWN_BANK, cycle);
}

/** Raises what one list of delays says, for the commands of one place. */
function raiseAll(
  table: TimingTable,
  earliest: Int32Array,
  place: number,
  list: number,
  cycle: number,
): void {
  const { delays, starts } = table;
  const end = starts[list + 1]!;
  for (let i = starts[list]!; i < end; i += 2) raise(earliest, place + delays[i]!, cycle + delays[i + 1]!);
}

/** Counts all cycles from `shift` on, which must not lie in the future: those before no longer matter. */
export function rebaseTiming(table: TimingTable, shift: number): void {
  const { bankEarliest, groupEarliest, subarrayEarliest, rankWindows, last } = table;
  for (const earliest of [bankEarliest, groupEarliest, subarrayEarliest, rankWindows])
    rebaseEarliest(earliest, shift);
  bankEarliest[bankEarliest.length - 1] = NEVER;
  rebaseLast(last, shift);
  rebaseWindows(table.windows, shift);
}
