import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { createProtocolChecker } from '../../src/dram/checker.ts';
import { createController } from '../../src/dram/controller.ts';
import { type ControllerOptions, DEFAULT_CONTROLLER } from '../../src/dram/controller-options.ts';
import { type RequestRun, replay } from '../../src/dram/replay.ts';
import { activityFromCommands } from '../../src/energy/activity-from-commands.ts';
import { type EnergyModel, energyOf } from '../../src/energy/energy-of.ts';
import { bytesPerBurst, type Device } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { commandLines } from '../energy/command-lines.ts';
import { withModel } from '../shipped-models.ts';

const textOf = (name: string) =>
  readFile(new URL(`../../hw-models/standards/${name}.yaml`, import.meta.url), 'utf8');
const LPDDR4 = 'lpddr4-3200-8gb';
const DDR4 = 'ddr4-2400-8gb';

/** A shipped device, passages of its standard replaced. */
async function deviceWith(name: string, ...changes: readonly [string, string][]): Promise<Device> {
  const standard = name.split('-')[0]!;
  let text = await textOf(standard);
  for (const [from, to] of changes) {
    expect(text.split(from)).toHaveLength(2);
    text = text.replace(from, to);
  }
  return loadDevice(name, withModel('standards', standard, text));
}
const timingOf = (device: Device, supply = device.supply.nominal) =>
  resolveTiming(device, supply, supply === device.supply.nominal ? 'nominal' : 'stretched');

async function energyOfCommands(device: Device, lines: string, model: EnergyModel, rho = 1) {
  const activity = activityFromCommands(device, await timingOf(device), commandLines(lines));
  return energyOf(device, activity, { supply: device.supply.nominal, law: 'quadratic', model, rho });
}

/** Replays reads of one burst, one a row, `gap` cycles apart. */
async function replayRows(device: Device, count: number, gap: number, options: Partial<ControllerOptions>) {
  const { organisation } = device;
  const bytes = bytesPerBurst(organisation);
  const mapping = createOrderedMapping(organisation, 'row-bank-column');
  let next = 0;
  const source = {
    next(run: RequestRun) {
      if (next === count) return false;
      const address = next * bytes * (organisation.columns / organisation.burstLength);
      Object.assign(run, { address, bursts: 1, write: false, arrival: gap * next++ });
      return true;
    },
  };
  return replay(organisation, await timingOf(device), { ...DEFAULT_CONTROLLER, ...options }, mapping, source);
}

describe('what a standard says decides', () => {
  it('how energy models count the banks of IDD3N', async () => {
    const lines = '0,ACT,0 100,ACT,1 400,PREA';
    const one = await energyOfCommands(await deviceWith(DDR4), lines, 'drampower6', 0.5);
    const other = await deviceWith(DDR4, ['IDD3N_banks: all', 'IDD3N_banks: one']);
    const all = await energyOfCommands(other, lines, 'drampower6', 0.5);
    // VDD: IDD2N 34, IDD3N 43 mA, 16 banks, 400 and 300 cycles of 1/1.2 ns; VPP's currents are all equal.
    const ns = (cycles: number) => cycles / 1.2;
    const background = (I_rho: number, I_1: number) => 1.2 * (ns(400) * I_rho + ns(700) * (I_1 - I_rho));
    const VPP = 2.5 * 3 * ns(400);
    expect(one.terms.activeBackground).toBeCloseTo(background(38.5, (43 + 15 * 38.5) / 16) + VPP, 0);
    expect(all.terms.activeBackground).toBeCloseTo(background((16 * 0.5 * 43 + 0.5 * 34) / 8.5, 43) + VPP, 0);
  });

  it('to which rails a per-bank refresh is charged, and what stands for a missing IDD5PB', async () => {
    const lines = '0,REFpb,0';
    const ref = async (...changes: [string, string][]) => {
      const { byRail } = await energyOfCommands(await deviceWith(LPDDR4, ...changes), lines, 'drampower4');
      return byRail.map((terms) => terms.ref > 0);
    };
    // VDDQ draws no more during a refresh than in standby.
    expect(await ref()).toEqual([true, true, false]);
    expect(await ref(['rails: all', 'rails: first'])).toEqual([true, false, false]);

    const refused = await deviceWith('lpddr3-1600-4gb', [
      'without_IDD5PB: activation',
      'without_IDD5PB: refused',
    ]);
    await expect(energyOfCommands(refused, lines, 'drampower4')).rejects.toThrow(/gives no IDD5PB for VDD1/);
  });

  it('whether auto-precharge waits for tRAS, which the constraints must then see to', async () => {
    const device = await deviceWith(DDR4);
    const early = '0,ACT,0 17,RDA,0';
    const window = activityFromCommands(device, await timingOf(device), commandLines(early));
    expect(window.ranks[0]!.activeCycles).toBe(39);

    const impatient: [string, string] = ['waits_for_tRAS: true', 'waits_for_tRAS: false'];
    await expect(timingOf(await deviceWith(DDR4, impatient))).rejects.toThrow(
      /ddr4 lets RDA close a row 26 cycles after ACT, before tRAS of 39/,
    );
    const bound = '  - { level: bank, preceding: [ACT], following: [RDA], latency: "tRAS - tRTP" }\n';
    const patient = await deviceWith(DDR4, impatient, ['constraints:\n', `constraints:\n${bound}`]);
    const timing = await timingOf(patient);
    const at = (lines: string) => activityFromCommands(patient, timing, commandLines(lines)).ranks[0]!;
    expect(at(early).activeCycles).toBe(17 + 9);
    expect(at('0,ACT,0 30,RDA,0').activeCycles).toBe(39);
    const checker = createProtocolChecker(patient.organisation, timing);
    const rules = commandLines('0,ACT,0 29,RDA,0').flatMap((command) => checker.check(command));
    expect(rules).toMatchObject([{ rule: 'tRAS - tRTP', missing: 1 }]);
    const closed = { pagePolicy: 'closed' } as const;
    const waiting = await replayRows(patient, 1, 0, closed);
    expect(waiting.cycles - (await replayRows(device, 1, 0, closed)).cycles).toBe(30 - 17);
  });

  it('when auto-precharge begins', async () => {
    const device = await deviceWith(DDR4, ['RDA: tRTP', 'RDA: tRTP + 40']);
    const rank = activityFromCommands(device, await timingOf(device), commandLines('0,ACT,0 17,RDA,0'))
      .ranks[0]!;
    expect(rank.activeCycles).toBe(17 + 9 + 40);
    // The last row's data ends the window, in cycle 17 + 17 + 4: before tRAS, so that its precharge is not of it.
    const options = { pagePolicy: 'closed' } as const;
    const active = async (of: Device) =>
      (await replayRows(of, 3, 200, options)).activity.ranks[0]!.activeCycles;
    expect((await active(device)) - (await active(await deviceWith(DDR4)))).toBe(2 * (17 + 9 + 40 - 39));
  });

  it('when data comes', async () => {
    const later = await deviceWith(DDR4, ['read: "RL + tDQSCK"', 'read: "RL + tDQSCK + 5"']);
    const [one, other] = [
      await replayRows(await deviceWith(DDR4), 1, 0, {}),
      await replayRows(later, 1, 0, {}),
    ];
    expect(other.cycles - one.cycles).toBe(5);
  });

  it('how often banks are refreshed one by one, and how many refreshes may be owed', async () => {
    const often = await deviceWith(LPDDR4, ['"tREFI / banks"', '"tREFI / (2 * banks)"']);
    const refreshes = async (device: Device) => {
      const { activity } = await replayRows(device, 2, 6246 * 16, { refresh: 'perBank' });
      return activity.ranks[0]!.refPerBank.reduce((sum, count) => sum + count, 0);
    };
    expect(await refreshes(await deviceWith(LPDDR4))).toBe(16 * 8);
    expect(await refreshes(often)).toBe(16 * 16);

    const strict = await deviceWith(DDR4, ['postponed: 8', 'postponed: 2']);
    await expect(replayRows(strict, 1, 0, { postponedRefreshes: 3 })).rejects.toThrow(/more than the 2 that/);
    const checker = createProtocolChecker(strict.organisation, await timingOf(strict));
    expect(checker.end(3 * 9360)).toEqual([]);
    expect(checker.end(3 * 9360 + 1)).toMatchObject([{ rule: 'refresh within 3 x tREFI' }]);
  });

  it('how many banks a per-bank refresh takes', async () => {
    const pairs = await deviceWith(LPDDR4, [
      'per_bank_interval: "tREFI / banks"',
      'per_bank_interval: "2 * tREFI / banks", banks_per_REFpb: 2',
    ]);
    const { activity } = await replayRows(pairs, 2, 6246 * 16, { refresh: 'perBank' });
    const { refPerBank, bankActiveCycles } = activity.ranks[0]!;
    expect([...refPerBank]).toEqual([16, 16, 16, 16, 0, 0, 0, 0]);
    expect([...bankActiveCycles.slice(2, 4)]).toEqual([...bankActiveCycles.slice(6)]);
    const timing = await timingOf(pairs);
    const refused = (lines: string) => () => activityFromCommands(pairs, timing, commandLines(lines));
    expect(refused('0,REFpb,1 20,ACT,5')).toThrow(/a refresh of bank 5 is at work until cycle/);
    expect(refused('0,ACT,5 50,REFpb,1')).toThrow(/bank 5 has an open row/);
    expect([...activityFromCommands(pairs, timing, commandLines('0,REFpb,1')).ranks[0]!.refPerBank]).toEqual([
      0, 1, 0, 0, 0, 0, 0, 0,
    ]);
    const odd = await deviceWith(LPDDR4, ['"tREFI / banks"', '"tREFI / banks", banks_per_REFpb: 3']);
    await expect(timingOf(odd)).rejects.toThrow(
      /a REFpb of lpddr4 refreshes 3 banks, which do not divide the 8 banks a rank of lpddr4-3200-8gb/,
    );
  });

  it('which banks must be closed', async () => {
    const closed = await deviceWith(DDR4, ['PDE: none', 'PDE: all']);
    const timing = await timingOf(closed);
    const lines = '0,ACT,0 50,PDE';
    expect(() => activityFromCommands(closed, timing, commandLines(lines))).toThrow(
      /PDE at cycle 50: bank 0/,
    );
    const checker = createProtocolChecker(closed.organisation, timing);
    const found = commandLines(lines).flatMap((command) =>
      checker.check({ ...command, bank: command.command === 'PDE' ? -1 : 0 }),
    );
    expect(found).toMatchObject([{ rule: 'PDE needs all banks closed' }]);
    const asleep = { ...DEFAULT_CONTROLLER, powerDownAfter: 10 };
    expect(() => createController(closed.organisation, timing, asleep)).toThrow(
      /needs all banks closed, which/,
    );
    createController(closed.organisation, timing, DEFAULT_CONTROLLER);
  });

  it('how long commands hold the bus', async () => {
    const long = await deviceWith(DDR4, ['PREA: 1, RD: 1', 'PREA: 1, RD: 4']);
    const timing = await timingOf(long);
    const checker = createProtocolChecker(long.organisation, timing);
    const found = commandLines('0,ACT,0 50,ACT,4 53,RD,0').flatMap((command) => checker.check(command));
    expect(found).toMatchObject([{ rule: 'one command at a time', missing: 1 }]);
    // The controller waits for the bus, too: the precharge of one bank and the column of another must not overlap.
    const rows = await replayRows(long, 200, 1, {});
    expect(rows.cycles).toBeGreaterThan((await replayRows(await deviceWith(DDR4), 200, 1, {})).cycles);
  });

  it('what rounds down and what stretches', async () => {
    const name = 'lpddr3-1600-4gb';
    const device = await deviceWith(name, ['rounded_down: [tREFI]', 'rounded_down: [tREFI, tRCD]']);
    const stiff = await deviceWith(name, ['tRPab: [tRP], ', '']);
    const low = async (of: Device) => (await timingOf(of, 1.0)).parameters;
    const usual = await low(await deviceWith(name));
    expect((await low(device))['tRCD']).toBe(usual['tRCD']! - 1);
    expect((await low(stiff))['tRPab']).toBe((await timingOf(stiff)).parameters['tRPab']);
    expect(usual['tRPab']).toBeGreaterThan((await low(stiff))['tRPab']!);
    expect((await low(stiff))['tRP']).toBe(usual['tRP']);
  });

  it('which currents a device can give', async () => {
    await expect(deviceWith(LPDDR4, ['IDD5, IDD5PB, IDD6', 'IDD5, IDD6'])).rejects.toThrow(
      /IDD5PB is not a current of lpddr4\n {2}at .*lpddr4-3200-8gb.yaml:\d+:\d+\n {2}currents of lpddr4: IDD0,/,
    );
  });
});

describe('a command that the standard does not have', () => {
  it('is refused by the energy of commands and reported by the checker', async () => {
    const device = await deviceWith(DDR4);
    const timing = await timingOf(device);
    const [refresh] = commandLines('20,REFpb,0');
    expect(() => activityFromCommands(device, timing, [refresh!], { file: 'c.csv' })).toThrow(
      'REFpb at cycle 20: ddr4 has no such command\n  at c.csv:1',
    );
    const checker = createProtocolChecker(device.organisation, timing);
    expect(checker.check(refresh!)).toMatchObject([{ rule: 'ddr4 has the command' }]);
    await expect(replayRows(device, 1, 0, { refresh: 'perBank' })).rejects.toThrow(/ddr4 has no REFpb/);
  });
});

it('a formula that gives no possible number with a device names both', async () => {
  const negative = await deviceWith(DDR4, ['RDA: tRTP', 'RDA: tRTP - 20']);
  await expect(timingOf(negative)).rejects.toThrow(/auto_precharge.RDA of ddr4, "tRTP - 20", is -11 cycles/);
  const endless = await deviceWith(DDR4, ['RDA: tRTP', 'RDA: 1 / (tRTP - 9)']);
  await expect(timingOf(endless)).rejects.toThrow(/does not give a number with the timing of ddr4-2400-8gb/);
});
