import { InputError } from '../../errors/input-error.ts';
import { quoted } from '../../errors/printable.ts';
import { suggest } from '../../errors/suggest.ts';
import type { CurrentName } from '../currents.ts';
import { loadStandard } from '../load-standard.ts';
import type { ModelSource } from '../model-source.ts';
import { createDraft, type Draft, type DraftNumber, given, type OrganisationKey } from './draft.ts';
import { type FileValue, type FileValues, numberOf, wholeOf } from './file-values.ts';
import { loadPresets } from './load-presets.ts';
import { cyclesByWidth, type Presets, timeByDensity } from './presets.ts';
import { requireValue } from './standard-of.ts';

/** Ramulator's times, without their first letter (n: cycles, t: ns), for each of our parameters. */
const TIMES: Readonly<Record<string, readonly string[]>> = {
  tRCD: ['RCD'],
  tRP: ['RPpb', 'RP'],
  tRPab: ['RPab'],
  tRAS: ['RAS'],
  tRC: ['RC'],
  tRRD: ['RRD'],
  tRRD_S: ['RRDS'],
  tRRD_L: ['RRDL'],
  tFAW: ['FAW'],
  tCCD: ['CCD'],
  tCCD_S: ['CCDS'],
  tCCD_L: ['CCDL'],
  tRTP: ['RTP'],
  tWR: ['WR'],
  tWTR: ['WTR'],
  tWTR_S: ['WTRS'],
  tWTR_L: ['WTRL'],
  RL: ['CL'],
  WL: ['CWL'],
  tPPD: ['PPD'],
  tREFI: ['REFI'],
  tRFCab: ['RFCab', 'RFC'],
  tRFCpb: ['RFCpb'],
  tRTRS: ['CS'],
};

/** Keys of `org` that are our counts. */
const COUNTS: readonly (readonly [OrganisationKey, keyof Presets['organisations'][string]])[] = [
  ['bank_groups', 'bankgroup'],
  ['banks_per_group', 'bank'],
  ['rows', 'row'],
  ['columns', 'column'],
];

const CURRENTS: Readonly<Partial<Record<CurrentName, string>>> = {
  IDD0: '0',
  IDD2N: '2N',
  IDD3N: '3N',
  IDD4R: '4R',
  IDD4W: '4W',
  IDD5: '5B',
};

const PRESET_PREFIX = 'ramulator2-';

/** What a Ramulator 2 configuration and the presets that it names come to. */
interface Ramulator {
  readonly draft: Draft;
  readonly values: FileValues;
  readonly presets: Presets;
  /** The value of `preset:` with the table's entry. */
  readonly organisation: {
    readonly named: FileValue | undefined;
    readonly preset: Partial<Presets['organisations'][string]>;
  };
  readonly speed: {
    readonly named: FileValue | undefined;
    readonly preset: Readonly<Record<string, number>>;
  };
}

/**
 * The draft of the `DRAM` section of a Ramulator 2 configuration: presets by name (`hw-models/presets/`), and whatever the
 * section itself gives instead. Throws InputError for an implementation or a preset that is not known, and for values
 * that are no numbers. Times in ns become cycles as Ramulator rounds them.
 */
export async function ramulator2Draft(values: FileValues, models: ModelSource): Promise<Draft> {
  const { file } = values;
  const implementation = requireValue(values.take('impl'), 'DRAM.impl', file);
  const presets = await presetsOf(implementation, models);
  const organisation = named('organisation', values.take('org.preset'), presets.organisations);
  const speed = named('timing', values.take('timing.preset'), presets.speeds);
  const words = [organisation.named?.text ?? implementation.text, speed.named?.text].filter(Boolean);
  const draft = createDraft(
    {
      name: words.join('-'),
      title: 'Ramulator 2 configuration',
      file,
      standard: await loadStandard(presets.standard, models),
    },
    { presets: presets.source },
  );
  const ramulator: Ramulator = { draft, values, presets, organisation, speed };
  addOrganisation(ramulator);
  addTiming(ramulator, addClock(ramulator));
  addCurrents(ramulator);
  return draft;
}

async function presetsOf(implementation: FileValue, models: ModelSource): Promise<Presets> {
  const names = (await models.list('presets')).filter((name) => name.startsWith(PRESET_PREFIX));
  const name = `${PRESET_PREFIX}${implementation.text.toLowerCase()}`;
  if (!names.includes(name))
    throw new InputError(
      `impl is ${quoted(implementation.text)}: devices of this implementation cannot be imported`,
      {
        place: implementation.place,
        remedy: `implementations that are known: ${names.map((known) => known.slice(PRESET_PREFIX.length)).join(', ')}`,
      },
    );
  return loadPresets(name, models);
}

function named<T>(
  what: string,
  value: FileValue | undefined,
  table: Readonly<Record<string, T>>,
): { named: FileValue | undefined; preset: T | Record<string, never> } {
  if (value === undefined) return { named: undefined, preset: {} };
  if (!Object.hasOwn(table, value.text))
    throw new InputError(`${quoted(value.text)} is no ${what} preset of this implementation`, {
      place: value.place,
      remedy: suggest(value.text, Object.keys(table), 'presets'),
    });
  return { named: value, preset: table[value.text]! };
}

/** A number that a preset gives. */
const ofPreset = (text: string, value: FileValue, note: string): DraftNumber => ({
  text,
  from: [value],
  source: 'presets',
  note,
});

function addOrganisation({ draft, values, presets, organisation: { named, preset } }: Ramulator): void {
  const { organisation, findings } = draft;
  for (const [key, name] of COUNTS) {
    const value = values.take(`org.${name}`);
    const number = preset[name];
    if (value) organisation[key] = given(String(wholeOf(value)), value);
    else if (number !== undefined && named) organisation[key] = ofPreset(String(number), named, name);
    else if (key === 'bank_groups' && named)
      organisation[key] = ofPreset('1', named, 'the implementation has no bank groups');
  }
  for (const [key, name] of [
    ['channels', 'channel'],
    ['ranks', 'rank'],
  ] as const) {
    const value = values.take(`org.${name}`);
    if (value) organisation[key] = given(String(wholeOf(value)), value);
    else if (named) organisation[key] = ofPreset('1', named, name);
  }
  const pins = values.take('org.dq');
  const width = pins ? wholeOf(pins) : preset.dq;
  if (width !== undefined)
    organisation.device_width = pins ? given(`${width} bit`, pins) : ofPreset(`${width} bit`, named!, 'dq');
  const channel = values.take('org.channel_width');
  const bits = channel ? wholeOf(channel) : presets.channelWidth;
  if (width !== undefined) {
    if (bits % width === 0)
      organisation.devices_per_rank = {
        text: String(bits / width),
        from: [channel, pins].filter((value) => value !== undefined),
        source: channel ? 'file' : 'presets',
        note: `channel_width ${bits} / dq ${width}${channel ? '' : ", the implementation's default width"}`,
      };
    else
      findings.push({
        kind: 'contradictory',
        what: `channel_width ${bits} is no multiple of dq ${width}`,
        ...(channel ? { place: channel.place } : {}),
      });
  }
  organisation.data_rate = { text: String(presets.dataRate), from: [], source: 'presets' };
  requireDensity({ draft, values, preset: preset.density });
}

/** Ramulator refuses a density that is not the product of the counts. */
function requireDensity({
  draft: { organisation, findings },
  values,
  preset,
}: {
  draft: Draft;
  values: FileValues;
  preset: number | undefined;
}): void {
  const value = values.take('org.density');
  const density = value ? numberOf(value) : preset;
  const keys = ['bank_groups', 'banks_per_group', 'rows', 'columns', 'device_width'] as const;
  const product =
    keys.reduce((bits, key) => bits * Number.parseFloat(organisation[key]?.text ?? ''), 1) / 2 ** 20;
  if (density === undefined || !(product > 0) || density === product) return;
  findings.push({
    kind: 'contradictory',
    what: `density ${density} Mb, but bank groups x banks x rows x columns x dq are ${product} Mb`,
    ...(value ? { place: value.place } : {}),
  });
}

/** Answers with the rate, millions of transfers a second. */
function addClock({ draft, values, presets, speed: { named, preset } }: Ramulator): number | undefined {
  const value = values.take('timing.rate');
  if (value && named)
    draft.findings.push({
      kind: 'contradictory',
      what: `rate ${value.text} beside a timing preset, which Ramulator refuses: the preset's rate is taken`,
      place: value.place,
    });
  const rate = preset['rate'] ?? (value && numberOf(value));
  if (rate === undefined || rate === 0) return undefined;
  const text = `${rate / presets.dataRate} MHz`;
  draft.clock = named ? ofPreset(text, named, `rate ${rate}`) : given(text, value!, `rate ${rate}`);
  return rate;
}

/** ns as Ramulator 2 rounds them to cycles (src/base/utils.cpp, JEDEC_rounding), with its clock in whole ps. */
function roundedCycles(ns: number, rate: number): number {
  const period = Math.floor(1e6 / Math.floor(rate / 2));
  return Math.floor((Math.floor((Math.floor(ns * 1000) * 1000) / period) + 974) / 1000);
}

function addTiming(ramulator: Ramulator, rate: number | undefined): void {
  const { draft, values, presets, speed, organisation } = ramulator;
  const { timing, standard, findings } = draft;
  const width = Number.parseFloat(draft.organisation.device_width?.text ?? '');
  const density = values.look('org.density');
  const megabits = density ? numberOf(density) : organisation.preset.density;
  const preset = speed.named ?? organisation.named;

  const timeOf = (name: string): DraftNumber | undefined => {
    const cycles = values.take(`timing.n${name}`);
    const ns = values.take(`timing.t${name}`);
    if (cycles) return given(`${numberOf(cycles)} tCK`, cycles);
    if (rate === undefined) return undefined;
    if (ns)
      return given(
        `${roundedCycles(numberOf(ns), rate)} tCK`,
        ns,
        `${ns.text} ns, rounded as Ramulator does`,
      );
    if (preset === undefined) return undefined;
    const byWidth = cyclesByWidth(presets, `n${name}`, rate, width);
    if (byWidth !== undefined) return ofPreset(`${byWidth} tCK`, preset, `n${name} at ${rate} x${width}`);
    const byDensity = megabits === undefined ? undefined : timeByDensity(presets, `n${name}`, megabits);
    const longest = name === 'REFI' ? presets.refreshInterval : byDensity;
    if (longest !== undefined)
      return ofPreset(
        `${roundedCycles(longest, rate)} tCK`,
        preset,
        `n${name}: ${longest} ns, rounded as Ramulator does`,
      );
    const fixed = speed.preset[`n${name}`];
    return fixed === undefined ? undefined : ofPreset(`${fixed} tCK`, preset, `n${name}`);
  };
  for (const parameter of standard.parameters)
    for (const name of TIMES[parameter] ?? []) {
      const number = timeOf(name);
      if (number === undefined) continue;
      timing[parameter] = number;
      break;
    }
  const burst = timeOf('BL');
  if (burst !== undefined)
    draft.organisation.burst_length = {
      ...burst,
      text: String(Number.parseFloat(burst.text) * presets.dataRate),
      note: `nBL ${Number.parseFloat(burst.text)} cycles of ${presets.dataRate} transfers`,
    };
  if (standard.parameters.includes('tDQSCK')) {
    timing['tDQSCK'] = {
      text: '0 ns',
      from: [],
      source: 'assumed',
      note: 'the format has none: in Ramulator data come nCL after the command',
    };
    findings.push({
      kind: 'missing',
      what: 'tDQSCK: the format has none, written as 0 as Ramulator reckons',
    });
  }
}

/** Versions with DRAMPower's terms have `voltage` and `current`; their presets are not known here. */
function addCurrents({ draft, values }: Ramulator): void {
  const rails: Draft['rails'] = [];
  for (const [rail, prefix] of [
    ['VDD', 'IDD'],
    ['VPP', 'IPP'],
  ] as const) {
    const voltage = values.take(`voltage.${rail}`);
    if (voltage === undefined || numberOf(voltage) === 0) continue;
    const currents: Draft['rails'][number]['currents'] = {};
    for (const name of draft.standard.currents) {
      const value =
        CURRENTS[name] === undefined ? undefined : values.take(`current.${prefix}${CURRENTS[name]}`);
      if (value) currents[name] = given(`${numberOf(value)} mA`, value);
    }
    const nominal = given(`${numberOf(voltage)} V`, voltage);
    if (rail === 'VDD') draft.supply.nominal = nominal;
    if (Object.keys(currents).length > 0)
      rails.push({ name: rail, nominal, scaled: rail === 'VDD', currents });
  }
  if (rails.some(({ scaled }) => scaled)) {
    draft.rails = rails;
    for (const { name, currents } of rails) {
      const lacking = draft.standard.currents.filter(
        (current) => current !== 'IDD5PB' && currents[current] === undefined,
      );
      draft.findings.push({
        kind: 'missing',
        what: `${name}: ${lacking.join(', ')}: an energy term that needs one is refused when it occurs`,
      });
    }
    return;
  }
  draft.energyUnknown = 'the imported file gives no currents';
  draft.findings.push({ kind: 'missing', what: 'currents: the file gives none, so the energy is unknown' });
}
