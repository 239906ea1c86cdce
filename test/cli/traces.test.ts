import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal, PROGRAM, parseCsv, type Ran, sparkxd } from './program.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const file = async (name: string, text: string): Promise<string> => {
  await writeFile(at(name), text);
  return at(name);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparkxd-traces-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the program with a text on its standard input; what it keeps for a while goes to the test's folder. */
function piped(text: string, ...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, TMPDIR: folder };
    const child = execFile(process.execPath, [PROGRAM, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
    child.stdin!.end(text);
  });
}

type Cells = Readonly<Record<string, number>>;
const rowOf = ({ stdout }: Ran): Cells => (JSON.parse(stdout) as { rows: Cells[] }).rows[0]!;

describe('what an access is', () => {
  it('stands in the results: bytes an access, bytes in all, energy a bit', async () => {
    const trace = await file('one.trace', '0x0 R\n0x1000 W\n');
    for (const [device, burst] of [
      ['lpddr3-1600-4gb', 32],
      ['ddr4-2400-4gb', 8],
      ['ddr3-1600-1gb', undefined],
    ] as const) {
      const row = rowOf(await sparkxd('replay', trace, '--device', device, '--json'));
      if (burst !== undefined) expect(row['access_bytes']).toBe(burst);
      expect(row['bytes']).toBe(row['accesses']! * row['access_bytes']!);
      expect(row['energy_per_bit_pJ']! * 8 * row['bytes']!).toBeCloseTo(
        row['dram_energy_total_nJ']! * 1000,
        6,
      );
      expect(row['bandwidth_GBps']).toBeCloseTo(row['bytes']! / row['time_ns']!, 12);
    }
    const sized = rowOf(await sparkxd('replay', trace, '--access-bytes', '64', '--json'));
    expect([sized['accesses'], sized['bytes']]).toEqual([4, 128]);
    await sparkxd('replay', trace, '--csv', at('one.csv'), '--quiet');
    expect(parseCsv(await readFile(at('one.csv'), 'utf8'))[0]).toMatchObject({
      bytes: '64',
      access_bytes: '32',
    });
    const ledger = JSON.parse((await piped('0,ACT,0\n20,RD,0\n', 'power', '-', '--json')).stdout) as Cells;
    expect([ledger['bytes'], ledger['access_bytes']]).toEqual([32, 32]);
    expect(ledger['energy_per_bit_pJ']).toBeCloseTo(ledger['energy_per_access_pJ']! / 256, 9);
  });

  it('is said in one line, with the format found; not with --quiet or --json; and no line speaks of an unknown origin', async () => {
    const trace = await file('said.trace', '0x0 R\n');
    const said = await sparkxd('replay', trace);
    expect(said.stderr).toBe(
      'trace: ramulator (found from its content; --format names another), 32 bytes an access that does not say (--access-bytes N), 32 bytes a burst\n',
    );
    expect(said.stdout).not.toContain('recorded from');
    expect((await sparkxd('replay', trace, '--quiet')).stderr).toBe('');
    expect((await sparkxd('replay', trace, '--json')).stderr).toBe('');
    const named = await sparkxd('replay', trace, '--format', 'ramulator', '--access-bytes', '64');
    expect(named.stderr).toBe('trace: ramulator (as named), 64 bytes an access, 32 bytes a burst\n');
    const recorded = await sparkxd('replay', 'traces/n400-mnist-event.sxt');
    expect(recorded.stdout).toMatch(/^recorded from: network n400-mnist/);
    expect(recorded.stderr).toContain(
      'trace: sxt (found from its content; --format names another), each access says its size',
    );
  });

  it('is the same for a SCALE-Sim file replayed and converted first', async () => {
    const lines = Array.from(
      { length: 40 },
      (_, i) => `${i}, ${[0, 1, 2, 3].map((k) => 4 * i + k).join(', ')}`,
    );
    const trace = await file('scale.csv', `${lines.join('\n')}\n`);
    for (const words of [[], ['--access-bytes', '8']]) {
      const direct = rowOf(await sparkxd('replay', trace, ...words, '--json'));
      // The size given to a conversion also cuts what it writes in formats of packets.
      for (const to of words.length === 0 ? ['sxt', 'csv', 'gem5'] : ['sxt', 'csv']) {
        const converted = at(`scale.${to}.out`);
        const ran = await sparkxd('convert', trace, converted, '--to', to, '--clock', '800MHz', ...words);
        expect(ran.code).toBe(0);
        expect(rowOf(await sparkxd('replay', converted, '--json')), to).toEqual(direct);
      }
      expect(direct['accesses']).toBe(40);
    }
    const small = await file('small.trace', '0x0 R\n0x8 R\n0x10 R\n0x18 R\n');
    await sparkxd('convert', small, at('small.sxt'), '--to', 'sxt', '--access-bytes', '8');
    expect(rowOf(await sparkxd('replay', at('small.sxt'), '--json'))).toEqual(
      rowOf(await sparkxd('replay', small, '--access-bytes', '8', '--json')),
    );
  });
});

describe('addresses beyond the device', () => {
  it('are refused with both ways out; taken modulo its size with --wrap, moved with --offset', async () => {
    const trace = await file('cpu.trace', '0x7fff00000000 R\n0x7fff00000020 W\n');
    const refused = await sparkxd('replay', trace);
    expect([refused.code, isRefusal(refused)]).toEqual([1, true]);
    expect(refused.stderr).toMatch(
      /beyond the 536870912 bytes of .*\n.*\n.*--wrap.*--offset 0x7fff00000000\n/,
    );
    const wrapped = rowOf(await sparkxd('replay', trace, '--wrap', '--json'));
    const moved = rowOf(await sparkxd('replay', trace, '--offset', '0x7fff00000000', '--json'));
    expect(wrapped).toEqual(moved);
    expect(wrapped['accesses']).toBe(2);
    const low = await sparkxd('replay', trace, '--offset', '0x7fff00000020');
    expect(low.stderr).toMatch(/below the offset 0x7fff00000020/);
    const text = await sparkxd(
      'convert',
      trace,
      '-',
      '--to',
      'ramulator',
      '--offset',
      '0x7fff00000000',
      '--quiet',
    );
    expect(text.stdout).toBe('0x0 R\n0x0 W\n');
  });

  it('are wrapped by convert only where the size is known', async () => {
    const trace = await file('far.trace', '0x1ffffffff40 R\n');
    const unknown = await sparkxd('convert', trace, at('far.out'), '--to', 'ramulator', '--wrap');
    expect([unknown.code, isRefusal(unknown)]).toEqual([1, true]);
    expect(unknown.stderr).toMatch(/unknown device\n.*--wrap --device NAME/);
    const device = ['--device', 'lpddr3-1600-4gb', '--wrap', '--quiet'];
    const { stdout } = await sparkxd('convert', trace, '-', '--to', 'ramulator', ...device);
    expect(stdout).toBe('0x1fffff40 R\n');
  });
});

describe('times', () => {
  it('that fall are refused by default, do not matter asap, and are the latest so far with --late-times', async () => {
    const trace = await file('late.trace', '0x0 READ 100\n0x1000 READ 50\n0x2000 READ 200\n');
    const refused = await sparkxd('replay', trace, '--arrival', 'trace');
    expect([refused.code, isRefusal(refused)]).toEqual([1, true]);
    expect(refused.stderr).toMatch(/cycle 50 after cycle 100\n.*:2:13\n.*--late-times.*--arrival asap/);
    const late = await sparkxd('replay', trace, '--arrival', 'trace', '--late-times');
    expect(late.stderr).toContain('1 request was late and arrives at the latest time before it');
    const raised = await file('raised.trace', '0x0 READ 100\n0x1000 READ 100\n0x2000 READ 200\n');
    const timed = ['--arrival', 'trace', '--json'];
    expect(rowOf(await sparkxd('replay', trace, '--late-times', ...timed))).toEqual(
      rowOf(await sparkxd('replay', raised, ...timed)),
    );
    const asap = await sparkxd('replay', trace);
    expect(asap.code).toBe(0);
    expect(asap.stderr).toContain("the trace's times are not used");
    expect(asap.stderr).not.toContain('late');
    expect((await sparkxd('replay', raised, '--arrival', 'trace')).stderr).not.toContain('not used');
  });
});

describe('addresses of decimal digits', () => {
  it('are said to be read in base 16, and how to say otherwise', async () => {
    const trace = await file('digits.trace', '4096\n8192\n');
    const said = await sparkxd('replay', trace);
    expect(said.stderr).toMatch(
      /^trace: ramulator.*\nits addresses are decimal digits.*base 16.*--address-base 10/,
    );
    const text = await sparkxd('convert', trace, '-', '--to', 'csv', '--address-base', '10', '--quiet');
    expect(text.stdout).toContain('0,read,0x1000,64,0\n0,read,0x2000,64,0\n');
  });
});

describe('"-"', () => {
  const TRACE = '0x0 READ 1\n0x4000 WRITE 2\n0x8000 READ 3\n';

  it('is standard input: of replay as often as it reads, and nothing is left behind', async () => {
    const trace = await file('dash.trace', TRACE);
    const options = ['--supply', '1.35,1.1', '--arrival', 'trace', '--json'];
    const given = await sparkxd('replay', trace, ...options);
    const read = await piped(TRACE, 'replay', '-', ...options);
    expect([read.code, read.stdout]).toEqual([0, given.stdout]);
    expect((await readdir(folder)).filter((name) => name.startsWith('sparkxd-'))).toEqual([]);
    const refused = await piped('0x0 READ 1\n0x4 RITE 2\n', 'replay', '-');
    expect([refused.code, isRefusal(refused)]).toEqual([1, true]);
    expect(refused.stderr).toContain('unknown operation "RITE"\n  at standard input:2:5\n');
    expect((await readdir(folder)).filter((name) => name.startsWith('sparkxd-'))).toEqual([]);
  });

  it('is standard input and output of convert, whose words go to standard error', async () => {
    const ran = await piped(TRACE, 'convert', '-', '-', '--to', 'rstl');
    expect([ran.code, ran.stdout]).toEqual([
      0,
      '1: (64) read 0x0\n1: (64) write 0x4000\n1: (64) read 0x8000\n',
    ]);
    expect(ran.stderr).toMatch(/^-: 3 runs of dramsim3/);
    expect(await readdir('.')).not.toContain('-');
  });

  it('is standard input of power and check', async () => {
    const commands = '0,ACT,0\n15,RD,0\n';
    expect((await piped(commands, 'check', '-')).stdout).toContain('2 commands in 15 cycles');
    expect((await piped(commands, 'power', '-')).stdout).toContain('1 ACT, 1 RD');
  });
});

describe('power on a trace that breaks the protocol', () => {
  const DOUBLE = '1,ACT,2,3\n6,ACT,2,3\n20,RD,2,0\n30,RD,3,0\n';

  it('says in one line how often, as check counts them', async () => {
    const trace = await file('early.csv', '0,ACT,0\n14,RD,0\n36,PRE,0\n51,ACT,0\n');
    const ran = await sparkxd('power', trace);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe(
      'the trace breaks the protocol of lpddr3-1600-4gb-sparkxd: 1 violation, which sparkxd check lists\n',
    );
    const checked = JSON.parse((await sparkxd('check', trace, '--json')).stdout) as { violations: number };
    expect(JSON.parse((await sparkxd('power', trace, '--json')).stdout)).toMatchObject({
      violations: checked.violations,
    });
    expect((await sparkxd('power', trace, '--quiet')).stderr).toBe('');
    expect((await sparkxd('power', await file('legal.csv', '0,ACT,0\n15,RD,0\n'))).stderr).toBe('');
  });

  it('refuses what the states forbid, names the lenient way, and counts there what it left out', async () => {
    const trace = await file('double.csv', DOUBLE);
    const refused = await sparkxd('power', trace);
    expect([refused.code, isRefusal(refused)]).toEqual([1, true]);
    expect(refused.stderr).toMatch(/ACT at cycle 6: bank 2 already has an open row\n.*:2\n.*--lenient/);
    const lenient = await sparkxd('power', trace, '--lenient');
    expect(lenient.code).toBe(0);
    expect(lenient.stderr).toMatch(
      /^skipped 2 commands that the device could not do: 1 ACT, 1 RD; the first: ACT at cycle 6 \(line 2\): bank 2 already has an open row\n/,
    );
    const energy = async (name: string, text: string): Promise<unknown> =>
      (
        JSON.parse(
          (await sparkxd('power', await file(name, text), '--end-cycle', '60', '--lenient', '--json')).stdout,
        ) as {
          dram_energy_total_nJ: number;
        }
      ).dram_energy_total_nJ;
    expect(await energy('a.csv', DOUBLE)).toBe(await energy('b.csv', '1,ACT,2,3\n20,RD,2,0\n'));
    // The precharge that a left-out RDA holds is left out with it.
    expect(await energy('c.csv', '1,ACT,2,3\n20,RDA,3,0\n')).toBe(await energy('d.csv', '1,ACT,2,3\n'));
  });
});

describe('numbers with units', () => {
  it('are taken with any prefix; the unit of a bare one is said', async () => {
    const trace = await file('units.csv', '0,ACT,0\n15,RD,0\n');
    const supplies = async (text: string): Promise<unknown> =>
      (JSON.parse((await sparkxd('power', trace, '--supply', text, '--json')).stdout) as { supply_V: number })
        .supply_V;
    for (const text of ['1.1', '1.1V', '1100mV']) expect(await supplies(text)).toBe(1.1);
    const help = await sparkxd('power', '--help');
    expect(help.stdout.replaceAll(/\s+/g, ' ')).toContain('such as 1.8pF; pF if no unit is given');
    const pins = await sparkxd('power', trace, '--io-capacitance', '1.8');
    expect(pins.stdout).toContain('data pins: 1.8 pF a pin at 1.2 V');
    for (const args of [
      ['--law', '0x10'],
      ['--law', '1e1'],
      ['--supply', '0x1'],
      ['--io-capacitance', '1.8W'],
      ['--rho', ' 1'],
    ])
      expect((await sparkxd('power', trace, ...args)).code, args.join(' ')).toBe(2);
    expect((await sparkxd('replay', '--help')).stdout).toContain('(default: 24:8)');
  });
});
