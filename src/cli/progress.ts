import { onInterrupt } from './interrupt.ts';
import { note } from './terminal.ts';

/** What becomes of work that is interrupted, where nothing of it is kept. */
const NOTHING_KEPT = 'nothing is written; the same command begins anew';

/** How long work shows itself. */
export interface ProgressOptions {
  /** Shows nothing; an interrupt is answered all the same. */
  readonly quiet?: boolean;
  /** What an interrupt leaves, and how to go on. */
  readonly kept?: string;
}

/** A progress bar for long work. */
export interface Progress {
  /** `steps` more of the total are done. */
  readonly advance: (steps?: number) => void;
  /** Wipes the bar. */
  done(): void;
}

/** Progress of work in phases: each phase has a bar of its own, in the same line. */
export interface PhaseBar {
  begin(phase: string, steps: number): void;
  advance(steps: number): void;
  done(): void;
}

const WIDTH = 24;
const REDRAW_MS = 80;
/** Where no terminal is, the first line comes after this time, and one a minute after it. */
const FIRST_LINE_MS = 5_000;
const LINE_MS = 60_000;

/** Work of one phase. */
export function createProgress(label: string, total: number, options: ProgressOptions = {}): Progress {
  if (total <= 0) return { advance() {}, done() {} };
  const bar = createPhaseBar(options);
  bar.begin(label, total);
  return { advance: (steps = 1) => bar.advance(steps), done: bar.done };
}

/**
 * Shows work on standard error: on a terminal a bar with count, rate and time left, redrawn at most every 80 ms; into a
 * file or a pipe a line a minute, the first after five seconds. An interrupt (INT, TERM, HUP) is answered with one line.
 */
export function createPhaseBar({ quiet = false, kept = NOTHING_KEPT }: ProgressOptions = {}): PhaseBar {
  const stream = process.stderr;
  const drawn = stream.isTTY && !quiet;
  let phase = '';
  let total = 0;
  let count = 0;
  let start = Date.now();
  let next = Date.now() + (drawn ? 0 : FIRST_LINE_MS);

  const wipe = (): void => {
    if (drawn) note('\r\x1b[2K');
  };
  const stop = onInterrupt(() => {
    wipe();
    const at = phase === '' ? '' : `: ${phase}, ${countOf(count, total)}`;
    return `interrupted${at}; ${kept}`;
  });
  const show = (): void => {
    const now = Date.now();
    const seconds = (now - start) / 1000;
    const share = total === 0 ? 1 : Math.min(1, count / total);
    const left = share > 0 ? Math.ceil((seconds * (1 - share)) / share) : undefined;
    if (drawn) {
      if (now < next && count < total) return;
      next = now + REDRAW_MS;
      const filled = Math.round(share * WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
      const text = `${phase} ${bar} ${(share * 100).toFixed(0).padStart(3)} %  ${rate(count, seconds)}  ${left ?? 0} s left`;
      note(`\r\x1b[2K${text.slice(0, Math.max(20, (stream.columns || 100) - 1))}`);
    } else if (!quiet && phase !== '' && now >= next) {
      next = now + LINE_MS;
      note(
        `${phase}: ${countOf(count, total)}${left === undefined ? '' : `, about ${left} s left in this phase`}\n`,
      );
    }
  };
  // Work that says nothing for a while is shown all the same.
  const timer = drawn || quiet ? undefined : setInterval(show, 1000).unref();
  return {
    begin(name, steps) {
      wipe();
      [phase, total, count, start] = [name, steps, 0, Date.now()];
    },
    advance(steps) {
      count += steps;
      show();
    },
    done() {
      clearInterval(timer);
      stop();
      wipe();
      phase = '';
    },
  };
}

const countOf = (count: number, total: number): string =>
  `${count.toLocaleString('en')} of ${total.toLocaleString('en')}`;

function rate(count: number, seconds: number): string {
  if (seconds === 0) return '';
  const perSecond = count / seconds;
  return perSecond >= 10 ? `${Math.round(perSecond).toLocaleString('en')}/s` : `${perSecond.toFixed(1)}/s`;
}
