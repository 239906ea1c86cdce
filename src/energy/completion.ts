import { InputError } from '../errors/input-error.ts';
import type { Device } from '../hardware/device.ts';
import { placeIn } from '../hardware/model-places.ts';
import type { ResolvedRules, ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { ClosedBanks, CommandName } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';

/** What the counting of states needs of a device's timing, in cycles. */
export interface CommandDurations {
  /** One burst on the data bus. */
  readonly B: Cycles;
  readonly firstData: ResolvedRules['firstData'];
  readonly autoPrecharge: ResolvedRules['autoPrecharge'];
  readonly closedBanks: ClosedBanks;
  readonly banksPerREFpb: number;
  readonly tRCD: Cycles;
  readonly tRP: Cycles;
  readonly tRAS: Cycles;
  readonly tRFC: Cycles;
  /** 0 for a standard without per-bank refresh. */
  readonly tRFCpb: Cycles;
  readonly tWR: Cycles;
}

/** Throws InputError for a device that lacks one of them. */
export function commandDurations(device: Device, timing: ResolvedTiming): CommandDurations {
  const cycles = (name: string): Cycles => {
    const value = timing.parameters[name];
    if (value === undefined)
      throw new InputError(
        `${device.name} gives no ${name}, which counting its commands needs`,
        placeIn(device.standard.places, 'parameters'),
      );
    return value;
  };
  return {
    B: Math.ceil(device.organisation.burstLength / device.organisation.dataRate),
    firstData: timing.rules.firstData,
    autoPrecharge: timing.rules.autoPrecharge,
    closedBanks: timing.rules.closedBanks,
    banksPerREFpb: timing.rules.banksPerREFpb,
    tRCD: cycles('tRCD'),
    tRP: cycles('tRP'),
    tRAS: cycles('tRAS'),
    tRFC: cycles('tRFCab'),
    tRFCpb: timing.commands.includes('REFpb') ? cycles('tRFCpb') : 0,
    tWR: cycles('tWR'),
  };
}

/** Cycles from a command to its completion (DRAMPower 4.1, `CommandAnalysis::timeToCompletion`); 0 where it has none. */
export function timeToCompletion(command: CommandName, t: CommandDurations): Cycles {
  switch (command) {
    case 'RD':
    case 'RDA':
      return t.firstData.read + 1 + t.B;
    case 'WR':
    case 'WRA':
      return t.firstData.write + t.B + t.tWR;
    case 'ACT':
      return t.tRCD;
    case 'PRE':
    case 'PREA':
      return t.tRP;
    default:
      return 0;
  }
}
