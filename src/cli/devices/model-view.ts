import { pow10 } from '../../elementary/power.ts';
import type { Device, OnDieEcc } from '../../hardware/device.ts';
import { loadPresets } from '../../hardware/import/load-presets.ts';
import { loadAccelerator } from '../../hardware/load-accelerator.ts';
import { loadCircuitCurve } from '../../hardware/load-circuit-curve.ts';
import { loadDevice } from '../../hardware/load-device.ts';
import { loadStandard } from '../../hardware/load-standard.ts';
import { loadSubarrayScheme } from '../../hardware/load-subarray-scheme.ts';
import { loadVoltageProfile } from '../../hardware/load-voltage-profile.ts';
import type { ModelKind, ModelSource } from '../../hardware/model-source.ts';
import type { Provenance } from '../../hardware/provenance.ts';
import { levelledInWords } from '../../inputs/open-profile.ts';
import { formatTable } from '../table.ts';
import {
  circuitCurve,
  MODEL_FACTS,
  MODEL_NUMBERS,
  ORGANISATION_PRESETS,
  PROFILE_MEMBERS,
  STANDARD_COMMANDS,
  STANDARD_CONSTRAINTS,
  STANDARD_PARAMETERS,
  speedPresets,
} from '../table-columns.ts';

/** A hardware model as `devices show` prints it. */
export interface ModelView {
  /** Printed without --json. */
  readonly lines: readonly string[];
  /** Printed as one line with --json, behind the kind. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Loads a model of each kind and lays it out: every number with its unit, its source and any doubt about it. */
export const MODEL_VIEWS: Readonly<
  Record<ModelKind, (name: string, models: ModelSource) => Promise<ModelView>>
> = {
  dram: viewDevice,
  standards: viewStandard,
  subarrays: viewSubarrayScheme,
  circuit: viewCircuitCurve,
  voltage: viewVoltageProfile,
  accelerators: viewAccelerator,
  presets: viewPresets,
};

/** What the list of devices and the view of one have in common. */
export function deviceSummary({
  standard,
  clock,
  organisation,
  supply,
  rails,
  otherCurrents,
  energyUnknown,
}: Device) {
  return {
    standard: standard.name,
    clock_MHz: clock,
    banks: organisation.bankGroups * organisation.banksPerGroup,
    supply_V: { nominal: supply.nominal, min: supply.min, max: supply.max },
    rails: rails.map(({ name, nominal, scaled }) => ({ name, nominal_V: nominal, scaled })),
    currents: energyUnknown === undefined ? ['own', ...otherCurrents.map(({ name }) => name)] : [],
  };
}

async function viewDevice(name: string, models: ModelSource): Promise<ModelView> {
  const device = await loadDevice(name, models);
  const { provenance, description, notes, energyUnknown, energyDoubt, onDieEcc, supply } = device;
  const { curve } = supply;
  return {
    lines: [
      `${device.name} (${device.standard.name})`,
      description,
      '',
      ...numberLines(provenance, [
        curve === undefined
          ? 'supply curve: none'
          : `supply curve ${curve.name}: delays from ${curve.voltages[0]} to ${curve.voltages.at(-1)} V`,
        ...(onDieEcc === undefined ? [] : [onDieEccLine(onDieEcc)]),
        ...(energyUnknown === undefined ? [] : [`energy unknown: ${energyUnknown}`]),
        ...(energyDoubt === undefined ? [] : [`energy in doubt: ${energyDoubt}`]),
        ...notes,
      ]),
    ],
    fields: {
      name: device.name,
      description,
      ...deviceSummary(device),
      on_die_ecc: onDieEcc && {
        data_bits: onDieEcc.dataBits,
        check_bits: onDieEcc.checkBits,
        corrected_bits: onDieEcc.correctedBits,
      },
      energy_unknown: energyUnknown,
      energy_doubt: energyDoubt,
      notes,
      numbers: numbersOf(provenance),
    },
  };
}

const onDieEccLine = ({ dataBits, checkBits, correctedBits }: OnDieEcc): string =>
  `on-die ECC: each device corrects ${correctedBits} wrong ${correctedBits === 1 ? 'bit' : 'bits'} of ${dataBits} + ${checkBits}; ` +
  'it is not simulated, so wrong bits are counted before it';

async function viewCircuitCurve(name: string, models: ModelSource): Promise<ModelView> {
  const curve = await loadCircuitCurve(name, models);
  const { reference, voltages, tRCD, tRAS, tRP, provenance } = curve;
  const factor = (value: number): string => value.toFixed(4);
  const table = formatTable(
    circuitCurve(reference),
    voltages
      .map((voltage, i) => [
        String(voltage),
        factor(voltage / reference),
        factor(tRCD[i]!),
        factor(tRAS[i]!),
        factor(tRP[i]!),
      ])
      .reverse(),
  );
  return {
    lines: [
      `${curve.name} (circuit curve, reference ${reference} V)`,
      ...(curve.description === undefined ? [] : [curve.description]),
      'How many times longer each delay is, linear between the supplies of the table; made monotone: a lower supply is never faster.',
      '',
      table,
      ...numberLines(provenance, []),
    ],
    fields: {
      name: curve.name,
      reference_V: reference,
      supply_V: voltages,
      tRCD,
      tRAS,
      tRP,
      numbers: numbersOf(provenance),
    },
  };
}

async function viewVoltageProfile(name: string, models: ModelSource): Promise<ModelView> {
  const profile = await loadVoltageProfile(name, models);
  const { description, nominal, testLatency, members, structure, provenance, measuredOn, publishedFor } =
    profile;
  const rows = members.map(({ name: member, curve, bankWeights, levelled, modules }) => ({
    member,
    lowest_V: curve.voltages[0]!,
    error_free_V: curve.errorFree,
    ber_at_lowest: pow10(curve.log10Ber[0]!),
    bank_weights: bankWeights,
    curve: { supply_V: curve.voltages, log10_ber: curve.log10Ber },
    levelled,
    modules,
  }));
  const table = formatTable(
    PROFILE_MEMBERS,
    rows.map(({ member, lowest_V, error_free_V, ber_at_lowest }) => [
      member,
      String(lowest_V),
      String(error_free_V),
      ber_at_lowest.toExponential(3),
    ]),
  );
  return {
    lines: [
      `${profile.name} (voltage profile, nominal ${nominal} V)`,
      description,
      testLatency === undefined
        ? 'errors are taken as independent of latency'
        : `errors were measured with tRCD and tRP of ${testLatency} ns`,
      `measured on ${measuredOn.join(', ')}${publishedFor.length > 0 ? `, published for ${publishedFor.join(', ')}` : ''}`,
      ...(profile.population ? ['each chip takes one member: a population of measured modules'] : []),
      ...levelledInWords(profile, members),
      '',
      table,
      ...numberLines(provenance, []),
    ],
    fields: {
      name: profile.name,
      description,
      nominal_V: nominal,
      test_latency_ns: testLatency,
      population: profile.population ?? false,
      measured_on: measuredOn,
      published_for: publishedFor,
      structure: { subarray_spread: structure.spread, common_to_banks: structure.commonToBanks },
      members: rows,
      numbers: numbersOf(provenance),
    },
  };
}

async function viewAccelerator(name: string, models: ModelSource): Promise<ModelView> {
  const { name: own, description, provenance } = await loadAccelerator(name, models);
  return {
    lines: [`${own} (accelerator)`, description, '', ...numberLines(provenance, [])],
    fields: { name: own, description, numbers: numbersOf(provenance) },
  };
}

async function viewStandard(name: string, models: ModelSource): Promise<ModelView> {
  const standard = await loadStandard(name, models);
  const { commands, commandCycles, closedBanks, parameters, roundedDown, circuitDelays } = standard;
  const { autoPrecharge: auto, perBankRefreshEnergy: energy, refresh, firstData } = standard;
  const closed = closedBanks as Readonly<Record<string, string | undefined>>;
  const commandTable = formatTable(
    STANDARD_COMMANDS,
    commands.map((command) => [
      command,
      String(commandCycles[command]),
      closed[command] === 'own' ? 'its own' : (closed[command] ?? ''),
    ]),
  );
  const parameterTable = formatTable(
    STANDARD_PARAMETERS,
    parameters.map((parameter) => [
      parameter,
      roundedDown.includes(parameter) ? 'rounded down' : 'rounded up',
      (Object.hasOwn(circuitDelays, parameter) ? circuitDelays[parameter]! : []).join(' + '),
    ]),
  );
  const facts = [
    ['first data after a read', firstData.read, 'cycles'],
    ['first data after a write', firstData.write, 'cycles'],
    ...(auto === undefined
      ? []
      : [
          ['RDA to its precharge', auto.RDA, 'cycles'],
          ['WRA to its precharge', auto.WRA, 'cycles'],
          ['auto-precharge waits for tRAS', auto.waitsForTRAS ? 'yes' : 'no', ''],
        ]),
    ['refreshes that may be postponed', String(refresh.postponed), ''],
    ...(refresh.perBankInterval === undefined
      ? []
      : [
          ['from one per-bank refresh to the next', refresh.perBankInterval, 'cycles'],
          ['banks that a per-bank refresh takes', String(refresh.banksPerREFpb), ''],
        ]),
    ['banks open while IDD3N is measured', standard.openBanksOfIDD3N, ''],
    ...(energy === undefined
      ? []
      : [
          ['rails charged with a per-bank refresh (drampower4)', energy.rails, ''],
          ['per-bank refresh without IDD5PB', energy.withoutIDD5PB, ''],
        ]),
    ['currents that a device can give', standard.currents.join(' '), ''],
  ];
  return {
    lines: [
      `${standard.name} (DRAM standard)`,
      standard.title,
      '',
      commandTable,
      parameterTable,
      formatTable(MODEL_FACTS, facts),
      constraintTable(standard.constraints.map((constraint) => ({ ...constraint }))),
      ...sourceLines(Object.entries(standard.sources).map(([key, source]) => `${key}: ${oneLine(source)}`)),
    ],
    fields: { ...standard },
  };
}

async function viewSubarrayScheme(name: string, models: ModelSource): Promise<ModelView> {
  const { keys: data } = await loadSubarrayScheme(name, models);
  const { sources, title, open_subarrays: open, select, whole_bank: whole, parameters, constraints } = data;
  const facts = [
    ['subarrays of a bank open at once', String(open), ''],
    ['a column needs its subarray selected (SASEL)', select ? 'yes' : 'no', ''],
    ['commands that act on the whole bank', whole.join(' ') || 'none', ''],
    ...Object.entries(parameters).map(([parameter, formula]) => [parameter, formula, 'cycles']),
  ];
  return {
    lines: [
      `${data.name} (subarray scheme)`,
      title,
      '',
      formatTable(MODEL_FACTS, facts),
      constraintTable(constraints.map((constraint) => ({ ...constraint, level: 'subarray', window: 1 }))),
      ...sourceLines(Object.entries(sources).map(([key, source]) => `${key}: ${oneLine(source)}`)),
    ],
    fields: data,
  };
}

async function viewPresets(name: string, models: ModelSource): Promise<ModelView> {
  const {
    name: own,
    title,
    source,
    organisations,
    speeds,
    channelWidth,
    dataRate,
  } = await loadPresets(name, models);
  const times = Object.keys(Object.values(speeds)[0] ?? {});
  return {
    lines: [
      `${own} (table of presets)`,
      title,
      '',
      formatTable(
        ORGANISATION_PRESETS,
        Object.entries(organisations).map(([preset, { density, dq, bankgroup = 1, bank, row, column }]) => [
          preset,
          ...[density, dq, bankgroup, bank, row, column].map(String),
        ]),
      ),
      formatTable(
        speedPresets(times),
        Object.entries(speeds).map(([preset, numbers]) => [
          preset,
          ...times.map((time) => String(numbers[time])),
        ]),
      ),
      ...sourceLines([source]),
    ],
    fields: {
      name: own,
      title,
      source,
      channel_width: channelWidth,
      data_rate: dataRate,
      organisations,
      speeds,
    },
  };
}

interface ConstraintRow {
  readonly level: string;
  readonly preceding: readonly string[];
  readonly following: readonly string[];
  readonly latency: string;
  readonly window: number;
  readonly sibling: boolean;
}

const constraintTable = (constraints: readonly ConstraintRow[]): string =>
  formatTable(
    STANDARD_CONSTRAINTS,
    constraints.map(({ level, preceding, following, latency, window, sibling }) => [
      `${sibling ? 'another' : 'the same'} ${level}`,
      preceding.join(' '),
      following.join(' '),
      latency,
      String(window),
    ]),
  );

const numbersOf = (provenance: readonly Provenance[]) =>
  provenance.map(({ path, text, source, note }) => ({ path, value: text, source, note }));

/** The table of all numbers, further lines, and the sources that the table counts. */
function numberLines(provenance: readonly Provenance[], further: readonly string[]): string[] {
  const sources = [...new Set(provenance.map(({ source }) => source))];
  const table = formatTable(
    MODEL_NUMBERS,
    provenance.map(({ path, text, source, note = '' }) => [
      path,
      oneLine(text),
      `[${sources.indexOf(source) + 1}]`,
      oneLine(note),
    ]),
  );
  return [table, ...further, ...sourceLines(sources.map((source, i) => `[${i + 1}] ${oneLine(source)}`))];
}

const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');

const sourceLines = (sources: readonly string[]): string[] => ['', 'Sources', ...sources, ''];
