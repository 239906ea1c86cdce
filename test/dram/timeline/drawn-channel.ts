import { createController } from '../../../src/dram/controller.ts';
import { ISSUED_COMMANDS } from '../../../src/dram/issued-commands.ts';
import { bothObservers } from '../../../src/dram/replay.ts';
import { createDramTimeline } from '../../../src/dram/timeline/dram-timeline.ts';
import { createTimeline, type TimelineWindow, WHOLE_TIME } from '../../../src/engine/timeline.ts';
import type { CommandName } from '../../../src/hardware/standard.ts';
import { type ReadTimeline, readTimeline } from '../../engine/trace-events.ts';
import type { Channel } from '../random-channel.ts';
import { runsOf } from '../run-core.ts';

export interface SeenCommand {
  readonly cycle: number;
  readonly command: CommandName;
  readonly rank: number;
  readonly bank: number;
  readonly row: number;
}

/** A request: the cycles in which it waited, both included. */
export interface SeenWait {
  readonly write: boolean;
  readonly entered: number;
  readonly issued: number;
}

/** What a channel did, as a plain list, and what its timeline shows. */
export interface DrawnChannel {
  readonly read: ReadTimeline;
  readonly commands: readonly SeenCommand[];
  readonly waits: readonly SeenWait[];
  readonly peaks: readonly [reads: number, writes: number];
  readonly waited: readonly [reads: number, writes: number];
  readonly end: number;
}

/** Runs the requests of a channel with its timeline, and then idles for `idle` cycles. */
export function drawChannel(
  { organisation, timing, options, bursts }: Channel,
  idle: number,
  window: TimelineWindow = WHOLE_TIME,
): DrawnChannel {
  const commands: SeenCommand[] = [];
  const waits: SeenWait[] = [];
  let text = '';
  const timeline = createTimeline((piece) => {
    text += piece;
  }, window);
  const dram = createDramTimeline(timeline, organisation, timing);
  const seen = {
    command(cycle: number, command: number, rank: number, bank: number, row: number) {
      commands.push({ cycle, command: ISSUED_COMMANDS[command]!, rank, bank, row });
    },
    columns(...columns: number[]) {
      const [cycle, index, rank, bank, row, , count, step, , entered, enteredStep] = columns as Columns;
      const command = ISSUED_COMMANDS[index]!;
      for (let i = 0; i < count; i++) {
        const issued = cycle + i * step;
        commands.push({ cycle: issued, command, rank, bank, row });
        waits.push({ write: command.startsWith('WR'), entered: entered + i * enteredStep, issued });
      }
    },
    forwarded() {},
  };
  const controller = createController(organisation, timing, options, bothObservers(seen, dram.observer(0)));
  for (const { write, rank, bank, row, column, arrival, count } of runsOf(bursts))
    controller.batch.submit(write, rank, bank, row, column, count, arrival);
  controller.drain();
  const end = controller.lastDone + idle;
  controller.idleUntil(end);
  dram.end(end);
  timeline.end();
  const { peakReads, peakWrites, readsWaited, writesWaited } = controller.statistics(end);
  return {
    read: readTimeline(text, window),
    commands: commands.sort((a, b) => a.cycle - b.cycle),
    waits,
    peaks: [peakReads, peakWrites],
    waited: [readsWaited, writesWaited],
    end,
  };
}

type Columns = [
  cycle: number,
  command: number,
  rank: number,
  bank: number,
  row: number,
  column: number,
  count: number,
  step: number,
  condition: number,
  entered: number,
  enteredStep: number,
];
