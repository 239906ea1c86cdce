// What the host hears of, if it wants to. Banks as the host numbers them, in their rank; cycles from the beginning.
import { Bank, bankOf, s } from './state';

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

/** Columns from the current cycle on. */
export function tellColumns(
  command: i32,
  bank: Bank,
  row: i32,
  column: i32,
  count: i32,
  step: i32,
  condition: i32,
  entered: f64,
  enteredStep: f64,
): void {
  const cycle = s.origin + <f64>s.cycle;
  hearColumns(cycle, command, bank.rank, bank.inRank, row, column, count, step, condition, entered, enteredStep);
}

export function tellForwarded(): void {
  hearForwarded(s.origin + <f64>s.cycle);
}
