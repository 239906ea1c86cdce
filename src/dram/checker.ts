import { bankIndex, bankLevels, subarrayIndex } from '../hardware/bank-index.ts';
import type { Organisation } from '../hardware/device.ts';
import type { DramCommand } from '../hardware/dram-command.ts';
import { refreshedBanks } from '../hardware/refreshed-banks.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName, Level, ResolvedConstraint } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';
import { createRankRules } from './checker-rank-rules.ts';
import { broken, type Violation } from './checker-violation.ts';

export interface CheckerOptions {
  /** Refreshes that may be postponed; by default as many as the standard allows. */
  readonly postponedRefreshes?: number;
}

/** Judges the command stream of one channel in order of time, from its history alone. */
export interface ProtocolChecker {
  /** The rules that the next command breaks, none if it is legal. The command joins the history in any case. */
  check(command: DramCommand): Violation[];
  /**
   * The rule that held a legal command back: it would be broken a cycle sooner. Undefined where no earlier command did; to be asked
   * before `check`, since nothing joins the history.
   */
  heldBackBy(command: DramCommand): Violation | undefined;
  /** Rules broken by the stream's end at `cycle`: refreshes that never came. */
  end(cycle: Cycles): Violation[];
}

/** Commands of one kind that a member of a level has seen, the latest last; no more than the widest window. */
type Seen = Map<CommandName, DramCommand[]>;

/**
 * Checker for one channel. It works from the definition of the constraints: for every one that has the new command on
 * its following side, it looks up the window-th last preceding command that the same member of the level has seen (of
 * a sibling constraint: each other member), and compares cycles. It shares no code with any controller.
 */
export function createProtocolChecker(
  organisation: Organisation,
  timing: ResolvedTiming,
  { postponedRefreshes = timing.rules.postponedRefreshes }: CheckerOptions = {},
): ProtocolChecker {
  const { ranks, bankGroups, banksPerGroup, rowsPerSubarray } = organisation;
  const levels = bankLevels(organisation);
  const { banks, subarrays } = levels;
  const { banksPerREFpb } = timing.rules;
  const widest = Math.max(1, ...timing.constraints.map(({ window }) => window));
  const usesSubarrays = timing.constraints.some(({ level }) => level === 'subarray');
  const byFollowing = new Map<CommandName, ResolvedConstraint[]>();
  for (const constraint of timing.constraints)
    for (const name of constraint.following)
      byFollowing.set(name, [...(byFollowing.get(name) ?? []), constraint]);

  /** Members of each level, by number; filled as commands come. */
  const seen: Record<Level, Map<number, Seen>> = {
    channel: new Map(),
    rank: new Map(),
    bankgroup: new Map(),
    bank: new Map(),
    subarray: new Map(),
  };
  const rules = createRankRules({ ranks, banks, rowsPerSubarray }, timing, postponedRefreshes);
  let last: DramCommand | undefined;

  /** Numbers of the members that lie in one bank, or in all banks of the rank for a negative `bank`. */
  function membersIn(level: Level, rank: number, bank: number, row: number): number[] {
    switch (level) {
      case 'channel':
        return [0];
      case 'rank':
        return [rank];
      case 'bankgroup':
        return bank >= 0
          ? [rank * bankGroups + Math.floor(bank / banksPerGroup)]
          : range(rank * bankGroups, bankGroups);
      case 'bank':
        return bank >= 0 ? [bankIndex(levels, 0, rank, bank)] : range(bankIndex(levels, 0, rank, 0), banks);
      case 'subarray':
        return bank >= 0
          ? [subarrayIndex(levels, 0, rank, bank, row)]
          : range(subarrayIndex(levels, 0, rank, 0, 0), banks * subarrays);
    }
  }

  /** Numbers of the members that a command concerns: those in its bank, in each bank that a REFpb refreshes, or in the rank. */
  function members(level: Level, { command, rank, bank, row }: DramCommand): number[] {
    if (command !== 'REFpb' || banksPerREFpb === 1 || bank < 0) return membersIn(level, rank, bank, row);
    const refreshed = refreshedBanks(banks, banksPerREFpb, bank);
    return [...new Set(refreshed.flatMap((each) => membersIn(level, rank, each, row)))];
  }

  /** The other members with the same parent. */
  function siblings(level: Level, member: number): number[] {
    const family = {
      channel: 1,
      rank: ranks,
      bankgroup: bankGroups,
      bank: banksPerGroup,
      subarray: subarrays,
    };
    const size = family[level];
    return range(member - (member % size), size).filter((other) => other !== member);
  }

  function timingViolations(command: DramCommand): Violation[] {
    const found: Violation[] = [];
    for (const constraint of byFollowing.get(command.command) ?? []) {
      const { level, sibling, latency, name } = constraint;
      let worst: Violation | undefined;
      for (const own of members(level, command))
        for (const member of sibling ? siblings(level, own) : [own]) {
          const earlier = windowth(seen[level].get(member), constraint);
          if (!earlier) continue;
          const missing = earlier.cycle + latency - command.cycle;
          if (missing > (worst?.missing ?? 0))
            worst = { rule: name, level, sibling, command, earlier, missing };
        }
      if (worst) found.push(worst);
    }
    return found;
  }

  function remember(command: DramCommand): void {
    for (const level of ['channel', 'rank', 'bankgroup', 'bank', 'subarray'] as const) {
      if (level === 'subarray' && !usesSubarrays) continue;
      for (const member of members(level, command)) {
        let history = seen[level].get(member);
        if (!history) seen[level].set(member, (history = new Map()));
        const same = history.get(command.command);
        if (!same) history.set(command.command, [command]);
        else if (same.push(command) > widest) same.shift();
      }
    }
  }

  function busViolations(command: DramCommand): Violation[] {
    const bus = timing.rules.commandCycles[command.command] ?? 1;
    if (!last || last.cycle + bus <= command.cycle) return [];
    const rule = bus === 1 ? 'one command a cycle' : 'one command at a time';
    const missing = last.cycle + bus - command.cycle;
    return [{ ...broken(rule, 'channel', command), earlier: last, missing }];
  }

  return {
    heldBackBy(command) {
      const sooner = { ...command, cycle: command.cycle - 1 };
      return [...timingViolations(sooner), ...busViolations(sooner)].find(({ missing }) => missing === 1);
    },
    check(command) {
      if (!(command.rank >= 0 && command.rank < ranks))
        return [broken('the rank exists', 'channel', command)];
      if (!(command.bank >= -1 && command.bank < banks)) return [broken('the bank exists', 'rank', command)];
      const found: Violation[] = [];
      if (!timing.commands.includes(command.command))
        found.push(broken(`${timing.standard} has the command`, 'channel', command));
      found.push(...busViolations(command), ...rules.check(command), ...timingViolations(command));
      remember(command);
      last = command;
      return found;
    },
    end: (cycle) => rules.end(cycle),
  };
}

/** The `window`-th last of a constraint's preceding commands that a member has seen. */
function windowth(
  seen: Seen | undefined,
  { preceding, window }: ResolvedConstraint,
): DramCommand | undefined {
  if (!seen) return undefined;
  // The latest of each kind; for wider windows all that are remembered, in order of time.
  let latest: DramCommand | undefined;
  const before: DramCommand[] = [];
  for (const name of preceding) {
    const same = seen.get(name);
    if (!same) continue;
    const newest = same[same.length - 1]!;
    if (!latest || newest.cycle >= latest.cycle) latest = newest;
    if (window > 1) before.push(...same);
  }
  if (window === 1) return latest;
  before.sort((a, b) => a.cycle - b.cycle);
  return before[before.length - window];
}

const range = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);
