import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import type { ModelSource } from '../model-source.ts';
import { assumed, clockOfPeriod, createDraft, type Draft, given } from './draft.ts';
import { type FileValue, type FileValues, keyOf, numberOf, wholeOf } from './file-values.ts';
import { addMemspecCurrents } from './memspec-currents.ts';
import { nameParts } from './name-parts.ts';
import { hasBankGroups, requireValue, standardOf } from './standard-of.ts';

/** The keys of `memtimingspec` for each of our parameters, the closest first; all are cycles. */
const TIMING_KEYS: Readonly<Record<string, readonly string[]>> = {
  tRCD: ['RCD', 'RCD_L'],
  tRP: ['RPpb', 'RP'],
  tRPab: ['RPab'],
  tRAS: ['RAS'],
  tRC: ['RCpb', 'RC'],
  tRRD: ['RRD'],
  tRRD_S: ['RRD_S'],
  tRRD_L: ['RRD_L'],
  tFAW: ['FAW'],
  tCCD: ['CCD'],
  tCCD_S: ['CCD_S', 'BL_n_S_16'],
  tCCD_L: ['CCD_L', 'BL_n_L_16'],
  tRTP: ['RTP'],
  tWR: ['WR'],
  tWTR: ['WTR'],
  tWTR_S: ['WTR_S'],
  tWTR_L: ['WTR_L'],
  WL: ['WL'],
  tDQSCK: ['DQSCK'],
  tWPRE: ['WPRE'],
  tPPD: ['PPD'],
  tRFCpb: ['RFCpb'],
  tXP: ['XP'],
  tXPDLL: ['XPDLL'],
  tXS: ['XS', 'XSR'],
  tXSDLL: ['XSDLL'],
  tCKE: ['CKE'],
  tCMDCKE: ['CMDCKE'],
  tCKESR: ['CKESR', 'SR'],
  tRTRS: ['RTRS'],
};

/** All-bank refreshes by refresh mode: in modes 2 and 4 a refresh covers fewer rows, and comes so much more often. */
const REFRESH_KEYS: Readonly<Record<number, readonly string[]>> = {
  1: ['RFCab', 'RFC1', 'RFC'],
  2: ['RFC2'],
  4: ['RFC4'],
};

/** Clocks from the file's two keys may differ by rounding, no more. */
const SAME_CLOCK = 1e-3;

/**
 * The draft of a memory specification of DRAMPower (JSON of 5 and 6, XML of 4) or DRAMSys: sections `memarchitecturespec`,
 * `memtimingspec`, `mempowerspec`. Throws InputError for a standard that is not known and for values that are no numbers.
 */
export async function memspecDraft(
  values: FileValues,
  { title, models }: { readonly title: string; readonly models: ModelSource },
): Promise<Draft> {
  const { file } = values;
  const type = requireValue(values.take('memoryType'), 'memoryType', file);
  const standard = await standardOf(type, models);
  const id = values.take('memoryId');
  const draft = createDraft({ name: id?.text ?? nameParts(file).stem, title, file, standard });
  addOrganisation(draft, values);
  const milliamperes = addClock(draft, values);
  const refreshMode = refreshModeOf(values);
  addTiming(draft, values, refreshMode);
  addMemspecCurrents(draft, values, { milliamperes, refreshMode });
  const [supply] = draft.rails.filter(({ scaled }) => scaled);
  if (supply !== undefined) draft.supply.nominal = supply.nominal;
  return draft;
}

function addOrganisation({ organisation, findings, standard }: Draft, values: FileValues): void {
  const take = (...keys: string[]): FileValue | undefined =>
    values.take(...keys.map((key) => `memarchitecturespec.${key}`));
  const count = (value: FileValue): string => String(wholeOf(value));
  const orOne = (key: 'channels' | 'ranks' | 'devices_per_rank', why: string, ...keys: string[]): void => {
    const value = take(...keys);
    organisation[key] = value ? given(count(value), value) : assumed('1', why);
    if (!value) findings.push({ kind: 'missing', what: `${keys[0]}: written as 1: ${why}` });
  };
  orOne('channels', 'the file describes one channel', 'nbrOfChannels');
  orOne('ranks', 'the file describes one rank', 'nbrOfRanks');
  orOne('devices_per_rank', 'DRAMPower reckons one device', 'nbrOfDevices', 'nbrOfDevicesOnDIMM');
  for (const [key, name] of [
    ['rows', 'nbrOfRows'],
    ['columns', 'nbrOfColumns'],
    ['burst_length', 'burstLength'],
    ['data_rate', 'dataRate'],
  ] as const) {
    const value = take(name);
    if (value) organisation[key] = given(count(value), value);
  }
  const width = take('width');
  if (width) organisation.device_width = given(`${wholeOf(width)} bit`, width);
  addBanks({ organisation, findings, standard }, take('nbrOfBanks'), take('nbrOfBankGroups'));

  const longest = take('maxBurstLength');
  const burst = organisation.burst_length;
  if (longest && burst && longest.text !== burst.text)
    findings.push({
      kind: 'contradictory',
      what: `maxBurstLength ${longest.text} and burstLength ${burst.text}: burstLength is taken`,
      place: longest.place,
    });
  if (width && wholeOf(width) >= 64 && organisation.devices_per_rank?.text === '1')
    findings.push({
      kind: 'doubtful',
      what: `width ${width.text} with one device: a module taken as one device, whose currents must be the module's`,
      place: width.place,
    });
}

/** `nbrOfBanks` counts all banks of a rank, those of every group together. */
function addBanks(
  { organisation, findings, standard }: Pick<Draft, 'organisation' | 'findings' | 'standard'>,
  banks: FileValue | undefined,
  groups: FileValue | undefined,
): void {
  if (groups === undefined && hasBankGroups(standard)) return;
  const groupCount = groups === undefined ? 1 : wholeOf(groups);
  organisation.bank_groups =
    groups === undefined
      ? assumed('1', `${standard.name} has no bank groups`)
      : given(String(groupCount), groups);
  if (banks === undefined) return;
  const bankCount = wholeOf(banks);
  if (bankCount % groupCount !== 0) {
    findings.push({
      kind: 'contradictory',
      what: `nbrOfBanks ${bankCount} is no multiple of nbrOfBankGroups ${groupCount}`,
      place: banks.place,
    });
    return;
  }
  organisation.banks_per_group = given(
    String(bankCount / groupCount),
    groups === undefined ? banks : [banks, groups],
    groups === undefined ? undefined : `${bankCount} banks in ${groupCount} groups`,
  );
}

/** Answers with the milliamperes of the file's unit of current. */
function addClock(draft: Draft, values: FileValues): number {
  const period = values.take('memtimingspec.tCK');
  const frequency = values.take('memtimingspec.clkMhz');
  if (period === undefined) {
    if (frequency) draft.clock = given(`${numberOf(frequency)} MHz`, frequency);
    return 1;
  }
  const seconds = numberOf(period);
  if (seconds < 5e-11 || seconds > 1e-6)
    throw new InputError(`tCK is ${quoted(period.text)}: no clock period in seconds`, {
      place: period.place,
      remedy: 'DRAMPower and DRAMSys give tCK in seconds, such as 1.25e-9',
    });
  const clock = clockOfPeriod(seconds * 1e9);
  draft.clock = given(`${clock} MHz`, period, `tCK ${Number((seconds * 1e9).toPrecision(9))} ns`);
  if (frequency && Math.abs(numberOf(frequency) / clock - 1) > SAME_CLOCK)
    draft.findings.push({
      kind: 'contradictory',
      what: `clkMhz ${frequency.text} and tCK, which is ${clock} MHz: tCK is taken`,
      place: frequency.place,
    });
  return 1000;
}

/** 1 unless the file says 2 or 4: DRAMSys' RefMode, before it REFM, and "1X" in the first JSON. */
function refreshModeOf(values: FileValues): number {
  const mode = values.take('memarchitecturespec.RefMode', 'memtimingspec.REFM', 'RefreshMode');
  values.take('memtimingspec.REFM');
  if (mode === undefined) return 1;
  const number = Number(mode.text.replace(/x$/i, ''));
  if (number === 0 || number === 1) return 1;
  if (number === 2 || number === 4) return number;
  throw new InputError(`${keyOf(mode)} is ${quoted(mode.text)}: expected 1, 2 or 4`, { place: mode.place });
}

function addTiming(draft: Draft, values: FileValues, refreshMode: number): void {
  const { timing, standard, findings } = draft;
  const take = (...keys: readonly string[]): FileValue | undefined =>
    values.take(...keys.map((key) => `memtimingspec.${key}`));
  const cycles = (value: FileValue): string => `${numberOf(value)} tCK`;
  for (const name of standard.parameters) {
    const value = take(...(TIMING_KEYS[name] ?? []));
    if (value) timing[name] = given(cycles(value), value, timingNote(name, value));
  }
  addReadLatency(draft, take('RL'), take('CL'), take('AL'));
  addReadToPrecharge(draft, take);

  const refresh = take(...REFRESH_KEYS[refreshMode]!);
  const mode = refreshMode === 1 ? undefined : `refresh mode ${refreshMode}`;
  if (refresh) timing['tRFCab'] = given(cycles(refresh), refresh, mode);
  const interval = take('REFI');
  if (interval)
    timing['tREFI'] = given(
      `${numberOf(interval) / refreshMode} tCK`,
      interval,
      mode && `${mode}: REFI ${interval.text} / ${refreshMode}, as DRAMSys reckons`,
    );
  addRefreshPerBank(values, draft);
  for (const [name, without] of [
    ['tRRD', 'RRD'],
    ['tWTR', 'WTR'],
    ['tCCD', 'CCD'],
  ] as const)
    if (
      standard.parameters.includes(name) &&
      timing[name] === undefined &&
      values.look(`memtimingspec.${without}_S`)
    )
      findings.push({
        kind: 'contradictory',
        what: `${without}_S is of bank groups, which ${standard.name} does not have for ${name}`,
        place: values.look(`memtimingspec.${without}_S`)!.place,
      });
}

const timingNote = (name: string, value: FileValue): string | undefined =>
  name === 'tXS' && keyOf(value) === 'XSR'
    ? 'tXSR there'
    : name === 'tCKESR' && keyOf(value) === 'SR'
      ? 'tSR there: the shortest stay in self-refresh'
      : undefined;

/** RL is CL and AL together; a file that has both must agree with itself. */
function addReadLatency(
  { timing, findings }: Draft,
  read: FileValue | undefined,
  column: FileValue | undefined,
  additive: FileValue | undefined,
): void {
  const sum = column && numberOf(column) + (additive ? numberOf(additive) : 0);
  const parts = [column, additive].filter((part) => part !== undefined);
  if (read) timing['RL'] = given(`${numberOf(read)} tCK`, read);
  else if (sum !== undefined) timing['RL'] = given(`${sum} tCK`, parts, 'CL + AL');
  if (read && sum !== undefined && sum !== numberOf(read))
    findings.push({
      kind: 'contradictory',
      what: `RL ${read.text} is not CL + AL = ${sum}: RL is taken`,
      place: read.place,
    });
}

/** The newest files give the time from the end of a read burst, RBTP, where ours counts from the command. */
function addReadToPrecharge(
  { timing, standard }: Draft,
  take: (...keys: string[]) => FileValue | undefined,
): void {
  if (timing['tRTP'] !== undefined || !standard.parameters.includes('tRTP')) return;
  const [rest, burst] = [take('RBTP'), take('BL_n_min_16')];
  if (rest && burst)
    timing['tRTP'] = given(`${numberOf(rest) + numberOf(burst)} tCK`, [burst, rest], 'BL/n_min + RBTP');
}

/** REFIpb must be REFI over the banks that are refreshed one after the other. */
function addRefreshPerBank(values: FileValues, { findings, organisation, timing }: Draft): void {
  const interval = values.take('memtimingspec.REFIpb');
  const banks = Number(organisation.bank_groups?.text) * Number(organisation.banks_per_group?.text);
  const all = Number.parseFloat(timing['tREFI']?.text ?? '');
  if (interval === undefined || !(banks > 0) || !(all > 0) || numberOf(interval) === 0) return;
  const refreshes = all / numberOf(interval);
  if (Math.abs(refreshes - banks) > 0.01 * banks)
    findings.push({
      kind: 'contradictory',
      what: `REFI / REFIpb is ${Number(refreshes.toPrecision(4))} with ${banks} banks: the standard's own interval is used`,
      place: interval.place,
    });
}
