import type { ControllerOptions } from '../../src/dram/controller-options.ts';
import { banksPerRank, type Organisation, subarraysPerBank } from '../../src/hardware/device.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import type { CommandName } from '../../src/hardware/standard.ts';

/**
 * How many cycles early a rank stops that may owe refreshes, so that it is never late. Each command on the way to its refresh takes
 * what its bank can hold it back for, and each time what others can, every rank's use of the command bus included.
 */
export function referenceRefreshLead(
  organisation: Organisation,
  { constraints, parameters, rules, subarrays }: ResolvedTiming,
  { postponedRefreshes, refresh, beforeRefresh, pagePolicy, powerDownAfter }: ControllerOptions,
): number {
  if (postponedRefreshes === 0) return 0;
  const perBank = refresh === 'perBank';
  const banks = perBank ? rules.banksPerREFpb : banksPerRank(organisation);
  const open = subarrays?.openSubarrays ?? 1;
  const rows =
    banks *
    (open === 'all' ? subarraysPerBank(organisation) : Math.min(open, subarraysPerBank(organisation)));
  const way: [CommandName[], number][] = [];
  if (powerDownAfter < Number.POSITIVE_INFINITY) way.push([['PDX'], 1]);
  if (beforeRefresh === 'activated')
    way.push([pagePolicy === 'closed' ? ['RD', 'WR', 'RDA', 'WRA'] : ['RD', 'WR'], banks]);
  if (perBank) way.push([['PRE'], rows], [['REFpb'], 1]);
  else way.push([['PREA'], 1], [['REFab'], 1]);

  let bus = 1;
  for (const cycles of Object.values(rules.commandCycles)) bus = Math.max(bus, cycles ?? 1);
  let lead = 0;
  for (const [commands, times] of way) {
    let inBank = 0;
    let beyond = 0;
    for (const { level, preceding, following, latency } of constraints) {
      if (!following.some((command) => commands.includes(command))) continue;
      if (preceding.every((command) => ['REFab', 'REFpb', 'SRE', 'SRX'].includes(command))) continue;
      if (level === 'bank' || level === 'subarray') inBank = Math.max(inBank, latency);
      else beyond = Math.max(beyond, latency);
    }
    lead += inBank + times * (beyond + bus * organisation.ranks);
  }
  const turns = banksPerRank(organisation) / rules.banksPerREFpb;
  const round = perBank ? turns * rules.perBankRefreshInterval! : parameters['tREFI']!;
  return Math.min(lead, postponedRefreshes * round);
}
