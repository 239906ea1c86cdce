import type { Picoseconds } from '../units/flavours.ts';

/**
 * Records what happened when as a Chrome trace-event file in its object form, which Perfetto and chrome://tracing open.
 * The format: "Trace Event Format", Google 2016 (docs/timeline.md says which part of it is used).
 *
 * All times are whole picoseconds from the start of the simulation, below 2^53; `picosecondBefore` (clock-crossing.ts) gives
 * that of a cycle. They are printed in microseconds with all their digits, so that two events that touch in the simulation
 * touch in the file.
 */
export interface Timeline {
  /** What is recorded; all else is left out. */
  readonly window: TimelineWindow;
  /**
   * Whether any of the time from `from` up to, but without, `to` is recorded. What lies outside the window is left out
   * anyway; a caller asks first where the numbers of an event are costly to gather.
   */
  shows(from: Picoseconds, to: Picoseconds): boolean;
  /** A group of tracks, in the order of `position`. */
  process(name: string, position: number): TimelineProcess;
  /**
   * A line among those of its process, in the order of `position`: a whole number below 100,000 that no other of them has. Spans
   * on one track must not overlap, except that one may lie in another.
   */
  track(process: TimelineProcess, name: string, position: number): TimelineTrack;
  /**
   * Something that lasted from `from` up to `to`. A span that reaches beyond the window is cut at its edge; its numbers then have
   * `begins_us` or `ends_us`, where it really began or ended. Spans may be recorded in any order. Throws RangeError
   * where `to` is before `from`.
   */
  span(track: TimelineTrack, name: string, from: Picoseconds, to: Picoseconds, numbers?: Numbers): void;
  /** Something that took no time. */
  instant(track: TimelineTrack, name: string, at: Picoseconds, numbers?: Numbers): void;
  /** A number of `unit` (such as "requests") that changes over time, drawn with its process; 0 until its first value. */
  counter(process: TimelineProcess, name: string, unit: string): TimelineCounter;
  /** Completes the file; the last call. */
  end(): void;
}

/** What an event says of itself, by name; shown when it is selected. */
export type Numbers = Readonly<Record<string, number | string>>;

/** What the format calls a process, and its number. */
export interface TimelineProcess {
  readonly pid: number;
}

/** What the format calls a thread; its number is unique in the file. */
export interface TimelineTrack extends TimelineProcess {
  readonly tid: number;
}

export interface TimelineCounter {
  /**
   * Its value from `at` on, in order of time; of several values at one time the last counts. Throws RangeError for a time before
   * the one before.
   */
  set(at: Picoseconds, value: number): void;
}

/** The part of the time that is recorded: from `from` up to, but without, `to`, which may be infinite. */
export interface TimelineWindow {
  readonly from: Picoseconds;
  readonly to: Picoseconds;
}

export const WHOLE_TIME: TimelineWindow = { from: 0, to: Number.POSITIVE_INFINITY };

/** Characters that are collected before they go to the sink. */
const CHUNK = 2 ** 16;

/** Numbers of threads that a process has: Perfetto orders its threads by these, chrome://tracing by the sort index. */
const TRACKS = 100_000;

/**
 * Begins a timeline. Its text goes to `sink` in pieces, so that a long one is never held in memory. `about` describes the
 * simulation (`otherData` of the file). What the sink throws passes through.
 */
export function createTimeline(
  sink: (text: string) => void,
  window: TimelineWindow = WHOLE_TIME,
  about: Numbers = {},
): Timeline {
  const { from: opens, to: closes } = window;
  let text = `{"displayTimeUnit":"ns","otherData":${JSON.stringify(about)},"traceEvents":[`;
  let separator = '\n';
  let processes = 0;
  /** Writes the latest value of each counter. */
  const settlements: (() => void)[] = [];

  function write(event: string): void {
    text += separator + event;
    separator = ',\n';
    if (text.length < CHUNK) return;
    sink(text);
    text = '';
  }

  const writeName = (kind: 'process' | 'thread', ids: string, name: string, position: number): void => {
    write(`{"ph":"M","name":"${kind}_name",${ids},"args":{"name":${JSON.stringify(name)}}}`);
    write(`{"ph":"M","name":"${kind}_sort_index",${ids},"args":{"sort_index":${position}}}`);
  };

  const head = (phase: string, { pid, tid }: TimelineTrack, name: string, at: Picoseconds): string =>
    `{"ph":"${phase}","name":${JSON.stringify(name)},"pid":${pid},"tid":${tid},"ts":${microseconds(at)}`;

  const inside = (at: Picoseconds): boolean => at >= opens && at < closes;
  const shows = (from: Picoseconds, to: Picoseconds): boolean => from < closes && to > opens;

  return {
    window,
    shows,
    process(name, position) {
      const pid = ++processes;
      writeName('process', `"pid":${pid}`, name, position);
      return { pid };
    },
    track({ pid }, name, position) {
      const tid = pid * TRACKS + position;
      writeName('thread', `"pid":${pid},"tid":${tid}`, name, position);
      return { pid, tid };
    },
    span(track, name, from, to, numbers) {
      if (!(to >= from)) throw new RangeError(`${name} lasts from ${from} to ${to} ps`);
      if (!(from === to ? inside(from) : shows(from, to))) return;
      const begin = Math.max(from, opens);
      const end = Math.min(to, closes);
      const cut = `${begin > from ? `,"begins_us":${microseconds(from)}` : ''}${end < to ? `,"ends_us":${microseconds(to)}` : ''}`;
      const dur = microseconds(end - begin);
      write(`${head('X', track, name, begin)},"dur":${dur}${args(numbers, cut)}}`);
    },
    instant(track, name, at, numbers) {
      if (inside(at)) write(`${head('i', track, name, at)},"s":"t"${args(numbers, '')}}`);
    },
    counter({ pid }, name, unit) {
      const named = `{"ph":"C","name":${JSON.stringify(name)},"pid":${pid},"ts":`;
      let value = 0;
      let since: Picoseconds = 0;
      let written: number | undefined;
      const settle = (): void => {
        if (since >= closes || value === written) return;
        written = value;
        write(`${named}${microseconds(Math.max(opens, since))},"args":{${JSON.stringify(unit)}:${value}}}`);
      };
      settlements.push(settle);
      return {
        set(at, next) {
          if (!(at >= since)) throw new RangeError(`${name} goes from ${since} back to ${at} ps`);
          // A value is written when time has passed it, for another may follow at the same time.
          if (at > since && at > opens) settle();
          since = at;
          value = next;
        },
      };
    },
    end() {
      for (const settle of settlements) settle();
      sink(`${text}\n]}\n`);
      text = '';
    },
  };
}

/** The numbers of an event as JSON, behind them those of its cut, which begin with a comma. */
function args(numbers: Numbers | undefined, cut: string): string {
  const own = numbers === undefined ? '' : JSON.stringify(numbers).slice(1, -1);
  if (own === '' && cut === '') return '';
  return `,"args":{${own === '' ? cut.slice(1) : own + cut}}`;
}

const PS_PER_US = 1e6;

/** Picoseconds in microseconds, with all their digits and no more: 1250 is "0.00125". */
export function microseconds(ps: Picoseconds): string {
  const rest = ps % PS_PER_US;
  const whole = (ps - rest) / PS_PER_US;
  if (rest === 0) return String(whole);
  let digits = 6;
  let fraction = rest;
  while (fraction % 10 === 0) {
    fraction /= 10;
    digits--;
  }
  return `${whole}.${String(fraction).padStart(digits, '0')}`;
}
