import { createController } from '../../src/dram/controller.ts';
import { COMMANDS } from '../../src/hardware/standard.ts';
import type { Issued, ReferenceRun } from '../reference/controller.ts';
import type { Channel } from './random-channel.ts';

const CONDITIONS = ['hit', 'miss', 'conflict'] as const;

/** Runs the core over the bursts of a channel and writes down what it did as the reference does. */
export function runCore({ organisation, timing, options, bursts }: Channel): ReferenceRun {
  const commands: Issued[] = [];
  const served: ReferenceRun['served'] = [];
  const controller = createController(organisation, timing, options, {
    command(cycle, command, rank, bank, row, column) {
      commands.push({ cycle, command: COMMANDS[command]!, rank, bank, row, column });
    },
    served(write, _rank, _bank, _row, condition, entered, done) {
      served.push({ write, condition: CONDITIONS[condition]!, latency: done - entered });
    },
  });
  let fed = 0;
  while (fed < bursts.length || controller.waiting > 0) {
    const next = bursts[fed];
    if (next && next.arrival <= controller.cycle && controller.hasRoom(next.write)) {
      controller.offer(next.write, next.rank, next.bank, next.row, next.column);
      fed++;
    }
    const following = bursts[fed];
    const until =
      following && controller.hasRoom(following.write)
        ? Math.max(controller.cycle + 1, following.arrival)
        : Number.POSITIVE_INFINITY;
    controller.step(until);
  }
  return { commands, served, lastDone: controller.lastDone };
}
