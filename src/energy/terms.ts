import type { Milliamperes, Nanoseconds, Picojoules, Volts } from '../units/flavours.ts';

/**
 * The energy terms of DRAMPower 4.1 (tukl-msd/DRAMPower, tag v4.1, src/MemoryPowerModel.cc), one rail and one device:
 * mA x V x ns = pJ. Each is evaluated per rail and added. `count` commands; durations are the datasheet's.
 */

/** N_act * tRAS * (IDD0 - IDD3N) * V */
export const activation = (
  count: number,
  tRAS: Nanoseconds,
  IDD0: Milliamperes,
  IDD3N: Milliamperes,
  V: Volts,
): Picojoules => count * tRAS * (IDD0 - IDD3N) * V;

/** N_pre * (tRC - tRAS) * (IDD0 - IDD2N) * V */
export const precharge = (
  count: number,
  tRC: Nanoseconds,
  tRAS: Nanoseconds,
  IDD0: Milliamperes,
  IDD2N: Milliamperes,
  V: Volts,
): Picojoules => count * (tRC - tRAS) * (IDD0 - IDD2N) * V;

/** N * (BL / data rate) * tCK * (IDD4 - IDD3N) * V, with IDD4R for reads and IDD4W for writes */
export const burst = (
  count: number,
  time: Nanoseconds,
  IDD4: Milliamperes,
  IDD3N: Milliamperes,
  V: Volts,
): Picojoules => count * time * (IDD4 - IDD3N) * V;

/** N_ref * tRFC * (IDD5 - IDD3N) * V */
export const refresh = (
  count: number,
  tRFC: Nanoseconds,
  IDD5: Milliamperes,
  IDD3N: Milliamperes,
  V: Volts,
): Picojoules => count * tRFC * (IDD5 - IDD3N) * V;

/** T * I * V: standby, power-down */
export const background = (time: Nanoseconds, I: Milliamperes, V: Volts): Picojoules => time * I * V;
