import { pinsLabel } from '../energy/io.ts';
import { groupTerms, LEDGER_GROUPS, LEDGER_TERMS } from '../energy/ledger.ts';
import { energyPerBit, moved } from '../results/dram-columns.ts';
import { publishedSaving } from '../results/published-savings.ts';
import type { LedgerRow, PowerRow } from '../results/tables.ts';
import { PJ_PER_NJ } from '../units/scale.ts';
import type { PowerOutcome, PowerPoint } from './power.ts';

/**
 * One point of `power` under the names that `replay --csv` uses. The energies in nJ, added in the order act, pre, rd,
 * wr, ref, background, io, give `dram_energy_total_nJ` to the last bit.
 */
export function powerRow(outcome: PowerOutcome, point: PowerPoint): PowerRow {
  const { device, activity, time, counts } = outcome;
  const { ledger, conditions, savings } = point;
  const accesses = counts.RD + counts.WR;
  const { access_bytes, bytes } = moved(device, accesses);
  const terms = groupTerms(ledger.terms);
  const energies = LEDGER_GROUPS.map((group) => terms[group] / PJ_PER_NJ);
  const [act, pre, rd, wr, ref, background, io] = energies as [
    ...[number, number, number, number, number, number, number],
  ];
  return {
    device: device.name,
    supply_V: point.supply,
    energy_model: outcome.model,
    data_pins: pinsLabel(outcome.io),
    accesses,
    access_bytes,
    bytes,
    cycles: activity.cycles,
    time_ns: time,
    bandwidth_GBps: bytes / time,
    dram_energy_total_nJ: energies.reduce((total, energy) => total + energy, 0),
    dram_energy_act_nJ: act,
    dram_energy_pre_nJ: pre,
    dram_energy_rd_nJ: rd,
    dram_energy_wr_nJ: wr,
    dram_energy_ref_nJ: ref,
    dram_energy_background_nJ: background,
    dram_energy_io_nJ: io,
    average_power_mW: point.averagePower,
    energy_per_access_pJ: point.perAccess,
    energy_per_bit_pJ: accesses > 0 ? energyPerBit(ledger.total, bytes) : undefined,
    energy_per_access_hit_pJ: conditions.hit,
    energy_per_access_miss_pJ: conditions.miss,
    energy_per_access_conflict_pJ: conditions.conflict,
    energy_saving_vs_nominal: savings.total,
    energy_saving_hit_vs_nominal: savings.conditions.hit,
    energy_saving_miss_vs_nominal: savings.conditions.miss,
    energy_saving_conflict_vs_nominal: savings.conditions.conflict,
    sparkxd_saving_per_access_unverified: publishedSaving(device.supply.nominal, point.supply)?.perAccess,
  };
}

/** The cells of a point's ledger that hold energy, one a row: what `power --csv` writes beside the columns above. */
export function ledgerRows({ supply, ledger }: PowerPoint, ranksPerChannel: number): LedgerRow[] {
  const { ranks, banks, rails, cells } = ledger;
  const rows: LedgerRow[] = [];
  let index = 0;
  for (let rank = 0; rank < ranks; rank++)
    for (let place = 0; place <= banks; place++)
      for (const rail of rails)
        for (const term of LEDGER_TERMS) {
          const energy = cells[index++]!;
          if (energy !== 0)
            rows.push({
              supply_V: supply,
              channel: Math.floor(rank / ranksPerChannel),
              rank: rank % ranksPerChannel,
              place: place === banks ? 'shared' : place,
              rail,
              term,
              energy_pJ: energy,
            });
        }
  return rows;
}

/** The whole outcome as plain data: the first point's columns at the top, every point with its terms under `points`. */
export function powerJson(outcome: PowerOutcome): object {
  const points = outcome.points.map((point) => {
    const { ledger } = point;
    return {
      ...powerRow(outcome, point),
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
  const { format, counts, violations, skipped, io } = outcome;
  return {
    ...points[0],
    format,
    commands: counts,
    violations,
    skipped: skipped.counts,
    ...(io ? { io } : {}),
    points,
  };
}
