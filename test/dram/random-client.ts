import fc from 'fast-check';
import type { AddressMapping } from '../../src/dram/address.ts';
import { type Completion, type CoSimulation, createCoSimulation } from '../../src/dram/co-simulation.ts';
import type { CommandLog, RequestRun } from '../../src/dram/replay.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import type { Channel } from './random-channel.ts';

/** One request of a thread; `think` are the cycles from the end of the one before it to its own time. */
interface Step {
  pick: number;
  bursts: number;
  write: boolean;
  think: number;
}

/** Several threads, each with one request under way; what a thread asks next depends on when the one before it is done. */
export interface Client {
  threads: Step[][];
  entry: number;
}

export const clientOf = (steps: number): fc.Arbitrary<Client> =>
  fc.record({
    threads: fc.array(
      fc.array(
        fc.record({
          pick: fc.nat(2 ** 30),
          bursts: fc.oneof(fc.constant(1), fc.constant(1), fc.integer({ min: 1, max: 40 })),
          write: fc.boolean(),
          think: fc.oneof(fc.constant(0), fc.constant(0), fc.nat(30), fc.nat(700)),
        }),
        { minLength: 1, maxLength: steps, size: 'max' },
      ),
      { minLength: 1, maxLength: 12, size: 'max' },
    ),
    entry: fc.constantFrom(1, 1, 2, 5),
  });

export type Command = Parameters<CommandLog>;

/** What a client saw and did. */
export interface ClientRun {
  readonly taken: (RequestRun & { id: number })[];
  readonly completions: Completion<number>[];
  readonly rooms: number[];
  readonly commands: Command[];
  readonly refusals: number;
  readonly memory: CoSimulation<number>;
}

/** Runs a client on a memory; `drive` runs the memory until nothing is under way. */
export function runClient(
  { organisation, timing, options }: Omit<Channel, 'bursts'>,
  mapping: AddressMapping,
  { threads, entry }: Client,
  drive: (memory: CoSimulation<number>, seen: { callbacks: number[] }) => void,
  logged = true,
): ClientRun {
  const burstBytes = bytesPerBurst(organisation);
  const taken: ClientRun['taken'] = [];
  const completions: Completion<number>[] = [];
  const rooms: number[] = [];
  const commands: Command[] = [];
  const seen = { callbacks: [] as number[] };
  const position = threads.map(() => 0);
  const ready = threads.map(() => 0);
  const waiting: number[] = [];
  let refusals = 0;
  const memory = createCoSimulation<number>(
    organisation,
    timing,
    options,
    mapping,
    {
      onDone(completion) {
        const { id, cycle } = completion;
        if (memory.now !== cycle) throw new Error(`done at ${cycle}, told at ${memory.now}`);
        seen.callbacks.push(cycle);
        completions.push(completion);
        const step = threads[id]![++position[id]!];
        if (!step) return;
        ready[id] = cycle + step.think;
        ask(id);
      },
      onRoom(cycle) {
        if (memory.now !== cycle) throw new Error(`room at ${cycle}, told at ${memory.now}`);
        seen.callbacks.push(cycle);
        rooms.push(cycle);
        for (const id of waiting.splice(0)) ask(id);
      },
      onCommand: logged ? (...command) => commands.push(command) : undefined,
    },
    entry,
  );
  function ask(id: number): void {
    const { pick, bursts, write } = threads[id]![position[id]!]!;
    const most = mapping.bursts - bursts + 1;
    // Half of the requests go to few places, so that they meet in rows and bursts.
    const burst = (pick & 1 ? pick >> 1 : (pick >> 1) % 8) % most;
    const arrival = Math.max(memory.now, ready[id]!);
    const address = burst * burstBytes;
    if (memory.offer({ id, address, bytes: bursts * burstBytes, write, at: arrival }))
      taken.push({ id, address, bursts, write, arrival });
    else {
      refusals++;
      waiting.push(id);
    }
  }
  threads.forEach((steps, id) => {
    ready[id] = steps[0]!.think;
    ask(id);
  });
  drive(memory, seen);
  return { taken, completions, rooms, commands, refusals, memory };
}

/** The source of a replay of requests. */
export function sourceOf(requests: readonly RequestRun[]) {
  let next = 0;
  return {
    next(run: RequestRun): boolean {
      const request = requests[next++];
      if (!request) return false;
      run.address = request.address;
      run.bursts = request.bursts;
      run.write = request.write;
      run.arrival = request.arrival;
      return true;
    },
  };
}
