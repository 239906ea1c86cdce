import { InputError } from '../errors/input-error.ts';
import { type Organisation, subarraysPerBank } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { ResolvedConstraint } from '../hardware/standard.ts';
import { commandBusConstraints } from './command-bus.ts';
import { COLUMN_RELATIONS, RELATION_COUNT, RELATIONS, WINDOW_LEVELS } from './core/layout.ts';
import { ALL_COMMANDS, BANK_COMMANDS, ISSUED_COMMANDS, indices, RD, WRA } from './issued-commands.ts';

const B = BANK_COMMANDS;
const K = ALL_COMMANDS;

const { OWN_BANK, OTHER_BANK_OF_GROUP, OWN_GROUP, OTHER_GROUP, OTHER_RANK, OWN_SUBARRAY, OTHER_SUBARRAY } =
  RELATIONS;

/** Numbers of the levels at which the n-th last command is counted. */
const LEVELS = {
  channel: WINDOW_LEVELS.WINDOW_CHANNEL,
  rank: WINDOW_LEVELS.WINDOW_RANK,
  bankgroup: WINDOW_LEVELS.WINDOW_BANK_GROUP,
  bank: WINDOW_LEVELS.WINDOW_BANK,
};

/** The relation of banks in which one column stands to another. */
const BANK_RELATION = {
  COLUMN_OWN_GROUP: OWN_GROUP,
  COLUMN_OTHER_GROUP: OTHER_GROUP,
  COLUMN_OTHER_RANK: OTHER_RANK,
};

/** A constraint on the n-th last command: tFAW is "ACT to ACT, window 4". Commands are bit masks. */
export interface CommandWindow {
  /** One of `WINDOW_LEVELS` of core/layout.ts. */
  readonly level: number;
  readonly sibling: boolean;
  readonly latency: number;
  readonly length: number;
  readonly preceding: number;
  readonly following: number;
}

/**
 * The constraints of one channel between the commands in use, as the core reads them. A command to a bank may go from
 * the latest of its bank's, its group's and its subarray's cycle on; subarrays are numbered through their bank.
 */
export interface TimingTable {
  /** Subarrays of a bank with timing constraints of their own, 0 for none. */
  readonly subarrays: number;
  /** [(command * RELATION_COUNT + relation) * BANK_COMMANDS + later command] in cycles, 0 for none. */
  readonly delays: Int32Array;
  /** Whether a command delays any in other banks of its group. */
  readonly siblings: boolean;
  /** [earlier * ALL_COMMANDS + later]: to a command to a whole rank from one in it, and in another rank. */
  readonly toRank: Int32Array;
  readonly toOtherRank: Int32Array;
  readonly windows: readonly CommandWindow[];
  /**
   * Bit mask of columns that in one bank leave all but later columns and their own bank's precharge untouched, so that
   * a streak of them follows from arithmetic.
   */
  readonly streaks: number;
  /** Cycles from a column to the next of its kind in the same bank. */
  readonly columnStep: Int32Array;
  /** [command * COLUMN_RELATIONS.length + relation]: cycles from a column to the next of its kind in the own group, another, another rank. */
  readonly columnDelay: Int32Array;
}

/**
 * Compiles resolved constraints and those of the command bus: those on the last command become delays by the relation of the
 * two places. No standard is known by name. Throws InputError for a constraint on the n-th last command to a subarray.
 */
export function createTimingTable(
  organisation: Organisation,
  timing: ResolvedTiming,
  used: readonly boolean[],
): TimingTable {
  const { ranks, bankGroups, banksPerGroup } = organisation;
  const bySubarray = timing.constraints.some(({ level }) => level === 'subarray');
  const subarrays = bySubarray ? subarraysPerBank(organisation) : 0;
  const toBank = Array.from({ length: RELATION_COUNT }, () => new Int32Array(K * K));
  const toRank = new Int32Array(K * K);
  const toOtherRank = new Int32Array(K * K);
  const rules = [...timing.constraints, ...commandBusConstraints(timing)].filter(
    ({ latency }) => latency > 0,
  );
  for (const rule of rules) if (rule.window === 1) enter(rule);

  function enter({ level, preceding, following, latency, sibling }: ResolvedConstraint): void {
    const raise = (delays: Int32Array, from: number, to: number): void => {
      delays[from * K + to] = Math.max(delays[from * K + to]!, latency);
    };
    for (const from of indices(preceding, used))
      for (const to of indices(following, used)) {
        const wide = to >= B;
        const fromRank = from >= B;
        const inRank = (): void => {
          if (wide) raise(toRank, from, to);
          else for (const relation of [OWN_GROUP, OTHER_GROUP]) raise(toBank[relation]!, from, to);
        };
        const inOtherRank = (): void => raise(wide ? toOtherRank : toBank[OTHER_RANK]!, from, to);
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
          raise(toRank, from, to);
        } else if (level === 'bankgroup') {
          // From a whole rank every group is both its own and a sibling's.
          raise(toBank[sibling && !fromRank ? OTHER_GROUP : OWN_GROUP]!, from, to);
        } else if (level === 'bank') {
          raise(toBank[sibling && !fromRank ? OTHER_BANK_OF_GROUP : OWN_BANK]!, from, to);
        } else if (fromRank) raise(toBank[OWN_BANK]!, from, to);
        else raise(toBank[sibling ? OTHER_SUBARRAY : OWN_SUBARRAY]!, from, to);
      }
  }

  const delays = new Int32Array(K * RELATION_COUNT * B);
  for (let command = 0; command < K; command++)
    for (let relation = 0; relation < RELATION_COUNT; relation++)
      for (let to = 0; to < B; to++)
        delays[(command * RELATION_COUNT + relation) * B + to] = toBank[relation]![command * K + to]!;

  const windows = rules.filter(({ window }) => window > 1).map((rule) => windowOf(rule, used));
  const concerned = windows.reduce((mask, { preceding, following }) => mask | preceding | following, 0);
  const delay = (relation: number, from: number, to: number): number => toBank[relation]![from * K + to]!;
  const columns = Array.from({ length: WRA + 1 }, (_, command) => command);
  const formsStreaks = (command: number): boolean => {
    // A wait for the command bus alone only puts off what would end the streak.
    const bus = (to: number): number => timing.rules.commandCycles[ISSUED_COMMANDS[to]!] ?? 1;
    const touches = (relation: number): boolean =>
      ISSUED_COMMANDS.some(
        (_, to) => to < B && !(to >= RD && to <= WRA) && delay(relation, command, to) > bus(to),
      );
    const beyond = [OTHER_BANK_OF_GROUP, OWN_GROUP, OTHER_GROUP, OTHER_RANK].some(touches);
    const siblings = columns.some((to) => to >= RD && delay(OTHER_BANK_OF_GROUP, command, to) > bus(to));
    return command >= RD && !beyond && !siblings && ((concerned >> command) & 1) === 0;
  };
  return {
    subarrays,
    delays,
    siblings: toBank[OTHER_BANK_OF_GROUP]!.some((latency) => latency > 0),
    toRank,
    toOtherRank,
    windows,
    streaks: maskOf(columns.filter(formsStreaks)),
    columnStep: Int32Array.from(columns, (command) =>
      Math.max(
        1,
        ...[OWN_BANK, OWN_GROUP, OWN_SUBARRAY].map((relation) => delay(relation, command, command)),
      ),
    ),
    columnDelay: Int32Array.from(
      columns.flatMap((command) =>
        COLUMN_RELATIONS.map((relation) => Math.max(1, delay(BANK_RELATION[relation], command, command))),
      ),
    ),
  };
}

function windowOf(
  { name, level, sibling, latency, window, preceding, following }: ResolvedConstraint,
  used: readonly boolean[],
): CommandWindow {
  if (level === 'subarray')
    throw new InputError(`the controller cannot count ${window} commands to a subarray (${name})`);
  return {
    level: LEVELS[level],
    sibling,
    latency,
    length: window,
    preceding: maskOf(indices(preceding, used)),
    following: maskOf(indices(following, used)),
  };
}

const maskOf = (commands: readonly number[]): number =>
  commands.reduce((mask, command) => mask | (1 << command), 0);
