import type { Milliamperes, Nanoseconds, Picojoules, Volts } from '../units/flavours.ts';

/**
 * The core terms of DRAMPower 5 and 6 (tukl-msd/DRAMPower, v6.2.0, standards/{ddr4,lpddr4}/core_calculation_*.cpp),
 * for one rail of one device. They tell one open bank from many: I_rho flows while the rank is active at all, and
 * each open bank adds I_1 - I_rho. B is the number of banks, rho in [0, 1] the share of the active current that is
 * common to the banks.
 */
export interface BankCurrents {
  /** Shared by the banks while any is open. */
  readonly I_rho: Milliamperes;
  /** One bank open. */
  readonly I_1: Milliamperes;
  /** All banks open. */
  readonly I_B: Milliamperes;
}

/** Where IDD3N is measured with one bank open. */
export function currentsFromOneOpenBank(
  B: number,
  rho: number,
  IDD2N: Milliamperes,
  IDD3N: Milliamperes,
): BankCurrents {
  const I_rho = (B * rho * IDD3N + (1 - rho) * IDD2N) / (B * rho + 1 - rho);
  return { I_rho, I_1: IDD3N, I_B: I_rho + B * (IDD3N - I_rho) };
}

/** Where IDD3N is measured with all banks open. */
export function currentsFromAllOpenBanks(
  B: number,
  rho: number,
  IDD2N: Milliamperes,
  IDD3N: Milliamperes,
): BankCurrents {
  const I_rho = rho * (IDD3N - IDD2N) + IDD2N;
  return { I_rho, I_1: (IDD3N + (B - 1) * I_rho) / B, I_B: IDD3N };
}

/** I_theta = (IDD0 * (tRP + tRAS) - I_beta * tRP) / tRAS: the current while a row is opened and restored */
export const rowCurrent = (
  IDD0: Milliamperes,
  I_beta: Milliamperes,
  tRAS: Nanoseconds,
  tRP: Nanoseconds,
): Milliamperes => (IDD0 * (tRP + tRAS) - I_beta * tRP) / tRAS;

/** N_act * (I_theta - I_1) * tRAS * V */
export const coreActivation = (
  N: number,
  tRAS: Nanoseconds,
  I_theta: Milliamperes,
  I_1: Milliamperes,
  V: Volts,
): Picojoules => N * (I_theta - I_1) * tRAS * V;

/** N_pre * (I_beta - IDD2N) * tRP * V */
export const corePrecharge = (
  N: number,
  tRP: Nanoseconds,
  I_beta: Milliamperes,
  IDD2N: Milliamperes,
  V: Volts,
): Picojoules => N * (I_beta - IDD2N) * tRP * V;

/** N_ref * (IDD5 - I_B) * tRFC * V */
export const coreRefresh = (
  N: number,
  tRFC: Nanoseconds,
  IDD5: Milliamperes,
  I_B: Milliamperes,
  V: Volts,
): Picojoules => N * (IDD5 - I_B) * tRFC * V;

/**
 * IDD5PB_B = (IDD5PB * T - IDD2N * (T - tRFCpb)) / tRFCpb: the data sheet's average over the time T from one per-bank
 * refresh to the next, undone. In DRAMPower T is tREFI/8.
 */
export const bankRefreshCurrent = (
  IDD5PB: Milliamperes,
  IDD2N: Milliamperes,
  interval: Nanoseconds,
  tRFCpb: Nanoseconds,
): Milliamperes => (IDD5PB * interval - IDD2N * (interval - tRFCpb)) / tRFCpb;

/** N_refpb * (IDD5PB_B - I_open) * tRFCpb * V; I_open flows while the refreshed banks are open (one: I_1) */
export const coreBankRefresh = (
  N: number,
  tRFCpb: Nanoseconds,
  IDD5PB_B: Milliamperes,
  I_open: Milliamperes,
  V: Volts,
): Picojoules => N * (IDD5PB_B - I_open) * tRFCpb * V;

/** T_bank * (I_1 - I_rho) * V: what one open bank adds to the rank's I_rho */
export const openBank = (T_bank: Nanoseconds, I_1: Milliamperes, I_rho: Milliamperes, V: Volts): Picojoules =>
  T_bank * (I_1 - I_rho) * V;
