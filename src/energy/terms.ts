import type { Milliamperes, Nanoseconds, Picojoules, Volts } from '../units/flavours.ts';

/**
 * The energy terms of DRAMPower 4.1 (tukl-msd/DRAMPower, tag v4.1, src/MemoryPowerModel.cc), for one rail of one
 * device: mA x V x ns = pJ. Counts N are commands, T is time in a state, durations are the datasheet's.
 */

/** N_act * tRAS * (IDD0 - IDD3N) * V */
export const activation = (
  N: number,
  tRAS: Nanoseconds,
  IDD0: Milliamperes,
  IDD3N: Milliamperes,
  V: Volts,
): Picojoules => N * tRAS * (IDD0 - IDD3N) * V;

/** N_pre * (tRC - tRAS) * (IDD0 - IDD2N) * V */
export const precharge = (
  N: number,
  tRC: Nanoseconds,
  tRAS: Nanoseconds,
  IDD0: Milliamperes,
  IDD2N: Milliamperes,
  V: Volts,
): Picojoules => N * (tRC - tRAS) * (IDD0 - IDD2N) * V;

/** N * tB * (IDD4 - IDD3N) * V with tB = BL / data rate * tCK; IDD4R for reads, IDD4W for writes */
export const burst = (
  N: number,
  tB: Nanoseconds,
  IDD4: Milliamperes,
  IDD3N: Milliamperes,
  V: Volts,
): Picojoules => N * tB * (IDD4 - IDD3N) * V;

/** N_ref * tRFC * (IDD5 - IDD3N) * V */
export const refresh = (
  N: number,
  tRFC: Nanoseconds,
  IDD5: Milliamperes,
  IDD3N: Milliamperes,
  V: Volts,
): Picojoules => N * tRFC * (IDD5 - IDD3N) * V;

/** N_refb * tRFCpb * (I - IDD3N) * V; I is the current while one bank is refreshed */
export const bankRefresh = (
  N: number,
  tRFCpb: Nanoseconds,
  I: Milliamperes,
  IDD3N: Milliamperes,
  V: Volts,
): Picojoules => N * tRFCpb * (I - IDD3N) * V;

/** The same where no per-bank current is given: one activation's current above standby, for tRAS + tRP */
export const bankRefreshAsActivation = (
  N: number,
  tRAS: Nanoseconds,
  tRP: Nanoseconds,
  IDD0: Milliamperes,
  IDD3N: Milliamperes,
  V: Volts,
): Picojoules => N * (tRAS + tRP) * (IDD0 - IDD3N) * V;

/** T * I * V: IDD3N and IDD2N in standby, IDD3P1/IDD3P0/IDD2P1/IDD2P0 in power-down (fast/slow exit) */
export const background = (T: Nanoseconds, I: Milliamperes, V: Volts): Picojoules => T * I * V;

/** (T_sref * IDD6 + T_ref * (IDD5 - IDD3N)) * V; T_ref is the refresh that self-refresh begins with */
export const selfRefresh = (
  T_sref: Nanoseconds,
  T_ref: Nanoseconds,
  IDD6: Milliamperes,
  IDD5: Milliamperes,
  IDD3N: Milliamperes,
  V: Volts,
): Picojoules => (T_sref * IDD6 + T_ref * (IDD5 - IDD3N)) * V;
