import { InputError } from '../../errors/input-error.ts';
import type { CurrentName } from '../currents.ts';
import { assumed, type Draft, type DraftNumber, type DraftRail, given, IDD5PB_AVERAGE } from './draft.ts';
import { type FileValue, type FileValues, keyOf, numberOf } from './file-values.ts';

/** How a memory specification writes the currents of a rail: its voltage, and what stands around a current's name. */
interface RailKeys {
  readonly rail: string;
  readonly voltage: string;
  readonly prefix: 'idd' | 'ipp';
  readonly suffixes: readonly string[];
}

/** DRAMPower 4 has vdd and vdd2; DRAMPower 5 and later, and DRAMSys, name each rail. */
const RAIL_KEYS: readonly RailKeys[] = [
  { rail: 'VDD', voltage: 'vdd', prefix: 'idd', suffixes: [''] },
  { rail: 'VPP', voltage: 'vpp', prefix: 'ipp', suffixes: [''] },
  { rail: 'VDD1', voltage: 'vdd1', prefix: 'idd', suffixes: ['1'] },
  { rail: 'VDD2', voltage: 'vdd2', prefix: 'idd', suffixes: ['2'] },
  { rail: 'VDD2H', voltage: 'vdd2h', prefix: 'idd', suffixes: ['2h'] },
  { rail: 'VDD2L', voltage: 'vdd2l', prefix: 'idd', suffixes: ['2l'] },
  { rail: 'VDDQ', voltage: 'vddq', prefix: 'idd', suffixes: ['q', 'ql'] },
];

/** Rails that feed the cell array, which the supply of a sweep lowers; the others keep their voltage. */
const SUPPLY_RAILS: ReadonlySet<string> = new Set(['VDD', 'VDD2', 'VDD2H']);

/** What follows idd or ipp for each of our currents, the closest name first. */
const CURRENT_KEYS: Readonly<Record<CurrentName, readonly string[]>> = {
  IDD0: ['0'],
  IDD2N: ['2n'],
  IDD2P0: ['2p0', '2p'],
  IDD2P1: ['2p1', '2p'],
  IDD3N: ['3n'],
  IDD3P0: ['3p0', '3p'],
  IDD3P1: ['3p1', '3p'],
  IDD4R: ['4r'],
  IDD4W: ['4w'],
  IDD5: ['5', '5b'],
  IDD5PB: ['5pb'],
  IDD6: ['6', '6n'],
};

/** What stands for IDD5 in the refresh modes in which a refresh covers half or a quarter of the rows. */
const FINE_REFRESH: Readonly<Record<number, readonly string[]>> = { 2: ['5f2'], 4: ['5f4'] };

/** Currents of a whole module lie below, and no part draws so little at its busiest, in mA. */
const LARGEST = 10_000;
const LEAST_BUSY = 2;

/**
 * Adds the rails of a DRAMPower or DRAMSys memory specification to the draft. `milliamperes` is what one unit of the file
 * is: 1 where the clock is given in MHz (DRAMPower 4 and the first JSON), 1000 where tCK is given in seconds. Throws
 * InputError where the currents cannot have that unit.
 */
export function addMemspecCurrents(
  draft: Draft,
  values: FileValues,
  { milliamperes, refreshMode }: { readonly milliamperes: number; readonly refreshMode: number },
): void {
  const scale = (value: FileValue): number => Number((numberOf(value) * milliamperes).toPrecision(12));
  const rails = railsOf(values).flatMap((keys): DraftRail[] => {
    const voltage = values.take(`mempowerspec.${keys.voltage}`)!;
    const currents: Partial<Record<CurrentName, DraftNumber>> = {};
    for (const name of draft.standard.currents) {
      const stems = (name === 'IDD5' ? FINE_REFRESH[refreshMode] : undefined) ?? CURRENT_KEYS[name];
      const found = values.take(
        ...stems.flatMap((stem) =>
          keys.suffixes.map((suffix) => `mempowerspec.${keys.prefix}${stem}${suffix}`),
        ),
      );
      if (found === undefined) continue;
      const note = noteOf(name, found, keys);
      if (name === 'IDD5PB' && numberOf(found) > 0)
        draft.findings.push({ kind: 'doubtful', what: `${keyOf(found)}: ${note}`, place: found.place });
      const number = given(`${scale(found)} mA`, found, note);
      currents[name] = name === 'IDD5PB' ? { ...number, averageOver: IDD5PB_AVERAGE } : number;
    }
    const volts = numberOf(voltage);
    const left = (why: string): DraftRail[] => {
      draft.findings.push({
        kind: 'not used',
        what: `${keyOf(voltage)}: ${why}, so the rail ${keys.rail} is left out`,
        place: voltage.place,
      });
      return [];
    };
    if (Object.keys(currents).length === 0) return left('no current of it is given');
    if (volts === 0) return left('it is 0 V');
    return [
      {
        name: keys.rail,
        nominal: given(`${volts} V`, voltage, railNote(keys)),
        scaled: SUPPLY_RAILS.has(keys.rail),
        currents,
      },
    ];
  });
  draft.rails = rails;
  requireUnit(draft, milliamperes);
  refuseNothing(draft);
  addMissing(draft);
}

/** The rails that the file has a voltage of; DRAMPower 4's second one is named by what it is. */
function railsOf(values: FileValues): RailKeys[] {
  const rails = RAIL_KEYS.filter(({ voltage }) => values.look(`mempowerspec.${voltage}`) !== undefined);
  const [first, second] = ['vdd', 'vdd2'].map((key) => values.look(`mempowerspec.${key}`));
  if (first === undefined || second === undefined) return rails;
  const pump = numberOf(second) > numberOf(first);
  return rails.map((keys) => {
    if (pump) return keys.voltage === 'vdd2' ? { ...keys, rail: 'VPP' } : keys;
    return keys.voltage === 'vdd' ? { ...keys, rail: 'VDD1' } : keys;
  });
}

const railNote = ({ rail, voltage }: RailKeys): string | undefined => {
  if (rail.toLowerCase() === voltage) return undefined;
  return rail === 'VPP'
    ? 'the second rail is the higher one: the wordline rail'
    : 'the first rail is the higher one of two';
};

function noteOf(name: CurrentName, { path }: FileValue, { prefix, suffixes }: RailKeys): string | undefined {
  const stem = path.toLowerCase().slice(`mempowerspec.${prefix}`.length);
  if (
    /^(IDD2P|IDD3P)/.test(name) &&
    suffixes.some((suffix) => /^[23]p$/.test(stem.slice(0, 2)) && stem === stem.slice(0, 2) + suffix)
  )
    return `the source has one IDD${stem[0]}P`;
  if (name === 'IDD5PB')
    return `taken as the average over ${IDD5PB_AVERAGE}, as data sheets and DRAMPower 6 have it; the file does not say`;
  return undefined;
}

const numbersOf = ({ currents }: DraftRail): [string, DraftNumber][] => Object.entries(currents);
const milliamperesOf = ({ text }: DraftNumber): number => Number.parseFloat(text);

/** Throws InputError where currents must have been written in the other unit. */
function requireUnit({ rails }: Draft, milliamperes: number): void {
  const all = rails.flatMap(numbersOf).map(([, number]) => number);
  const largest = all.reduce<DraftNumber | undefined>(
    (most, number) => (most === undefined || milliamperesOf(number) > milliamperesOf(most) ? number : most),
    undefined,
  );
  if (largest === undefined) return;
  const current = milliamperesOf(largest);
  const [value] = largest.from;
  if (current === 0 || (current <= LARGEST && current >= LEAST_BUSY)) return;
  const unit = milliamperes === 1 ? 'mA, as clkMhz goes with' : 'A, as tCK in seconds goes with';
  throw new InputError(`${keyOf(value!)} is ${value!.text}: no such current can be meant in ${unit}`, {
    place: value!.place,
    remedy:
      'files with tCK in seconds give currents in A, files with clkMhz in mA: correct the one or the other',
  });
}

/** Currents that are all 0 stand for currents that nobody knows. */
function refuseNothing(draft: Draft): void {
  const all = draft.rails.flatMap(numbersOf);
  if (all.length === 0) {
    draft.energyUnknown = 'the imported file gives no currents';
    draft.findings.push({ kind: 'missing', what: 'currents: the file gives none, so the energy is unknown' });
    draft.rails = [];
  } else if (all.every(([, number]) => milliamperesOf(number) === 0)) {
    draft.energyUnknown = 'every current in the imported file is 0';
    draft.findings.push({
      kind: 'doubtful',
      what: 'currents: every one in the file is 0, so the energy is unknown',
      ...(all[0]![1].from[0] === undefined ? {} : { place: all[0]![1].from[0].place }),
    });
    draft.rails = [];
  }
}

/**
 * Says which currents are missing. On rails that keep their voltage they are written as 0, as DRAMPower 4 reckons them
 * (src/MemorySpecification.h); on the others an energy term that needs one is refused when it occurs.
 */
function addMissing(draft: Draft): void {
  for (const rail of draft.rails) {
    const lacking = draft.standard.currents.filter(
      (name) => name !== 'IDD5PB' && rail.currents[name] === undefined,
    );
    if (lacking.length === 0) continue;
    const consequence = rail.scaled
      ? 'an energy term that needs one is refused when it occurs'
      : 'written as 0, so this part of the energy is left out';
    draft.findings.push({ kind: 'missing', what: `${rail.name}: ${lacking.join(', ')}: ${consequence}` });
    if (rail.scaled) continue;
    for (const name of lacking) rail.currents[name] = assumed('0 mA', 'not given: left out of the energy');
  }
}
