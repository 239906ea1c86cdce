// Reports what was issued to the observer. Called only if there is one (`observed` of the settings).

import { HIT } from './layout';
import { columns, command as commandIssued, forwarded } from './observer';
import { bankOf, Segment, s } from './state';

/** Reports a command of the current cycle, other than a column. `bankSlot` is negative for commands to a whole rank. */
export function reportCommand(command: i32, rank: i32, bankSlot: i32, row: i32): void {
  commandIssued(s.origin + <f64>s.cycle, command, rank, bankSlot < 0 ? -1 : bankOf(bankSlot).inRank, row);
}

/** Reports `count` columns from `cycle` on, `step` cycles apart, beginning with the segment's request number `index`. */
export function reportColumns(
  command: i32,
  bankSlot: i32,
  segment: Segment,
  index: i32,
  count: i32,
  cycle: i32,
  step: i32,
): void {
  const bank = bankOf(bankSlot);
  columns(
    s.origin + <f64>cycle,
    command,
    bank.rank,
    bank.inRank,
    segment.row,
    segment.column + index,
    count,
    step,
    index === 0 ? segment.condition : HIT,
    <f64>(segment.entered + <i64>index * segment.step),
    <f64>segment.step,
  );
}

/** Reports a read answered from the write queue in the current cycle. */
export function reportForwarded(): void {
  forwarded(s.origin + <f64>s.cycle);
}
