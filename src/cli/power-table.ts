import { pinsInWords, pinsLabel } from '../energy/io.ts';
import { LEDGER_TERMS, type LedgerTerm } from '../energy/ledger.ts';
import type { PowerOutcome, PowerPoint } from '../experiments/power.ts';
import { bytesPerBurst } from '../hardware/device.ts';
import { percent } from '../report/percent.ts';
import { FROM_MEMORY, publishedSaving } from '../results/published-savings.ts';
import { formatTable } from './table.ts';
import { BANK_ENERGY, COMMAND_ENERGY, energyBySupply, energyTerms } from './table-columns.ts';

const TERM_NAMES: Record<LedgerTerm, string> = {
  act: 'ACT',
  pre: 'PRE',
  rd: 'RD',
  wr: 'WR',
  ref: 'REF',
  activeBackground: 'active background',
  prechargedBackground: 'precharged background',
  powerDown: 'power-down',
  selfRefresh: 'self-refresh',
  io: 'I/O',
};

const pJ = (energy: number): string => energy.toFixed(2);
/** The outcome for people: one supply in all its parts, several as a sweep. */
export function powerTable(outcome: PowerOutcome): string {
  const { device, activity, time, counts, points, io } = outcome;
  const commands = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count.toLocaleString('en')} ${name}`);
  const header = [
    `${device.name}: ${commands.join(', ')} in ${activity.cycles.toLocaleString('en')} cycles (${time.toFixed(2)} ns)\n`,
    `An access is one burst of ${bytesPerBurst(device.organisation)} bytes: an RD or a WR.\n`,
  ].join('');
  const pins = io
    ? `data pins: ${io.capacitance_pF} pF a pin at ${io.voltage} V, ${io.writeTermination_mW} mW a pin terminated in writes\n`
    : '';
  const held = `Energies: ${pinsInWords(pinsLabel(io))}.\n`;
  const body =
    points.length === 1
      ? [
          termTable(points[0]!),
          bankTable(points[0]!, device.organisation.ranks),
          commandTable(points[0]!),
          band(points[0]!),
        ].join('\n')
      : sweepTable(outcome);
  return `${header}${held}${pins}\n${body}`;
}

function termTable({ ledger, railVoltages, averagePower }: PowerPoint): string {
  const columns = energyTerms(ledger.rails.map((name, i) => ({ name, volts: railVoltages[i] })));
  const used = LEDGER_TERMS.filter((term) => ledger.terms[term] !== 0);
  const rows = used.map((term) => [
    TERM_NAMES[term],
    ...ledger.byRail.map((terms) => pJ(terms[term])),
    pJ(ledger.terms[term]),
    percent(ledger.terms[term] / ledger.total),
  ]);
  const railTotals = ledger.byRail.map((terms) => LEDGER_TERMS.reduce((sum, term) => sum + terms[term], 0));
  rows.push(['total', ...railTotals.map(pJ), pJ(ledger.total), percent(1)]);
  return `${formatTable(columns, rows)}average power ${averagePower.toFixed(3)} mW\n`;
}

function bankTable({ ledger }: PowerPoint, ranksPerChannel: number): string {
  const rows = ledger.byPlace.flatMap((places, rank) =>
    [...places].flatMap((energy, place) =>
      energy === 0
        ? []
        : [
            [
              String(Math.floor(rank / ranksPerChannel)),
              String(rank % ranksPerChannel),
              place === ledger.banks ? 'shared' : String(place),
              pJ(energy),
              percent(energy / ledger.total),
            ],
          ],
    ),
  );
  return formatTable(BANK_ENERGY, rows);
}

function commandTable({ commands, conditions, perAccess }: PowerPoint): string {
  const rows = [
    ...Object.entries(commands).map(([name, energy]) => [name, pJ(energy)]),
    ['row hit (RD)', pJ(conditions.hit)],
    ['row miss (ACT + RD)', pJ(conditions.miss)],
    ['row conflict (PRE + ACT + RD)', pJ(conditions.conflict)],
    ...(perAccess === undefined ? [] : [['access, everything included', pJ(perAccess)]]),
  ];
  return formatTable(COMMAND_ENERGY, rows);
}

function band({ ledger, otherCurrents }: PowerPoint): string {
  return Object.entries(otherCurrents)
    .map(([name, total]) =>
      total === undefined
        ? `currents ${name}: a current that this trace needs is missing\n`
        : `currents ${name}: total ${pJ(total)} pJ, ${(total / ledger.total).toFixed(3)} of the above\n`,
    )
    .join('');
}

function sweepTable({ device, points, io }: PowerOutcome): string {
  const published = points.map(({ supply }) => publishedSaving(device.supply.nominal, supply));
  const compared = published.some((saving) => saving !== undefined);
  const sets = device.otherCurrents.map(({ name }) => name);
  const rows = points.map(({ supply, ledger, perAccess, conditions, savings, otherCurrents }, i) => [
    supply.toFixed(3),
    pJ(ledger.total),
    perAccess === undefined ? '-' : pJ(perAccess),
    ...[conditions.hit, conditions.miss, conditions.conflict].map(pJ),
    percent(savings.total),
    ...[savings.conditions.hit, savings.conditions.miss, savings.conditions.conflict].map((share) =>
      percent(share),
    ),
    ...(compared ? [published[i] ? percent(published[i].perAccess) : '-'] : []),
    ...sets.map((name) => (otherCurrents[name] === undefined ? '-' : pJ(otherCurrents[name]))),
  ]);
  return [
    formatTable(energyBySupply(compared, sets), rows),
    compared ? `† ${FROM_MEMORY}\n` : '',
    "The commands keep their cycles, so every saving is the voltage's alone; replay --timing stretched adds what slower timing costs.\n",
    `Savings: ${pinsInWords(pinsLabel(io))}.\n`,
  ].join('');
}
