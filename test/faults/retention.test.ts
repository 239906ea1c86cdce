import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { createChip } from '../../src/faults/chip.ts';
import { isoSlackSupply } from '../../src/faults/iso-slack.ts';
import { retentionBer, withRetention } from '../../src/faults/retention.ts';
import { subarrayBer } from '../../src/faults/subarray-ber.ts';
import { weakCellsAt } from '../../src/faults/weak-cells-at.ts';
import type { CircuitCurve } from '../../src/hardware/device.ts';
import { loadCircuitCurve } from '../../src/hardware/load-circuit-curve.ts';
import { loadVoltageProfile } from '../../src/hardware/load-voltage-profile.ts';
import type { VoltageProfile } from '../../src/hardware/voltage-profile.ts';
import { shippedModels } from '../shipped-models.ts';
import { denseProfile, siteOf, smallOrganisation } from './fixtures.ts';

describe('retention', () => {
  let vendorB: VoltageProfile;
  beforeAll(async () => {
    vendorB = await loadVoltageProfile('voltron-b', shippedModels);
  });
  const at = (refreshInterval_ms: number, temperature_C: number) => ({ refreshInterval_ms, temperature_C });

  it('is what was measured at the table’s points, and nothing at standard intervals', () => {
    expect(retentionBer(vendorB, 1.15, at(2048, 70))).toBeCloseTo(2.52e-7, 15);
    expect(retentionBer(vendorB, 1.35, at(2048, 70))).toBeCloseTo(1.84e-7, 15);
    for (const interval of [64, 128, 256])
      for (const temperature of [20, 45, 70])
        expect(retentionBer(vendorB, 1.15, at(interval, temperature))).toBe(0);
    // No error at 512 ms and 20 C, 2.29e-11 at 70 C: in between the rate lies in between.
    const between = retentionBer(vendorB, 1.15, at(512, 45));
    expect(between).toBeGreaterThan(1e-12);
    expect(between).toBeLessThan(2.29e-11);
  });

  it('rises with interval, with temperature and with falling supply', () => {
    let previous = 0;
    for (let interval = 256; interval <= 2048; interval *= 1.05) {
      const rate = retentionBer(vendorB, 1.2, at(interval, 55));
      expect(rate).toBeGreaterThanOrEqual(previous);
      previous = rate;
    }
    for (let supply = 1.35; supply > 1.15; supply -= 0.01)
      expect(retentionBer(vendorB, supply - 0.01 + 1e-12, at(2048, 20))).toBeGreaterThanOrEqual(
        retentionBer(vendorB, supply, at(2048, 20)),
      );
    expect(retentionBer(vendorB, 1.2, at(2048, 60))).toBeGreaterThan(
      retentionBer(vendorB, 1.2, at(2048, 50)),
    );
  });

  it.each([
    [1.2, 4096, 20, /refresh interval 4096 ms is outside .*64 to 2048 ms/],
    [1.2, 64, 85, /temperature 85 C is outside .*20 to 70 C/],
    [1.1, 64, 20, /supply 1.1 V is outside the retention data .*1.15 to 1.35 V/],
  ])('refuses what was not measured: %s V, %s ms, %s C', (supply, interval, temperature, what) => {
    expect(() => retentionBer(vendorB, supply, at(interval, temperature))).toThrow(InputError);
    expect(() => retentionBer(vendorB, supply, at(interval, temperature))).toThrow(what);
  });

  it('refuses a profile without retention data', () => {
    expect(() => retentionBer(denseProfile, 1.2, at(64, 20))).toThrow(/has no retention data/);
  });

  it('adds cells of its own, each once, more with a longer interval', () => {
    const chip = createChip(denseProfile, siteOf(smallOrganisation), { seed: 6 });
    const cellsWith = (ber: number): Set<number> => {
      const weak = withRetention(weakCellsAt(chip, 1.1), chip, ber);
      const bits = new Uint32Array(weak.rowBits);
      const cells = new Set<number>();
      for (let bank = 0; bank < 4; bank++)
        for (let row = 0; row < 64; row++) {
          const count = weak.ofRow(0, 0, bank, row, bits);
          expect(new Set(bits.subarray(0, count)).size).toBe(count);
          for (let i = 0; i < count; i++) cells.add((bank * 64 + row) * weak.rowBits + bits[i]!);
        }
      return cells;
    };
    const [none, some, many] = [0, 0.01, 0.1].map(cellsWith) as [Set<number>, Set<number>, Set<number>];
    expect([...none].every((cell) => some.has(cell))).toBe(true);
    expect([...some].every((cell) => many.has(cell))).toBe(true);
    // Of the cells not weak already, 10 % leak: 65 536 cells, 10 % weak at 1.1 V.
    const expected = 0.1 * (65_536 - none.size);
    expect(Math.abs(many.size - none.size - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });

  it('enters the expected bit error rate of subarrays', () => {
    const chip = createChip(vendorB, siteOf(smallOrganisation), { seed: 6 });
    const rates = subarrayBer(chip, 1.2, at(2048, 70));
    for (const rate of rates) expect(rate).toBeCloseTo(2.27e-7, 12);
  });
});

describe('isoSlackSupply', () => {
  let vendorB: VoltageProfile;
  let curve: CircuitCurve;
  beforeAll(async () => {
    vendorB = await loadVoltageProfile('voltron-b', shippedModels);
    curve = await loadCircuitCurve('voltron-spice', shippedModels);
  });

  it('is the supply itself at the test latency', () => {
    for (const supply of [1.025, 1.06, 1.1, 1.2])
      expect(isoSlackSupply(vendorB, curve, 1.35, supply, { tRCD: 10, tRP: 10 })).toBeCloseTo(supply, 12);
  });

  it('rises with latency until it is nominal: longer tRCD and tRP remove errors', () => {
    const at = (latency: number) =>
      isoSlackSupply(vendorB, curve, 1.35, 1.025, { tRCD: latency, tRP: latency });
    expect(at(10.5)).toBeGreaterThan(at(10));
    // T(1.025 V) / 11 ns = T(V') / 10 ns: 13.144 / 1.1 = 11.949 ns, between 1.1 V (11.752) and 1.075 V (12.143).
    expect(at(11)).toBeCloseTo(1.1 - (0.025 * (11.9490909 - 11.752)) / (12.143 - 11.752), 6);
    expect(at(13.75)).toBe(1.35);
  });

  it('takes the worse of tRCD and tRP', () => {
    const generous = 20;
    const tight = isoSlackSupply(vendorB, curve, 1.35, 1.1, { tRCD: generous, tRP: 10 });
    expect(tight).toBeCloseTo(1.1, 12);
  });

  it('reads curve and profile at the same ratio to the device’s nominal supply', () => {
    const ratio = 1.2 / 1.35;
    const own = isoSlackSupply(vendorB, curve, 1.2, 1.05 * ratio, { tRCD: 10.4, tRP: 10.4 });
    expect(own).toBeCloseTo(
      ratio * isoSlackSupply(vendorB, curve, 1.35, 1.05, { tRCD: 10.4, tRP: 10.4 }),
      12,
    );
  });

  it('leaves a profile that knows no latency alone', () => {
    expect(isoSlackSupply(denseProfile, curve, 1.35, 1.1, { tRCD: 30, tRP: 30 })).toBe(1.1);
  });

  it('refuses less slack than the circuit curve covers', () => {
    expect(() => isoSlackSupply(vendorB, curve, 1.35, 0.95, { tRCD: 5, tRP: 10 })).toThrow(
      /tRCD leaves less slack than the circuit curve voltron-spice covers/,
    );
  });
});
