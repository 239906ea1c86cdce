import { banksPerRank, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import { COMMANDS, type CommandName } from '../hardware/standard.ts';

/** Commands as small integers, in the order of `COMMANDS`. */
export const COMMAND = Object.fromEntries(COMMANDS.map((name, i) => [name, i])) as Record<
  CommandName,
  number
>;
const K = COMMANDS.length;

/** When each command may be issued next, kept up to date command by command. */
export interface TimingTable {
  /** First cycle at which the constraints allow the command there. `bank` is flat in its rank. */
  earliest(command: number, rank: number, bank: number): number;
  /** The command was issued. `bank` is -1 for a command to the whole rank. */
  issued(command: number, rank: number, bank: number, cycle: number): void;
}

/** Levels whose members a channel's table distinguishes, each with the flat index of a command's member. */
interface LevelTable {
  /** earliest[member * K + command] */
  readonly earliest: Float64Array;
  /** Rules by preceding command: following command, latency, window, sibling. */
  readonly rules: readonly (readonly Rule[])[];
}
interface Rule {
  readonly following: number;
  readonly latency: number;
  readonly sibling: boolean;
  /** For windows above 1: the last `window` issue cycles of each member, as a ring. */
  readonly history: Float64Array | undefined;
  readonly window: number;
  readonly next: Int32Array | undefined;
}

/**
 * Compiles the resolved constraints of one channel. Every constraint is an update rule: issuing its preceding command
 * moves the earliest cycle of its following command, at the member (or, for siblings, at all other members) of its
 * level. No standard is known by name.
 */
export function createTimingTable(organisation: Organisation, timing: ResolvedTiming): TimingTable {
  const banks = banksPerRank(organisation);
  const { ranks, bankGroups, banksPerGroup } = organisation;
  const level = (name: string, members: number): LevelTable => ({
    earliest: new Float64Array(members * K),
    rules: COMMANDS.map((preceding) =>
      timing.constraints
        .filter((constraint) => constraint.level === name && constraint.preceding.includes(preceding))
        .flatMap((constraint) => {
          const { latency, window, sibling } = constraint;
          const history =
            window > 1 ? new Float64Array(members * window).fill(Number.NEGATIVE_INFINITY) : undefined;
          const next = window > 1 ? new Int32Array(members) : undefined;
          return constraint.following.map((following) => ({
            ...{ following: COMMAND[following], latency, window, sibling },
            ...{ history, next },
          }));
        }),
    ),
  });
  const channel = level('channel', 1);
  const rankLevel = level('rank', ranks);
  const groupLevel = level('bankgroup', ranks * bankGroups);
  const bankLevel = level('bank', ranks * banks);

  const groupOf = (rank: number, bank: number): number =>
    rank * bankGroups + Math.floor(bank / banksPerGroup);

  return {
    earliest(command, rank, bank) {
      let cycle = Math.max(channel.earliest[command]!, rankLevel.earliest[rank * K + command]!);
      if (bank >= 0) {
        cycle = Math.max(
          cycle,
          groupLevel.earliest[groupOf(rank, bank) * K + command]!,
          bankLevel.earliest[(rank * banks + bank) * K + command]!,
        );
        return cycle;
      }
      for (let b = 0; b < banks; b++)
        cycle = Math.max(cycle, bankLevel.earliest[(rank * banks + b) * K + command]!);
      return cycle;
    },
    issued(command, rank, bank, cycle) {
      update(channel, command, 0, 1, cycle);
      update(rankLevel, command, rank, ranks, cycle);
      if (bank >= 0) {
        update(groupLevel, command, groupOf(rank, bank), ranks * bankGroups, cycle);
        update(bankLevel, command, rank * banks + bank, ranks * banks, cycle);
      }
    },
  };
}

function update(
  { earliest, rules }: LevelTable,
  command: number,
  member: number,
  members: number,
  cycle: number,
): void {
  const own = rules[command]!;
  for (let i = 0; i < own.length; i++) {
    const { following, latency, sibling, history, next, window } = own[i]!;
    let from = cycle;
    if (history && next) {
      // The ring's oldest entry is the preceding command `window` back, once this one has been written.
      history[member * window + next[member]!] = cycle;
      const oldest = (next[member]! + 1) % window;
      next[member] = oldest;
      from = history[member * window + oldest]!;
    }
    const bound = from + latency;
    if (!sibling) {
      const at = member * K + following;
      if (earliest[at]! < bound) earliest[at] = bound;
    } else
      for (let other = 0; other < members; other++) {
        const at = other * K + following;
        if (other !== member && earliest[at]! < bound) earliest[at] = bound;
      }
  }
}
