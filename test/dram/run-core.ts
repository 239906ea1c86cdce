import { createController } from '../../src/dram/controller.ts';
import { ISSUED_COMMANDS } from '../../src/dram/timing-table.ts';
import type { Burst, Issued, ReferenceRun } from '../reference/controller.ts';
import type { Channel } from './random-channel.ts';

const CONDITIONS = ['hit', 'miss', 'conflict'] as const;

/** Far more than any test has: a core that is broken on purpose may never end. */
const MOST_COMMANDS = 20_000;

/** Runs the core over the bursts of a channel and writes down what it did as the reference does. */
export function runCore(
  { organisation, timing, options, bursts }: Channel,
  create: typeof createController = createController,
): ReferenceRun {
  const commands: Issued[] = [];
  const served: ReferenceRun['served'] = [];
  const transfer = organisation.burstLength / organisation.dataRate;
  const { RL = 0, WL = 0, tDQSCK = 0 } = timing.parameters;
  const controller = create(organisation, timing, options, {
    row(cycle, command, rank, bank, row) {
      if (commands.length > MOST_COMMANDS) throw new Error('no end of commands');
      commands.push({ cycle, command: ISSUED_COMMANDS[command]!, rank, bank, row, column: 0 });
    },
    columns(first, write, rank, bank, row, column, count, step, condition, entered, enteredStep) {
      if (commands.length + count > MOST_COMMANDS) throw new Error('no end of commands');
      for (let i = 0; i < count; i++) {
        const cycle = first + i * step;
        commands.push({ cycle, command: write ? 'WR' : 'RD', rank, bank, row, column: column + i });
        const done = cycle + transfer + (write ? WL : RL + tDQSCK);
        served.push({
          write,
          condition: i === 0 ? CONDITIONS[condition]! : 'hit',
          latency: done - (entered + i * enteredStep),
        });
      }
    },
  });
  const runs = runsOf(bursts);
  runs.forEach(({ write, rank, bank, row, column, arrival, count }, i) => {
    if (!controller.offer(write, rank, bank, row, column, count, arrival)) throw new Error('run refused');
    controller.runUntil(Number.POSITIVE_INFINITY, i < runs.length - 1);
  });
  return { commands, served, lastDone: controller.lastDone };
}

/** Bursts in consecutive columns of one row, of one kind and one arrival, as runs. */
function runsOf(bursts: readonly Burst[]): (Burst & { count: number })[] {
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
