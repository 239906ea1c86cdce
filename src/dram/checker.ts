import { banksPerRank, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName, Level } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';

/** A command as it was issued. `bank` is flat in its rank, -1 for a command to the whole rank. */
export interface CheckedCommand {
  readonly cycle: Cycles;
  readonly command: CommandName;
  readonly rank: number;
  readonly bank: number;
  readonly row: number;
}

/** A rule that a command stream breaks. */
export interface Violation {
  /** The constraint's formula ("tRCD"), or the state rule that was broken. */
  readonly rule: string;
  readonly level: Level;
  readonly command: CheckedCommand;
  /** The command that it came too soon after, if the rule is about two commands. */
  readonly earlier?: CheckedCommand;
  /** How many cycles too soon; 0 for rules of state. */
  readonly missing: Cycles;
}

/** Judges a command stream in order of time, from its history alone. */
export interface ProtocolChecker {
  /** The rules that the next command breaks, none if it is legal. The command joins the history in any case. */
  check(command: CheckedCommand): Violation[];
  /** Rules broken by a stream that ends at `cycle`: refreshes that never came. */
  end(cycle: Cycles): Violation[];
}

/** A refresh may come late by as much as other work of the rank delays it, but the next one must not be due by then. */
const REFRESHES_OVERDUE = 2;

/**
 * A checker for one channel. It knows the constraints' definition and the states of banks, nothing of how a controller
 * works. `bursts` of refresh lateness: a rank must see a REFab before twice its tREFI has passed since the last was due.
 */
export function createProtocolChecker(organisation: Organisation, timing: ResolvedTiming): ProtocolChecker {
  const { ranks, bankGroups, banksPerGroup } = organisation;
  const banks = banksPerRank(organisation);
  const longest = Math.max(...timing.constraints.map(({ latency }) => latency));
  const open = Array.from({ length: ranks }, () => new Map<number, number>());
  const refreshes = new Array<number>(ranks).fill(0);
  const interval = timing.parameters['tREFI'] ?? Number.POSITIVE_INFINITY;
  let recent: CheckedCommand[] = [];

  /** Whether bank `b` of `rank` lies in the same member of the level as the command, or in a sibling of it. */
  const related = (level: Level, sibling: boolean, rank: number, b: number, to: CheckedCommand): boolean => {
    const group = Math.floor(b / banksPerGroup);
    const reaches = (test: (other: number) => boolean): boolean => {
      if (to.bank >= 0) return test(to.bank);
      for (let other = 0; other < banks; other++) if (test(other)) return true;
      return false;
    };
    const groupOf = (bank: number): number => Math.floor(bank / banksPerGroup);
    switch (level) {
      case 'channel':
        return !sibling;
      case 'rank':
        return (to.rank === rank) !== sibling;
      case 'bankgroup':
        return to.rank === rank && reaches((other) => (groupOf(other) === group) !== sibling);
      default:
        return (
          to.rank === rank &&
          reaches((other) => (sibling ? other !== b && groupOf(other) === group : other === b))
        );
    }
  };

  /** One bank for each member of the level that the command concerns. */
  const representatives = (level: Level, { bank }: CheckedCommand): number[] => {
    if (bank >= 0) return [bank];
    if (level === 'channel' || level === 'rank') return [0];
    if (level === 'bankgroup') return Array.from({ length: bankGroups }, (_, group) => group * banksPerGroup);
    return Array.from({ length: banks }, (_, b) => b);
  };

  function timingViolations(command: CheckedCommand): Violation[] {
    const found: Violation[] = [];
    for (const { level, preceding, following, latency, window, sibling, name } of timing.constraints) {
      if (!following.includes(command.command)) continue;
      let worst: Violation | undefined;
      for (const b of representatives(level, command)) {
        const before = recent.filter(
          (earlier) =>
            preceding.includes(earlier.command) && related(level, sibling, command.rank, b, earlier),
        );
        const earlier = before.at(-window);
        const missing = earlier ? earlier.cycle + latency - command.cycle : 0;
        if (earlier && missing > (worst?.missing ?? 0))
          worst = { rule: name, level, command, earlier, missing };
      }
      if (worst) found.push(worst);
    }
    return found;
  }

  function stateViolations(command: CheckedCommand): Violation[] {
    const state = open[command.rank];
    const broken = (rule: string, level: Level = 'bank'): Violation[] => [
      { rule, level, command, missing: 0 },
    ];
    if (!state) return broken('the rank exists', 'rank');
    if (command.bank >= banks) return broken('the bank exists', 'rank');
    const row = state.get(command.bank);
    switch (command.command) {
      case 'ACT':
        return row === undefined ? [] : broken('ACT needs a closed bank');
      case 'RD':
      case 'RDA':
      case 'WR':
      case 'WRA':
        if (row === undefined) return broken('a column needs an open bank');
        return row === command.row ? [] : broken('a column needs its own row to be open');
      case 'REFab':
      case 'SRE':
        return state.size === 0 ? [] : broken('all banks must be closed', 'rank');
      case 'REFpb':
        return row === undefined ? [] : broken('REFpb needs a closed bank');
      default:
        return [];
    }
  }

  function overdue(rank: number, cycle: Cycles, command: CheckedCommand): Violation[] {
    const limit = (refreshes[rank]! + REFRESHES_OVERDUE) * interval;
    return cycle > limit
      ? [{ rule: 'refresh overdue', level: 'rank', command, missing: cycle - limit }]
      : [];
  }

  function follow({ command, rank, bank, row }: CheckedCommand): void {
    const state = open[rank];
    if (command === 'ACT') state?.set(bank, row);
    else if (command === 'PRE' || command === 'RDA' || command === 'WRA') state?.delete(bank);
    else if (command === 'PREA') state?.clear();
    else if (command === 'REFab') refreshes[rank]!++;
  }

  return {
    check(command) {
      const found: Violation[] = [];
      const last = recent.at(-1);
      if (last && last.cycle >= command.cycle)
        found.push({
          ...{ rule: 'one command a cycle', level: 'channel', command, earlier: last },
          missing: last.cycle + 1 - command.cycle,
        });
      found.push(...stateViolations(command), ...timingViolations(command));
      if (command.command !== 'REFab') found.push(...overdue(command.rank, command.cycle, command));
      follow(command);
      recent.push(command);
      if (recent.length > 4096 && recent[2048]!.cycle + longest < command.cycle) recent = recent.slice(2048);
      return found;
    },
    end(cycle) {
      return open.flatMap((_, rank) =>
        overdue(rank, cycle, { cycle, command: 'REFab', rank, bank: -1, row: 0 }),
      );
    },
  };
}

/** A violation in one line: "RD bank 3 at 14: tRCD after ACT at 0, 1 cycle too soon". */
export function formatViolation({ rule, command, earlier, missing }: Violation): string {
  const place = command.bank < 0 ? `rank ${command.rank}` : `rank ${command.rank} bank ${command.bank}`;
  const after = earlier
    ? ` after ${earlier.command} at ${earlier.cycle}, ${missing} cycle${missing === 1 ? '' : 's'} too soon`
    : '';
  return `${command.command} ${place} at ${command.cycle}: ${rule}${after}`;
}
