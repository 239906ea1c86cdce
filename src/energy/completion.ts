import { InputError } from '../errors/input-error.ts';
import type { Device } from '../hardware/device.ts';
import type { ResolvedTiming } from '../hardware/resolved-timing.ts';
import type { CommandName } from '../hardware/standard.ts';
import type { Cycles } from '../units/flavours.ts';

/** What the counting of states needs of a device's timing, in cycles. */
export interface CommandDurations {
  readonly standard: string;
  /** One burst on the data bus. */
  readonly B: Cycles;
  readonly RL: Cycles;
  readonly WL: Cycles;
  readonly tDQSCK: Cycles;
  readonly tRCD: Cycles;
  readonly tRP: Cycles;
  readonly tRAS: Cycles;
  readonly tRFC: Cycles;
  readonly tRTP: Cycles;
  readonly tWR: Cycles;
}

/** Throws InputError for a device that lacks one of them. A device without tDQSCK has none. */
export function commandDurations(device: Device, timing: ResolvedTiming): CommandDurations {
  const cycles = (name: string): Cycles => {
    const value = timing.parameters[name];
    if (value === undefined)
      throw new InputError(`${device.name} gives no ${name}, which counting its commands needs`);
    return value;
  };
  return {
    standard: timing.standard.toLowerCase(),
    B: Math.ceil(device.organisation.burstLength / device.organisation.dataRate),
    RL: cycles('RL'),
    WL: cycles('WL'),
    tDQSCK: timing.parameters['tDQSCK'] ?? 0,
    tRCD: cycles('tRCD'),
    tRP: cycles('tRP'),
    tRAS: cycles('tRAS'),
    tRFC: cycles('tRFCab'),
    tRTP: cycles('tRTP'),
    tWR: cycles('tWR'),
  };
}

/** Cycles from a command to its completion (DRAMPower 4.1, `CommandAnalysis::timeToCompletion`); 0 where it has none. */
export function timeToCompletion(command: CommandName, t: CommandDurations): Cycles {
  switch (command) {
    case 'RD':
    case 'RDA':
      return t.RL + t.tDQSCK + 1 + t.B;
    case 'WR':
    case 'WRA':
      return t.WL + t.B + t.tWR;
    case 'ACT':
      return t.tRCD;
    case 'PRE':
    case 'PREA':
      return t.tRP;
    default:
      return 0;
  }
}

/**
 * Cycles from RDA or WRA to the precharge that it holds, before tRAS is heeded: DRAMPower 4.1's `getPrechargeOffset` for
 * DDR3, DDR4 and LPDDR3, the standards' own rules for LPDDR4 and LPDDR5, which it does not know.
 */
export function autoPrechargeDelay(command: 'RDA' | 'WRA', t: CommandDurations): Cycles {
  const { standard, B, WL, tRTP, tWR } = t;
  if (command === 'RDA') {
    if (standard === 'lpddr3') return B + Math.max(0, tRTP - 4);
    if (standard === 'lpddr4') return B + Math.max(0, tRTP - 8);
    return standard === 'ddr3' ? Math.max(tRTP, 4) : tRTP;
  }
  return WL + B + tWR + (standard === 'lpddr3' || standard === 'lpddr4' ? 1 : 0);
}
