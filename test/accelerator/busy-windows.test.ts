import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBusyWindows } from '../../src/accelerator/busy-windows.ts';

const intervals = fc.array(
  fc.record({ series: fc.nat(2), from: fc.nat(200), length: fc.integer({ min: 1, max: 60 }) }),
  { maxLength: 30 },
);

describe('windows of what was busy', () => {
  it('hold what a count tick by tick gives, and are doubled until there are few enough', () => {
    fc.assert(
      fc.property(
        intervals,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(2, 4, 10),
        (all, length, most) => {
          const windows = createBusyWindows(3, length, most);
          for (const { series, from, length: long } of all) windows.add(series, from, from + long);
          const end = Math.max(0, ...all.map(({ from, length: long }) => from + long));
          let least = 0;
          while (length * 2 ** least * most < end) least++;
          expect(windows.doublings).toBe(least);
          expect(windows.length).toBe(length * 2 ** least);
          for (let series = 0; series < 3; series++) {
            const counted = new Array<number>(most).fill(0);
            for (const { from, length: long } of all.filter((one) => one.series === series))
              for (let tick = from; tick < from + long; tick++) counted[Math.floor(tick / windows.length)]!++;
            expect(counted.map((_, window) => windows.time(series, window))).toEqual(counted);
          }
        },
      ),
    );
  });

  it('split by time where a window is no whole number of ticks, and lose nothing', () => {
    const windows = createBusyWindows(1, 2.5);
    windows.add(0, 1, 6);
    expect([0, 1, 2, 3].map((window) => windows.time(0, window))).toEqual([1.5, 2.5, 1, 0]);
    const thirds = createBusyWindows(1, 1 / 3, 100);
    for (let tick = 0; tick < 1000; tick++) thirds.add(0, tick, tick + 1);
    let sum = 0;
    for (let window = 0; window < 100; window++) sum += thirds.time(0, window);
    expect(sum).toBeCloseTo(1000, 9);
  });
});
