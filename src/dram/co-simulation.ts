import { InputError } from '../errors/input-error.ts';
import type { ChannelActivity } from '../hardware/activity.ts';
import { bytesPerBurst, type Organisation } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { Bytes, Cycles } from '../units/flavours.ts';
import type { AddressMapping } from './address.ts';
import { createCoSimulationChannel } from './co-simulation-channel.ts';
import type { ControllerOptions } from './controller-options.ts';
import { createDoneQueue } from './done-queue.ts';
import { type CommandLog, observerFor, type ReplayResult, summaryAt } from './replay.ts';

/** One request of a client. */
export interface CoSimulationRequest<Id> {
  /** Comes back with the completion. The simulation does not look at it, and it need not be unique. */
  readonly id: Id;
  /** First byte, at the beginning of a burst of the memory. */
  readonly address: Bytes;
  /** Whole bursts; one by default. */
  readonly bytes?: Bytes;
  /** A read by default. */
  readonly write?: boolean;
  /** The request enters its queue in this cycle at the earliest; `now` by default, and never before it. */
  readonly at?: Cycles;
}

/** A request that is done. */
export interface Completion<Id> {
  readonly id: Id;
  /** The cycle after the last transfer of its data; of a read answered from the write queue, after it would have entered. */
  readonly cycle: Cycles;
  /** As the request gave them, or their defaults. */
  readonly address: Bytes;
  readonly bytes: Bytes;
  readonly write: boolean;
  readonly at: Cycles;
}

/** What a client is called for, while the simulation runs. The two of `now` may offer requests. */
export interface CoSimulationListeners<Id> {
  /** Called when `now` is the request's last cycle, in order of time; requests done in one cycle in the order of their offers. */
  readonly onDone?: ((completion: Completion<Id>) => void) | undefined;
  /**
   * Called in the first cycle in which a channel that refused an offer has room in its entry again; once a cycle, after
   * the completions of that cycle.
   */
  readonly onRoom?: ((cycle: Cycles) => void) | undefined;
  /** Called for every command, in order of time within a channel; before `now` has come to a completion that it leads to. */
  readonly onCommand?: CommandLog | undefined;
}

/** A memory that someone else's program drives, one request at a time. Times are cycles of the memory's command clock. */
export interface CoSimulation<Id> {
  /**
   * Offers a request. True if it is taken; false, and nothing is changed, if a channel that it needs has no room: the
   * controller takes in one burst a cycle, and at most `entry` requests wait behind the one that is being taken in.
   * Requests of one channel are taken in in the order of their offers. Throws InputError for bytes that are not whole bursts
   * of the memory, and for a time before `now`.
   */
  offer(request: CoSimulationRequest<Id>): boolean;
  /**
   * Runs through every cycle below `cycle`, and calls the listeners up to and including `cycle`, which is `now` afterwards. Throws
   * InputError for a cycle before `now`, and while running if refresh leaves no time for accesses.
   */
  runUntil(cycle: Cycles): void;
  /** Runs until every request is done, those included that listeners offer meanwhile; answers with `now`. Throws as `runUntil`. */
  drain(): Cycles;
  /** The cycle that comes next: all before it have been run. */
  readonly now: Cycles;
  /**
   * A bound: unless more is offered, no listener is called for a completion or for room before this cycle. Later than `now`;
   * Infinity if no request is under way.
   */
  nextEvent(): Cycles;
  /** Requests taken that are not done. */
  readonly underWay: number;
  /** Bytes of one burst: the unit of addresses and sizes. */
  readonly burstBytes: Bytes;
  /** Bytes of the memory, over all channels. */
  readonly capacity: Bytes;
  /** What the memory did up to `now`. Throws InputError if a listener calls it. */
  statistics(): ReplayResult;
  /** The part of the statistics that energy is computed from. */
  activity(): ChannelActivity;
}

/** Requests that wait in front of a channel by default. */
export const DEFAULT_ENTRY = 1;

/**
 * Opens a memory with all its channels, at cycle 0. Its commands are those of a `replay` of the taken requests at their times, in
 * the order of their offers. `entry`: requests that may wait in front of each channel. Throws what `createController` throws,
 * and InputError for an entry that is not a whole number from 1 on.
 */
export function createCoSimulation<Id>(
  organisation: Organisation,
  timing: ResolvedTiming,
  options: ControllerOptions,
  mapping: AddressMapping,
  { onDone, onRoom, onCommand }: CoSimulationListeners<Id> = {},
  entry: number = DEFAULT_ENTRY,
): CoSimulation<Id> {
  if (!(Number.isSafeInteger(entry) && entry >= 1))
    throw new InputError(`an entry of ${entry} requests`, { remedy: 'give a whole number from 1 on' });
  const { banksPerGroup } = organisation;
  const burstBytes = bytesPerBurst(organisation);
  const channels = Array.from({ length: organisation.channels }, (_, channel) =>
    createCoSimulationChannel(
      organisation,
      timing,
      options,
      served,
      onCommand && observerFor(onCommand, channel),
    ),
  );
  const controllers = channels.map(({ controller }) => controller);
  /** By channel: no completion comes before this cycle; the cycle up to which it is to be run; whether it refused an offer. */
  const bounds = channels.map(() => Number.POSITIVE_INFINITY);
  const targets = channels.map(() => 0);
  const refused = channels.map(() => false);

  /** Requests under way, by slot. */
  const ids: Id[] = [];
  const addresses: Bytes[] = [];
  const sizes: Bytes[] = [];
  const kinds: boolean[] = [];
  const times: Cycles[] = [];
  const burstsLeft: number[] = [];
  const latest: Cycles[] = [];
  const numbers: number[] = [];
  const free: number[] = [];
  const ends = createDoneQueue();

  /** Coordinates and lengths of the pieces of an offer, one after the other. */
  const pieces: number[] = [];
  const PIECE = 6;
  let pieceEnd = 0;
  const at = new Int32Array(6);
  /** By channel: the last piece of the offer in it. */
  const lastPiece = new Int32Array(channels.length);

  let now: Cycles = 0;
  let underWay = 0;
  let taken = 0;
  let running = false;

  function served(slot: number, bursts: number, done: Cycles): void {
    burstsLeft[slot]! -= bursts;
    latest[slot] = Math.max(latest[slot]!, done);
    if (burstsLeft[slot] === 0) ends.push(latest[slot]!, numbers[slot]!, slot);
  }

  /** What is known at `now`: nothing that has not been announced is done in this cycle. */
  function updateBound(channel: number): void {
    bounds[channel] = Math.max(now + 1, channels[channel]!.earliestDone());
  }

  function runChannel(channel: number, cycle: Cycles): void {
    channels[channel]!.runTo(cycle);
    updateBound(channel);
  }

  /** Whether a channel has room at `now`. */
  function hasRoom(channel: number): boolean {
    const one = channels[channel]!;
    if (one.queued >= entry) runChannel(channel, now);
    // A channel that refused an offer may be ahead of `now`: then it has room from its own cycle on.
    return one.queued < entry && one.controller.cycle <= now;
  }

  /** Cuts a request where a row or a channel ends. */
  function cut(first: number, bursts: number): void {
    pieceEnd = 0;
    lastPiece.fill(-1);
    for (let burst = first; burst < first + bursts; ) {
      mapping.decode(burst, at);
      const left = first + bursts - burst;
      const count = left === 1 ? 1 : Math.min(left, mapping.burstsToRowEnd(burst));
      const channel = at[0]!;
      lastPiece[channel] = pieceEnd;
      pieces[pieceEnd++] = channel;
      pieces[pieceEnd++] = at[1]!;
      pieces[pieceEnd++] = at[2]! * banksPerGroup + at[3]!;
      pieces[pieceEnd++] = at[4]!;
      pieces[pieceEnd++] = at[5]!;
      pieces[pieceEnd++] = count;
      burst += count;
    }
  }

  function offer({
    id,
    address,
    bytes = burstBytes,
    write = false,
    at: time = now,
  }: CoSimulationRequest<Id>): boolean {
    const first = address / burstBytes;
    const bursts = bytes / burstBytes;
    const whole = Number.isSafeInteger(first) && Number.isSafeInteger(bursts);
    if (!(whole && first >= 0 && bursts >= 1 && first + bursts <= mapping.bursts))
      throw new InputError(`${bytes} bytes from address ${address} on are not bursts of this memory`, {
        remedy: `it has ${mapping.bursts} bursts of ${burstBytes} bytes, from address 0 on`,
      });
    if (!(Number.isSafeInteger(time) && time >= now))
      throw new InputError(`a request at cycle ${time}, when cycle ${now} comes next`, {
        remedy: `give a whole number from ${now} on`,
      });
    cut(first, bursts);
    let room = true;
    for (let channel = 0; channel < channels.length; channel++)
      if (lastPiece[channel]! >= 0 && !hasRoom(channel)) {
        refused[channel] = true;
        room = false;
      }
    if (!room) return false;

    const slot = free.pop() ?? ids.length;
    ids[slot] = id;
    addresses[slot] = address;
    sizes[slot] = bytes;
    kinds[slot] = write;
    times[slot] = time;
    burstsLeft[slot] = bursts;
    latest[slot] = 0;
    numbers[slot] = taken++;
    underWay++;
    for (let piece = 0; piece < pieceEnd; piece += PIECE) {
      const channel = pieces[piece]!;
      channels[channel]!.push(
        slot,
        write,
        pieces[piece + 1]!,
        pieces[piece + 2]!,
        pieces[piece + 3]!,
        pieces[piece + 4]!,
        pieces[piece + 5]!,
        lastPiece[channel] === piece,
        time,
      );
    }
    for (let channel = 0; channel < channels.length; channel++)
      if (lastPiece[channel]! >= 0) {
        channels[channel]!.handOver();
        updateBound(channel);
      }
    return true;
  }

  /** Runs to the next cycle at which a listener may have to be called, at most to `limit`. */
  function step(limit: Cycles): void {
    let cycle = Math.min(limit, ends.next());
    for (const bound of bounds) if (bound < cycle) cycle = bound;
    if (onRoom)
      for (let channel = 0; channel < channels.length; channel++)
        if (refused[channel]) {
          const one = channels[channel]!;
          one.runToRoom(cycle, entry);
          updateBound(channel);
          if (one.queued < entry) cycle = Math.min(cycle, Math.max(now, one.controller.cycle));
        }
    for (let channel = 0; channel < channels.length; channel++)
      if (bounds[channel]! <= cycle) runChannel(channel, cycle);
    now = cycle;
    while (ends.next() <= now) complete(ends.pop());
    if (onRoom) announceRoom(onRoom);
  }

  function complete(slot: number): void {
    underWay--;
    free.push(slot);
    onDone?.({
      id: ids[slot]!,
      cycle: latest[slot]!,
      address: addresses[slot]!,
      bytes: sizes[slot]!,
      write: kinds[slot]!,
      at: times[slot]!,
    });
  }

  function announceRoom(listener: (cycle: Cycles) => void): void {
    let any = false;
    for (let channel = 0; channel < channels.length; channel++)
      if (refused[channel] && hasRoom(channel)) {
        refused[channel] = false;
        any = true;
      }
    if (any) listener(now);
  }

  /** Throws InputError if a listener calls what only the one who runs the simulation may call. */
  function requireIdle(what: string): void {
    if (running)
      throw new InputError(`${what} was called by a listener`, {
        remedy:
          'listeners may offer requests; run and read the statistics when runUntil or drain has returned',
      });
  }

  function run(limit: Cycles, goesOn: () => boolean): void {
    running = true;
    try {
      while (goesOn()) step(limit);
    } finally {
      running = false;
    }
  }

  /** Brings the channels to the cycles up to which they were to be run. */
  function settle(): void {
    channels.forEach((one, channel) => {
      one.idleTo(targets[channel]!);
      updateBound(channel);
    });
  }

  function statistics(): ReplayResult {
    requireIdle('statistics');
    settle();
    return summaryAt(now, controllers, organisation, timing);
  }

  return {
    offer,
    runUntil(cycle) {
      requireIdle('runUntil');
      if (!(Number.isSafeInteger(cycle) && cycle >= now))
        throw new InputError(`cannot run until cycle ${cycle}, when cycle ${now} comes next`, {
          remedy: `give a whole number from ${now} on; drain runs until all requests are done`,
        });
      run(cycle, () => now < cycle);
      targets.fill(cycle);
      if (onCommand) settle();
    },
    drain() {
      requireIdle('drain');
      run(Number.POSITIVE_INFINITY, () => underWay > 0);
      // As in a replay: the channel whose data comes last stops with its last column.
      controllers.forEach(({ lastDone }, channel) => {
        if (lastDone < now) targets[channel] = now;
      });
      if (onCommand) settle();
      return now;
    },
    get now() {
      return now;
    },
    nextEvent() {
      let cycle = ends.next();
      for (const bound of bounds) cycle = Math.min(cycle, bound);
      return onRoom && refused.includes(true) ? Math.min(cycle, now + 1) : cycle;
    },
    get underWay() {
      return underWay;
    },
    burstBytes,
    capacity: mapping.bursts * burstBytes,
    statistics,
    activity: () => statistics().activity,
  };
}
