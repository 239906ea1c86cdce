import { expect } from 'vitest';
import { z } from 'zod';

/**
 * The part of the documented trace-event format ("Trace Event Format", Google 2016) that timelines use: the object form; metadata,
 * complete, counter and instant events; times in microseconds.
 */
const id = z.int().positive();
const time = z.number().nonnegative();
const values = z.record(z.string(), z.union([z.number(), z.string()]));
const named = { name: z.string().min(1), pid: id };
const EVENT = z.union([
  z.strictObject({
    ph: z.literal('M'),
    name: z.enum(['process_name', 'thread_name']),
    pid: id,
    tid: z.optional(id),
    args: z.strictObject({ name: z.string().min(1) }),
  }),
  z.strictObject({
    ph: z.literal('M'),
    name: z.enum(['process_sort_index', 'thread_sort_index']),
    pid: id,
    tid: z.optional(id),
    args: z.strictObject({ sort_index: z.int().nonnegative() }),
  }),
  z.strictObject({ ph: z.literal('X'), ...named, tid: id, ts: time, dur: time, args: z.optional(values) }),
  z.strictObject({ ph: z.literal('C'), ...named, ts: time, args: z.record(z.string(), z.number()) }),
  z.strictObject({
    ph: z.literal('i'),
    ...named,
    tid: id,
    ts: time,
    s: z.enum(['g', 'p', 't']),
    args: z.optional(values),
  }),
]);
const FILE = z.strictObject({
  displayTimeUnit: z.enum(['ms', 'ns']),
  otherData: values,
  traceEvents: z.array(EVENT),
});

/** A span, its times in whole picoseconds. */
export interface ReadSpan {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly args: Readonly<Record<string, number | string>>;
}

export interface ReadInstant {
  readonly name: string;
  readonly at: number;
}

/** A timeline file as a reader of the format sees it, its spans and instants by track and its values by counter. */
export interface ReadTimeline {
  readonly about: Readonly<Record<string, number | string>>;
  /** By "process / track", in the order in which viewers show them. */
  readonly spans: ReadonlyMap<string, readonly ReadSpan[]>;
  readonly instants: ReadonlyMap<string, readonly ReadInstant[]>;
  /** By "process / counter": values and since when each holds. */
  readonly counters: ReadonlyMap<string, readonly (readonly [at: number, value: number])[]>;
}

const picoseconds = (us: number): number => Math.round(us * 1e6);

/**
 * Reads a timeline strictly: what the documented format does not have is an error, and so are tracks without a name, two
 * tracks of one name, spans outside the window or that overlap without lying in one another, and counters that go back.
 */
export function readTimeline(text: string, { from = 0, to = Number.POSITIVE_INFINITY } = {}): ReadTimeline {
  const file = FILE.parse(JSON.parse(text));
  const processes = new Map<number, string>();
  const tracks = new Map<number, { name: string; pid: number; position: number }>();
  const positions = new Map<number, number>();
  for (const event of file.traceEvents) {
    if (event.ph !== 'M') continue;
    const { pid, tid } = event;
    if ('sort_index' in event.args) {
      if (tid === undefined) expect(event.name).toBe('process_sort_index');
      else positions.set(tid, event.args.sort_index);
    } else if (tid === undefined) {
      expect(processes.has(pid)).toBe(false);
      processes.set(pid, event.args.name);
    } else {
      expect(tracks.has(tid)).toBe(false);
      tracks.set(tid, { name: event.args.name, pid, position: 0 });
    }
  }
  const named = new Map(
    [...tracks]
      .sort(([a], [b]) => positions.get(a)! - positions.get(b)!)
      .map(([tid, { name, pid }]) => [tid, `${processes.get(pid)!} / ${name}`]),
  );
  expect(new Set(named.values()).size).toBe(named.size);
  expect(new Set([...positions].map(([tid, position]) => `${tracks.get(tid)!.pid} ${position}`)).size).toBe(
    positions.size,
  );
  const spans = new Map<string, ReadSpan[]>([...named.values()].map((name) => [name, []]));
  const instants = new Map<string, ReadInstant[]>();
  const counters = new Map<string, (readonly [number, number])[]>();
  const put = <T>(map: Map<string, T[]>, key: string, value: T): void => {
    const values = map.get(key);
    if (values) values.push(value);
    else map.set(key, [value]);
  };
  for (const event of file.traceEvents) {
    if (event.ph === 'M') continue;
    const at = picoseconds(event.ts);
    expect(at).toBeGreaterThanOrEqual(from);
    expect(at).toBeLessThan(to);
    if (event.ph === 'C') {
      const key = `${processes.get(event.pid)!} / ${event.name}`;
      const before = counters.get(key)?.at(-1);
      if (before) expect(at).toBeGreaterThan(before[0]);
      const [value, ...more] = Object.values(event.args);
      expect(more).toEqual([]);
      put(counters, key, [at, value!]);
      continue;
    }
    expect(tracks.get(event.tid)!.pid).toBe(event.pid);
    const track = named.get(event.tid)!;
    if (event.ph === 'i') put(instants, track, { name: event.name, at });
    else {
      const end = at + picoseconds(event.dur);
      expect(end).toBeLessThanOrEqual(to);
      spans.get(track)!.push({ name: event.name, from: at, to: end, args: event.args ?? {} });
    }
  }
  for (const of of spans.values()) requireNested(of);
  return { about: file.otherData, spans, instants, counters };
}

/** Fails where two spans of a track overlap and neither lies in the other. */
function requireNested(spans: readonly ReadSpan[]): void {
  const around: ReadSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from || b.to - a.to)) {
    while (around.length > 0 && around.at(-1)!.to <= span.from) around.pop();
    const outer = around.at(-1);
    if (outer && span.to > outer.to) expect.fail(`${JSON.stringify(span)} overlaps ${JSON.stringify(outer)}`);
    around.push(span);
  }
}
