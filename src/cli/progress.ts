/** A progress bar for long work. */
export interface Progress {
  /** `steps` more of the total are done. */
  readonly advance: (steps?: number) => void;
  /** Wipes the bar. */
  done(): void;
}

const WIDTH = 24;
const REDRAW_MS = 80;

/**
 * A bar on stderr with count, rate and time left, redrawn at most every 80 ms. On anything but a terminal, or when
 * quiet, it draws nothing: logs and pipes stay clean.
 */
export function createProgress(label: string, total: number, quiet = false): Progress {
  const stream = process.stderr;
  if (quiet || !stream.isTTY || total <= 0) return { advance() {}, done() {} };
  const start = Date.now();
  let count = 0;
  let drawn = 0;
  return {
    advance(steps = 1) {
      count += steps;
      const now = Date.now();
      if (now - drawn < REDRAW_MS && count < total) return;
      drawn = now;
      const share = Math.min(1, count / total);
      const seconds = (now - start) / 1000;
      const left = share > 0 ? Math.ceil((seconds * (1 - share)) / share) : 0;
      const filled = Math.round(share * WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
      const text = `${label} ${bar} ${(share * 100).toFixed(0).padStart(3)} %  ${rate(count, seconds)}  ${left} s left`;
      stream.write(`\r\x1b[2K${text.slice(0, Math.max(20, (stream.columns || 100) - 1))}`);
    },
    done() {
      stream.write('\r\x1b[2K');
    },
  };
}

function rate(count: number, seconds: number): string {
  if (seconds === 0) return '';
  const perSecond = count / seconds;
  return perSecond >= 10 ? `${Math.round(perSecond).toLocaleString('en')}/s` : `${perSecond.toFixed(1)}/s`;
}

/** Progress of work in phases: each phase has a bar of its own, in the same line. */
export interface PhaseBar {
  begin(phase: string, steps: number): void;
  advance(steps: number): void;
  done(): void;
}

export function createPhaseBar(quiet = false): PhaseBar {
  let bar: Progress | undefined;
  return {
    begin(phase, steps) {
      bar?.done();
      bar = createProgress(phase, steps, quiet);
    },
    advance: (steps) => bar?.advance(steps),
    done() {
      bar?.done();
      bar = undefined;
    },
  };
}
