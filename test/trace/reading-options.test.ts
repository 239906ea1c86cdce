import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../src/bytes/byte-source.ts';
import { bytesPerBurst, type Device } from '../../src/hardware/device.ts';
import { noLosses } from '../../src/trace/access-format.ts';
import type { AccessFormatName } from '../../src/trace/access-formats.ts';
import { type AccessRun, emptyRun } from '../../src/trace/access-run.ts';
import { openAccessTrace } from '../../src/trace/access-trace.ts';
import { windowed } from '../../src/trace/address-window.ts';
import type { CommandTraceFormat } from '../../src/trace/command-trace-formats.ts';
import { readCommandTrace } from '../../src/trace/command-trace-reader.ts';
import { GEM5_COMMANDS } from '../../src/trace/gem5-commands.ts';
import { traceRequests } from '../../src/trace/trace-requests.ts';
import { MEMORY, type ReadOptions, readTrace, refusal, writeTrace } from './access-texts.ts';

const clock = 1000;

describe('times that fall', () => {
  const TEXTS = {
    csv: 'arrival_ns,op,address,bytes,source\n9,read,0,64,0\n5,read,64,64,0\n9.5,read,128,64,0\n',
    dramsim3: '0x0 READ 9\n0x40 READ 5\n0x80 READ 10\n',
    stl: '9: read 0x0\n5: read 0x40\n10: read 0x80\n',
    nvmain: '9 R 0x0 00 00 0\n5 R 0x40 00 00 0\n10 R 0x80 00 00 0\n'.replaceAll(' 00 00', ' 00'),
    'scale-sim': '9, 0\n5, 64\n10, 128\n',
  } as const;

  it.each(Object.entries(TEXTS))(
    'of %s are refused with both ways out, or become the latest time so far',
    (format, text) => {
      const options = { clock, format: format as keyof typeof TEXTS };
      expect(refusal(() => readTrace(text, options))).toMatch(
        /^(cycle|time) 5.* after (cycle )?9.*\n {2}at t:\d+:\d+\n {2}--late-times .*--arrival asap/,
      );
      const { runs, losses } = readTrace(text, { ...options, lateTimes: true });
      expect(runs.map(({ arrival }) => arrival)).toEqual([9000, 9000, format === 'csv' ? 9500 : 10_000]);
      expect(losses.lateTimes).toBe(1);
    },
  );

  it('of gem5 likewise', () => {
    const late = gem5([1, 9], [1, 5], [1, 10]);
    expect(refusal(() => readTrace(late))).toMatch(/tick 5 after a later one.*\n.*\n {2}--late-times/);
    const { runs, losses } = readTrace(late, { lateTimes: true });
    expect([runs.map(({ arrival }) => arrival), losses.lateTimes]).toEqual([[9, 9, 10], 1]);
  });
});

/** A packet trace of gem5, ticks of 1 ps: a command and a tick each, 64 bytes at address 64. */
function gem5(...packets: readonly (readonly [command: number, tick: number])[]): Uint8Array {
  const head = writeTrace([], 'gem5').bytes;
  const bodies = packets.map(([command, tick]) => [8, tick, 16, command, 24, 64, 32, 64]);
  return new Uint8Array([...head, ...bodies.flatMap((body) => [body.length, ...body])]);
}

describe("gem5's packets", () => {
  it('that read or write are taken, of every kind', () => {
    const reads = [1, 11, 12, 13, 22, 24, 25, 26, 30];
    const writes = [4, 7, 8, 9, 16, 27, 32, 34];
    const { runs, losses } = readTrace(
      gem5(...[...reads, ...writes].map((command) => [command, 1] as const)),
    );
    expect(runs.map(({ write }) => write)).toEqual([...reads.map(() => false), ...writes.map(() => true)]);
    expect(losses).toEqual(noLosses());
    expect([7, 8, 9, 16, 22, 25, 26, 27].map((command) => GEM5_COMMANDS.get(command)!.name)).toEqual([
      ...['WritebackDirty', 'WritebackClean', 'WriteClean', 'WriteLineReq'],
      ...['ReadExReq', 'ReadSharedReq', 'LoadLockedReq', 'StoreCondReq'],
    ]);
  });

  it('that do neither are skipped and counted by name; unknown ones are refused', () => {
    const { runs, losses } = readTrace(gem5([1, 1], [2, 2], [10, 3], [2, 4], [4, 5]));
    expect(runs.length).toBe(2);
    expect(losses.skipped).toEqual({ ReadResp: 2, CleanEvict: 1 });
    for (const command of [0, 36, 37, 60, 99])
      expect(refusal(() => readTrace(gem5([command, 1])))).toContain(
        `command ${command}, which gem5 does not have`,
      );
  });
});

describe('addresses of decimal digits without 0x', () => {
  const open = (text: string | Uint8Array, options: ReadOptions = {}) => {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    return openAccessTrace(bytesInMemory(bytes, 't'), options, noLosses());
  };

  it('are found, where the format takes them in base 16', () => {
    expect(open('4096\n8192\n').bareDigits).toBe(true);
    expect(open(gzipSync(new TextEncoder().encode('4096 R\n'))).bareDigits).toBe(true);
    expect(open('4096 READ 1\n', { clock }).bareDigits).toBe(true);
    expect(open('1 R 4096 00 0\n', { clock }).bareDigits).toBe(true);
    for (const text of ['0x4096\n', '4096\nabc0\n', '0 R\n', 'LD 4096\n', '4096\n0x40\n'])
      expect(open(text).bareDigits, text).toBe(false);
  });

  it('are taken in the base that is given', () => {
    const addresses = (text: string, options: ReadOptions = {}) =>
      readTrace(text, { clock, ...options }).runs.map(({ address }) => address);
    expect(addresses('4096\n0x40 W\n')).toEqual([0x4080, 0x40]);
    expect(addresses('4096\n0x40 W\n', { addressBase: 10 })).toEqual([4096, 0x40]);
    expect(addresses('4096 READ 1\n', { addressBase: 10 })).toEqual([4096]);
    expect(addresses('1 R 4096 00 0\n', { addressBase: 10 })).toEqual([4096]);
    expect(addresses('1: read 4096\n', { addressBase: 10 })).toEqual([4096]);
    expect(open('4096\n', { addressBase: 10 }).bareDigits).toBe(false);
    expect(refusal(() => readTrace('abc0\n', { addressBase: 10 }))).toContain('is not a number in base 10');
  });
});

describe('the size of an access', () => {
  it('is what the options say where the trace does not, and of a SCALE-Sim word one byte', () => {
    const assumed = (text: string, options: ReadOptions = {}) =>
      openAccessTrace(bytesInMemory(new TextEncoder().encode(text), 't'), { clock, ...options }, noLosses())
        .assumedBytes;
    expect(assumed('0x40 R\n')).toBe(64);
    expect(assumed('0x40 R\n', { burstBytes: 32 })).toBe(32);
    expect(assumed('0x40 R\n', { burstBytes: 32, accessBytes: 8 })).toBe(8);
    expect(assumed('0, 64\n', { burstBytes: 32 })).toBe(1);
    expect(assumed('0, 64\n', { accessBytes: 4 })).toBe(4);
    expect(assumed('arrival_ns,op,address,bytes,source\n')).toBeUndefined();
    expect(readTrace('0, 64, 65\n', { clock, burstBytes: 32 }).runs).toMatchObject([
      { address: 64, bytes: 2 },
    ]);
  });

  it('is kept by sxt: two accesses to parts of one burst stay two', () => {
    const { bytes } = writeTrace(
      [0, 8, 16].map((address) => ({ address, bytes: 8, write: false, arrival: 0, source: 0 })),
      'sxt',
    );
    expect(readTrace(bytes).runs.map(({ bytes: size }) => size)).toEqual([8, 8, 8]);
  });
});

describe('a window of addresses', () => {
  const through = (
    runs: readonly [number, number][],
    window: Parameters<typeof windowed>[1],
  ): [number, number][] => {
    let at = 0;
    const reader = windowed(
      {
        next(run: AccessRun) {
          const given = runs[at++];
          if (!given) return false;
          [run.address, run.bytes] = given;
          return true;
        },
      },
      window,
    );
    const run = emptyRun();
    const out: [number, number][] = [];
    while (reader.next(run)) out.push([run.address, run.bytes]);
    return out;
  };

  it('subtracts the offset, and refuses what lies below it', () => {
    expect(through([[0x7fff00000000, 64]], { offset: 0x7fff00000000 })).toEqual([[0, 64]]);
    expect(refusal(() => through([[64, 64]], { offset: 128 }))).toMatch(
      /accesses address 0x40, below the offset 0x80\n {2}.*--offset.*--wrap/,
    );
  });

  it('takes addresses modulo the size, and cuts what goes over the end', () => {
    expect(through([[0x1ffffffff40, 64]], { offset: 0, wrap: 1024 })).toEqual([[0x340, 64]]);
    expect(through([[1000, 64]], { offset: 0, wrap: 1024 })).toEqual([
      [1000, 24],
      [0, 40],
    ]);
    expect(through([[1000, 2100]], { offset: 0, wrap: 1024 })).toEqual([
      [1000, 24],
      [0, 1024],
      [0, 1024],
      [0, 28],
    ]);
    expect(through([[64, 64]], { offset: 128, wrap: 1024 })).toEqual([[960, 64]]);
    expect(
      through(
        [
          [2048, 8],
          [8, 8],
        ],
        { offset: 0, wrap: 1024 },
      ),
    ).toEqual([
      [0, 8],
      [8, 8],
    ]);
  });
});

describe('an access beyond the device', () => {
  const device = { name: 'small', clock: 800, organisation: MEMORY.organisation } as Device;
  const size = MEMORY.mapping.bursts * bytesPerBurst(MEMORY.organisation);
  const said = (text: string, offset = 0): string => {
    const trace = openAccessTrace(
      bytesInMemory(new TextEncoder().encode(text), 't'),
      { format: 'ramulator' },
      noLosses(),
    );
    const requests = traceRequests(windowed(trace, { offset }), device, MEMORY.mapping, 'asap', offset);
    const request = { address: 0, bursts: 0, write: false, arrival: 0 };
    return refusal(() => {
      while (requests.next(request));
    });
  };

  it('is refused with its line, and the smallest address of the trace as the offset', () => {
    expect(said('0x80000040 R\n\n0x80000000 R\n')).toBe(
      `the trace accesses address 0x8000007f, beyond the ${size} bytes of small\n  at t:1\n` +
        '  take addresses modulo the size of the device (--wrap), or subtract the smallest one from each: --offset 0x80000000',
    );
  });

  it('is refused with the range of addresses where no offset helps', () => {
    expect(said('0x0 R\n0x80000000 R\n0x90000000 R\n')).toMatch(
      /\n {2}at t:2\n.*choose a larger device: they go from 0x0 to 0x9000003f$/,
    );
    expect(said('0x1000 R\n0x80000000 R\n', 0x1000)).toMatch(
      /^the trace accesses address 0x8000003f, beyond .* from 0x1000 on\n {2}at t:2\n.*from 0x1000 to 0x8000003f$/,
    );
  });

  it('is refused without a number where the rest of the trace cannot be read', () => {
    expect(said('0x80000000 R\nrubbish\n')).toMatch(
      /\n {2}at t:1\n.*\(--wrap\), or subtract X from each: --offset X$/,
    );
  });
});

describe('a named format that the file does not have', () => {
  it('is refused with the format that the file looks like', () => {
    const access = (format: AccessFormatName, text: string) => refusal(() => readTrace(text, { format }));
    expect(access('ramulator2', '0x12340 R\n')).toMatch(
      /\n {2}at t:1:1\n {2}the file looks like ramulator: give --format ramulator \(of convert: --from ramulator\)$/,
    );
    expect(access('gem5', '0x12340 R\n')).toMatch(/looks like ramulator/);
    // Later lines, and files of the format, are refused as ever.
    expect(access('ramulator', '0x12340 R\nLD 0x12340\n')).toMatch(/at t:2:1\n {2}expected ADDRESS/);
    expect(access('rstl', '5: jump 0x40\n')).toMatch(/expected CYCLE/);
  });

  it('of commands, too', () => {
    const commands = (format: CommandTraceFormat, text: string) =>
      refusal(() => {
        const source = bytesInMemory(new TextEncoder().encode(text), 't');
        for (const _ of readCommandTrace(source, MEMORY.organisation, format).commands);
      });
    expect(commands('ramulator', '0,ACT,0\n11,RD,0\n')).toMatch(
      /\n {2}at t:1:1\n {2}the file looks like drampower4: give --format drampower4$/,
    );
    expect(commands('ram2bin', '0,ACT,0\n11,RD,0\n')).toMatch(/looks like drampower4/);
    expect(commands('vampire', 'clock,command,Rank,Bank,Row,Column,type,source\n')).toMatch(
      /looks like ramulator/,
    );
  });
});
