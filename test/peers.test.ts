import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cyclesTable, difference } from '../scripts/peers/comparison-tables.mjs';
import { DIES, MACHINES } from '../scripts/peers/machines.mjs';
import { energiesOf } from '../scripts/peers/our-runs.mjs';
import { dramsim3Configuration, ramulatorScript } from '../scripts/peers/peer-configurations.mjs';
import { readDrampower } from '../scripts/peers/read-drampower.mjs';
import { readDramsim3 } from '../scripts/peers/read-dramsim3.mjs';
import { readRamulator } from '../scripts/peers/read-ramulator.mjs';
import { requestsOf, STREAMS } from '../scripts/peers/request-streams.mjs';
import {
  accessTrace,
  dramsim3Trace,
  loadStoreTrace,
  readLoadStoreTrace,
  readWriteTrace,
} from '../scripts/peers/trace-formats.mjs';
import { createOrderedMapping } from '../src/dram/address-mapping.ts';
import { DEFAULT_CONTROLLER } from '../src/dram/controller-options.ts';
import { type RequestSource, replay } from '../src/dram/replay.ts';
import { bytesPerBurst } from '../src/hardware/device.ts';
import { loadDevice } from '../src/hardware/load-device.ts';
import { resolveTiming } from '../src/hardware/resolve-timing.ts';
import { FULL } from './effort.ts';
import { shippedModels } from './shipped-models.ts';

const SCRIPTS = join(import.meta.dirname, '../scripts/peers');
const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'peers', name), 'utf8');
const streamOf = (name: string) => STREAMS.find((stream) => stream.name === name)!;
const machineOf = (name: string) => MACHINES.find((machine) => machine.name === name)!;

describe('streams of requests', () => {
  it.each([
    ['sequential', 500_000, 0, '908070f2d051f739'],
    ['snn-rows', 500_000, 0, 'a4d4cbc396471f7c'],
    ['random', 300_000, 0, '4819e1d430644a44'],
    ['mixed', 300_000, 99_480, '578ae3a4ea841cfa'],
  ])('%s: the same requests for ever', (name, count, writing, sha256) => {
    const { addresses, writes } = requestsOf(streamOf(name));
    expect(addresses).toHaveLength(count);
    expect(writes.reduce((sum, write) => sum + write, 0)).toBe(writing);
    const hash = createHash('sha256').update(new Uint8Array(addresses.buffer)).update(writes);
    expect(hash.digest('hex').slice(0, 16)).toBe(sha256);
  });

  it('snn-rows picks each of 784 rows of 1600 bytes about as often, and reads it whole', () => {
    const { addresses } = requestsOf(streamOf('snn-rows'));
    const picks = new Array<number>(784).fill(0);
    for (let i = 0; i < addresses.length; i += 25) {
      picks[addresses[i]! / 1600]!++;
      expect(addresses[i + 24]).toBe(addresses[i]! + 1536);
    }
    // 25.5 expected, standard deviation 5.
    expect(Math.min(...picks)).toBeGreaterThan(5);
    expect(Math.max(...picks)).toBeLessThan(50);
  });
});

const FEW = {
  addresses: Float64Array.of(0, 64, 0x20000, 0x20040, 0x20080),
  writes: Uint8Array.of(0, 0, 1, 1, 0),
};

describe('trace formats', () => {
  it('are those of each program', () => {
    expect(loadStoreTrace(FEW)).toBe('LD 0x0\nLD 0x40\nST 0x20000\nST 0x20040\nLD 0x20080\n');
    expect(readLoadStoreTrace(loadStoreTrace(FEW))).toEqual(FEW);
    expect(dramsim3Trace(FEW)).toBe(
      '0x0 READ 0\n0x40 READ 0\n0x20000 WRITE 0\n0x20040 WRITE 0\n0x20080 READ 0\n',
    );
    const header = 'arrival_ns,op,address,bytes,source\n';
    expect(accessTrace(FEW)).toBe(`${header}0,read,0,128,\n0,write,131072,128,\n0,read,131200,64,\n`);
    expect(accessTrace(FEW, 8)).toBe(`${header}0,read,0,16,\n0,write,16384,16,\n0,read,16400,8,\n`);
  });

  it.each(MACHINES)('ReadWriteTrace of $name has the places that the mapping gives', async (machine) => {
    const { organisation } = await loadDevice(machine.device, shippedModels);
    const mapping = createOrderedMapping(
      { ...organisation, devicesPerRank: machine.devices },
      'row-bank-column',
    );
    const requests = requestsOf(streamOf('random'), 200);
    const lines = readWriteTrace(requests, machine).trimEnd().split('\n');
    expect(lines).toHaveLength(200);
    for (const [i, line] of lines.entries()) {
      const coordinates = line.slice(2).split(',').map(Number);
      const [row, column] = coordinates.slice(-2) as [number, number];
      const banks = coordinates.slice(2, -2);
      const bank = machine.bankGroups === 1 ? banks[0]! : banks[0]! * machine.banksPerGroup + banks[1]!;
      const bankGroup = Math.floor(bank / machine.banksPerGroup);
      const address = mapping.encode(0, 0, bankGroup, bank % machine.banksPerGroup, row, column) * 64;
      expect(address).toBe(requests.addresses[i]);
    }
  });
});

/** Presets as python/ramulator/dram/{ddr3,ddr4,lpddr5}.py of Ramulator 2.1 give them, with those for x8 and density. */
const RAMULATOR_PRESETS: Record<string, Record<string, number>> = {
  'DDR3_4Gb_x8 DDR3_1600K': {
    nBL: 4,
    nCL: 11,
    nRCD: 11,
    nRP: 11,
    nRAS: 28,
    nRC: 39,
    nWR: 12,
    nRTP: 6,
    nCWL: 8,
    nCCD: 4,
    nWTR: 6,
    nRRD: 5,
    nFAW: 24,
    nRFC: 208,
    nREFI: 6240,
  },
  'DDR4_4Gb_x8 DDR4_2400R': {
    nBL: 4,
    nCL: 16,
    nRCD: 16,
    nRP: 16,
    nRAS: 39,
    nRC: 55,
    nWR: 18,
    nRTP: 9,
    nCWL: 12,
    nCCDS: 4,
    nCCDL: 6,
    nWTRS: 3,
    nWTRL: 9,
    nRRDS: 4,
    nRRDL: 6,
    nFAW: 26,
    nRFC: 313,
    nREFI: 9364,
  },
  'LPDDR5_8Gb_x16 LPDDR5_6400': {
    nCL: 17,
    nRCD: 15,
    nRP: 15,
    nRPab: 17,
    nRAS: 34,
    nRC: 49,
    nWR: 28,
    nRTP: 8,
    nCWL: 9,
    nPPD: 2,
    nCCDS: 2,
    nCCDL: 4,
    nWTRS: 5,
    nWTRL: 10,
    nRRDS: 4,
    nRRDL: 4,
    nFAW: 16,
    nRFC: 168,
    nREFI: 3125,
  },
};
/** Our parameter of a name that is not ours with another first letter. */
const OURS: Record<string, string> = {
  CL: 'RL',
  CWL: 'WL',
  RFC: 'tRFCab',
  CCDS: 'tCCD_S',
  CCDL: 'tCCD_L',
  WTRS: 'tWTR_S',
  WTRL: 'tWTR_L',
  RRDS: 'tRRD_S',
  RRDL: 'tRRD_L',
};

describe('machines', () => {
  it.each(MACHINES)('$name is the shipped device, told to each program', async (machine) => {
    const device = await loadDevice(machine.device, shippedModels);
    const { organisation } = device;
    expect(bytesPerBurst({ ...organisation, devicesPerRank: machine.devices })).toBe(64);
    expect(organisation).toMatchObject({
      bankGroups: machine.bankGroups,
      banksPerGroup: machine.banksPerGroup,
      rows: machine.rows,
      columns: machine.columns,
      burstLength: machine.burstLength,
    });
    const { parameters } = await resolveTiming(device, device.supply.nominal, 'nominal');
    const ours = (name: string): number | undefined => {
      const base = name.replace(/^[nt]/, '');
      const own = OURS[base.replace('_', '')] ?? `t${base}`;
      return parameters[own] ?? parameters[own.replace(/_[SL]$/, '')];
    };
    for (const [name, cycles] of Object.entries(machine.dramsim3?.timing ?? {}))
      expect(ours(name), name).toBe(cycles);
    const { organisation: preset, timing, overrides } = machine.ramulator;
    const told = { ...RAMULATOR_PRESETS[`${preset} ${timing}`], ...overrides };
    const different = Object.keys(told).filter(
      (name) => name !== 'nBL' && ours(name) !== (told as Record<string, number>)[name],
    );
    // Ours is 3906 ns rounded down, as longest times are.
    expect(different).toEqual(machine.name === 'lpddr5-6400' ? ['nREFI'] : []);
  });

  it('are configured in the words of each program', () => {
    const script = ramulatorScript(machineOf('ddr4-2400'));
    expect(script).toContain(
      'ramulator.dram.DDR4(\n    org_preset="DDR4_4Gb_x8",\n    timing_preset="DDR4_2400R",',
    );
    expect(script).toContain('    channel_width=64,\n    nCWL=16,\n');
    expect(ramulatorScript(machineOf('lpddr5-6400'))).toContain('ramulator.controller.LPDDR5(');
    const configuration = dramsim3Configuration(machineOf('ddr3-1600'));
    expect(configuration).toMatch(/^\[system\]\nchannel_size = 4096$/m);
    expect(configuration).toMatch(/^trans_queue_size = 32$/m);
  });
});

describe('outputs of other programs', () => {
  it.each(['ramulator-stats.json', 'ramulator-stats.yaml', 'ramulator-print.txt'])('%s', (name) => {
    expect(readRamulator(fixture(name), name)).toEqual({ cycles: 81_393, requests: 300 });
  });

  it('Ramulator: what is missing or of several channels is refused', () => {
    expect(() => readRamulator('{"memory_system": {}}', 'a.json')).toThrow(
      'a.json: memory_system.controller.cycles is no whole number',
    );
    expect(() => readRamulator('{"memory_system": {"controller": [1, 2]}}', 'a.json')).toThrow('2 channels');
    expect(() => readRamulator('{', 'a.json')).toThrow('a.json: no JSON');
    expect(() => readRamulator('frontend:\n', 'a.yaml')).toThrow('a.yaml: no line "cycles: NUMBER"');
  });

  it('DRAMsim3: the epoch in which the last request was done', () => {
    const text = fixture('dramsim3epoch.json');
    expect(readDramsim3(text, 300, 'd')).toEqual({ cycles: 2000, resolution: 1000 });
    expect(readDramsim3(text, 180, 'd')).toEqual({ cycles: 1000, resolution: 1000 });
    expect(() => readDramsim3(text, 302, 'd')).toThrow('d: 301 of 302 requests done in 3000 cycles');
    expect(() => readDramsim3(text.replace('"channel": 0', '"channel": 1'), 300, 'd')).toThrow(
      'several channels',
    );
    expect(() => readDramsim3('[{"channel": 0}]', 1, 'd')).toThrow('num_cycles of epoch 0');
  });

  it.each(['drampower.json', 'drampower.txt'])('%s: pJ by term, each precharge once', (name) => {
    const energies = readDrampower(fixture(name), name);
    const expected = {
      act: 3000,
      pre: 6000,
      rd: 36_000,
      wr: 42_000,
      ref: 30_000,
      activeBackground: 10_000,
      prechargedBackground: 12_000,
      asleep: 9000,
    };
    expect(Object.keys(energies)).toEqual(Object.keys(expected));
    for (const term of Object.keys(expected) as (keyof typeof expected)[])
      expect(energies[term], term).toBeCloseTo(expected[term], 6);
  });

  it('DRAMPower: a missing term is refused', () => {
    expect(() => readDrampower(fixture('drampower.json').replaceAll('"RDA"', '"X"'), 'p')).toThrow(
      'p: RDA is no number',
    );
    expect(() => readDrampower('Invalid config file\n', 'p')).toThrow('p: no line "Cumulated bank energy');
  });
});

/** docs/validation.md holds these figures. */
describe('our cycles', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/validation.md'), 'utf8');
  const options = { ...DEFAULT_CONTROLLER, highWatermark: 26, lowWatermark: 6, forwardWrites: true };

  it.each([
    ['ddr3-1600', { sequential: 2_077_221, 'snn-rows': 2_084_671, random: 1_892_840, mixed: 1_388_019 }],
    ['ddr4-2400', { sequential: 2_750_086, 'snn-rows': 2_320_330, random: 2_116_399, mixed: 1_538_687 }],
    ['lpddr5-6400', { sequential: 1_256_289, 'snn-rows': 1_254_706, random: 1_344_945, mixed: 938_611 }],
  ])('on %s', async (name, expected) => {
    const machine = machineOf(name);
    const device = await loadDevice(machine.device, shippedModels);
    const organisation = { ...device.organisation, devicesPerRank: machine.devices };
    const timing = await resolveTiming(device, device.supply.nominal, 'nominal');
    const mapping = createOrderedMapping(organisation, 'row-bank-column');
    for (const [stream, cycles] of Object.entries(expected)) {
      const { addresses, writes } = requestsOf(streamOf(stream));
      let i = 0;
      const source: RequestSource = {
        next(run) {
          if (i === addresses.length) return false;
          run.address = addresses[i]!;
          run.bursts = 1;
          run.write = writes[i++] === 1;
          return true;
        },
      };
      expect(replay(organisation, timing, options, mapping, source).cycles, stream).toBe(cycles);
      expect(page).toContain(cycles.toLocaleString('en-US'));
    }
  });
});

describe('tables', () => {
  it('say the difference and what is not known', () => {
    expect(difference(1005, 1000)).toBe('+0.50 %');
    expect(difference(990, 1000)).toBe('-1.00 %');
    expect(difference(undefined, 1000)).toBe('-');
    expect(difference(0, 0)).toBe('+0.00 %');
    expect(difference(1, 0)).toBe('not 0');
    const theirs = new Map([['B', { cycles: 2000, resolution: 1000 }]]);
    expect(cyclesTable(['A', 'B'], [{ stream: 's', machine: 'm', ours: 1_234_567, theirs }])).toBe(
      [
        '| stream | machine | sparkxd | A | difference | B | difference |',
        '| --- | --- | --- | --- | --- | --- | --- |',
        '| s | m | 1 234 567 | - | - | 2 000 (less up to 1000) | +61628.35 % |\n',
      ].join('\n'),
    );
  });
});

/** What DRAMPower 6.2 printed of some of the golden traces, in the form in which its program prints it. */
describe('energies beside DRAMPower 6.2', () => {
  const goldens = join(import.meta.dirname, 'goldens/drampower6');
  const printed = JSON.parse(readFileSync(join(goldens, 'energies.json'), 'utf8')) as Record<
    string,
    { rho1: { all: { Aggregated: Record<string, number>; CoreTotal: number } } }
  >;
  it.each([
    'ddr4-read-write-mix',
    'ddr4-power-down-active',
    'ddr4-auto-precharge',
    'lpddr4-read-write-mix',
    'lpddr4-refresh-all-bank',
  ])('%s: every term', (trace) => {
    const { Aggregated, CoreTotal } = printed[trace]!.rho1.all;
    const { PRE_RDA: _, PRE_WRA: __, ...counted } = Aggregated;
    const awake = Object.values(counted).reduce((sum, energy) => sum + energy, 0);
    const shared = {
      E_bg_act_shared: 0,
      E_PDNA: CoreTotal - awake,
      E_PDNP: 0,
      E_sref: 0,
      E_dsm: 0,
      E_refab: 0,
    };
    const line = (values: Record<string, number>) =>
      Object.entries(values)
        .map(([key, value]) => `${key}: ${value} `)
        .join('');
    const text = `Cumulated bank energy with bg_act_shared -> ${line(Aggregated)}\nShared energy -> ${line(shared)}\n`;
    const theirs = readDrampower(text, trace);
    const die = DIES.find(({ name }) => name.startsWith(trace.split('-')[0]!))!;
    const ours = energiesOf(join(goldens, `traces/${trace}.csv`), die);
    expect(theirs.act).toBeGreaterThan(0);
    for (const term of Object.keys(theirs) as (keyof typeof theirs)[])
      expect(Math.abs(ours[term] - theirs[term]), term).toBeLessThan(1e-6 * Math.abs(theirs[term]) + 0.1);
  });
});

describe('the programs', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'peers-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const script = (name: string, ...words: string[]) =>
    spawnSync(process.execPath, [join(SCRIPTS, name), ...words], { encoding: 'utf8' });
  /** A program that stands in for a peer. */
  function program(name: string, source: string): string {
    const file = join(folder, name);
    writeFileSync(
      file,
      `#!${process.execPath}\nconst fs = require('node:fs');\nconst words = process.argv.slice(2);\n${source}`,
      {
        mode: 0o755,
      },
    );
    return file;
  }
  const written = (name: string) =>
    Object.fromEntries(
      readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]),
    );

  it.runIf(FULL)('streams.mjs writes the same bytes each time, and refuses a wrong number', () => {
    for (const name of ['one', 'other']) {
      const done = script('streams.mjs', join(folder, name), '--requests', '250');
      expect([done.stderr, done.status]).toEqual(['', 0]);
    }
    const files = written('one');
    expect(files).toEqual(written('other'));
    expect(Object.keys(files)).toHaveLength(4 * (1 + 1 + 3 + 1) + 3 + 2 + 1);
    expect(files['sequential.csv']).toContain('0,read,0,16000,');
    expect(files['README.md']).toContain('| mixed | ');
    expect(script('streams.mjs', folder, '--requests', '0').status).toBe(2);
    for (const file of ['streams.mjs', 'run.mjs']) {
      const help = script(file, '--help');
      expect([help.status, help.stderr]).toEqual([0, '']);
      expect(help.stdout).toMatch(new RegExp(`^Usage: node scripts/peers/${file} DIR `));
      const wrong: [string[], string][] = [
        [['--none', 'x'], "Unknown option '--none'"],
        [[], 'a folder is needed'],
        [['a', 'b'], 'one folder, not 2'],
      ];
      for (const [args, says] of wrong) {
        const { status, stdout, stderr } = script(file, ...args);
        expect([status, stdout]).toEqual([2, '']);
        expect(stderr).toBe(`${says}\n${help.stdout}`);
      }
    }
    expect(script('run.mjs', join(folder, 'none')).stderr).toMatch(
      /ramulator is missing: write it with node/,
    );
  });

  it.runIf(FULL)('run.mjs runs what is named, keeps its files, reads them again, and compares', () => {
    const data = join(folder, 'data');
    expect(script('streams.mjs', data, '--requests', '250').status).toBe(0);
    const ramulator = program(
      'ramulator',
      `const [script, trace, scheduler, result] = words;
if (!script.endsWith('ddr4-2400.py')) process.exit(3);
const lines = fs.readFileSync(trace, 'utf8').trimEnd().split('\\n').length;
const cycles = scheduler === 'FRFCFS' ? 2000 : 1000;
const controller = { cycles, num_read_reqs: lines, num_write_reqs: 0 };
fs.writeFileSync(result, JSON.stringify({ memory_system: { controller } }));`,
    );
    const dramsim3 = program(
      'dramsim3',
      `const [configuration, , trace, , cycles, , output] = words;
if (!configuration.endsWith('.ini') || !trace.endsWith('mixed.trace') || !(Number(cycles) > 1000)) process.exit(3);
const epoch = { channel: 0, num_cycles: 1000, num_reads_done: 200, num_writes_done: 50 };
fs.writeFileSync(output + '/dramsim3epoch.json', JSON.stringify([epoch]));`,
    );
    const drampower = program(
      'drampower',
      `const of = (flag) => words[words.indexOf(flag) + 1];
const commands = fs.readFileSync(of('-t'), 'utf8').split('\\n');
if (!JSON.parse(fs.readFileSync(of('-m'), 'utf8')).memspec || !fs.existsSync(of('-j'))) process.exit(3);
const acts = commands.filter((line) => line.includes(',ACT,')).length;
const zero = { PRE: 0, BG_ACT: 0, BG_PRE: 0, RD: 0, WR: 0, RDA: 0, WRA: 0, REF_AB: 0, REF_PB: 0, REF_SB: 0, REF_2B: 0 };
const shared = { E_bg_act_shared: 0, E_PDNA: 0, E_PDNP: 0, E_sref: 0, E_dsm: 0, E_refab: 0 };
// What an activation of this die costs: test/goldens/drampower6.
const BankEnergy = [{ ACT: acts * 0.9823125e-9, ...zero }];
fs.writeFileSync(of('-j'), JSON.stringify({ CoreEnergy: { ...shared, BankEnergy } }));`,
    );
    const choice = [data, '--streams', 'mixed', '--machines', 'ddr4-2400'];
    const none = script('run.mjs', ...choice);
    expect([none.stderr, none.status]).toEqual(['', 0]);
    expect(none.stdout).toMatch(/^\| mixed \| ddr4-2400 \| [\d ]+ \| - \| - \| - \| - \| - \| - \|$/m);

    const first = script(
      'run.mjs',
      ...choice,
      '--ramulator',
      ramulator,
      '--dramsim3',
      dramsim3,
      '--drampower',
      drampower,
    );
    expect([first.stderr, first.status]).toEqual(['', 0]);
    expect(first.stdout).toMatch(
      /^\| mixed \| ddr4-2400 \| [\d ]+ \| 2 000 \| \S+ % \| 1 000 \| \S+ % \| 1 000 \(less up to 1000\) \| \S+ % \|$/m,
    );
    expect(first.stdout).toMatch(/^\| mixed \| ddr4-2400 \| act \| ([\d.]+) \| \1 \| [+-]0\.00 % \|$/m);
    expect(first.stdout).toContain('| mixed | ddr4-2400 | rd | 0.000 | ');
    expect(readdirSync(join(data, 'results')).sort()).toEqual([
      'drampower-ddr4-2400-mixed.json',
      'dramsim3-ddr4-2400-mixed.json',
      'ramulator-frfcfs-ddr4-2400-mixed.json',
      'ramulator-frfcfs-rowhit-ddr4-2400-mixed.json',
    ]);
    const again = script('run.mjs', ...choice);
    expect([again.stdout, again.status]).toEqual([first.stdout, 0]);
  });

  it.runIf(FULL)(
    'run.mjs goes on where a peer fails or its file is of another stream, says so and exits with 1',
    () => {
      const data = join(folder, 'failing');
      expect(script('streams.mjs', data, '--requests', '250').status).toBe(0);
      const results = join(folder, 'elsewhere');
      mkdirSync(results);
      writeFileSync(join(results, 'ramulator-frfcfs-ddr4-2400-random.json'), fixture('ramulator-stats.json'));
      const broken = program('broken', `console.error('no such DRAM'); process.exit(7);`);
      const choice = [data, '--streams', 'random', '--machines', 'ddr4-2400', '--results', results];
      const done = script('run.mjs', ...choice, '--dramsim3', broken);
      expect(done.status).toBe(1);
      expect(done.stderr).toContain('is of 300 requests, the stream has 250');
      expect(done.stderr).toMatch(/^dramsim3-ddr4-2400-random\.json: .*exit code 7: no such DRAM$/m);
      expect(done.stdout).toMatch(/^\| random \| ddr4-2400 \| [\d ]+ \|/m);
      expect(script('run.mjs', data, '--streams', 'raddom').stderr).toContain('there is no stream "raddom"');
    },
  );
});
