import { banksPerRank, type Organisation, subarraysPerBank } from '../../src/hardware/device.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import type { CommandName, Level } from '../../src/hardware/standard.ts';

/** `bank` is flat in its rank, -1 for a command to the whole rank; `row` and `column` are 0 where there are none. */
export interface Issued {
  cycle: number;
  command: CommandName;
  rank: number;
  bank: number;
  row: number;
  column: number;
}

/** Banks that a command takes: its own, all of a command to the rank, and with REFpb each that is as far into its share of the rank. */
function banksOf(
  organisation: Organisation,
  { rules: { banksPerREFpb } }: ResolvedTiming,
  { command, bank }: Issued,
): number[] {
  const all = Array.from({ length: banksPerRank(organisation) }, (_, b) => b);
  if (bank < 0) return all;
  const share = all.length / banksPerREFpb;
  return command === 'REFpb' ? all.filter((b) => b % share === bank % share) : [bank];
}

/**
 * Members of a level that a command concerns, each as [parent, member]. A command to a whole rank concerns all of the
 * rank's bank groups, banks and subarrays, a per-bank refresh those of all banks that it refreshes.
 */
function membersOf(
  organisation: Organisation,
  timing: ResolvedTiming,
  level: Level,
  command: Issued,
): [number, number][] {
  const { rank, bank, row } = command;
  const { bankGroups, banksPerGroup, rowsPerSubarray } = organisation;
  const all = banksPerRank(organisation);
  const subarrays = subarraysPerBank(organisation);
  const banks = banksOf(organisation, timing, command);
  switch (level) {
    case 'channel':
      return [[0, 0]];
    case 'rank':
      return [[0, rank]];
    case 'bankgroup':
      return [...new Set(banks.map((b) => Math.floor(b / banksPerGroup)))].map((group) => [rank, group]);
    case 'bank':
      return banks.map((b) => [rank * bankGroups + Math.floor(b / banksPerGroup), b]);
    case 'subarray':
      return banks.flatMap((b) =>
        (bank >= 0
          ? [Math.floor(row / rowsPerSubarray)]
          : Array.from({ length: subarrays }, (_, s) => s)
        ).map((s): [number, number] => [rank * all + b, s]),
      );
  }
}

/**
 * Whether every constraint lets `command` go in its cycle after what `history` (in order of time) holds, and whether
 * the channel is free, which carries one command at a time: in its cycle and, if it takes several, in those before it.
 */
export function allowed(
  organisation: Organisation,
  timing: ResolvedTiming,
  history: readonly Issued[],
  command: Issued,
): boolean {
  const occupied = timing.rules.commandCycles[command.command] ?? 1;
  const last = history.at(-1);
  if (last && last.cycle > command.cycle - occupied) return false;
  for (const { level, preceding, following, latency, window, sibling } of timing.constraints) {
    if (!following.includes(command.command)) continue;
    for (const [parent, member] of membersOf(organisation, timing, level, command)) {
      let found = 0;
      for (let i = history.length - 1; i >= 0; i--) {
        const earlier = history[i]!;
        if (earlier.cycle + latency <= command.cycle) break;
        const concerned =
          preceding.includes(earlier.command) &&
          membersOf(organisation, timing, level, earlier).some(
            ([otherParent, other]) => otherParent === parent && (other !== member) === sibling,
          );
        if (concerned && ++found === window) return false;
      }
    }
  }
  return true;
}
