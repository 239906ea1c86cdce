import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandEnergies } from '../../src/energy/command-energies.ts';
import { InputError } from '../../src/errors/input-error.ts';
import { loadPresets } from '../../src/hardware/import/load-presets.ts';
import { loadAccelerator } from '../../src/hardware/load-accelerator.ts';
import { loadCircuitCurve } from '../../src/hardware/load-circuit-curve.ts';
import { loadDevice } from '../../src/hardware/load-device.ts';
import { loadStandard } from '../../src/hardware/load-standard.ts';
import { loadSubarrayScheme } from '../../src/hardware/load-subarray-scheme.ts';
import { loadVoltageProfile } from '../../src/hardware/load-voltage-profile.ts';
import type { ModelKind, ModelSource } from '../../src/hardware/model-source.ts';
import { resolveTiming } from '../../src/hardware/resolve-timing.ts';
import { loadUnits } from '../../src/units/quantity.ts';
import { shippedModels, withModel } from '../shipped-models.ts';
import { withoutPlaces } from './without-places.ts';

/** The library for units takes long to load on a busy machine, and is no part of what is timed. */
await loadUnits();

const LOADERS: Readonly<Record<ModelKind, (name: string, models: ModelSource) => Promise<unknown>>> = {
  dram: loadDevice,
  standards: loadStandard,
  subarrays: loadSubarrayScheme,
  circuit: loadCircuitCurve,
  voltage: loadVoltageProfile,
  accelerators: loadAccelerator,
  presets: loadPresets,
};
const shipped = (kind: ModelKind, name: string): string =>
  readFileSync(new URL(`../../hw-models/${kind}/${name}.yaml`, import.meta.url), 'utf8');

/** A slip or an attack: what is replaced by what, the start of the place that the message names, and what it says. */
type Hostile = readonly [from: string, to: string, where: string, says: RegExp];

const BASES: Readonly<Record<ModelKind, string>> = {
  dram: 'lpddr3-1600-4gb',
  standards: 'lpddr4',
  subarrays: 'masa',
  circuit: 'voltron-spice',
  voltage: 'voltron-b',
  accelerators: 'edge',
  presets: 'ramulator2-ddr4',
};
const text = (kind: ModelKind): string => shipped(kind, BASES[kind]);

/** Words of the schema library and of JavaScript, which are no user's. */
const FOREIGN = /Invalid (input|option|string|key)|Unrecognized|received|native code|\[object|undefined|NaN/;

async function refusal(kind: ModelKind, content: string): Promise<InputError> {
  const start = performance.now();
  const error = await LOADERS[kind]('mine', withModel(kind, 'mine', content)).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  expect(performance.now() - start).toBeLessThan(2000);
  const { message } = error as InputError;
  const lines = message.split('\n');
  expect(lines.length).toBeLessThanOrEqual(3);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(480);
  expect(message).not.toMatch(FOREIGN);
  return error as InputError;
}

function placeOf(content: string, where: string) {
  const at = content.indexOf(where);
  expect(at).toBeGreaterThanOrEqual(0);
  const before = content.slice(0, at);
  return { file: 'mine.yaml', line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

async function check(kind: ModelKind, [from, to, where, says]: Hostile): Promise<void> {
  const base = text(kind);
  expect(base).toContain(from);
  const content = base.replace(from, () => to);
  const error = await refusal(kind, content);
  expect(error.message).toMatch(says);
  expect(error.place).toEqual(placeOf(content, where));
}

const IDD0 = 'IDD0: 15 mA';
const NOTES = 'tRFCpb: { value: 60 ns, source: ramulator1 }';
const DEVICES: readonly Hostile[] = [
  // Currents.
  [IDD0, 'IDD0: -15 mA', '-15 mA', /IDD0 is -15 mA: expected 0 mA to 20000 mA/],
  [IDD0, 'IDD0: 57 A', '57 A', /IDD0 is 57000 mA: expected 0 mA to 20000 mA/],
  [IDD0, 'IDD0: 1e300 mA', '1e300', /IDD0 is 1e\+300 mA: expected 0 mA to 20000 mA/],
  [IDD0, 'IDD0: 1e999 mA', '1e999', /"1e999 mA" holds a number that is too large/],
  [IDD0, 'IDD0: .inf', '.inf', /IDD0: expected a current such as "80 mA"/],
  [IDD0, 'IDD0: .nan', '.nan', /IDD0: expected a current such as "80 mA"/],
  [
    IDD0,
    'IDD0: 1 mA',
    '2 mA',
    /IDD2N 2 mA of VDD1 is larger than IDD0 1 mA: a precharge .*\n.*\n.*IDD2N is at most/,
  ],
  ['IDD3N: 45 mA', 'IDD3N: 520 mA', '520 mA', /IDD3N 520 mA of VDD2 is larger than IDD0 80 mA/],
  ['IDD4R: 260 mA', 'IDD4R: 44 mA', '45 mA', /IDD3N 45 mA of VDD2 is larger than IDD4R 44 mA: a read/],
  ['IDD4W: 284 mA', 'IDD4W: 0', '45 mA', /IDD3N 45 mA of VDD2 is larger than IDD4W 0 mA: a write/],
  ['IDD5: 160 mA', 'IDD5: 44 mA', '45 mA', /IDD3N 45 mA of VDD2 is larger than IDD5 44 mA: a refresh/],
  ['IDD3N: 45 mA', 'IDD3N: 37 mA', '38 mA', /IDD2N 38 mA of VDD2 is larger than IDD3N 37 mA: an open bank/],
  [
    'IDD2P0: 0.87 mA',
    'IDD2P0: 38.1 mA',
    '38.1 mA',
    /IDD2P0 38.1 mA of VDD2 is larger than IDD2N 38 mA.*\n.*\n.*note: /,
  ],
  ['IDD3P1: 8.15 mA', 'IDD3P1: { value: 46 mA, note: " " }', '{ value: 46', /IDD3P1 46 mA of VDD2 is larger/],
  ['IDD4R: 230 mA', 'IDD4R: 33 mA', '34 mA', /IDD3N 34 mA of VDD2 is larger than IDD4R 33 mA/],
  [IDD0, 'IDD0: 15', '15\n', /IDD0: "15" has no unit: expected a current/],
  [
    IDD0,
    'IDD99: 15 mA',
    'IDD99',
    /unknown key "IDD99" in rails.VDD1.currents\n.*\n {2}known keys: IDD0, IDD2N, /,
  ],
  [
    IDD0,
    'IDD0: 15 mA\n      IDD5PB: { value: 1.9 mA, average_over: tREFI/8 }',
    '{ value: 1.9 mA',
    /IDD5PB 1.9 mA of VDD1 is too small: a refresh of one bank .*\n.*\n {2}an average over .* is at least 2 mA/,
  ],
  [
    IDD0,
    'IDD0: 15 mA\n      IDD5PB: 60 mA',
    '60 mA',
    /IDD5PB does not say over which time it is an average\n.*\n {2}write { value: ..., average_over: ... }/,
  ],
  [
    IDD0,
    'IDD0: 15 mA\n      IDD5PB: { value: 60 mA, average_over: tRFCab }',
    'tRFCab }',
    /average_over is "tRFCab": expected tREFI\/N or tRFCpb/,
  ],
  [
    IDD0,
    'IDD0: 15 mA\n      IDD5PB: { value: 60 mA, average_over: tREFI/100 }',
    'tREFI/100',
    /average_over tREFI\/100 is 39 ns, shorter than the refresh, tRFCpb 60 ns/,
  ],
  [
    IDD0,
    'IDD0: { value: 15 mA, average_over: tREFI/8 }',
    'tREFI/8',
    /average_over is a key of IDD5PB alone, not of IDD0/,
  ],
  // Voltages and rails.
  [
    'nominal: 1.8 V',
    'nominal: -1.8 V',
    '-1.8 V',
    /VDD1.nominal is -1.8 V: expected more than 0 V and at most 10 V/,
  ],
  ['nominal: 1.8 V', 'nominal: 0 V', '0 V\n    scaled', /VDD1.nominal is 0 V/],
  ['nominal: 1.8 V', 'nominal: 1.8 kV', '1.8 kV', /VDD1.nominal is 1800 V/],
  [
    'min: { value: 0.8 V',
    'min: { value: 1.3 V',
    '{ value: 1.3 V',
    /supply.min 1.3 V is above supply.nominal 1.2 V/,
  ],
  [
    'max: { value: 1.2 V',
    'max: { value: 1.1 V',
    '1.2 V\n  min',
    /supply.nominal 1.2 V is above supply.max 1.1 V/,
  ],
  ['min: { value: 0.8 V', 'min: { value: -0.8 V', '{ value: -0.8', /supply.min is -0.8 V/],
  ['  VDD1:\n    source', '  __proto__:\n    source', '__proto__', /unknown key "__proto__"/],
  ['  VDD1:\n    source', '  constructor:\n    source', 'constructor', /unknown key "constructor"/],
  ['  VDD1:\n    source', '  I/O:\n    source', 'I/O', /rails.I\/O: expected the name of a rail/],
  ['scaled: false', 'scaled: no', 'no\n', /rails.VDD1.scaled: expected true or false/],
  [
    'rails:\n      VDD1:',
    'rails:\n      VDDX:',
    'VDDX',
    /name a rail "VDDX" .*\n.*\n {2}did you mean VDD1\?/,
  ],
  // Times and units.
  [
    'tRCD: 18.75 ns',
    'tRCD: "true ns"',
    '"true ns"',
    /timing.tRCD: "true ns" holds "true", which is no number/,
  ],
  ['tRCD: 18.75 ns', 'tRCD: "null ns"', '"null ns"', /holds "null", which is no number/],
  ['tRCD: 18.75 ns', 'tRCD: "1e999 ns"', '"1e999 ns"', /holds a number that is too large/],
  ['tRCD: 18.75 ns', 'tRCD: "2 ns^2/ns"', '"2 ns^2/ns"', /an operator other than \+ - \* \//],
  ['tRCD: 18.75 ns', 'tRCD: "pi ns"', '"pi ns"', /unknown unit or name pi|side by side/],
  ['tRCD: 18.75 ns', 'tRCD: 13 75 ns', '13 75', /is not arithmetic/],
  ['tRCD: 18.75 ns', 'tRCD: 13,75 ns', '13,75', /is not arithmetic/],
  ['tRCD: 18.75 ns', 'tRCD: true', 'true\n', /timing.tRCD: expected a time such as "13.75 ns"/],
  ['tRCD: 18.75 ns', 'tRCD: [18.75 ns]', '[18.75', /timing.tRCD: expected a time such as "13.75 ns"/],
  ['tRCD: 18.75 ns', 'tRCD:', '\n  tRP: 18', /timing.tRCD is empty: expected a time/],
  [
    'tRCD: 18.75 ns',
    'tRCD: { value: 18 ns, sorce: x }',
    'sorce',
    /unknown key "sorce" in timing.tRCD\n.*\n {2}did you mean source\?/,
  ],
  ['tRCD: 18.75 ns', 'tRCD: { note: x }', '{ note', /timing.tRCD.value is missing: expected a time/],
  [
    'tRCD: 18.75 ns',
    'tRCD: 1 s',
    '1 s',
    /tRCD is 1000000000 ns: expected more than 0 ns and at most 1000000 ns/,
  ],
  ['tRCD: 18.75 ns', 'tRCD: 0', '0\n  tRP', /tRCD is 0 ns: expected more than 0 ns/],
  ['tDQSCK: 2.5 ns', 'tDQSCK: -1 ns', '-1 ns', /tDQSCK is -1 ns: expected 0 ns to/],
  ['tRC: { value: 60 ns', 'tRC: { value: 44 ns', '45 ns', /tRAS 45 ns is longer than tRC 44 ns/],
  [`  tRAS: 45 ns\n`, '', 'timing:', /timing lacks tRAS/],
  [
    'clock: { value: 800 MHz',
    'clock: { value: -800 MHz',
    '{ value: -800',
    /clock is -800 MHz: expected 1 MHz to/,
  ],
  [NOTES, `tRFCpb: ${'('.repeat(5000)}`, '(((', /has more than 200 characters/],
  [NOTES, `tRFCpb: "${'('.repeat(90)}1 ns"`, '"(((', /is not arithmetic/],
  // Sources and keys of prototypes.
  [
    'source: drampower41\n  tRCD',
    'source: constructor\n  tRCD',
    '18.75 ns',
    /unknown source "constructor"\n.*\n {2}known sources: drampower41, /,
  ],
  ['source: drampower41\n  tRCD', 'source: __proto__\n  tRCD', '18.75 ns', /unknown source "__proto__"/],
  ['source: drampower41\n  tRCD', 'source: toString\n  tRCD', '18.75 ns', /unknown source "toString"/],
  ['clock: {', 'toString: 1\nclock: {', 'toString', /unknown key "toString"/],
  ['clock: {', 'hasOwnProperty: 1\nclock: {', 'hasOwnProperty', /unknown key "hasOwnProperty"/],
  ['clock: {', 'clok: {', 'clok', /unknown key "clok" in the file\n.*\n {2}did you mean clock\?/],
  [
    'clock: {',
    'frequency: {',
    'frequency',
    /unknown key "frequency" in the file\n.*\n {2}known keys: name, description, /,
  ],
  [
    'clock: { value: 800 MHz, source: drampower41 }\n',
    '',
    'name:',
    /^clock is missing: expected a frequency such as "800 MHz"/,
  ],
  ['standard: lpddr3', 'standard: [lpddr3]', '[lpddr3]', /^standard: expected a text/],
  [
    'name: lpddr3-1600-4gb',
    'name: "a\\u001b[31m"',
    '"a\\u001b',
    /^name: expected a name of at most 100 printable/,
  ],
  [
    'name: lpddr3-1600-4gb',
    `name: ${'x'.repeat(101)}`,
    'xxx',
    /^name: expected a name of at most 100 printable/,
  ],
  // Counts.
  [
    'channels: 1',
    'channels: 100000',
    '100000',
    /organisation.channels is 100000: expected a whole number from 1 to 64/,
  ],
  ['ranks: 1', 'ranks: 17', '17\n', /ranks is 17: expected a whole number from 1 to 16/],
  ['bank_groups: 1', 'bank_groups: 0', '0\n', /bank_groups is 0: expected a whole number from 1 to 16/],
  ['banks_per_group: 8', 'banks_per_group: -8', '-8', /banks_per_group is -8/],
  ['rows: 16384', 'rows: 1e12', '1e12', /rows is 1000000000000: expected a whole number from 1 to 1048576/],
  ['rows: 16384', 'rows: 9007199254740993', '9007', /rows is 9007199254740992: expected/],
  ['columns: 1024', 'columns: 1e6', '1e6', /columns is 1000000: expected a whole number from 1 to 65536/],
  ['columns: 1024', 'columns: many', 'many', /columns: "many": unknown unit or name many/],
  [
    'device_width: 32 bit',
    'device_width: 0 bit',
    '0 bit',
    /device_width is 0 bit: expected a whole number from 1 to 1024 bit/,
  ],
  ['device_width: 32 bit', 'device_width: 1025 bit', '1025', /device_width is 1025 bit/],
  ['devices_per_rank: 1', 'devices_per_rank: 65', '65', /devices_per_rank is 65/],
  ['burst_length: 8', 'burst_length: 128', '128', /burst_length is 128/],
  ['data_rate: 2', 'data_rate: 0.5', '0.5', /data_rate is 0.5: expected a whole number/],
  [
    'rows_per_subarray: { value: 512',
    'rows_per_subarray: { value: 16385',
    '{ value: 16385',
    /rows must be whole subarrays/,
  ],
  [
    'channels: 1\n  ranks: 1\n  bank_groups: 1\n  banks_per_group: 8',
    'channels: 64\n  ranks: 16\n  bank_groups: 16\n  banks_per_group: 64',
    '64\n  ranks',
    /the memory has 1048576 banks in all\n.*\n {2}at most 4096/,
  ],
  [
    'rows_per_subarray: { value: 512',
    'channels: 1\n  rows_per_subarray: { value: 1',
    'channels: 1\n  rows_per',
    /the key "channels" stands here twice/,
  ],
];

const YAML: readonly Hostile[] = [
  [
    'standard: lpddr3',
    'standard: *nothing',
    '*nothing',
    /the alias "\*nothing" names nothing\n.*\n.*quote a text/,
  ],
  ['rows: 16384', 'rows: &r [*r]', '*r', /the alias "\*r" stands inside what it names/],
  [
    'rows: 16384',
    'rows: 16384# rows',
    '16384#',
    /the comment in "16384# rows" is part of the value\n.*\n {2}put a space before/,
  ],
  ['rows: 16384', 'rows: 16384#rows', '16384#', /rows: "16384#rows" holds a "#": a comment needs a space/],
  ['tRCD: 18.75 ns', 'tRCD: "18.75 ns # typical"', '"18.75', /holds a "#"/],
  ['rows: 16384', 'rows: 16384\n  rows: 16384', 'rows: 16384\n  columns', /the key "rows" stands here twice/],
  ['organisation:', '---\norganisation:', '---', /the file holds a second YAML document/],
  ['  rows: 16384', '\trows: 16384', '\trows', /not valid YAML: a tab indents this line/],
  ['rows: 16384', 'rows: 16384\u0000', '\u0000', /the file holds a control character, "\\x00"/],
  ['rows: 16384', 'rows: \u001b[2J', '\u001b', /the file holds a control character, "\\x1b"/],
  ['rows: 16384', 'rows: 16384 # caf\ufffd', '\ufffd', /the file is not UTF-8 text/],
  ['rows: 16384', 'rows: !!js/function x', '!!js', /values have no tags here/],
  ['rows: 16384', '? [a]\n  : 1', '[a]', /a key must be a plain name/],
  ['rows: 16384', '<<: { rows: 1 }', '<<', /unknown key "<<" in organisation/],
];

describe('a hostile device file', () => {
  it.each(DEVICES)('%j -> %j', (...hostile) => check('dram', hostile));
});

describe('hostile YAML', () => {
  it.each(YAML)('%j -> %j', (...hostile) => check('dram', hostile));

  it.each([
    ['brackets', `name: ${'['.repeat(100_000)}`, 257],
    ['closed brackets', `name: ${'['.repeat(100_000)}${']'.repeat(100_000)}`, 257],
    ['braces', `name: ${'{a: '.repeat(50_000)}`, undefined],
    ['lists in a line', `name:\n  ${'- '.repeat(100_000)}x`, undefined],
    ['keys in a line', `name:\n  ${'? '.repeat(100_000)}x`, undefined],
    ['levels', Array.from({ length: 70 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), undefined],
    ['brackets of 100 levels', `name: ${'['.repeat(100)}${']'.repeat(100)}`, undefined],
  ])('nested too deeply: %s', async (_, content, column) => {
    const error = await refusal('dram', content);
    expect(error.message).toMatch(/^lists and maps are nested too deeply\n.*\n {2}at most 64 levels/);
    expect(error.place?.line).toBeGreaterThan(0);
    if (column !== undefined) expect(error.place?.column).toBeGreaterThanOrEqual(column);
  });

  it('whose aliases would be written out a billion times', async () => {
    const lines = Array.from({ length: 40 }, (_, i) =>
      i === 0 ? 'a0: &a0 [x, x]' : `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`,
    );
    const error = await refusal('dram', lines.join('\n'));
    expect(error.message).toMatch(/^the aliases of the file stand for more than 100000 values/);
    expect(error.place?.line).toBeGreaterThan(10);
  });

  it('of more characters than any model has', async () => {
    const error = await refusal('dram', `name: ${'x'.repeat(2 ** 20)}`);
    expect(error.message).toMatch(/^the file has 1048582 characters\n.*\n {2}at most 1048576 are read/);
  });

  it('that begins with a byte order mark, or uses an alias as it is meant, is read', async () => {
    const marked = `\ufeff${text('dram')}`;
    await expect(loadDevice('mine', withModel('dram', 'mine', marked))).resolves.toBeDefined();
    const aliased = text('dram')
      .replace('tRRD: 10 ns', 'tRRD: &ten 10 ns')
      .replace('tRTP: 10 ns', 'tRTP: *ten');
    const { timing } = await loadDevice('mine', withModel('dram', 'mine', aliased));
    expect(timing['tRTP']).toBe(10);
  });
});

const OTHERS: readonly (readonly [ModelKind, ...Hostile])[] = [
  [
    'standards',
    'parameters: [tRCD,',
    'parameters: [tRCD, __proto__,',
    '__proto__',
    /parameters.1: expected the name of a parameter/,
  ],
  [
    'standards',
    'parameters: [tRCD,',
    'parameters: [tRCD, max,',
    'max',
    /expected a name other than BL, banks/,
  ],
  ['standards', 'parameters: [tRCD,', 'parameters: [tRCD, tRCD,', 'tRCD, tRP', /parameters has tRCD twice/],
  [
    'standards',
    'parameters: [tRCD,',
    'parameters: [tRCD, 7,',
    '7,',
    /parameters.1: expected the name of a parameter/,
  ],
  ['standards', 'read: "RL + tDQSCK"', 'read: "RL + true"', '"RL + true"', /read "RL \+ true" holds "true"/],
  ['standards', 'read: "RL + tDQSCK"', 'read: "RL + pi"', '"RL + pi"', /unknown unit or name pi/],
  ['standards', 'read: "RL + tDQSCK"', 'read: "RL + 2 ns"', '"RL + 2 ns"', /unknown unit or name ns/],
  [
    'standards',
    'read: "RL + tDQSCK"',
    'read: "RL + constructor"',
    '"RL + constructor"',
    /unknown unit or name constructor/,
  ],
  [
    'standards',
    'window: 4',
    'window: 1000000000',
    '1000000000',
    /window: expected a whole number from 1 to 64/,
  ],
  [
    'standards',
    'postponed: 8',
    'postponed: -1',
    '-1',
    /refresh.postponed: expected a whole number from 0 to 65536/,
  ],
  [
    'standards',
    'level: bank,',
    'level: row,',
    'row,',
    /level: expected channel, rank, bankgroup, bank or subarray/,
  ],
  [
    'standards',
    'level: bank,',
    'lvl: bank,',
    'lvl',
    /unknown key "lvl" in constraints.0\n.*\n {2}known keys: level, preceding, /,
  ],
  [
    'standards',
    'closed_banks:',
    'closed_bank:',
    'closed_bank',
    /unknown key "closed_bank" in the file\n.*\n {2}did you mean closed_banks\?/,
  ],
  ['subarrays', 'select: true', 'select: 1', '1\n', /^select: expected true or false/],
  ['subarrays', 'open_subarrays: all', 'open_subarrays: 3', '3\n', /^open_subarrays: expected 1, 2 or all/],
  ['subarrays', 'tRA: "ceil', '__proto__: "ceil', '__proto__', /unknown key "__proto__"/],
  ['subarrays', 'tSCD: "1"', 'tSCD: 1', '1 ', /parameters.tSCD: expected a formula in quotation marks/],
  [
    'circuit',
    '[1.35 V, 10.248 ns, 24.779 ns, 9.354 ns]',
    '[1.35 V, 10.248 ns, 24.779 ns]',
    '[1.35',
    /points.0: expected \[supply, tRCD, tRAS, tRP\]/,
  ],
  ['circuit', '10.248 ns', '0 ns', '0 ns', /points.0.1 is 0 ns: expected more than 0 ns/],
  ['circuit', '10.248 ns', '-10.248 ns', '-10.248', /points.0.1 is -10.248 ns/],
  ['circuit', 'reference: 1.35 V', 'reference: -1.35 V', '-1.35', /reference is -1.35 V/],
  ['circuit', 'source: spice', 'source: constructor', '1.35 V\n#', /unknown source "constructor"/],
  [
    'voltage',
    'nominal: { value: 1.35 V',
    'nominal: { value: -1.35 V',
    '{ value: -1.35',
    /nominal is -1.35 V: expected more than 0 V/,
  ],
  [
    'voltage',
    'subarray_spread:',
    'subarray_sprad:',
    'subarray_sprad',
    /unknown key "subarray_sprad" in structure\n.*\n {2}did you mean/,
  ],
  [
    'voltage',
    'members:\n',
    'members:\n  __proto__: { source: fit }\n',
    '__proto__',
    /unknown key "__proto__"/,
  ],
  [
    'accelerators',
    'clock: 200 MHz',
    'clock: -200 MHz',
    '-200',
    /timing.clock is -200 MHz: expected 1 MHz to 20000 MHz/,
  ],
  [
    'accelerators',
    'processing_elements: 16',
    'processing_elements: 1e9',
    '1e9',
    /processing_elements is 1000000000: expected a whole number from 1 to 65536/,
  ],
  ['accelerators', 'lanes: 4', 'lanes: true', 'true', /timing.lanes: expected a whole number/],
  [
    'accelerators',
    'fp32: 0.9 pJ',
    'fp32: 0.9 J',
    '0.9 J',
    /energy.addition.fp32 is 900000000000 pJ: expected 0 pJ to/,
  ],
  [
    'accelerators',
    'fp32: 0.9 pJ',
    'fp8: 0.9 pJ',
    'fp8',
    /unknown key "fp8" in energy.addition\n.*\n {2}known keys: source, fp32, int8, bf16, fp16, int16, int4/,
  ],
];

describe('another hostile model', () => {
  it.each(OTHERS)('%s: %j -> %j', (kind, ...hostile) => check(kind, hostile));

  it.each(Object.keys(LOADERS) as ModelKind[])('%s: not a map, or of another kind', async (kind) => {
    for (const content of ['', '[]', '42', 'null', '"text"', '{}', '- a\n- b'])
      expect((await refusal(kind, content)).place).toMatchObject({ file: 'mine.yaml' });
    const other = text(kind === 'voltage' ? 'standards' : 'voltage');
    expect((await refusal(kind, other)).message).toMatch(/^this is not an? .*: it holds /);
  });

  it.each(Object.keys(LOADERS) as ModelKind[])('%s: every key of it missing says so', async (kind) => {
    const base = text(kind);
    const keys = [...base.matchAll(/^(\w+):/gm)].map(([, key]) => key!);
    expect(keys.length).toBeGreaterThan(4);
    const optional = new Set([
      ...['other_currents', 'io', 'test_latency', 'retention', 'detection_limit'],
      ...['measured', 'population'],
    ]);
    for (const key of keys.filter((candidate) => !optional.has(candidate))) {
      const rest = base.replace(new RegExp(`^${key}:.*\\n((?:[ ].*|#.*)\\n)*`, 'm'), '');
      const { message, place } = await refusal(kind, rest);
      expect(message).toMatch(new RegExp(`^${key} is missing`));
      expect(place?.line).toBeGreaterThan(0);
    }
  });
});

describe('what a device may leave out or set to nothing', () => {
  const load = (...changes: readonly (readonly [string, string])[]) => {
    let content = text('dram');
    for (const [from, to] of changes) {
      expect(content).toContain(from);
      content = content.replace(from, to);
    }
    return loadDevice('mine', withModel('dram', 'mine', content));
  };

  it('rows_per_subarray: a bank is then one subarray, and a note says so', async () => {
    const device = await load([/ {2}rows_per_subarray.*\n/.exec(text('dram'))![0], '']);
    expect(device.organisation.rowsPerSubarray).toBe(16384);
    expect(device.notes[0]).toBe(
      'rows_per_subarray is not given: a bank is taken as one subarray of 16384 rows',
    );
  });

  it('times that may be nothing, with or without a unit', async () => {
    expect((await load(['tDQSCK: 2.5 ns', 'tDQSCK: 0'])).timing['tDQSCK']).toBe(0);
    expect((await load(['tDQSCK: 2.5 ns', 'tDQSCK: 0 ns'])).timing['tDQSCK']).toBe(0);
    expect((await load(['tDQSCK: 2.5 ns', 'tDQSCK: { value: 0, source: gem5 }'])).timing['tDQSCK']).toBe(0);
  });

  it('equal currents, and more in power-down with a note', async () => {
    const equal = await load(
      ['IDD4R: 260 mA', 'IDD4R: 45 mA'],
      ['IDD0: 80 mA', 'IDD0: 45 mA'],
      ['IDD2N: 38 mA', 'IDD2N: 45 mA'],
    );
    expect(equal.rails[1]!.currents).toMatchObject({ IDD0: 45, IDD2N: 45, IDD3N: 45, IDD4R: 45 });
    const noted = await load(['IDD2P0: 0.87 mA', 'IDD2P0: { value: 39 mA, note: "as measured" }']);
    expect(noted.rails[1]!.currents.IDD2P0).toBe(39);
  });

  it('the circuit curve: nominal timing and nominal supply need none, other timing is refused', async () => {
    const device = await load(['  curve: voltron-spice\n', '']);
    expect(device.notes[0]).toBe('no circuit curve is given: below nominal supply only nominal timing');
    const shippedDevice = await loadDevice('lpddr3-1600-4gb', withModel('dram', 'none', ''));
    const [at, low] = [device.supply.nominal, 1.0];
    expect(withoutPlaces(await resolveTiming(device, low, 'nominal'))).toEqual(
      withoutPlaces(await resolveTiming(shippedDevice, low, 'nominal')),
    );
    expect(withoutPlaces(await resolveTiming(device, at, 'stretched'))).toEqual(
      withoutPlaces(await resolveTiming(shippedDevice, at, 'stretched')),
    );
    for (const mode of ['stretched', 'paper'] as const)
      await expect(resolveTiming(device, low, mode)).rejects.toThrow(
        /^lpddr3-1600-4gb names no circuit curve, so its delays away from 1.2 V are not known\n {2}at mine.yaml:\d+:1\n {2}choose --timing nominal, or give/,
      );
  });

  it('a supply above what the curve knows is refused with its ratio and the way out', async () => {
    const device = await load(['max: { value: 1.2 V', 'max: { value: 1.26 V']);
    await expect(resolveTiming(device, 1.26, 'nominal')).resolves.toBeDefined();
    await expect(resolveTiming(device, 1.26, 'stretched')).rejects.toThrow(
      'supply 1.26 V is 1.05 of nominal 1.2 V; the circuit curve voltron-spice knows 0.6667 to 1\n' +
        '  choose a supply from 0.8 to 1.2 V, or --timing nominal',
    );
  });
});

describe('what only shows once a device runs', () => {
  const changed = (...changes: readonly (readonly [string, string])[]) => {
    let content = text('dram');
    for (const [from, to] of changes) {
      expect(content).toContain(from);
      content = content.replace(from, to);
    }
    return loadDevice('mine', withModel('dram', 'mine', content));
  };

  it('an energy that is negative under the model chosen is refused, with its rail', async () => {
    // With rho 0 each of 8 banks adds IDD3N - IDD2N, 7 mA, to 38 mA: more than a refresh draws.
    const device = await changed(['IDD5: 160 mA', 'IDD5: 90 mA']);
    const options = { supply: 1.2, law: 'quadratic', model: 'drampower6' } as const;
    expect(commandEnergies(device, { ...options, rho: 1 }).REFab).toBeGreaterThan(0);
    expect(() => commandEnergies(device, { ...options, rho: 0 })).toThrow(
      /^the energy "ref" of VDD2 comes out as -624 pJ with the currents of lpddr3-1600-4gb\n/,
    );
  });

  it('a refresh interval without time for a row, in cycles, is refused', async () => {
    const device = await changed(['tREFI: 3900 ns', 'tREFI: 207 ns']);
    await expect(resolveTiming(device, 1.2, 'nominal')).resolves.toBeDefined();
    await expect(resolveTiming(device, 0.8, 'stretched')).rejects.toThrow(
      /^tREFI of lpddr3-1600-4gb is 165 cycles with stretched timing: a refresh and one row take \d+\n/,
    );
  });
});

describe('every shipped model', () => {
  it.each(Object.keys(LOADERS) as ModelKind[])('%s: loads', async (kind) => {
    for (const name of await shippedModels.list(kind))
      await expect(LOADERS[kind](name, shippedModels)).resolves.toBeDefined();
  });
});
