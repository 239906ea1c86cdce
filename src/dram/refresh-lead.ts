import { banksPerRank, type Organisation, subarraysPerBank } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';
import type { ControllerOptions } from './controller-options.ts';

/** What follows these is over, or itself due later, when a rank stops for its next refresh. */
const NOT_WAITED_FOR: readonly CommandName[] = ['REFab', 'REFpb', 'SRE', 'SRX'];

/**
 * Cycles before a rank would owe more refreshes than it may at which it stops, so that the refresh begins in time; 0 if it may
 * owe none. At most what waking the rank, the columns of `beforeRefresh`, closing its rows and the refresh can take: each of these
 * commands once the longest wait in its own bank, and each time it is issued the longest wait beyond the bank and a command of
 * every rank on the command bus. Never so many that the rank stops before a refresh is due. The promise holds where the
 * lead, and what a refresh itself holds back, are no longer than the time from one refresh to the next.
 */
export function refreshLead(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
): Cycles {
  const { postponedRefreshes, refresh, beforeRefresh, pagePolicy, powerDownAfter } = options;
  if (postponedRefreshes === 0) return 0;
  const { rules, subarrays, parameters } = timing;
  const perBank = refresh === 'perBank';
  const banks = perBank ? rules.banksPerREFpb : banksPerRank(organisation);
  const { openSubarrays = 1 } = subarrays ?? {};
  const openRows = Math.min(
    subarraysPerBank(organisation),
    openSubarrays === 'all' ? Number.POSITIVE_INFINITY : openSubarrays,
  );
  const bus =
    organisation.ranks * Math.max(1, ...Object.values(rules.commandCycles).map((cycles) => cycles ?? 1));

  const longest = (commands: readonly CommandName[], ofBank: boolean): Cycles =>
    Math.max(
      0,
      ...timing.constraints
        .filter(
          ({ level, preceding, following }) =>
            (level === 'bank' || level === 'subarray') === ofBank &&
            following.some((command) => commands.includes(command)) &&
            preceding.some((command) => !NOT_WAITED_FOR.includes(command)),
        )
        .map(({ latency }) => latency),
    );
  const time = (times: number, ...commands: CommandName[]): Cycles =>
    longest(commands, true) + times * (longest(commands, false) + bus);

  const columns: CommandName[] = pagePolicy === 'closed' ? ['RD', 'WR', 'RDA', 'WRA'] : ['RD', 'WR'];
  const lead =
    (Number.isFinite(powerDownAfter) ? time(1, 'PDX') : 0) +
    (beforeRefresh === 'activated' ? time(banks, ...columns) : 0) +
    (perBank ? time(banks * openRows, 'PRE') + time(1, 'REFpb') : time(1, 'PREA') + time(1, 'REFab'));
  const tREFI = parameters['tREFI'] ?? 0;
  const turns = banksPerRank(organisation) / rules.banksPerREFpb;
  const round = perBank ? (rules.perBankRefreshInterval ?? 0) * turns : tREFI;
  return Math.min(lead, postponedRefreshes * round);
}
