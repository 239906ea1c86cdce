import type { SupplyEffectsOutcome } from '../experiments/supply-effects.ts';
import type { SupplyRow } from '../results/tables.ts';
import { rateInWords } from './rate-in-words.ts';
import { formatTable } from './table.ts';
import { supplyEffects } from './table-columns.ts';

const TIMES = ['tRCD', 'tRAS', 'tRP', 'tRC'] as const;
const COMMANDS = ['act', 'pre', 'rd', 'wr', 'ref'] as const;

/** What each supply does to a device, a line a supply, and what the columns mean. */
export function supplyTable({ device, rows }: SupplyEffectsOutcome): string {
  const [first] = rows;
  const hasEnergy = first!.energy_model !== undefined;
  const profile = first!.voltage_profile;
  const hasModules = rows.some(({ modules_known = 0 }) => modules_known > 1);
  const errors = profile === undefined ? 'none' : hasModules ? 'modules' : 'one';
  const cells = (row: SupplyRow): string[] => [
    row.supply_V.toFixed(3),
    (100 * row.supply_share).toFixed(1),
    ...TIMES.flatMap((time) => [row[`${time}_ns`].toFixed(2), String(row[`${time}_cycles`])]),
    ...(hasEnergy ? COMMANDS.map((command) => row[`energy_${command}_pJ`]!.toFixed(0)) : []),
    ...(errors === 'none' ? [] : [rateInWords(row.ber_least) || 'unknown']),
    ...(errors === 'modules' ? [rateInWords(row.ber_greatest) || 'unknown', String(row.modules_known)] : []),
  ];
  const curve = first!.latency_curve;
  return [
    `${device.name} (${device.standard.name}), nominal supply ${device.supply.nominal} V, clock ${device.clock} MHz\n\n`,
    formatTable(supplyEffects(hasEnergy, errors), rows.map(cells)),
    `Timing ${first!.timing}${curve === undefined ? ', which keeps the latencies of the data sheet' : `: latencies follow the circuit curve ${curve}`}.\n`,
    hasEnergy
      ? `Energies are of one command on all devices of a rank, without background (${first!.energy_model}).\n`
      : `No energies: ${device.energyUnknown}.\n`,
    profile === undefined
      ? 'No bit errors: name a voltage profile with --profile.\n'
      : `BER: bit error rate of ${hasModules ? 'the modules' : 'chips'} of profile ${profile}.\n`,
  ].join('');
}
