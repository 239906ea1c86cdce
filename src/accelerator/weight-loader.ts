import { createAllowance } from '../engine/allowance.ts';
import { cycleFrom, NEVER, type Ticks } from '../engine/common-tick.ts';
import type { EventLoop } from '../engine/event-loop.ts';
import type { Cycles } from '../units/flavours.ts';
import { ANY, type DramPort, NOTHING, type RequestDone } from './dram-port.ts';
import { addRow, type RowPieces } from './row-pieces.ts';

/** What writes all weight rows into the memory, in their order. Cycles are of the DRAM. */
export interface WeightLoader {
  begin(cycle: Cycles): void;
  readonly done: RequestDone;
  /** When the last data of the last writing was written. */
  readonly end: Cycles;
}

/** Adds it to a loop, as a source of the port. So many rows may be under way; the loop halts when all are written. */
export function createWeightLoader(
  loop: EventLoop,
  perCycle: Ticks,
  { pieces, outstanding }: { readonly pieces: RowPieces; readonly outstanding: number },
  source: number,
  port: () => DramPort,
  rows: number,
): WeightLoader {
  const component = loop.add({ advance });
  const allowance = createAllowance(outstanding);
  let next = rows;
  let end: Cycles = 0;

  function advance(now: Ticks): Ticks {
    const cycle = cycleFrom(now, perCycle);
    let room = cycle;
    while (next < rows && room === cycle) {
      write(next++, cycle);
      room = allowance.roomFrom(cycle);
    }
    port().awaits(source, ANY);
    return next === rows || room === NEVER ? NEVER : room * perCycle;
  }
  function write(row: number, cycle: Cycles): void {
    const request = port().open(source, row, true, cycle);
    addRow(port(), request, pieces, row);
    allowance.begin();
  }

  return {
    begin(cycle) {
      next = 0;
      end = cycle;
      loop.announce(component, cycle * perCycle);
    },
    done(_, cycle) {
      allowance.end(cycle);
      end = Math.max(end, cycle);
      if (next < rows) {
        const room = allowance.roomFrom(cycleFrom(loop.now, perCycle));
        loop.announce(component, room * perCycle);
      } else if (allowance.unknown === 0) {
        port().awaits(source, NOTHING);
        loop.halt();
      }
    },
    get end() {
      return end;
    },
  };
}
