import { onInterrupt } from './interrupt.ts';
import { createRemarks } from './remarks.ts';
import { note } from './terminal.ts';

/** Progress of long work of one phase. */
export interface Progress {
  /** `steps` more of the total are done. */
  readonly advance: (steps?: number) => void;
  /** Prints a line for the user, once. */
  readonly remark: (line: string) => void;
  /** The lines that `remark` was given, printed or not. */
  remarks(): string[];
  /** The work has ended. */
  done(): void;
}

/** Progress of work in phases, and the larger stages that some work has. */
export interface PhaseBar {
  stage(name: string): void;
  begin(phase: string, steps: number): void;
  advance(steps: number): void;
  /** Prints a line for the user, once. */
  readonly remark: (line: string) => void;
  /** The lines that `remark` was given, printed or not. */
  remarks(): string[];
  done(): void;
}

const WIDTH = 24;
const REDRAW_MS = 80;
const LINE_MS = 60_000;

/** What an interruption says of a command that writes its results at the end. */
export const nothingKept = (): string => 'no complete result was written; the same command begins anew';

/** One phase: its bar on a terminal, a line a minute elsewhere. */
export function createProgress(
  label: string,
  total: number,
  quiet = false,
  kept: () => string = nothingKept,
): Progress {
  const bar = createPhaseBar(quiet, kept);
  if (total > 0) bar.begin(label, total);
  return { ...bar, advance: (steps = 1) => bar.advance(steps) };
}

/**
 * Shows on stderr how the work goes. With `kept`, an interruption says how far it was, followed by what `kept` says: for work
 * that lets signals through, which a long loop in this thread does not. On a terminal it is a bar with count, rate and time left, redrawn at most every 80 ms, each phase in the same line. Elsewhere each
 * stage begins with a line, and a line a minute says how the phase stands. When quiet it shows nothing; the line of an interruption
 * is printed all the same.
 */
export function createPhaseBar(quiet = false, kept?: () => string): PhaseBar {
  const stream = process.stderr;
  let [label, total, count] = ['', 0, 0];
  let [start, shown] = [Date.now(), Date.now()];
  const show = quiet ? undefined : stream.isTTY ? draw : say;
  const timer = quiet || stream.isTTY ? undefined : setInterval(say, LINE_MS).unref();
  const position = (): string => (label === '' ? '' : `${label} ${count} of ${total}; `);
  const ignore = kept ? onInterrupt(() => `${position()}${kept()}`) : () => {};

  function draw(): void {
    const now = Date.now();
    if (now - shown < REDRAW_MS && count < total) return;
    shown = now;
    const share = Math.min(1, count / total);
    const filled = Math.round(share * WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
    const text = `${label} ${bar} ${percent(share).padStart(3)} %  ${rate(count, (now - start) / 1000)}  ${timeLeft(now)}`;
    note(`\r\x1b[2K${text.slice(0, Math.max(20, (stream.columns || 100) - 1))}`);
  }

  function say(): void {
    const now = Date.now();
    if (now - shown < LINE_MS || label === '') return;
    shown = now;
    const share = Math.min(1, count / total);
    note(`${label}: ${count} of ${total} (${percent(share)} %), ${timeLeft(now)}\n`);
  }

  function timeLeft(now: number): string {
    const share = Math.min(1, count / total);
    return share > 0 ? `${Math.ceil(((now - start) / 1000) * (1 / share - 1))} s left` : 'time left unknown';
  }

  const said = new Set<string>();
  const wipe = (): void => {
    if (!quiet && stream.isTTY) note('\r\x1b[2K');
  };
  return {
    stage(name) {
      if (!quiet && !stream.isTTY) note(`${name}\n`);
    },
    begin(phase, steps) {
      wipe();
      [label, total, count, start] = steps > 0 ? [phase, steps, 0, Date.now()] : ['', 0, 0, Date.now()];
    },
    advance(steps) {
      count += steps;
      if (total > 0) show?.();
    },
    remark: createRemarks(quiet, wipe, said),
    remarks: () => [...said],
    done() {
      wipe();
      clearInterval(timer);
      ignore();
      label = '';
    },
  };
}

const percent = (share: number): string => (share * 100).toFixed(0);

function rate(count: number, seconds: number): string {
  if (seconds === 0) return '';
  const perSecond = count / seconds;
  return perSecond >= 10 ? `${Math.round(perSecond).toLocaleString('en')}/s` : `${perSecond.toFixed(1)}/s`;
}
