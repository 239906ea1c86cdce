import type { Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Cycles } from '../units/flavours.ts';

/** Cycles that surely lie between two reads, or two writes, of a channel: its commands are one a cycle, most devices say more. */
export function columnGap({ ranks }: Organisation, { commands, constraints }: ResolvedTiming): Cycles {
  const gapOf = (kinds: readonly string[]): Cycles => {
    const columns = commands.filter((command) => kinds.includes(command));
    return constraints
      .filter(
        ({ level, window, sibling, preceding, following }) =>
          (level === 'channel' || (level === 'rank' && ranks === 1)) &&
          window === 1 &&
          !sibling &&
          columns.every((column) => preceding.includes(column) && following.includes(column)),
      )
      .reduce((gap, { latency }) => Math.max(gap, latency), 1);
  };
  return Math.min(gapOf(['RD', 'RDA']), gapOf(['WR', 'WRA']));
}
