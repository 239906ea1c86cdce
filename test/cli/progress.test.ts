import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onInterrupt } from '../../src/cli/interrupt.ts';
import { createPhaseBar } from '../../src/cli/progress.ts';

const written: string[] = [];
vi.mock('../../src/cli/terminal.ts', () => ({ note: (text: string) => written.push(text), print: () => {} }));
const terminal = process.stderr.isTTY;

beforeEach(() => {
  written.length = 0;
  vi.useFakeTimers();
  process.stderr.isTTY = false;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  process.stderr.isTTY = terminal;
});

describe('progress without a terminal', () => {
  it('is a line for each stage and a line a minute', () => {
    const bar = createPhaseBar();
    bar.stage('study 1 of 2');
    bar.begin('images', 1000);
    for (let second = 0; second < 150; second++) {
      vi.advanceTimersByTime(1000);
      bar.advance(5);
    }
    bar.done();
    vi.advanceTimersByTime(600_000);
    expect(written).toEqual([
      'study 1 of 2\n',
      expect.stringMatching(/^images: \d+ of 1000 \(\d+ %\), \d+ s left\n$/),
      expect.stringMatching(/^images: \d+ of 1000 \(\d+ %\), \d+ s left\n$/),
    ]);
  });

  it('is nothing when quiet', () => {
    const bar = createPhaseBar(true);
    bar.stage('study 1 of 2');
    bar.begin('images', 10);
    vi.advanceTimersByTime(200_000);
    bar.advance(1);
    bar.done();
    expect(written).toEqual([]);
  });
});

describe('an interruption', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s is one line and exit code %i', (signal, code) => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
    // Files of other tests in this process may have listeners of their own.
    const before = process.listenerCount(signal);
    const bar = createPhaseBar(true, () => 'kept in out');
    bar.begin('points', 168);
    bar.advance(12);
    process.emit(signal);
    expect(written).toEqual(['interrupted: points 12 of 168; kept in out\n']);
    expect(exit).toHaveBeenCalledWith(code);
    bar.done();
    expect(process.listenerCount(signal)).toBe(before);
  });

  it('says what the latest asked for', () => {
    vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
    const outer = onInterrupt(() => 'outer');
    const inner = onInterrupt(() => 'inner');
    process.emit('SIGINT');
    inner();
    process.emit('SIGINT');
    outer();
    expect(written).toEqual(['interrupted: inner\n', 'interrupted: outer\n']);
  });
});
