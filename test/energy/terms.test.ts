import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bankRefreshCurrent,
  coreActivation,
  coreBankRefresh,
  corePrecharge,
  coreRefresh,
  currentsFromAllOpenBanks,
  currentsFromOneOpenBank,
  openBank,
  rowCurrent,
} from '../../src/energy/core-terms.ts';
import { drivePower, pinEnergy, readPins, writePins } from '../../src/energy/io.ts';
import {
  activation,
  background,
  bankRefresh,
  bankRefreshAsActivation,
  burst,
  precharge,
  refresh,
  selfRefresh,
} from '../../src/energy/terms.ts';

describe('each term of DRAMPower 4.1, by hand with VDD2 of its LPDDR3 file (pJ)', () => {
  const V = 1.2;
  it.each([
    ['ACT', activation(2, 45, 80, 45, V), 2 * 45 * 35 * 1.2],
    ['PRE', precharge(2, 60, 45, 80, 38, V), 2 * 15 * 42 * 1.2],
    ['RD', burst(3, 5, 260, 45, V), 3 * 5 * 215 * 1.2],
    ['WR', burst(3, 5, 284, 45, V), 3 * 5 * 239 * 1.2],
    ['REF', refresh(1, 130, 160, 45, V), 130 * 115 * 1.2],
    ['REFpb', bankRefresh(2, 60, 60, 45, V), 2 * 60 * 15 * 1.2],
    ['REFpb without its current', bankRefreshAsActivation(1, 45, 18.75, 80, 45, V), 63.75 * 35 * 1.2],
    ['active standby', background(100, 45, V), 100 * 45 * 1.2],
    ['slow precharged power-down', background(100, 0.87, V), 100 * 0.87 * 1.2],
    ['self-refresh', selfRefresh(1000, 130, 3.27, 160, 45, V), (1000 * 3.27 + 130 * 115) * 1.2],
  ])('%s', (_, ours, byHand) => {
    expect(ours).toBeCloseTo(byHand, 9);
  });
});

describe('the core terms of DRAMPower 5 and 6', () => {
  it('one and all banks open, LPDDR: IDD3N is with one', () => {
    // B 8, rho 0.5: I_rho = (8 * 0.5 * 45 + 0.5 * 38) / 4.5 = 199 / 4.5
    const { I_rho, I_1, I_B } = currentsFromOneOpenBank(8, 0.5, 38, 45);
    expect(I_rho).toBeCloseTo(199 / 4.5, 12);
    expect(I_1).toBe(45);
    expect(I_B).toBeCloseTo(199 / 4.5 + 8 * (45 - 199 / 4.5), 12);
  });
  it('one and all banks open, DDR: IDD3N is with all', () => {
    const { I_rho, I_1, I_B } = currentsFromAllOpenBanks(16, 0.5, 34, 43);
    expect([I_rho, I_B]).toEqual([38.5, 43]);
    expect(I_1).toBeCloseTo((43 + 15 * 38.5) / 16, 12);
  });
  it('lie between IDD2N and what the open banks need, and meet where rho is 1', () => {
    const current = fc.double({ min: 1, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 32 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        current,
        current,
        (B, rho, a, b) => {
          const [IDD2N, IDD3N] = [Math.min(a, b), Math.max(a, b)];
          for (const currents of [currentsFromOneOpenBank, currentsFromAllOpenBanks]) {
            const { I_rho, I_1, I_B } = currents(B, rho, IDD2N, IDD3N);
            expect(I_rho).toBeGreaterThanOrEqual(IDD2N - 1e-9);
            expect(I_1).toBeGreaterThanOrEqual(I_rho - 1e-9);
            expect(I_B).toBeCloseTo(I_rho + B * (I_1 - I_rho), 6);
            const whole = currents(B, 1, IDD2N, IDD3N);
            for (const I of Object.values(whole)) expect(I).toBeCloseTo(IDD3N, 9);
          }
        },
      ),
      { seed: 20261123, numRuns: 100 },
    );
  });
  it('I_theta is IDD0 when I_beta is, and carries what the precharge does not', () => {
    expect(rowCurrent(80, 80, 45, 18.75)).toBeCloseTo(80, 12);
    expect(rowCurrent(80, 60, 45, 18.75)).toBeCloseTo((80 * 63.75 - 60 * 18.75) / 45, 12);
  });
  it('undoes the average of a per-bank refresh over tREFI/8', () => {
    // 140 of 488.25 ns at I, the rest at 27 mA, average 30 mA
    const I = bankRefreshCurrent(30, 27, 3906 / 8, 140);
    expect((I * 140 + 27 * (488.25 - 140)) / 488.25).toBeCloseTo(30, 12);
  });
  it.each([
    ['ACT', coreActivation(2, 45, 80, 45, 1.2), 2 * 35 * 45 * 1.2],
    ['PRE', corePrecharge(2, 18.75, 80, 38, 1.2), 2 * 42 * 18.75 * 1.2],
    ['REF', coreRefresh(1, 130, 160, 50, 1.2), 110 * 130 * 1.2],
    ['REFpb', coreBankRefresh(3, 60, 70, 45, 1.2), 3 * 25 * 60 * 1.2],
    ['an open bank', openBank(100, 45, 38, 1.2), 100 * 7 * 1.2],
  ])('%s', (_, ours, byHand) => {
    expect(ours).toBeCloseTo(byHand, 9);
  });
});

describe('the data pins', () => {
  it("are DRAMPower's 1.04 mW a pin at 1.8 pF, 1.2 V, 800 MHz, and one strobe a byte", () => {
    expect(drivePower(1.8, 1.2, 800)).toBeCloseTo(1.0368, 12);
    expect([readPins(32), writePins(32)]).toEqual([36, 40]);
    expect(pinEnergy(2, 5, 1.0368, 36)).toBeCloseTo(2 * 5 * 1.0368 * 36, 9);
  });
});
