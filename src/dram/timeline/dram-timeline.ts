import { cycleNotBefore, kilohertzOf, picosecondBefore } from '../../engine/clock-crossing.ts';
import type { Numbers, Timeline, TimelineProcess, TimelineTrack } from '../../engine/timeline.ts';
import { bankLevels } from '../../hardware/bank-index.ts';
import type { Organisation } from '../../hardware/device.ts';
import { refreshedBanks } from '../../hardware/refreshed-banks.ts';
import { cyclesOf, type ResolvedTiming } from '../../hardware/resolved-timing.ts';
import type { Cycles, Picoseconds } from '../../units/flavours.ts';
import { transferTimes } from '../channel-statistics.ts';
import type { CoreObserver } from '../core/open-core.ts';
import { ACT, PDE, PDX, PRE, PREA, RDA, REFab, REFpb, SASEL, SRE, SRX, WR, WRA } from '../issued-commands.ts';
import { createDataBus } from './data-bus.ts';
import { createOpenRows } from './open-rows.ts';
import { createQueueDepth } from './queue-depth.ts';

/** What the channels of a memory do, on a timeline (docs/timeline.md). */
export interface DramTimeline {
  /** Watches the controller of a channel. */
  observer(channel: number): CoreObserver;
  /** Ends what still lasts at cycle `cycles`, such as open rows. The timeline itself stays open. */
  end(cycles: Cycles): void;
}

/**
 * Draws the channels of a memory on a timeline, each as a process: its data bus, its ranks' refreshes and power states, its
 * open rows, and how many requests wait in its queues. Processes stand from `position` on. Throws InputError for a clock that is not a whole number of kilohertz.
 */
export function createDramTimeline(
  timeline: Timeline,
  organisation: Organisation,
  timing: ResolvedTiming,
  position = 0,
): DramTimeline {
  const channels = Array.from({ length: organisation.channels }, (_, channel) => {
    const process = timeline.process(`DRAM channel ${channel}`, position + channel);
    return drawChannel(timeline, process, organisation, timing);
  });
  return {
    observer: (channel) => channels[channel]!.observer,
    end(cycles) {
      for (const { end } of channels) end(cycles);
    },
  };
}

interface ChannelTimeline {
  readonly observer: CoreObserver;
  end(cycles: Cycles): void;
}

function drawChannel(
  timeline: Timeline,
  process: TimelineProcess,
  organisation: Organisation,
  timing: ResolvedTiming,
): ChannelTimeline {
  const levels = bankLevels(organisation);
  const { ranks, banks } = levels;
  const clock = kilohertzOf(timing.clock);
  const timeOf = (cycle: Cycles): Picoseconds => picosecondBefore(cycle, clock);
  const cycleFrom = (time: Picoseconds): Cycles =>
    time === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : cycleNotBefore(time, clock);
  // What ends before the first of these cycles or begins with the last one or later is not in the window.
  const firstCycle = cycleFrom(timeline.window.from) - 1;
  const lastCycle = cycleFrom(timeline.window.to);

  function span(
    track: () => TimelineTrack,
    name: string,
    from: Cycles,
    to: Cycles,
    numbers: () => Numbers,
  ): void {
    if (from >= lastCycle || to < firstCycle) return;
    const [begin, end] = [timeOf(from), timeOf(to)];
    if (timeline.shows(begin, end)) timeline.span(track(), name, begin, end, numbers());
  }

  /** A track that appears with its first event. */
  const opened = new Map<number, TimelineTrack>();
  function trackAt(place: number, name: () => string): TimelineTrack {
    const found = opened.get(place) ?? timeline.track(process, name(), place);
    opened.set(place, found);
    return found;
  }

  const rows = createOpenRows(levels, timing, (track, row, from, to, numbers) =>
    span(() => rowTrack(track), `row ${row}`, from, to, numbers),
  );
  const { tracksPerBank } = rows;
  // In the order of the tracks: the bus; of each rank refresh and power; of each bank itself and, if apart, its subarrays.
  const perBank = tracksPerBank === 1 ? 1 : 1 + tracksPerBank;
  const perRank = 2 + banks * perBank;
  const placeOf = (rank: number): number => 1 + rank * perRank;
  const busTrack = (): TimelineTrack => trackAt(0, () => 'data bus');
  const refreshTrack = (rank: number): TimelineTrack => trackAt(placeOf(rank), () => `rank ${rank} refresh`);
  const powerTrack = (rank: number): TimelineTrack => trackAt(placeOf(rank) + 1, () => `rank ${rank} power`);
  const bankTrack = (rank: number, bank: number): TimelineTrack =>
    trackAt(placeOf(rank) + 2 + bank * perBank, () => `rank ${rank} bank ${bank}`);
  function rowTrack(track: number): TimelineTrack {
    const inChannel = Math.floor(track / tracksPerBank);
    const rank = Math.floor(inChannel / banks);
    const bank = inChannel % banks;
    if (tracksPerBank === 1) return bankTrack(rank, bank);
    const subarray = track % tracksPerBank;
    return trackAt(
      placeOf(rank) + 3 + bank * perBank + subarray,
      () => `rank ${rank} bank ${bank} subarray ${subarray}`,
    );
  }

  const { readDone, writeDone, burst } = transferTimes(organisation, timing);
  const bus = createDataBus(burst, (name, from, to, numbers) => span(busTrack, name, from, to, numbers));
  const depthOf = (name: string) => {
    const counter = timeline.counter(process, name, 'requests');
    return createQueueDepth((cycle, depth) => counter.set(timeOf(cycle), depth), firstCycle, lastCycle);
  };
  const readQueue = depthOf('read queue');
  const writeQueue = depthOf('write queue');

  const tRFC = cyclesOf(timing, 'tRFCab');
  const tRFCpb = timing.commands.includes('REFpb') ? cyclesOf(timing, 'tRFCpb') : 0;
  /** Since when a rank sleeps, and how; -1 for one that is awake. */
  const asleepSince = new Float64Array(ranks).fill(-1);
  const selfRefreshes = new Uint8Array(ranks);

  function wake(rank: number, cycle: Cycles): void {
    const since = asleepSince[rank]!;
    if (since < 0) return;
    const name = selfRefreshes[rank] === 1 ? 'self-refresh' : 'power-down';
    span(
      () => powerTrack(rank),
      name,
      since,
      cycle,
      () => ({ cycle: since }),
    );
    asleepSince[rank] = -1;
  }

  return {
    observer: {
      command(cycle, command, rank, bank, row) {
        if (command === ACT) rows.activate(cycle, rank, bank, row);
        else if (command === PRE) rows.precharge(cycle, rank, bank, row);
        else if (command === PREA) rows.prechargeAll(cycle, rank);
        else if (command === REFab)
          span(
            () => refreshTrack(rank),
            'REFab',
            cycle,
            cycle + tRFC,
            () => ({ cycle }),
          );
        else if (command === REFpb)
          for (const own of refreshedBanks(banks, timing.rules.banksPerREFpb, bank))
            span(
              () => bankTrack(rank, own),
              'REFpb',
              cycle,
              cycle + tRFCpb,
              () => ({ cycle }),
            );
        else if (command === PDE || command === SRE) {
          asleepSince[rank] = cycle;
          selfRefreshes[rank] = command === SRE ? 1 : 0;
        } else if (command === PDX || command === SRX) wake(rank, cycle);
        else if (command === SASEL && cycle > firstCycle && cycle < lastCycle) {
          timeline.instant(rowTrack(rows.trackOf(rank, bank, row)), 'SASEL', timeOf(cycle), { cycle });
        }
      },
      columns(cycle, command, rank, bank, row, column, count, step, condition, entered, enteredStep) {
        const write = command === WR || command === WRA;
        rows.columns(rank, bank, row, write, count, condition);
        if (command === RDA || command === WRA)
          rows.autoPrecharge(cycle, write ? 'WRA' : 'RDA', rank, bank, row);
        const last = cycle + count * step + readDone + writeDone;
        if (last < firstCycle || entered >= lastCycle) return;
        const first = cycle + (write ? writeDone : readDone) - burst;
        bus.transfer(write, first, step, rank, bank, row, column, count);
        (write ? writeQueue : readQueue).served(entered, enteredStep, cycle, step, count);
      },
      forwarded(cycle) {
        if (cycle > firstCycle && cycle < lastCycle)
          timeline.instant(busTrack(), 'read forwarded', timeOf(cycle), { cycle });
      },
    },
    end(cycles) {
      bus.end();
      rows.end(cycles);
      for (let rank = 0; rank < ranks; rank++) wake(rank, cycles);
      readQueue.end();
      writeQueue.end();
    },
  };
}
