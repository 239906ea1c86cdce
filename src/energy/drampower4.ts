import type { RailModel } from './rail-model.ts';
import {
  activation,
  background,
  bankRefresh,
  bankRefreshAsActivation,
  burst,
  precharge,
  refresh,
  selfRefresh,
} from './terms.ts';

/**
 * DRAMPower 4.1's model (src/MemoryPowerModel.cc), without its bank-wise option. It differs in the per-bank refresh, which
 * DRAMPower 4.1 charges to the first rail alone, and with the whole of IDD5PB: here IDD5PB counts above IDD3N.
 */
export const drampower4: RailModel = (
  { device, first, banks, perBankRefresh, times, V, current },
  rank,
  enter,
) => {
  const { tCK, tRAS, tRC, tRP, tRFC, tB } = times;
  for (let bank = 0; bank < banks; bank++) {
    const act = rank.act[bank]!;
    const pre = rank.pre[bank]!;
    const rd = rank.rd[bank]!;
    const wr = rank.wr[bank]!;
    const refPerBank = rank.refPerBank[bank]!;
    if (act > 0) enter('act', activation(act, tRAS, current('IDD0'), current('IDD3N'), V), bank);
    if (pre > 0) enter('pre', precharge(pre, tRC, tRAS, current('IDD0'), current('IDD2N'), V), bank);
    if (rd > 0) enter('rd', burst(rd, tB, current('IDD4R'), current('IDD3N'), V), bank);
    if (wr > 0) enter('wr', burst(wr, tB, current('IDD4W'), current('IDD3N'), V), bank);
    if (refPerBank > 0) {
      const { rails, tRFCpb, current: refreshCurrent } = perBankRefresh();
      const activations = device.standard.refresh.banksPerREFpb * refPerBank;
      if (first || rails === 'all')
        enter(
          'ref',
          refreshCurrent === undefined
            ? bankRefreshAsActivation(activations, tRAS, tRP, current('IDD0'), current('IDD3N'), V)
            : bankRefresh(refPerBank, tRFCpb, refreshCurrent, current('IDD3N'), V),
          bank,
        );
    }
  }
  if (rank.refAllBank > 0) enter('ref', refresh(rank.refAllBank, tRFC, current('IDD5'), current('IDD3N'), V));

  if (rank.activeCycles > 0)
    enter('activeBackground', background(rank.activeCycles * tCK, current('IDD3N'), V));
  if (rank.prechargedCycles > 0)
    enter('prechargedBackground', background(rank.prechargedCycles * tCK, current('IDD2N'), V));
  if (rank.activePowerDownFastCycles > 0)
    enter('powerDown', background(rank.activePowerDownFastCycles * tCK, current('IDD3P1'), V));
  if (rank.activePowerDownSlowCycles > 0)
    enter('powerDown', background(rank.activePowerDownSlowCycles * tCK, current('IDD3P0'), V));
  if (rank.prechargePowerDownFastCycles > 0)
    enter('powerDown', background(rank.prechargePowerDownFastCycles * tCK, current('IDD2P1'), V));
  if (rank.prechargePowerDownSlowCycles > 0)
    enter('powerDown', background(rank.prechargePowerDownSlowCycles * tCK, current('IDD2P0'), V));

  const { entryRefreshActiveCycles, entryRefreshPrechargedCycles } = rank;
  const { exitRefreshActiveCycles, exitRefreshPrechargedCycles } = rank;
  const refreshing =
    entryRefreshActiveCycles +
    entryRefreshPrechargedCycles +
    exitRefreshActiveCycles +
    exitRefreshPrechargedCycles;
  if (rank.selfRefreshCycles > 0 || refreshing > 0)
    enter(
      'selfRefresh',
      selfRefresh(
        rank.selfRefreshCycles * tCK,
        refreshing * tCK,
        current('IDD6'),
        refreshing > 0 ? current('IDD5') : 0,
        refreshing > 0 ? current('IDD3N') : 0,
        V,
      ),
    );
  // Behind that refresh: power-down's currents while in self-refresh, standby's after an early exit.
  if (entryRefreshActiveCycles > 0)
    enter('selfRefresh', background(entryRefreshActiveCycles * tCK, current('IDD3P0'), V));
  if (entryRefreshPrechargedCycles > 0)
    enter('selfRefresh', background(entryRefreshPrechargedCycles * tCK, current('IDD2P0'), V));
  if (exitRefreshActiveCycles > 0)
    enter('selfRefresh', background(exitRefreshActiveCycles * tCK, current('IDD3N'), V));
  if (exitRefreshPrechargedCycles > 0)
    enter('selfRefresh', background(exitRefreshPrechargedCycles * tCK, current('IDD2N'), V));
};
