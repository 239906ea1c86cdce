import type { CurrentName } from '../currents.ts';
import type { ModelSource } from '../model-source.ts';
import { assumed, clockOfPeriod, createDraft, type Draft, given, type OrganisationKey } from './draft.ts';
import { type FileValue, type FileValues, numberOf, wholeOf } from './file-values.ts';
import { nameParts } from './name-parts.ts';
import { requireValue, standardOf } from './standard-of.ts';

/** Keys of [dram_structure] that are numbers of ours as they stand. */
const ORGANISATION: readonly (readonly [OrganisationKey, string])[] = [
  ['bank_groups', 'bankgroups'],
  ['banks_per_group', 'banks_per_group'],
  ['rows', 'rows'],
  ['columns', 'columns'],
  ['burst_length', 'BL'],
];

/** Keys of [timing], cycles, for each of our parameters. */
const TIMING: Readonly<Record<string, readonly string[]>> = {
  tRCD: ['tRCD'],
  tRP: ['tRP'],
  tRAS: ['tRAS'],
  tRRD_S: ['tRRD_S'],
  tRRD_L: ['tRRD_L'],
  tFAW: ['tFAW'],
  tCCD_S: ['tCCD_S'],
  tCCD_L: ['tCCD_L'],
  tRTP: ['tRTP'],
  tWR: ['tWR'],
  tWTR_S: ['tWTR_S'],
  tWTR_L: ['tWTR_L'],
  tWPRE: ['tWPRE'],
  tPPD: ['tPPD'],
  tRFCab: ['tRFC'],
  tRFCpb: ['tRFCb'],
  tXP: ['tXP'],
  tXS: ['tXS'],
  tCKE: ['tCKE'],
  tCKESR: ['tCKESR'],
  tRTRS: ['tRTRS'],
};

/** Parameters of standards without bank groups, for which DRAMsim3 has two keys. */
const PAIRS: Readonly<Record<string, string>> = { tRRD: 'tRRD', tCCD: 'tCCD', tWTR: 'tWTR' };

const CURRENTS: Readonly<Partial<Record<CurrentName, string>>> = {
  IDD0: 'IDD0',
  IDD2N: 'IDD2N',
  IDD2P0: 'IDD2P',
  IDD2P1: 'IDD2P',
  IDD3N: 'IDD3N',
  IDD3P0: 'IDD3P',
  IDD3P1: 'IDD3P',
  IDD4R: 'IDD4R',
  IDD4W: 'IDD4W',
  IDD5: 'IDD5AB',
  IDD6: 'IDD6x',
};

/** Usual refresh intervals, in ns: as cycles they are most likely a slip. */
const INTERVALS_NS: readonly number[] = [1950, 3900, 7800];

/** Cycles that DRAMsim3 takes for a [timing] without tREFI (src/configuration.cc). */
const DEFAULT_REFRESH = 7800;

/**
 * The draft of a DRAMsim3 configuration. Throws InputError for a protocol that is not known and for values that are no
 * numbers. What DRAMsim3 reckons itself (tRC, ranks, devices a rank, the first data of a read) is reckoned as it does
 * (src/configuration.cc).
 */
export async function dramsim3Draft(values: FileValues, models: ModelSource): Promise<Draft> {
  const { file } = values;
  const protocol = requireValue(values.take('dram_structure.protocol'), '[dram_structure] protocol', file);
  const standard = await standardOf(protocol, models);
  const { stem } = nameParts(file);
  const draft = createDraft({ name: stem, title: 'DRAMsim3 configuration', file, standard });
  addOrganisation(draft, values);
  addTiming(draft, values);
  addCurrents(draft, values);
  return draft;
}

function addOrganisation(draft: Draft, values: FileValues): void {
  const { organisation, findings } = draft;
  for (const [key, name] of ORGANISATION) {
    const value = values.take(`dram_structure.${name}`);
    if (value) organisation[key] = given(String(wholeOf(value)), value);
  }
  const enabled = values.take('dram_structure.bankgroup_enable');
  const [groups, banks] = [organisation.bank_groups, organisation.banks_per_group];
  if (enabled?.text === 'false' && groups && banks) {
    organisation.banks_per_group = given(
      String(Number(groups.text) * Number(banks.text)),
      [...groups.from, ...banks.from, enabled],
      'bank groups are switched off',
    );
    organisation.bank_groups = given('1', enabled, 'bank groups are switched off');
  }
  const width = values.take('dram_structure.device_width');
  if (width) organisation.device_width = given(`${wholeOf(width)} bit`, width);
  organisation.data_rate = assumed('2', 'DRAMsim3 reckons two transfers a cycle');

  const channels = values.take('system.channels');
  organisation.channels = channels
    ? given(String(wholeOf(channels)), channels)
    : assumed('1', "not given: DRAMsim3's default");
  const bus = values.take('system.bus_width');
  if (bus && width) {
    const devices = wholeOf(bus) / wholeOf(width);
    if (Number.isInteger(devices))
      organisation.devices_per_rank = given(String(devices), [bus, width], 'bus_width / device_width');
    else
      findings.push({
        kind: 'contradictory',
        what: `bus_width ${bus.text} is no multiple of device_width ${width.text}`,
        place: bus.place,
      });
  }
  addRanks(draft, values.take('system.channel_size'));
}

/** As many ranks as fill channel_size, MB, and one at least. */
function addRanks({ organisation, findings }: Draft, size: FileValue | undefined): void {
  const counts = [
    'bank_groups',
    'banks_per_group',
    'rows',
    'columns',
    'device_width',
    'devices_per_rank',
  ] as const;
  const bits = counts.reduce((product, key) => product * Number.parseFloat(organisation[key]?.text ?? ''), 1);
  const rank = bits / 2 ** 23;
  if (size === undefined) {
    organisation.ranks = assumed('1', 'channel_size is not given');
    findings.push({ kind: 'missing', what: 'channel_size: one rank is taken' });
    return;
  }
  if (!(rank > 0)) return;
  const ranks = numberOf(size) / rank;
  organisation.ranks = given(
    String(Math.max(1, Math.floor(ranks))),
    size,
    `channel_size / ${rank} MB a rank`,
  );
  if (ranks !== Math.floor(ranks) || ranks < 1)
    findings.push({
      kind: 'contradictory',
      what: `channel_size ${size.text} MB is not whole ranks of ${rank} MB: ${organisation.ranks.text} ${organisation.ranks.text === '1' ? 'rank is' : 'ranks are'} taken, as DRAMsim3 does`,
      place: size.place,
    });
}

function addTiming(draft: Draft, values: FileValues): void {
  const { timing, standard, findings } = draft;
  const take = (...keys: readonly string[]): FileValue | undefined =>
    values.take(...keys.map((key) => `timing.${key}`));
  const cycles = (value: FileValue): string => `${numberOf(value)} tCK`;
  const period = take('tCK');
  if (period) {
    const ns = numberOf(period);
    draft.clock = given(`${ns === 0 ? 0 : clockOfPeriod(ns)} MHz`, period, `tCK ${period.text} ns`);
  }
  for (const name of standard.parameters) {
    const value = take(...(TIMING[name] ?? []));
    if (value) timing[name] = given(cycles(value), value);
    const pair = Object.hasOwn(PAIRS, name) ? PAIRS[name] : undefined;
    if (pair !== undefined) addPair(draft, name, take(`${pair}_S`), take(`${pair}_L`));
  }
  if (standard.parameters.includes('tRC') && timing['tRAS'] && timing['tRP'])
    timing['tRC'] = {
      text: 'tRAS + tRP',
      from: [],
      source: 'derived',
      note: 'the format has no tRC; DRAMsim3 reckons it so',
    };
  const additive = take('AL');
  const latency = (name: 'RL' | 'WL', value: FileValue | undefined): void => {
    if (value === undefined) return;
    const al = additive ? numberOf(additive) : 0;
    const from = additive && al > 0 ? [value, additive] : value;
    timing[name] = given(`${numberOf(value) + al} tCK`, from, al > 0 ? `AL ${al} is part of it` : undefined);
  };
  latency('RL', take('CL'));
  latency('WL', take('CWL'));
  if (standard.parameters.includes('tDQSCK')) {
    timing['tDQSCK'] = assumed('0 ns', 'the format has none: in DRAMsim3 data come RL after the command');
    findings.push({ kind: 'missing', what: 'tDQSCK: the format has none, written as 0 as DRAMsim3 reckons' });
  }
  addRefreshInterval(draft, take('tREFI'), take('REFI'));
}

/** A standard without bank groups has one time where the file has two, which must be equal. */
function addPair(
  { timing, findings, standard }: Draft,
  name: string,
  short: FileValue | undefined,
  long: FileValue | undefined,
): void {
  if (short === undefined || long === undefined) return;
  if (numberOf(short) === numberOf(long)) timing[name] = given(`${numberOf(short)} tCK`, [short, long]);
  else
    findings.push({
      kind: 'contradictory',
      what: `${name}_S ${short.text} and ${name}_L ${long.text} differ, and ${standard.name} has no bank groups`,
      place: long.place,
    });
}

/** Some of DRAMsim3's own files name it REFI, which DRAMsim3 does not read. */
function addRefreshInterval(
  { timing, findings, clock }: Draft,
  read: FileValue | undefined,
  unread: FileValue | undefined,
): void {
  const value = read ?? unread;
  if (value === undefined) return;
  timing['tREFI'] = given(
    `${numberOf(value)} tCK`,
    value,
    read ? undefined : 'REFI, which DRAMsim3 does not read',
  );
  if (read === undefined)
    findings.push({
      kind: 'contradictory',
      what: `REFI ${value.text}: DRAMsim3 reads tREFI and so takes its default, ${DEFAULT_REFRESH} cycles; ${value.text} is taken`,
      place: value.place,
    });
  else if (unread && unread.text !== read.text)
    findings.push({
      kind: 'contradictory',
      what: `tREFI ${read.text} and REFI ${unread.text}: tREFI is taken, as DRAMsim3 does`,
      place: unread.place,
    });
  if (INTERVALS_NS.includes(numberOf(value)) && clock?.text !== '1000 MHz')
    findings.push({
      kind: 'doubtful',
      what: `tREFI ${value.text} is taken as cycles, as DRAMsim3 takes it: perhaps ns were meant`,
      place: value.place,
    });
}

function addCurrents(draft: Draft, values: FileValues): void {
  const { findings, standard } = draft;
  const voltage = values.take('power.VDD');
  const currents: Draft['rails'][number]['currents'] = {};
  for (const name of standard.currents) {
    const key = CURRENTS[name];
    const value = key === undefined ? undefined : values.take(`power.${key}`);
    if (value)
      currents[name] = given(
        `${numberOf(value)} mA`,
        value,
        /^IDD[23]P/.test(name) ? `the source has one ${key}` : undefined,
      );
  }
  const names = Object.keys(currents);
  if (voltage === undefined || numberOf(voltage) === 0 || names.length === 0) {
    draft.energyUnknown = `the imported file gives no ${voltage ? 'currents' : 'VDD'}`;
    findings.push({
      kind: 'missing',
      what: `${voltage ? 'currents' : 'VDD'}: not given, so the energy is unknown`,
    });
    return;
  }
  const nominal = given(`${numberOf(voltage)} V`, voltage);
  draft.supply.nominal = nominal;
  draft.rails = [{ name: 'VDD', nominal, scaled: true, currents }];
  const lacking = standard.currents.filter((name) => name !== 'IDD5PB' && !names.includes(name));
  if (lacking.length > 0)
    findings.push({
      kind: 'missing',
      what: `VDD: ${lacking.join(', ')}: an energy term that needs one is refused when it occurs`,
    });
  findings.push({
    kind: 'missing',
    what: 'currents of other rails than VDD: the format has one rail, so the energy of the others is left out',
  });
  const perBank = values.take('power.IDD5PB');
  if (perBank)
    findings.push({
      kind: 'not used',
      what: `IDD5PB ${perBank.text}: the current during tRFCb there, the average over tREFI/8 here`,
      place: perBank.place,
    });
  const pump = values.take('power.IPP0');
  if (pump && numberOf(pump) > 0)
    findings.push({
      kind: 'not used',
      what: `IPP0 ${pump.text}: the file gives no voltage of VPP`,
      place: pump.place,
    });
}
