import { createController } from '../../src/dram/controller.ts';
import { ISSUED_COMMANDS } from '../../src/dram/issued-commands.ts';
import type { Issued } from '../reference/constraint-history.ts';
import type { Burst, ReferenceRun } from '../reference/controller.ts';
import type { Channel } from './random-channel.ts';

const CONDITIONS = ['hit', 'miss', 'conflict'] as const;

/**
 * Runs the core over the bursts of a channel and writes down what it did as the reference does; `pauses`, if given, are
 * the cycles between the limits up to which it is run, over and over. Throws beyond cycle `end`.
 */
export function runCore(
  { organisation, timing, options, bursts }: Channel,
  create: typeof createController = createController,
  {
    pauses,
    end = Number.POSITIVE_INFINITY,
    idleUntil,
  }: { pauses?: readonly number[]; end?: number; idleUntil?: number } = {},
): ReferenceRun {
  const commands: Issued[] = [];
  const served: ReferenceRun['served'] = [];
  const transfer = organisation.burstLength / organisation.dataRate;
  const { RL = 0, WL = 0, tDQSCK = 0 } = timing.parameters;
  const controller = create(organisation, timing, options, {
    command(cycle, command, rank, bank, row) {
      commands.push({ cycle, command: ISSUED_COMMANDS[command]!, rank, bank, row, column: 0 });
    },
    columns(first, index, rank, bank, row, column, count, step, condition, entered, enteredStep) {
      const command = ISSUED_COMMANDS[index]!;
      const write = command.startsWith('WR');
      for (let i = 0; i < count; i++) {
        const cycle = first + i * step;
        commands.push({ cycle, command, rank, bank, row, column: column + i });
        const done = cycle + transfer + (write ? WL : RL + tDQSCK);
        served.push({
          write,
          condition: i === 0 ? CONDITIONS[condition]! : 'hit',
          latency: done - (entered + i * enteredStep),
        });
      }
    },
    forwarded() {
      served.push({ write: false, condition: 'forwarded', latency: 1 });
    },
  });
  let pause = 0;
  const advance = (more: boolean): void => {
    if (!pauses) controller.runUntil(end, more);
    if (controller.cycle >= end) throw new Error(`still running at cycle ${end}`);
    while (pauses) {
      const limit = controller.cycle + pauses[pause++ % pauses.length]!;
      controller.runUntil(limit, more);
      if (controller.cycle < limit || controller.waiting === 0) return;
      if (controller.cycle > limit) throw new Error(`ran to ${controller.cycle}, beyond ${limit}`);
    }
  };
  const runs = runsOf(bursts);
  for (const { write, rank, bank, row, column, arrival, count } of runs) {
    if (!controller.offer(write, rank, bank, row, column, count, arrival)) throw new Error('run refused');
    advance(true);
  }
  advance(false);
  if (idleUntil !== undefined) controller.idleUntil(idleUntil);
  const { lastDone } = controller;
  const { peakReads, peakWrites } = controller.statistics(lastDone);
  return { commands, served, lastDone, peakReads, peakWrites };
}

/** Bursts in consecutive columns of one row, of one kind and one arrival, as runs. */
export function runsOf(bursts: readonly Burst[]): (Burst & { count: number })[] {
  const runs: (Burst & { count: number })[] = [];
  for (const burst of bursts) {
    const last = runs.at(-1);
    const follows =
      last &&
      last.write === burst.write &&
      last.rank === burst.rank &&
      last.bank === burst.bank &&
      last.row === burst.row &&
      last.column + last.count === burst.column &&
      last.arrival === burst.arrival;
    if (follows) last.count++;
    else runs.push({ ...burst, count: 1 });
  }
  return runs;
}
