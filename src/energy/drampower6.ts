import type { CurrentName } from '../hardware/currents.ts';
import type { Milliamperes } from '../units/flavours.ts';
import {
  coreActivation,
  coreBankRefresh,
  corePrecharge,
  coreRefresh,
  currentsFromAllOpenBanks,
  currentsFromOneOpenBank,
  openBank,
  rowCurrent,
} from './core-terms.ts';
import type { RailModel } from './rail-model.ts';
import { background, bankRefreshAsActivation, burst } from './terms.ts';

/**
 * The core model of DRAMPower 5 and 6 with its bank-wise background (`BankwiseStates`). I_beta is IDD0, as in its own device
 * files. Of power-down it knows one kind, IDD3P and IDD2P: the fast exit's where the device tells them apart. The refresh that
 * self-refresh begins with is a refresh like any other. Where a device gives no IDD5PB, a per-bank refresh is what
 * `drampower4` takes it for.
 */
export const drampower6 =
  (rho: number): RailModel =>
  ({ device, rail, banks, perBankRefresh, times, V, current }, rank, enter) => {
    const { tCK, tRAS, tRP, tRFC, tB } = times;
    const bankCurrents =
      device.standard.openBanksOfIDD3N === 'one' ? currentsFromOneOpenBank : currentsFromAllOpenBanks;
    const currents = () => bankCurrents(banks, rho, current('IDD2N'), current('IDD3N'));
    const either = (fast: CurrentName, slow: CurrentName): Milliamperes =>
      rail.currents[fast] ?? current(slow);

    const { bankwise } = rank;
    for (let bank = 0; bank < banks; bank++) {
      const act = rank.act[bank]!;
      const pre = rank.pre[bank]!;
      const rd = rank.rd[bank]!;
      const wr = rank.wr[bank]!;
      const refPerBank = rank.refPerBank[bank]!;
      const open = bankwise.bankActiveCycles[bank]!;
      if (act > 0) {
        const I_theta = rowCurrent(current('IDD0'), current('IDD0'), tRAS, tRP);
        enter('act', coreActivation(act, tRAS, I_theta, currents().I_1, V), bank);
      }
      if (pre > 0) enter('pre', corePrecharge(pre, tRP, current('IDD0'), current('IDD2N'), V), bank);
      if (rd > 0) enter('rd', burst(rd, tB, current('IDD4R'), current('IDD3N'), V), bank);
      if (wr > 0) enter('wr', burst(wr, tB, current('IDD4W'), current('IDD3N'), V), bank);
      if (refPerBank > 0) {
        const { tRFCpb, current: I } = perBankRefresh();
        const { I_1, I_rho } = currents();
        const { banksPerREFpb } = device.standard.refresh;
        // The background of its open banks, which is counted with theirs.
        const I_open = banksPerREFpb === 1 ? I_1 : I_rho + banksPerREFpb * (I_1 - I_rho);
        enter(
          'ref',
          I === undefined
            ? bankRefreshAsActivation(banksPerREFpb * refPerBank, tRAS, tRP, current('IDD0'), I_1, V)
            : coreBankRefresh(refPerBank, tRFCpb, I, I_open, V),
          bank,
        );
      }
      if (open > 0) {
        const { I_1, I_rho } = currents();
        enter('activeBackground', openBank(open * tCK, I_1, I_rho, V), bank);
      }
    }
    const refreshes = rank.refAllBank + rank.selfRefreshEntries;
    if (refreshes > 0) enter('ref', coreRefresh(refreshes, tRFC, current('IDD5'), currents().I_B, V));
    if (bankwise.activeCycles > 0)
      enter('activeBackground', background(bankwise.activeCycles * tCK, currents().I_rho, V));
    if (bankwise.prechargedCycles > 0)
      enter('prechargedBackground', background(bankwise.prechargedCycles * tCK, current('IDD2N'), V));
    if (bankwise.activePowerDownCycles > 0)
      enter('powerDown', background(bankwise.activePowerDownCycles * tCK, either('IDD3P1', 'IDD3P0'), V));
    if (bankwise.prechargePowerDownCycles > 0)
      enter('powerDown', background(bankwise.prechargePowerDownCycles * tCK, either('IDD2P1', 'IDD2P0'), V));
    if (bankwise.selfRefreshCycles > 0)
      enter('selfRefresh', background(bankwise.selfRefreshCycles * tCK, current('IDD6'), V));
  };
