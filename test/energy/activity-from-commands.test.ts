import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activityFromCommands } from '../../src/energy/activity-from-commands.ts';
import { energyOf } from '../../src/energy/energy-of.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { shippedModels } from '../shipped-models.ts';
import { commandLines } from './command-lines.ts';
import { randomCommands } from './random-commands.ts';

/** tCK 1.25 ns; in cycles tRCD 15, tRP 15, tRAS 36, tRC 48, tRFC 104, tRTP 8, tWR 12, RL 12, WL 9, BL/2 4. */
const device = await loadDevice('lpddr3-1600-4gb', shippedModels);
const timing = await resolveTiming(device, 1.2, 'nominal');

const STATES = [
  ...([
    'activeCycles',
    'prechargedCycles',
    'activePowerDownFastCycles',
    'activePowerDownSlowCycles',
  ] as const),
  ...(['prechargePowerDownFastCycles', 'prechargePowerDownSlowCycles', 'selfRefreshCycles'] as const),
  ...(['entryRefreshActiveCycles', 'entryRefreshPrechargedCycles'] as const),
  ...(['exitRefreshActiveCycles', 'exitRefreshPrechargedCycles'] as const),
];

function run(lines: string, endCycle?: number) {
  const activity = activityFromCommands(device, timing, commandLines(lines), { endCycle: () => endCycle });
  const rank = activity.ranks[0]!;
  const states = Object.fromEntries(
    STATES.filter((state) => rank[state] > 0).map((state) => [state.replace('Cycles', ''), rank[state]]),
  );
  const ledger = energyOf(device, activity, { supply: 1.2, law: 'quadratic', model: 'drampower4' });
  return { cycles: activity.cycles, rank, states, ledger };
}

/** Energy of a current pair (VDD1 1.8 V, VDD2 1.2 V) over cycles of 1.25 ns. */
const pJ = (cycles: number, VDD1_mA: number, VDD2_mA: number) =>
  cycles * 1.25 * (VDD1_mA * 1.8 + VDD2_mA * 1.2);

/**
 * Derived, not measured: worked out by hand from the counting of DRAMPower 4.1 (CmdHandlers.cc) and its equations
 * (MemoryPowerModel.cc) with the currents of its LPDDR3 file; no DRAMPower was run for these.
 */
describe('states, by hand from the counting of DRAMPower 4.1', () => {
  it('a refresh is active for tRFC - tRP and precharged after', () => {
    const { cycles, rank, states, ledger } = run('20,REFab 200,ACT,3 236,PRE,3');
    // active 104 - 15 = 89 and 236 - 200 = 36; precharged 20, 200 - 109 = 91, and tRP - 1 = 14 at the end
    expect(states).toEqual({ active: 125, precharged: 125 });
    expect(cycles).toBe(250);
    expect([...rank.bankActiveCycles]).toEqual([89, 89, 89, 125, 89, 89, 89, 89]);
    // (IDD5 - IDD3N): 38 mA and 115 mA for 104 cycles
    expect(ledger.terms.ref).toBeCloseTo(pJ(104, 38, 115), 2);
    expect(ledger.terms.activeBackground).toBeCloseTo(pJ(125, 2, 45), 2);
    expect(ledger.terms.prechargedBackground).toBeCloseTo(pJ(125, 2, 38), 2);
  });

  it('a trace that ends in a refresh ends with its active part, as DRAMPower counts', () => {
    expect(run('20,REFab')).toMatchObject({ cycles: 109, states: { active: 89, precharged: 20 } });
  });

  it('a window that ends inside a refresh holds the part before its end', () => {
    expect(run('20,REFab', 60)).toMatchObject({ cycles: 60, states: { active: 40, precharged: 20 } });
  });

  it('a per-bank refresh is charged to every rail, as one activation above standby', () => {
    const { rank, states, ledger } = run('0,REFpb,2 100,REFpb,5', 300);
    expect(states).toEqual({ precharged: 300 });
    expect([...rank.bankActiveCycles]).toEqual([0, 0, 51, 0, 0, 51, 0, 0]);
    // IDD0 - IDD3N = 13 and 35 mA for tRAS + tRP = 51 cycles, twice
    expect(ledger.terms.ref).toBeCloseTo(2 * pJ(51, 13, 35), 2);
    expect(ledger.byPlace[0]![2]).toBe(ledger.byPlace[0]![5]);
  });

  it('power-down leaves the state that it was entered from, fast and slow', () => {
    const lines = '0,ACT,0 40,PDE,0 100,PDX,0 110,PRE,0 130,PDE,0,slow 200,PDX 220,ACT,1 256,PRE,1';
    const { cycles, states, ledger } = run(lines);
    // active 0-40, 100-110, 220-256; precharged 110-130, 200-220, 256-270
    const expected = { active: 86, precharged: 54, activePowerDownFast: 60, prechargePowerDownSlow: 70 };
    expect(states).toEqual(expected);
    expect(cycles).toBe(270);
    // IDD3P1 1.2 and 8.15 mA, IDD2P0 0.6 and 0.87 mA
    expect(ledger.terms.powerDown).toBeCloseTo(pJ(60, 1.2, 8.15) + pJ(70, 0.6, 0.87), 2);
  });

  it('self-refresh begins with a refresh, IDD6 flows in the rest', () => {
    const { cycles, states, ledger } = run('10,SRE 1010,SRX 1200,ACT,0 1236,PRE,0');
    // inside: 89 active, 15 precharged, 1000 - 104 = 896 in IDD6
    expect(states).toEqual({
      ...{ active: 36, precharged: 10 + 190 + 14, selfRefresh: 896 },
      ...{ entryRefreshActive: 89, entryRefreshPrecharged: 15 },
    });
    expect(cycles).toBe(1250);
    // IDD6 1 and 3.27; IDD5 - IDD3N 38 and 115 over tRFC; behind it IDD3P0 1.2 and 8.15, IDD2P0 0.6 and 0.87
    const expected = pJ(896, 1, 3.27) + pJ(104, 38, 115) + pJ(89, 1.2, 8.15) + pJ(15, 0.6, 0.87);
    expect(ledger.terms.selfRefresh).toBeCloseTo(expected, 2);
  });

  it('an exit in the refresh’s precharge leaves the rest of it for after the exit', () => {
    const { states, ledger } = run('0,SRE 95,SRX 300,ACT,0 336,PRE,0');
    // 89 active; 95 - 89 = 6 of 15 precharged inside, 9 after the exit
    expect(states).toMatchObject({
      entryRefreshActive: 89,
      entryRefreshPrecharged: 6,
      exitRefreshPrecharged: 9,
    });
    expect(states['precharged']).toBe(300 - 104 + 14);
    const behind = pJ(89, 1.2, 8.15) + pJ(6, 0.6, 0.87) + pJ(9, 2, 38);
    expect(ledger.terms.selfRefresh).toBeCloseTo(pJ(104, 38, 115) + behind, 2);
  });

  it('an exit in its active part leaves more', () => {
    const { cycles, states } = run('0,SRE 20,SRX');
    expect(states).toEqual({ entryRefreshActive: 20, exitRefreshActive: 69, exitRefreshPrecharged: 15 });
    expect(cycles).toBe(104);
  });

  it('a window that ends in self-refresh holds what has passed', () => {
    expect(run('0,SRE', 50).states).toEqual({ entryRefreshActive: 50 });
    expect(run('0,SRE', 95).states).toEqual({ entryRefreshActive: 89, entryRefreshPrecharged: 6 });
  });

  it('auto-precharge closes its bank when it begins', () => {
    // RDA: BL/2 + tRTP - 4 = 8 after the read at 20 is 28, but tRAS holds until 36
    expect(run('0,ACT,0 20,RDA,0')).toMatchObject({ cycles: 50, states: { active: 36, precharged: 14 } });
    // WRA: WL + BL/2 + tWR + 1 = 26 after the write at 20
    expect(run('0,ACT,0 20,WRA,0')).toMatchObject({ cycles: 60, states: { active: 46, precharged: 14 } });
    expect(run('0,ACT,0 20,WRA,0', 40).rank.pre[0]).toBe(0);
  });

  it('PREA counts one precharge for each open bank', () => {
    const { rank, states } = run('0,ACT,0 10,ACT,1 60,PREA');
    expect([...rank.pre].slice(0, 3)).toEqual([1, 1, 0]);
    expect(states).toEqual({ active: 60, precharged: 14 });
    expect([...rank.bankActiveCycles].slice(0, 3)).toEqual([60, 50, 0]);
  });
});

describe('the core model of DRAMPower 5 and 6', () => {
  it('with rho 1 has one background for any number of open banks, with rho 0 charges each', () => {
    const activity = activityFromCommands(device, timing, commandLines('0,ACT,0 10,ACT,1 60,PREA'));
    const at = (rho: number) =>
      energyOf(device, activity, { supply: 1.2, law: 'quadratic', model: 'drampower6', rho }).terms;
    // IDD3N for 60 cycles; rho 0: IDD2N for 60 and IDD3N - IDD2N for 60 + 50 bank cycles
    expect(at(1).activeBackground).toBeCloseTo(pJ(60, 2, 45), 2);
    expect(at(0).activeBackground).toBeCloseTo(pJ(60, 2, 38) + pJ(110, 0, 7), 2);
    // I_beta = IDD0, so I_theta = IDD0: ACT over tRAS above I_1 = IDD3N, PRE over tRP above IDD2N
    expect(at(1).act).toBeCloseTo(2 * pJ(36, 13, 35), 2);
    expect(at(1).pre).toBeCloseTo(2 * pJ(15, 13, 42), 2);
  });
});

describe('states, by hand from the counting of DRAMPower 6', () => {
  it.each([
    ['0,REFpb,2', { active: 48, precharged: 152 }, [0, 0, 48]],
    // Bank 0 is open from 40 to 80, bank 2 refreshed from 20 to 68.
    ['20,REFpb,2 40,ACT,0 80,PRE,0', { active: 60, precharged: 140 }, [40, 0, 48]],
    ['0,ACT,1 2,PDE 60,PDX 70,PRE,1', { active: 25, activePowerDown: 45, precharged: 130 }, [0, 25, 0]],
    ['0,ACT,1 40,PRE,1 42,PDE 60,PDX', { active: 40, prechargePowerDown: 5, precharged: 155 }, [0, 40, 0]],
    // An exit before the power-down could begin.
    ['0,ACT,1 2,PDE 10,PDX 40,PRE,1', { active: 40, precharged: 160 }, [0, 40, 0]],
    // After a power-down with an open bank the next one begins tRCD after its exit at the earliest.
    [
      '0,ACT,1 30,PDE 60,PDX 66,PDE 100,PDX 110,PRE,1',
      { active: 30 + 15 + 10, activePowerDown: 30 + 25, precharged: 90 },
      [0, 55, 0],
    ],
  ])('%s', (lines, states, banks) => {
    const { bankActiveCycles, ...bankwise } = run(lines, 200).rank.bankwise;
    const nonZero = Object.entries(bankwise).filter(([, cycles]) => cycles > 0);
    expect(Object.fromEntries(nonZero.map(([name, cycles]) => [name.replace('Cycles', ''), cycles]))).toEqual(
      states,
    );
    expect([...bankActiveCycles.slice(0, 3)]).toEqual(banks);
  });

  it('a window that ends inside the refresh of a bank holds the part before its end', () => {
    const { bankwise } = run('20,REFpb,2', 50).rank;
    expect([bankwise.activeCycles, bankwise.bankActiveCycles[2]]).toEqual([30, 30]);
  });
});

describe('any allowed stream', () => {
  it('has states that partition the window', () => {
    const ranked = { ...device, organisation: { ...device.organisation, ranks: 2 } };
    fc.assert(
      fc.property(randomCommands(2, 8, 104), fc.integer({ min: -1, max: 300 }), (commands, extra) => {
        const last = commands.at(-1)!.cycle;
        const window = { endCycle: () => (extra < 0 ? undefined : last + extra) };
        const { cycles, ranks } = activityFromCommands(ranked, timing, commands, window);
        for (const rank of ranks) {
          expect(STATES.reduce((sum, state) => sum + rank[state], 0)).toBe(cycles);
          for (const active of rank.bankActiveCycles) expect(active).toBeLessThanOrEqual(cycles);
          const { bankActiveCycles, ...bankwise } = rank.bankwise;
          expect(Object.values(bankwise).reduce((sum, state) => sum + state, 0)).toBe(cycles);
          for (const active of bankActiveCycles) {
            expect(active).toBeGreaterThanOrEqual(0);
            expect(active).toBeLessThanOrEqual(bankwise.activeCycles);
          }
        }
      }),
      { seed: 20261123, numRuns: 200 },
    );
  });
});

describe('streams that a rank’s states forbid', () => {
  it.each([
    ['5,ACT,0 4,RD,0', /RD at cycle 4: the command before it is at cycle 5\n {2}at commands:2/],
    ['0,RD,1', /RD at cycle 0: bank 1 has no open row/],
    ['0,ACT,1 20,ACT,1', /bank 1 already has an open row/],
    ['0,ACT,1 20,REFab', /bank 1 has an open row/],
    ['0,ACT,1 20,REFpb,1', /bank 1 has an open row/],
    ['0,ACT,1 20,SRE', /bank 1 has an open row/],
    ['0,REFab 20,ACT,0', /a refresh is at work until cycle 104/],
    ['0,REFab 103,PRE,0', /a refresh is at work until cycle 104/],
    ['0,REFab 103,PREA', /a refresh is at work until cycle 104/],
    ['0,REFab 103,SRE', /a refresh is at work until cycle 104/],
    ['0,REFpb,2 47,ACT,2', /a refresh of bank 2 is at work until cycle 48/],
    ['0,REFpb,2 47,PRE,2', /a refresh of bank 2 is at work until cycle 48/],
    ['0,REFpb,2 47,PREA', /a refresh of bank 2 is at work until cycle 48/],
    ['0,REFpb,2 47,REFab', /a refresh of bank 2 is at work until cycle 48/],
    ['0,REFpb,2 47,SRE', /a refresh of bank 2 is at work until cycle 48/],
    ['0,PDE 5,ACT,0', /in power-down/],
    ['0,PDE 5,SRX', /not in self-refresh/],
    ['0,SRE 5,ACT,0', /in self-refresh/],
    ['0,SRE 5,PDX', /not in power-down/],
    ['0,ACT,8', /no bank 8 \(banks 0 to 7\)/],
  ])('%s', (lines, message) => {
    expect(() => run(lines)).toThrow(message);
  });

  it('but not a precharge that a column holds, which begins in power-down', () => {
    const { rank } = run('0,ACT,0 20,RDA,0 22,PDE 90,PDX');
    expect(rank.pre[0]).toBe(1);
    expect(rank.activePowerDownFastCycles).toBe(90 - 22);
    expect(rank.bankwise).toMatchObject({ activePowerDownCycles: 90 - 22, prechargePowerDownCycles: 0 });
    expect(() => run('0,ACT,0 20,RDA,0 22,PDE 90,PDX 91,RD,0')).toThrow(/bank 0 has no open row/);
  });

  it('and windows that end before the last command', () => {
    expect(() => run('0,ACT,0 40,PRE,0', 39)).toThrow(/ends at cycle 39/);
    expect(() => activityFromCommands(device, timing, [])).toThrow(/holds no command/);
  });
});
