import { loadStandard } from '../../src/hardware/load-standard.ts';
import type { ResolvedTiming } from '../../src/hardware/resolved-timing.ts';
import { loadUnits } from '../../src/units/quantity.ts';
import { shippedModels } from '../shipped-models.ts';

/**
 * A shipped standard with made-up parameters: all different, and long enough to keep every formula positive, so that no
 * two constraints can stand in for each other.
 */
export async function timingOf(name: string, burstLength: number): Promise<ResolvedTiming> {
  const standard = await loadStandard(name, shippedModels);
  const { commands, parameters: names, constraints } = standard;
  const units = await loadUnits();
  const parameters: Record<string, number> = { BL: burstLength };
  names.forEach((parameter, i) => {
    parameters[parameter] = 17 + 3 * i;
  });
  Object.assign(parameters, {
    tRTP: 9,
    WL: 12,
    RL: 14,
    tREFI: 5000,
    tFAW: 150,
    tRRD: 22,
    tRAS: 60,
    tRC: 101,
  });
  return {
    ...{ standard: name, supply: 1, mode: 'nominal', clock: 800, commands, parameters },
    rules: {
      commandCycles: standard.commandCycles,
      firstData: { read: parameters['RL']!, write: parameters['WL']! },
      autoPrecharge: undefined,
      closedBanks: standard.closedBanks,
      postponedRefreshes: standard.refresh.postponed,
      perBankRefreshInterval: undefined,
      banksPerREFpb: standard.refresh.banksPerREFpb,
    },
    constraints: constraints.map(({ latency, ...rest }) => ({
      ...rest,
      name: latency,
      latency: units.formula(latency, parameters),
    })),
  };
}
