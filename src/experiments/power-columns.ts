import { groupTerms, LEDGER_GROUPS, LEDGER_TERMS } from '../energy/ledger.ts';
import { bytesPerBurst } from '../hardware/device.ts';
import { publishedSaving } from '../results/published-savings.ts';
import type { Cell } from '../results/result-columns.ts';
import type { PowerOutcome, PowerPoint } from './run-power.ts';

const PJ_PER_NJ = 1000;

/**
 * One point of `power` under the names that `replay --csv` uses. The energies in nJ, added in the order act, pre, rd,
 * wr, ref, background, io, give `dram_energy_total_nJ` to the last bit.
 */
export function powerColumns(outcome: PowerOutcome, point: PowerPoint): Record<string, Cell> {
  const { device, activity, time, counts } = outcome;
  const { ledger, conditions, savings } = point;
  const accesses = counts.RD + counts.WR;
  const groups = groupTerms(ledger.terms);
  const energies = LEDGER_GROUPS.map(
    (group) => [`dram_energy_${group}_nJ`, groups[group] / PJ_PER_NJ] as const,
  );
  const published = publishedSaving(device.supply.nominal, point.supply);
  return {
    device: device.name,
    supply_V: point.supply,
    accesses,
    cycles: activity.cycles,
    time_ns: time,
    bandwidth_GBps: (accesses * bytesPerBurst(device.organisation)) / time,
    dram_energy_total_nJ: energies.reduce((total, [, energy]) => total + energy, 0),
    ...Object.fromEntries(energies),
    average_power_mW: point.averagePower,
    energy_per_access_pJ: point.perAccess,
    energy_per_access_hit_pJ: conditions.hit,
    energy_per_access_miss_pJ: conditions.miss,
    energy_per_access_conflict_pJ: conditions.conflict,
    energy_saving_vs_nominal: savings.total,
    energy_saving_hit: savings.conditions.hit,
    energy_saving_miss: savings.conditions.miss,
    energy_saving_conflict: savings.conditions.conflict,
    sparkxd_saving_per_access_recalled: published?.perAccess,
  };
}

/** The cells of a point's ledger that hold energy, one a row: what `power --csv` writes beside the columns above. */
export function ledgerRows({ supply, ledger }: PowerPoint): Cell[][] {
  const { ranks, banks, rails, cells } = ledger;
  const rows: Cell[][] = [];
  let index = 0;
  for (let rank = 0; rank < ranks; rank++)
    for (let place = 0; place <= banks; place++)
      for (const rail of rails)
        for (const term of LEDGER_TERMS) {
          const energy = cells[index++]!;
          if (energy !== 0) rows.push([supply, rank, place === banks ? 'shared' : place, rail, term, energy]);
        }
  return rows;
}

export const LEDGER_HEADER = ['supply_V', 'rank', 'bank', 'rail', 'term', 'energy_pJ'] as const;

/** The whole outcome as plain data: the first point's columns at the top, every point with its terms under `points`. */
export function powerJson(outcome: PowerOutcome): object {
  const points = outcome.points.map((point) => {
    const { ledger } = point;
    return {
      ...powerColumns(outcome, point),
      total_pJ: ledger.total,
      terms_pJ: ledger.terms,
      rails: ledger.rails.map((name, i) => ({
        name,
        voltage_V: point.railVoltages[i],
        terms_pJ: ledger.byRail[i],
      })),
      ranks: ledger.byPlace.map((places) => ({
        banks_pJ: [...places.slice(0, ledger.banks)],
        shared_pJ: places[ledger.banks],
      })),
      commands_pJ: point.commands,
      other_currents_pJ: point.otherCurrents,
    };
  });
  return { ...points[0], format: outcome.format, commands: outcome.counts, points };
}
