import { banksPerRank, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName, ResolvedConstraint } from '../hardware/standard.ts';

/** The commands that the controller issues: first those to one bank, then those to a whole rank. */
export const ISSUED_COMMANDS = ['ACT', 'PRE', 'RD', 'WR', 'PREA', 'REFab'] as const satisfies CommandName[];
export const ACT = 0;
export const PRE = 1;
export const RD = 2;
export const WR = 3;
export const PREA = 4;
export const REFab = 5;

/** Commands to one bank, and all commands: the strides of the tables below. */
const B = 4;
const K = ISSUED_COMMANDS.length;
export const BANK_ENTRIES = B;

/** Later than all, and earlier than any constraint reaches back to, in cycles since the last rebase. */
export const NEVER = 2 ** 30;
const LONG_AGO = -(2 ** 29);

/** How the place of a command relates to that of an earlier one. */
const SAME_GROUP = 0;
const SAME_RANK = 1;
const OTHER_RANK = 2;

/**
 * When each command may be issued next, kept up to date command by command. A command to a bank may go from the later
 * of its bank's and its group's cycle on. Banks and groups are numbered through the channel. Cycles are 32-bit integers,
 * counted from an origin that the owner moves.
 */
export interface TimingTable {
  /** [bank * 4 + command]: constraints between commands to the same bank. The entry after the last is `NEVER`. */
  readonly bankEarliest: Int32Array;
  /** [group * 4 + command]: constraints that reach further than the bank. */
  readonly groupEarliest: Int32Array;
  /** For PREA and REFab. */
  rankEarliest(command: number, rank: number): number;
  issued(command: number, rank: number, bank: number, cycle: number): void;
  /** Counts all cycles from `shift` on, which must not lie in the future: those before no longer matter. */
  rebase(shift: number): void;
  /**
   * Whether columns of this kind in one bank leave all but later columns and their own bank's precharge untouched, so
   * that a streak of them follows from arithmetic.
   */
  readonly streaks: readonly boolean[];
  /** Cycles from a column to the next of its kind in the same bank. */
  columnStep(command: number): number;
  /** Whether the next column in any other bank must wait at least as long. */
  readonly columnsAlike: readonly boolean[];
}

/** A constraint on the n-th last command, with the ring of the last n at each member of its level. */
interface Window {
  readonly rule: ResolvedConstraint;
  readonly following: readonly number[];
  readonly ring: Int32Array;
  readonly next: Int32Array;
}

/**
 * Compiles the resolved constraints of one channel: those on the last command become sums in dense tables by the
 * relation of the two places; those on the n-th last keep a ring. No standard is known by name.
 */
export function createTimingTable(organisation: Organisation, timing: ResolvedTiming): TimingTable {
  const { ranks, bankGroups, banksPerGroup } = organisation;
  const banks = banksPerRank(organisation);
  const groups = ranks * bankGroups;
  const bankEarliest = new Int32Array(ranks * banks * B + 1);
  bankEarliest[ranks * banks * B] = NEVER;
  const groupEarliest = new Int32Array(groups * B);
  /** [rank * 6 + command]: the last cycle of each, and what windows demand of PREA and REFab. */
  const last = new Int32Array(ranks * K).fill(LONG_AGO);
  const rankWindows = new Int32Array(ranks * K);

  // Delays by [preceding * K + following]; 0 where no constraint holds, since commands follow each other anyway.
  const table = (): Int32Array => new Int32Array(K * K);
  const ownBank = table();
  const otherBankOfGroup = table();
  const byRelation = [table(), table(), table()] as const;
  /** To a command to a whole rank from one to a bank or rank of it, and of another rank. */
  const toRank = [table(), table()] as const;
  const rules = timing.constraints.filter(({ latency }) => latency > 0);
  for (const rule of rules) if (rule.window === 1) enter(rule);
  const windows = rules.filter(({ window }) => window > 1).map(createWindow);
  const windowsAfter = ISSUED_COMMANDS.map((name) =>
    windows.filter(({ rule }) => rule.preceding.includes(name)),
  );
  const siblingBanks = ISSUED_COMMANDS.map((_, command) =>
    otherBankOfGroup.subarray(command * K, command * K + B).some((delay) => delay > 0),
  );

  function enter({ level, preceding, following, latency, sibling }: ResolvedConstraint): void {
    const raise = (delays: Int32Array, from: number, to: number): void => {
      delays[from * K + to] = Math.max(delays[from * K + to]!, latency);
    };
    for (const from of indices(preceding))
      for (const to of indices(following)) {
        const wide = to >= B;
        const anywhereInRank = (): void => {
          if (wide) raise(toRank[0], from, to);
          else for (const relation of [SAME_GROUP, SAME_RANK]) raise(byRelation[relation]!, from, to);
        };
        if (level === 'channel') {
          if (sibling) continue;
          anywhereInRank();
          raise(wide ? toRank[1] : byRelation[OTHER_RANK], from, to);
        } else if (level === 'rank') {
          if (!sibling) anywhereInRank();
          else raise(wide ? toRank[1] : byRelation[OTHER_RANK], from, to);
        } else if (wide) {
          // A command to the whole rank concerns all banks and groups of it, their siblings too if there are any.
          if (!sibling || (level === 'bankgroup' ? bankGroups : banksPerGroup) > 1)
            raise(toRank[0], from, to);
        } else if (level === 'bankgroup') {
          // From a whole rank every group is both its own and, if there are any, a sibling's.
          const relation = sibling && from < B ? SAME_RANK : SAME_GROUP;
          if (!sibling || bankGroups > 1) raise(byRelation[relation], from, to);
        } else if (!sibling) raise(ownBank, from, to);
        else if (from < B) raise(otherBankOfGroup, from, to);
        else if (banksPerGroup > 1) raise(ownBank, from, to);
      }
  }

  function createWindow(rule: ResolvedConstraint): Window {
    const members = {
      channel: 1,
      rank: ranks,
      bankgroup: groups,
      bank: ranks * banks,
      subarray: ranks * banks,
    }[rule.level];
    return {
      rule,
      following: indices(rule.following),
      ring: new Int32Array(members * rule.window).fill(LONG_AGO),
      next: new Int32Array(members),
    };
  }

  /** Notes a preceding command at one member of a window's level and raises what must wait for the n-th last. */
  function note({ rule, following, ring, next }: Window, member: number, cycle: number): void {
    const { level, latency, window } = rule;
    ring[member * window + next[member]!] = cycle;
    next[member] = (next[member]! + 1) % window;
    const bound = ring[member * window + next[member]!]! + latency;
    for (const command of following)
      if (command >= B) {
        const perRank = { channel: 0, rank: 1, bankgroup: bankGroups, bank: banks, subarray: banks }[level];
        for (let rank = 0; rank < ranks; rank++)
          if (perRank === 0 || Math.floor(member / perRank) === rank)
            raise(rankWindows, rank * K + command, bound);
      } else if (level === 'bank' || level === 'subarray') raise(bankEarliest, member * B + command, bound);
      else if (level === 'bankgroup') raise(groupEarliest, member * B + command, bound);
      else {
        const from = level === 'channel' ? 0 : member * bankGroups;
        const to = level === 'channel' ? groups : from + bankGroups;
        for (let group = from; group < to; group++) raise(groupEarliest, group * B + command, bound);
      }
  }

  /** Notes a command at every member that a window's constraint counts it for. */
  function noteAll(window: Window, rank: number, bank: number, cycle: number): void {
    const { level, sibling } = window.rule;
    if (level === 'channel') {
      if (!sibling) note(window, 0, cycle);
      return;
    }
    if (level === 'rank') {
      for (let r = 0; r < ranks; r++) if ((r === rank) !== sibling) note(window, r, cycle);
      return;
    }
    // Members of the level, counted within their parent.
    const ofBank = level !== 'bankgroup';
    const size = ofBank ? banksPerGroup : bankGroups;
    const own = ofBank ? bank : bank < 0 ? -1 : Math.floor(bank / banksPerGroup);
    const inRank = ofBank ? banks : bankGroups;
    for (let m = 0; m < inRank; m++) {
      const sameParent = own < 0 || Math.floor(m / size) === Math.floor(own / size);
      const counts = own < 0 ? !sibling || size > 1 : sameParent && (m === own) !== sibling;
      if (counts) note(window, rank * inRank + m, cycle);
    }
  }

  function issuedToRank(command: number, rank: number, cycle: number): void {
    const row = command * K;
    for (let group = 0; group < groups; group++) {
      const relation = Math.floor(group / bankGroups) === rank ? SAME_GROUP : OTHER_RANK;
      for (let to = 0; to < B; to++)
        raise(groupEarliest, group * B + to, cycle + byRelation[relation]![row + to]!);
    }
    for (let bank = rank * banks; bank < (rank + 1) * banks; bank++)
      for (let to = 0; to < B; to++) raise(bankEarliest, bank * B + to, cycle + ownBank[row + to]!);
  }

  const columnStep = (command: number): number =>
    Math.max(1, ownBank[command * K + command]!, byRelation[SAME_GROUP][command * K + command]!);

  return {
    bankEarliest,
    groupEarliest,
    rankEarliest(command, rank) {
      let earliest = rankWindows[rank * K + command]!;
      for (let r = 0; r < ranks; r++) {
        const delays = toRank[r === rank ? 0 : 1]!;
        for (let from = 0; from < K; from++)
          earliest = Math.max(earliest, last[r * K + from]! + delays[from * K + command]!);
      }
      return earliest;
    },
    issued(command, rank, bank, cycle) {
      const row = command * K;
      last[rank * K + command] = cycle;
      const after = windowsAfter[command]!;
      for (let i = 0; i < after.length; i++) noteAll(after[i]!, rank, bank, cycle);
      if (command >= B) {
        issuedToRank(command, rank, cycle);
        return;
      }
      const inRank = rank * bankGroups;
      const group = inRank + (bankGroups === 1 ? 0 : Math.floor(bank / banksPerGroup));
      const flat = rank * banks + bank;
      for (let to = 0; to < B; to++) raise(bankEarliest, flat * B + to, cycle + ownBank[row + to]!);
      for (let g = 0; g < groups; g++) {
        const delays =
          g === group
            ? byRelation[0]
            : g >= inRank && g < inRank + bankGroups
              ? byRelation[1]
              : byRelation[2];
        for (let to = 0; to < B; to++) raise(groupEarliest, g * B + to, cycle + delays[row + to]!);
      }
      if (siblingBanks[command])
        for (let other = group * banksPerGroup; other < (group + 1) * banksPerGroup; other++)
          if (other !== flat)
            for (let to = 0; to < B; to++)
              raise(bankEarliest, other * B + to, cycle + otherBankOfGroup[row + to]!);
    },
    rebase(shift) {
      for (const earliest of [bankEarliest, groupEarliest, rankWindows])
        for (let i = 0; i < earliest.length; i++) earliest[i] = Math.max(0, earliest[i]! - shift);
      bankEarliest[ranks * banks * B] = NEVER;
      for (let i = 0; i < last.length; i++) last[i] = Math.max(LONG_AGO, last[i]! - shift);
      for (const { ring } of windows)
        for (let i = 0; i < ring.length; i++) ring[i] = Math.max(LONG_AGO, ring[i]! - shift);
    },
    streaks: ISSUED_COMMANDS.map((name, command) => {
      const touchesRows = byRelation.some(
        (delays) => delays[command * K + ACT]! > 0 || delays[command * K + PRE]! > 0,
      );
      const inWindow = windows.some(
        ({ rule }) => rule.preceding.includes(name) || rule.following.includes(name),
      );
      return (command === RD || command === WR) && !touchesRows && !inWindow && !siblingBanks[command];
    }),
    columnsAlike: ISSUED_COMMANDS.map((_, command) =>
      byRelation.every((delays, relation) => {
        const members = relation === SAME_RANK ? bankGroups : relation === OTHER_RANK ? ranks : 1;
        return (
          (relation !== SAME_GROUP && members === 1) || delays[command * K + command]! >= columnStep(command)
        );
      }),
    ),
    columnStep,
  };
}

/** The issued commands among those named, as numbers; others (auto-precharge, power-down) never occur. */
const indices = (names: readonly CommandName[]): number[] =>
  names
    .map((name) => (ISSUED_COMMANDS as readonly CommandName[]).indexOf(name))
    .filter((index) => index >= 0);

function raise(earliest: Int32Array, at: number, cycle: number): void {
  if (earliest[at]! < cycle) earliest[at] = cycle;
}
