import { z } from 'zod';
import { type TimelineWindow, WHOLE_TIME } from '../engine/timeline.ts';
import { InputError } from '../errors/input-error.ts';
import { quoted } from '../errors/printable.ts';
import { maybeFile } from './output-settings.ts';
import { optional } from './setting.ts';

/** Powers of ten of a picosecond, by unit. */
const UNITS: Readonly<Record<string, number>> = { ps: 0, ns: 3, us: 6, µs: 6, ms: 9, s: 12 };
const TIME = /^(\d{1,15})(?:\.(\d{1,15}))? ?([a-zµμ]+)$/u;
const EXPECTED = 'expected FROM:TO with units, such as 10us:20us, 10us: or :20us';

/** A timeline of what happened when, for `replay` and `simulate` (docs/timeline.md). */
export const TIMELINE = {
  timeline: maybeFile(
    'write what happened when, for Perfetto and chrome://tracing (.json or .json.gz), with a single supply and chip',
  ),
  timelineWindow: optional({
    schema: z.string({ error: EXPECTED }).check(({ value, issues }) => {
      const fault = windowOf(value);
      if (typeof fault === 'string') issues.push({ code: 'custom', message: fault, input: value });
    }),
    value: 'FROM:TO',
    read: (text: string) => text,
    help: 'the part of it that is written: 10us:20us, 10us: or :20us (default: all)',
  }),
};

/** The window of a job; all of the time without one. Throws InputError for text that is none. */
export function timelineWindow(text: string | undefined): TimelineWindow {
  const window = text === undefined ? WHOLE_TIME : windowOf(text);
  if (typeof window === 'string')
    throw new InputError(`timelineWindow is ${quoted(text!)}`, { remedy: window });
  return window;
}

/** Throws InputError for a window of a timeline that nobody writes. */
export function requireTimeline(timeline: string | undefined, window: string | undefined): void {
  if (window === undefined || timeline !== undefined) return;
  throw new InputError('--timeline-window is of a timeline, and none is written', {
    remedy: 'name its file: --timeline FILE.json',
  });
}

/** The window, or what is wrong with it, in words that follow the setting's name. */
function windowOf(text: string): TimelineWindow | string {
  const parts = text.split(':').map((part) => part.trim());
  if (parts.length !== 2 || (parts[0] === '' && parts[1] === '')) return EXPECTED;
  const [from, to] = parts.map((part, i) =>
    part === '' ? (i === 0 ? 0 : Infinity) : picoseconds(part, EXPECTED),
  );
  if (typeof from === 'string') return from;
  if (typeof to === 'string') return to;
  if (!(from! < to!))
    return `expected a window that ends after it begins, but ${parts[0] || '0'} is not before ${parts[1]}`;
  return { from: from!, to: to! };
}

/** A time with its unit in whole picoseconds, or what is wrong with it, in words that follow the setting's name. */
export function picoseconds(text: string, expected: string): number | string {
  if (/^[\d.]+$/.test(text))
    return `expected a unit after ${text.slice(0, 20)}: ${Object.keys(UNITS).join(', ')}`;
  const [, whole, fraction = '', unit] = TIME.exec(text) ?? [];
  const power = unit === undefined ? undefined : UNITS[unit.replace('μ', 'µ')];
  if (whole === undefined || power === undefined) return expected;
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > power) return `expected whole picoseconds, but ${text} is none`;
  const value = Number(`${whole}${digits}e${power - digits.length}`);
  return Number.isSafeInteger(value) ? value : 'expected times below 9007 s';
}
