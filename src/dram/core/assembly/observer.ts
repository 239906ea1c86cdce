// What the host hears of, if it wants to. Banks as the host numbers them, in their rank; cycles from the beginning.
import { bankOf, HIT, s, Segment } from './state';

// @ts-ignore: decorator
@external('observer', 'command')
declare function hearCommand(cycle: f64, command: i32, rank: i32, bank: i32, row: i32): void;
// @ts-ignore: decorator
@external('observer', 'columns')
declare function hearColumns(
  cycle: f64,
  command: i32,
  rank: i32,
  bank: i32,
  row: i32,
  column: i32,
  count: i32,
  step: i32,
  condition: i32,
  entered: f64,
  enteredStep: f64,
): void;
// @ts-ignore: decorator
@external('observer', 'forwarded')
declare function hearForwarded(cycle: f64): void;

/** Any command but a column, of the current cycle; `place` is negative and the row 0 for those to a rank. */
export function tellCommand(command: i32, rank: i32, place: i32, row: i32): void {
  hearCommand(s.origin + <f64>s.cycle, command, rank, place < 0 ? -1 : bankOf(place).inRank, row);
}

/** Columns of a segment from `cycle` on, the first being its `index`-th request from now on. */
export function tellColumns(
  command: i32,
  place: i32,
  segment: Segment,
  index: i32,
  count: i32,
  cycle: i32,
  step: i32,
): void {
  const bank = bankOf(place);
  hearColumns(
    s.origin + <f64>cycle,
    command,
    bank.rank,
    bank.inRank,
    segment.row,
    segment.column + index,
    count,
    step,
    index == 0 ? segment.condition : HIT,
    segment.entered + <f64>index * segment.step,
    segment.step,
  );
}

export function tellForwarded(): void {
  hearForwarded(s.origin + <f64>s.cycle);
}
