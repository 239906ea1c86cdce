import { InputError } from '../errors/input-error.ts';
import { LAST_TICK, NEVER, type Ticks } from './common-tick.ts';

/**
 * A part of a system that acts at times of its own. It is never asked whether anything has happened: it announces the
 * time of its next event, and promises that it asks nothing of others before it.
 */
export interface Component {
  /** Does what is due at `now`, the time that it announced. Answers the time of its next event; NEVER while it waits. */
  advance(now: Ticks): Ticks;
}

/** Runs components in the order of their events. Of events at one time, that of the component named first comes first. */
export interface EventLoop {
  /** Adds a component after those there are; its number. Its first event is at `first`. */
  add(component: Component, first?: Ticks): number;
  /** Replaces the time that a component announced, because something was sent to it; not before `now`. */
  announce(component: number, time: Ticks): void;
  /**
   * Runs all events up to and including `until`, or until `halt`, and at most `most` of them: false where that ended it. Throws
   * InputError for an event beyond 2^53 ticks.
   */
  run(until?: Ticks, most?: number): boolean;
  /** Ends `run` after the event that is under way. */
  halt(): void;
  /** Time of the event that is under way, or was last. */
  readonly now: Ticks;
  /** Events so far. */
  readonly events: number;
}

/**
 * A tournament over the announced times: an event costs a comparison for each doubling of the number of components, and no
 * memory.
 */
export function createEventLoop(): EventLoop {
  const components: Component[] = [];
  /** Leaves from `width` on hold the components; each node the component with the earlier time, of equal ones the first. */
  let width = 2;
  let times = new Float64Array([NEVER, NEVER]);
  let winners = new Int32Array([0, 0, 0, 1]);
  let now = 0;
  let events = 0;
  let running = false;

  function grow(): void {
    width *= 2;
    const before = times;
    times = new Float64Array(width).fill(NEVER);
    times.set(before);
    winners = new Int32Array(2 * width);
    for (let leaf = 0; leaf < width; leaf++) winners[width + leaf] = leaf;
    for (let node = width - 1; node > 0; node--) winners[node] = winnerOf(node);
  }
  function winnerOf(node: number): number {
    const left = winners[2 * node]!;
    const right = winners[2 * node + 1]!;
    return times[right]! < times[left]! ? right : left;
  }
  function set(component: number, time: Ticks): void {
    if (times[component] === time) return;
    times[component] = time;
    for (let node = (width + component) >> 1; node > 0; node >>= 1) winners[node] = winnerOf(node);
  }

  return {
    add(component, first = NEVER) {
      const number = components.length;
      if (number === width) grow();
      components.push(component);
      set(number, first);
      return number;
    },
    announce(component, time) {
      if (time < now) throw new Error(`an event at ${time}, before ${now}`);
      set(component, time);
    },
    run(until = NEVER, most = Number.POSITIVE_INFINITY) {
      running = true;
      const last = events + most;
      while (running) {
        if (events >= last) return false;
        const component = winners[1]!;
        const time = times[component]!;
        if (time > until || time === NEVER) break;
        if (time > LAST_TICK)
          throw new InputError(`the run lasts longer than 2^53 ticks of its clocks`, {
            remedy: 'choose clocks with a coarser common tick, or a shorter run',
          });
        now = time;
        events++;
        set(component, components[component]!.advance(time));
      }
      running = false;
      return true;
    },
    halt() {
      running = false;
    },
    get now() {
      return now;
    },
    get events() {
      return events;
    },
  };
}
