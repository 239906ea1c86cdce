import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../src/bytes/byte-source.ts';
import { activityFromCommands } from '../../src/energy/activity-from-commands.ts';
import { withCurrents } from '../../src/energy/current-set.ts';
import { energyOf } from '../../src/energy/energy-of.ts';
import type { TermEnergies } from '../../src/energy/ledger.ts';
import type { ChannelActivity } from '../../src/hardware/activity.ts';
import type { Device } from '../../src/hardware/device.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { readCommandTrace } from '../../src/trace/command-trace-reader.ts';
import { shippedModels } from '../shipped-models.ts';

/** What DRAMPower 6.2 printed for one trace, one rho and one choice of rails, in J. */
interface Printed {
  readonly memspec: string;
  readonly Aggregated: Readonly<Record<string, number>>;
  readonly CoreTotal: number;
  readonly EndCycle: number;
  readonly RankCycles: readonly Readonly<Record<string, number>>[];
}
/** Only the first key where it refused the trace. */
type Golden = Printed | Pick<Printed, 'memspec'>;

const folder = new URL('../goldens/drampower6/', import.meta.url);
const goldens = JSON.parse(await readFile(new URL('energies.json', folder), 'utf8')) as Record<
  string,
  Record<string, Record<string, Golden>>
>;
const names = Object.keys(goldens);
const RAILS: Record<string, readonly string[]> = {
  'ddr4-2400-4gb': ['VDD', 'VPP'],
  'lpddr4-3200-8gb': ['VDD1', 'VDD2'],
};
const DEVICES = Object.fromEntries(
  await Promise.all(
    Object.keys(RAILS).map(async (name) => [name.split('-')[0]!, await loadDevice(name, shippedModels)]),
  ),
) as Record<string, Device>;
const deviceOf = (trace: string): Device => DEVICES[trace.split('-')[0]!]!;

/** Counts a golden trace over a window. */
async function count(trace: string, endCycle?: number): Promise<ChannelActivity> {
  const device = deviceOf(trace);
  const file = `traces/${trace}.csv${trace.includes('-replay-') ? '.gz' : ''}`;
  const bytes = await readFile(new URL(file, folder));
  const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
  const read = readCommandTrace(bytesInMemory(bytes, file), device.organisation, 'drampower');
  return activityFromCommands(device, timing, read.commands, { endCycle: () => endCycle ?? read.endCycle() });
}

/** The rails that DRAMPower 6.2 printed: its core has no VDDQ. */
function railsOf(device: Device, choice: string): readonly string[] {
  const rails = RAILS[device.name]!;
  return choice === 'all' ? rails : [rails[Number(choice.slice(-1))]!];
}

/** Our terms over some rails. Power-down and self-refresh are one, because DRAMPower prints no line for them. */
function ours(device: Device, activity: ChannelActivity, rho: number, rails: readonly string[]) {
  const options = { supply: device.supply.nominal, law: 'quadratic', model: 'drampower6', rho } as const;
  const { byRail } = energyOf(device, activity, options);
  const of = (term: keyof TermEnergies): number =>
    device.rails.reduce((sum, { name }, rail) => sum + (rails.includes(name) ? byRail[rail]![term] : 0), 0);
  return {
    act: of('act'),
    pre: of('pre'),
    rd: of('rd'),
    wr: of('wr'),
    ref: of('ref'),
    active: of('activeBackground'),
    precharged: of('prechargedBackground'),
    asleep: of('powerDown') + of('selfRefresh'),
  };
}

/**
 * The same of DRAMPower, in pJ. It splits columns by auto-precharge and refreshes by their kind. PRE holds every precharge;
 * PRE_RDA and PRE_WRA print those of auto-precharge once more, and CoreTotal leaves them out.
 */
function theirs({ Aggregated, CoreTotal }: Printed): ReturnType<typeof ours> {
  const of = (...lines: string[]): number => lines.reduce((sum, line) => sum + Aggregated[line]!, 0) * 1e12;
  const { PRE_RDA: _, PRE_WRA: __, ...counted } = Aggregated;
  return {
    act: of('ACT'),
    pre: of('PRE'),
    rd: of('RD', 'RDA'),
    wr: of('WR', 'WRA'),
    ref: of('REF_AB', 'REF_PB'),
    active: of('BG_ACT'),
    precharged: of('BG_PRE'),
    asleep: CoreTotal * 1e12 - of(...Object.keys(counted)),
  };
}

describe('energies that DRAMPower 6.2 prints', () => {
  it('are of 28 traces, two of which it refuses', () => {
    expect(names).toHaveLength(28);
    const refused = names.filter((name) => !('CoreTotal' in goldens[name]!['rho1']!['all']!));
    expect(refused).toEqual(['ddr4-self-refresh-early-exit', 'lpddr4-self-refresh-early-exit']);
  });

  it.each(names)('%s: every term, rho 1 and 0.5, all rails and each', async (name) => {
    const device = deviceOf(name);
    for (const rho of [1, 0.5])
      for (const [choice, golden] of Object.entries(goldens[name]![`rho${rho}`]!)) {
        if (!('CoreTotal' in golden)) continue;
        // Without an END line DRAMPower 6 ends the window at the last command, so the window is given.
        const activity = await count(name, golden.EndCycle);
        const energy = ours(device, activity, rho, railsOf(device, choice));
        const expected = theirs(golden);
        // The ledger rounds each cell to 2^-10 pJ: 17 places, two rails.
        for (const term of Object.keys(energy) as (keyof typeof energy)[])
          expect(Math.abs(energy[term] - expected[term]), `${choice} rho ${rho} ${term}`).toBeLessThan(
            1e-9 * Math.abs(expected[term]) + 34 * 2 ** -11,
          );
        const { bankwise } = activity.ranks[0]!;
        expect(golden.RankCycles).toEqual([
          {
            act: bankwise.activeCycles,
            pre: bankwise.prechargedCycles,
            powerDownAct: bankwise.activePowerDownCycles,
            powerDownPre: bankwise.prechargePowerDownCycles,
            selfRefresh: bankwise.selfRefreshCycles,
          },
        ]);
      }
  });

  it.each([
    ['ddr4-self-refresh-early-exit', 313, 1000],
    ['lpddr4-self-refresh-early-exit', 448, 1500],
  ])('%s, which it refuses: the refresh goes on after the exit', async (name, tRFC, cycles) => {
    const { bankwise, selfRefreshEntries } = (await count(name)).ranks[0]!;
    expect(selfRefreshEntries).toBe(1);
    expect(bankwise).toMatchObject({
      activeCycles: tRFC,
      prechargedCycles: cycles - tRFC,
      selfRefreshCycles: 0,
    });
  });
});

describe("the currents `drampower6` of LPDDR4, DRAMPower 6's own", () => {
  it.each(names.filter((name) => name.startsWith('lpddr4') && !name.endsWith('early-exit')))(
    '%s: the total is CoreTotal',
    async (name) => {
      const golden = goldens[name]!['rho1']!['all'] as Printed;
      const device = withCurrents(deviceOf(name), 'drampower6');
      const options = { supply: 1.1, law: 'quadratic', model: 'drampower6' } as const;
      const { total } = energyOf(device, await count(name, golden.EndCycle), options);
      expect(total).toBeCloseTo(golden.CoreTotal * 1e12, 0);
    },
  );
});

describe('the memory specifications that DRAMPower 6.2 was given', () => {
  it.each(['ddr4', 'lpddr4'])('%s: currents and times of our device', async (standard) => {
    const { memspec } = JSON.parse(
      await readFile(new URL(`memspecs/${standard}-1r-rho1.json`, folder), 'utf8'),
    ) as { memspec: Record<'mempowerspec' | 'memtimingspec', Record<string, number>> };
    const device = DEVICES[standard]!;
    const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
    const { mempowerspec: power, memtimingspec: times } = memspec;
    const lpddr4 = standard === 'lpddr4';
    const CURRENTS = {
      IDD0: '0',
      IDD2N: '2n',
      IDD3N: '3n',
      IDD4R: '4r',
      IDD4W: '4w',
      IDD5: lpddr4 ? '5' : '5B',
      IDD6: lpddr4 ? '6' : '6n',
      IDD2P1: '2p',
      IDD3P1: '3p',
      ...(lpddr4 ? { IDD5PB: '5pb' } : {}),
    };
    RAILS[device.name]!.forEach((name, i) => {
      const rail = device.rails.find((one) => one.name === name)!;
      expect(rail.nominal).toBe(power[name.toLowerCase()]);
      for (const [current, suffix] of Object.entries(CURRENTS)) {
        const theirs = power[lpddr4 ? `idd${suffix}${i + 1}` : `i${i === 0 ? 'dd' : 'pp'}${suffix}`]! * 1000;
        expect(rail.currents[current as keyof typeof rail.currents], `${name} ${current}`).toBeCloseTo(
          theirs,
          9,
        );
      }
    });
    const TIMES = {
      tRCD: 'RCD',
      tRAS: 'RAS',
      tRP: lpddr4 ? 'RPpb' : 'RP',
      tRFCab: lpddr4 ? 'RFCab' : 'RFC1',
      tREFI: 'REFI',
    };
    for (const [ours, theirs] of Object.entries({ ...TIMES, ...(lpddr4 ? { tRFCpb: 'RFCpb' } : {}) }))
      expect(timing.parameters[ours], ours).toBe(times[theirs]);
  });
});
