import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors/input-error.ts';
import { loadStandard } from '../../src/hardware/load-standard.ts';
import { shippedModels, withModel } from '../shipped-models.ts';

const text = await readFile(new URL('../../hw-models/standards/lpddr4.yaml', import.meta.url), 'utf8');
const withoutREFpb = await readFile(new URL('../../hw-models/standards/ddr4.yaml', import.meta.url), 'utf8');
const standards = await shippedModels.list('standards');

/** What loading a standard's text refuses, and the line it names. */
async function refusal(standard: string): Promise<{ message: string; line: number | undefined }> {
  const error = await loadStandard('mine', withModel('standards', 'mine', standard)).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  const { message, place } = error as InputError;
  expect(place).toMatchObject({ file: 'mine.yaml', column: expect.any(Number) });
  expect(message.split('\n').length).toBeLessThanOrEqual(3);
  return { message, line: place?.line };
}

/** lpddr4 with one passage replaced, and the line of the passage. */
async function spoiled(from: string, to: string, base = text) {
  expect(base.split(from)).toHaveLength(2);
  const { message, line } = await refusal(base.replace(from, to));
  return { message, line, at: base.slice(0, base.indexOf(from)).split('\n').length };
}

describe('a standard that leaves a key out', () => {
  const keys = [...text.matchAll(/^(\w+):/gm)].map(([, key]) => key!);

  it('has all of these', () => {
    expect(keys).toEqual(
      expect.arrayContaining([
        'command_cycles',
        'rounded_down',
        'circuit_delays',
        'first_data',
        'auto_precharge',
        'closed_banks',
        'refresh',
        'currents',
        'IDD3N_banks',
        'per_bank_refresh_energy',
      ]),
    );
  });

  it.each(keys)('%s is refused and told what the key may be', async (key) => {
    const rest = text.replace(new RegExp(`^${key}:.*\\n((?:[ ].*|#.*)\\n)*`, 'm'), '');
    const { message } = await refusal(rest);
    expect(message).toMatch(new RegExp(`^${key} is missing`));
    expect(message).toMatch(/expected|give \{/);
  });
});

describe('a standard that says something unknown', () => {
  it.each([
    ['per_bank_interval: "', 'banks_per_REFpb: 0, per_bank_interval: "', /expected a whole number from 1/],
    ['IDD3N_banks: one', 'IDD3N_banks: some', /IDD3N_banks: expected one or all/],
    ['waits_for_tRAS: true', 'waits_for_tRAS: sometimes', /expected true or false/],
    ['waits_for_tRAS: true', 'waits: true', /unknown key "waits" in auto_precharge/],
    ['rails: all', 'rails: second', /rails: expected first or all/],
    ['without_IDD5PB: activation', 'without_IDD5PB: zero', /expected activation or refused/],
    ['postponed: 8', 'postponed: many', /expected a whole number/],
    ['PDE: none }', 'PDE: own }', /closed_banks.PDE: expected all or none/],
    ['REFpb: own', 'REFpb: other', /closed_banks.REFpb: expected all, own or none/],
    ['{ ACT: 1,', '{ ACT: 0,', /command_cycles.ACT: expected a whole number from 1 to 64/],
    ['currents: [IDD0,', 'currents: [IDD99,', /currents.0: expected a current: IDD0/],
    ['tRPab: [tRP]', 'tRPab: [tRFC]', /expected tRCD, tRAS or tRP/],
  ])('%s -> %s', async (from, to, what) => {
    const { message, line, at } = await spoiled(from, to);
    expect(message).toMatch(what);
    expect(line).toBe(at);
  });
});

describe('a standard that contradicts itself', () => {
  it.each([
    ['rounded_down: [tREFI]', 'rounded_down: [tREFIx]', /tREFIx, which is not a parameter of lpddr4/],
    ['tRPab: [tRP]', 'tRPxy: [tRP]', /circuit_delays names tRPxy/],
    ['tRP: [tRP], ', '', /counts tRPab by tRP, which it does not list/],
    ['read: "RL + tDQSCK"', 'read: "RL + tDQSK"', /read "RL \+ tDQSK": unknown unit or name tDQSK/],
    ['RDA: "BL/2 + max(0, tRTP - 8)"', 'RDA: "BL/2 + tCK"', /RDA "BL\/2 \+ tCK"/],
    ['"tREFI / banks"', '"tREFI / bank"', /per_bank_interval .*bank/],
    ['REFpb: own, ', '', /closed_banks lacks REFpb/],
    ['command_cycles: { ACT: 1, ', 'command_cycles: { ', /command_cycles lacks ACT/],
    [', per_bank_interval: "tREFI / banks"', '', /refresh.per_bank_interval is missing, .* REFpb needs/],
    ['tRFCab, tRFCpb, tXP', 'tRFCab, tXP', /parameters lack tRFCpb/],
    ['parameters: [tRCD, ', 'parameters: [', /parameters lack tRCD/],
  ])('%s -> %s', async (from, to, what) => {
    const { message, line, at } = await spoiled(from, to);
    expect(message).toMatch(what);
    expect(line).toBe(at);
  });

  it('or speaks of commands that it does not have', async () => {
    const ddr4 = (from: string, to: string) => spoiled(from, to, withoutREFpb);
    expect(await ddr4('postponed: 8', 'postponed: 8, per_bank_interval: tREFI')).toMatchObject({
      message: expect.stringContaining('refresh.per_bank_interval is of REFpb, which ddr4 does not have'),
    });
    expect(await ddr4('postponed: 8', 'postponed: 8, banks_per_REFpb: 2')).toMatchObject({
      message: expect.stringContaining('refresh.banks_per_REFpb is of REFpb, which ddr4 does not have'),
    });
    expect(await ddr4('{ REFab: all,', '{ REFab: all, REFpb: own,')).toMatchObject({
      message: expect.stringContaining('closed_banks names REFpb, which is not a command of ddr4'),
    });
    const energy = 'per_bank_refresh_energy: { rails: all, without_IDD5PB: refused }\n';
    expect(await ddr4('constraints:\n', `${energy}constraints:\n`)).toMatchObject({
      message: expect.stringContaining('per_bank_refresh_energy is of REFpb'),
    });
  });
});

it.each(standards)(
  '%s says of each of its commands how long it is, and lists no unknown parameter',
  async (name) => {
    const { commands, commandCycles, closedBanks, refresh } = await loadStandard(name, shippedModels);
    expect(Object.keys(commandCycles).sort()).toEqual([...commands].sort());
    expect('REFpb' in closedBanks).toBe(commands.includes('REFpb'));
    expect(refresh.perBankInterval !== undefined).toBe(commands.includes('REFpb'));
  },
);
