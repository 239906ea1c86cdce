import { InputError } from '../errors/input-error.ts';
import { banksPerRank, type Organisation } from '../hardware/device.ts';
import type { ResolvedConstraint } from '../hardware/standard.ts';
import { type EarliestCycles, LONG_AGO, raise, rebaseLast } from './earliest-cycles.ts';
import { ALL_COMMANDS, BANK_COMMANDS, ISSUED_COMMANDS, indices } from './issued-commands.ts';

/** A constraint on the n-th last command, with the ring of the last n at each member of its level. */
interface CommandWindow {
  readonly rule: ResolvedConstraint;
  readonly preceding: readonly boolean[];
  readonly following: readonly number[];
  readonly ring: Int32Array;
  readonly next: Int32Array;
}

/** The constraints of wider window than one: tFAW is "ACT to ACT, window 4". */
export interface CommandWindows {
  readonly windows: readonly CommandWindow[];
  /** By command: whether one of them begins or ends with it. */
  readonly concerned: readonly boolean[];
}

export function createCommandWindows(
  organisation: Organisation,
  rules: readonly ResolvedConstraint[],
  used: readonly boolean[],
): CommandWindows {
  const { ranks, bankGroups } = organisation;
  const banks = ranks * banksPerRank(organisation);
  const members = { channel: 1, rank: ranks, bankgroup: ranks * bankGroups, bank: banks };
  const windows = rules.map((rule): CommandWindow => {
    if (rule.level === 'subarray')
      throw new InputError(
        `the controller cannot count ${rule.window} commands to a subarray (${rule.name})`,
      );
    const preceding = indices(rule.preceding, used);
    return {
      rule,
      preceding: ISSUED_COMMANDS.map((_, command) => preceding.includes(command)),
      following: indices(rule.following, used),
      ring: new Int32Array(members[rule.level] * rule.window).fill(LONG_AGO),
      next: new Int32Array(members[rule.level]),
    };
  });
  return {
    windows,
    concerned: ISSUED_COMMANDS.map((_, command) =>
      windows.some(({ preceding, following }) => preceding[command] || following.includes(command)),
    ),
  };
}

/** Notes a command at every member that a window's constraint counts it for. */
export function noteWindows(
  { windows }: CommandWindows,
  table: EarliestCycles,
  command: number,
  rank: number,
  bank: number,
  cycle: number,
): void {
  for (let w = 0; w < windows.length; w++) {
    const window = windows[w]!;
    if (!window.preceding[command]) continue;
    const { level, sibling } = window.rule;
    if (level === 'channel') {
      if (!sibling) note(table, window, 0, cycle);
    } else if (level === 'rank') {
      if (!sibling) note(table, window, rank, cycle);
      else for (let r = 0; r < table.ranks; r++) if (r !== rank) note(table, window, r, cycle);
    } else noteInRank(table, window, rank, bank, cycle);
  }
}

function noteInRank(
  table: EarliestCycles,
  window: CommandWindow,
  rank: number,
  bank: number,
  cycle: number,
): void {
  const { level, sibling } = window.rule;
  const { banks, bankGroups, banksPerGroup } = table;
  // Members of the level, counted within their parent.
  const ofBank = level === 'bank';
  const size = ofBank ? banksPerGroup : bankGroups;
  const own = ofBank ? bank : bank < 0 ? -1 : Math.floor(bank / banksPerGroup);
  const inRank = ofBank ? banks : bankGroups;
  for (let m = 0; m < inRank; m++) {
    const sameParent = own < 0 || Math.floor(m / size) === Math.floor(own / size);
    const counts = own < 0 ? !sibling || size > 1 : sameParent && (m === own) !== sibling;
    if (counts) note(table, window, rank * inRank + m, cycle);
  }
}

/** Notes a preceding command at one member of a window's level and raises what must wait for the n-th last. */
function note(table: EarliestCycles, window: CommandWindow, member: number, cycle: number): void {
  const { rule, following, ring, next } = window;
  const { level, latency, window: length } = rule;
  const at = member * length;
  const position = next[member]!;
  ring[at + position] = cycle;
  const oldest = position + 1 === length ? 0 : position + 1;
  next[member] = oldest;
  const bound = ring[at + oldest]! + latency;
  const { ranks, bankGroups, banks, bankEarliest, groupEarliest, rankWindows } = table;
  for (let i = 0; i < following.length; i++) {
    const command = following[i]!;
    if (command >= BANK_COMMANDS) {
      const perRank = { channel: 0, rank: 1, bankgroup: bankGroups, bank: banks, subarray: banks }[level];
      for (let rank = 0; rank < ranks; rank++)
        if (perRank === 0 || Math.floor(member / perRank) === rank)
          raise(rankWindows, rank * ALL_COMMANDS + command, bound);
    } else if (level === 'bank') raise(bankEarliest, member * BANK_COMMANDS + command, bound);
    else if (level === 'bankgroup') raise(groupEarliest, member * BANK_COMMANDS + command, bound);
    else {
      const from = level === 'channel' ? 0 : member * bankGroups;
      const to = level === 'channel' ? ranks * bankGroups : from + bankGroups;
      for (let group = from; group < to; group++)
        raise(groupEarliest, group * BANK_COMMANDS + command, bound);
    }
  }
}

export function rebaseWindows({ windows }: CommandWindows, shift: number): void {
  for (const { ring } of windows) rebaseLast(ring, shift);
}
