import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/bytes/byte-source.ts';
import type { AccessFormatName } from '../../src/trace/access-formats.ts';
import type { AccessRun } from '../../src/trace/access-run.ts';
import { cases, FULL } from '../effort.ts';
import { MEMORY, type ReadOptions, readSource, readTrace, refusal, writeTrace } from './access-texts.ts';

const run = (address: number, write = false, more: Partial<AccessRun> = {}): AccessRun => ({
  ...{ address, bytes: 64, write, arrival: 0, source: 0 },
  ...more,
});
const clock = 1000;
/** Which formats have times. */
const carries = { ramulator: false, ramulator2: false, dramsim3: true, csv: true } as const;

/** Texts as the programs that own the formats write or take them. */
const SAMPLES: readonly (readonly [AccessFormatName, string, readonly AccessRun[], ReadOptions?])[] = [
  ['ramulator', '0x12340 R\n12380 W\nABCDC0\n', [run(0x12340), run(0x12380, true), run(0xabcdc0)]],
  [
    'ramulator-cpu',
    '3 20734016\n1 0x40 128\n',
    [
      run(20734016, false, { arrival: 3000 }),
      run(64, false, { arrival: 4000 }),
      run(128, true, { arrival: 4000 }),
    ],
    { clock },
  ],
  ['ramulator2', 'LD 0x1000\nST 8192\n', [run(4096), run(8192, true)]],
  [
    'ramulator2-vector',
    'R 0,1,1,3,1023,0\nW 0,0,0,0,0,1\n',
    [
      run(MEMORY.mapping.encode(0, 1, 1, 3, 1023, 0) * 32, false, { bytes: 32 }),
      run(MEMORY.mapping.encode(0, 0, 0, 0, 0, 1) * 32, true, { bytes: 32 }),
    ],
    { memory: MEMORY },
  ],
  [
    'dramsim3',
    '0x7fee02c0 READ 0\n1000 P_MEM_WR 10\n0x40 P_FETCH 10\n0x80 BOFF 11\n0x80 read 11\n',
    [
      run(0x7fee02c0),
      run(0x1000, true, { arrival: 10_000 }),
      run(0x40, false, { arrival: 10_000 }),
      run(0x80, true, { arrival: 11_000 }),
      run(0x80, false, { arrival: 11_000 }),
    ],
    { clock },
  ],
  [
    'stl',
    '31:     read    0x400140\n33: (32) write 0x400160 0xdeadbeef\n',
    [run(0x400140, false, { arrival: 31_000 }), run(0x400160, true, { arrival: 33_000, bytes: 32 })],
    { clock },
  ],
  [
    'rstl',
    '31: read 0x400140\n2: write 0x400180\n',
    [run(0x400140, false, { arrival: 31_000 }), run(0x400180, true, { arrival: 33_000 })],
    { clock },
  ],
  [
    'nvmain',
    `NVMV1\n0 R 0x12340 ${'0'.repeat(128)} ${'0'.repeat(128)} 0\n5 W 12380 ${'f'.repeat(128)} 00 3\n`,
    [run(0x12340), run(0x12380, true, { arrival: 5000, source: 3 })],
    { clock },
  ],
  ['nvmain', '5 W 12380 ff 3\n', [run(0x12380, true, { arrival: 5000, source: 3 })], { clock }],
  [
    'scale-sim',
    '0, 64, 65, -1, 66,\n3, 10, -1\n4,-1,-1\n',
    [run(64, false, { bytes: 3 }), run(10, false, { bytes: 1, arrival: 3000 })],
    { clock },
  ],
  [
    'csv',
    'arrival_ns,op,address,bytes,source\n0,read,0x40,32,\n1.25 , W , 128 , 1000000 , 5\n',
    [run(64, false, { bytes: 32 }), run(128, true, { arrival: 1250, bytes: 1_000_000, source: 5 })],
  ],
];

const samples = SAMPLES.map(([format, text, runs, options = {}]) => ({ format, text, runs, options }));

describe('access traces of other programs', () => {
  it.each(samples)(
    '$format: is found from its content and read as its owner means it',
    ({ format, text, runs, options }) => {
      const name = format === 'rstl' ? 'a.rstl' : 'a.trace';
      expect(readTrace(text, options, name)).toMatchObject({
        format,
        runs,
      });
    },
  );

  it.each(samples)(
    '$format: takes CRLF, tabs, blank lines, comments, a missing last line feed, and gzip',
    ({ format, text, runs, options }) => {
      const spoiled = text
        .trimEnd()
        .split('\n')
        .map((line, i) => (i % 2 === 0 ? `  ${line.replaceAll(' ', '\t ')} # ${i}` : `${line} \t`))
        .join('\r\n\r\n   \n#\n');
      for (const form of [spoiled, `# a\n\n${spoiled}\r\n`])
        for (const content of [new TextEncoder().encode(form), gzipSync(new TextEncoder().encode(form))])
          expect(readTrace(content, { ...options, format }).runs).toEqual(runs);
    },
  );

  it('reads SCALE-Sim lanes: following words are one run, -1 is none, a last comma is nothing', () => {
    expect(readTrace('0, 64, 65, -1, 80,\n3, 10, -1\n4,-1,-1\n', { clock }).runs).toEqual([
      run(64, false, { bytes: 2 }),
      run(80, false, { bytes: 1 }),
      run(10, false, { bytes: 1, arrival: 3000 }),
    ]);
    // As SCALE-Sim writes DRAM traces: from floats, and from before cycle 0 on.
    expect(
      readTrace('-2.0,64.0,65.0,-1.0\n-1.0,80.0,-1.0,-1.0\n3.0,10.0,-1.0,-1.0\n', { clock }).runs,
    ).toEqual([
      run(64, false, { bytes: 2 }),
      run(80, false, { bytes: 1, arrival: 1000 }),
      run(10, false, { bytes: 1, arrival: 5000 }),
    ]);
    expect(readTrace('0, 3, 4\n', { accessBytes: 2, writes: true }).runs).toEqual([
      run(6, true, { bytes: 4 }),
    ]);
  });

  it.each(['ramulator', 'ramulator2', 'dramsim3', 'csv'] as const)(
    '%s: lines as programs write them say the same as with blanks between their fields, digit by digit',
    (format) => {
      const accesses = fc.array(
        fc.record({
          unit: fc.oneof(
            fc.nat({ max: 2000 }),
            fc.maxSafeNat().map((n) => n % 2 ** 45),
          ),
          write: fc.boolean(),
          later: fc.oneof(fc.constant(0), fc.nat({ max: 3 }), fc.nat({ max: 1_200_000_000 })),
        }),
        { maxLength: 20 },
      );
      fc.assert(
        fc.property(accesses, fc.constantFrom('\n', '\r\n'), (drawn, end) => {
          let arrival = 0;
          const runs = drawn.map(({ unit, write, later }) => {
            arrival += carries[format] ? later * (format === 'csv' ? 1 : 1000) : 0;
            return run(unit * 64, write, { arrival });
          });
          const text = new TextDecoder().decode(writeTrace(runs, format, { clock }).bytes);
          const blanks = text.replaceAll(/[ ,]/g, (separator) => ` ${separator}\t`).replaceAll('\n', ' # \n');
          const plain = readTrace(text.replaceAll('\n', end), { clock, format });
          expect(plain.runs).toEqual(runs);
          expect(readTrace(blanks, { clock, format })).toEqual(plain);
        }),
        { seed: 3, numRuns: cases(100, 400) },
      );
    },
  );

  it('gives the same runs whatever the pieces in which the bytes come', () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `0x${(i * 64).toString(16)} ${i % 3 ? 'R' : 'W'}`);
    const bytes = new TextEncoder().encode(lines.join('\n'));
    const expected = readTrace(bytes).runs;
    expect(expected.length).toBe(3000);
    for (const size of [1, 7, 4096]) {
      let at = 0;
      const source: ByteSource = {
        file: 't',
        read(target) {
          const piece = bytes.subarray(at, at + Math.min(size, target.length));
          target.set(piece);
          at += piece.length;
          return piece.length;
        },
      };
      expect(readSource(source).runs).toEqual(expected);
    }
  });

  it('goes over the seams of its buffer', () => {
    const count = 200_000;
    const text = Array.from(
      { length: count },
      (_, i) => `0x${((i * 7919) % 2 ** 24).toString(16)}00 READ ${i}`,
    ).join('\n');
    const { runs } = readTrace(text, { clock });
    expect(runs.length).toBe(count);
    expect(
      runs.every(
        ({ arrival, address }, i) => arrival === i * 1000 && address === ((i * 7919) % 2 ** 24) * 256,
      ),
    ).toBe(true);
  });
});

/** Format, text, and what the error must say: the fault, and where. */
const MALFORMED: readonly (readonly [AccessFormatName, string, RegExp, ReadOptions?])[] = [
  ['ramulator', '0x10 R\n0x20 X\n', /unknown operation "X"\n {2}at t:2:6\n {2}expected ADDRESS \[R\|W\]/],
  ['ramulator', '0x10 R\n0xfg R\n', /address: "0xfg" is not a number in base 16\n {2}at t:2:1\n/],
  ['ramulator', '0x10 R\n-10 R\n', /address: "-10" is not a number.*\n {2}at t:2:1\n/],
  ['ramulator', '0x10 R\n0x R\n', /address: "0x" is not a number.*\n {2}at t:2:1\n/],
  ['ramulator', '0x10 R\n0xffffffffffffffff R\n', /"0xffffffffffffffff" is not below 2\^51\n {2}at t:2:1\n/],
  ['ramulator', '0x10 R 7\n', /unexpected "7"\n {2}at t:1:8\n/],
  ['ramulator', '0x10 Read\n', /unknown operation "Read"\n {2}at t:1:6\n/],
  ['ramulator', '0x10 R\n\u0000\u0001\u0002\n', /"\\x00\\x01\\x02" is not a number.*\n {2}at t:2:1\n/],
  ['ramulator', `0x10 R\n${'1'.repeat(2_000_000)}`, /not below 2\^51\n {2}at t:2:1\n/],
  ['ramulator', `0x10 R # ${'x'.repeat(2_000_000)}\n`, /a line of more than 65536 bytes\n {2}at t:1:1\n/],
  ['ramulator-cpu', '0\n', /read address: the end of the line is not a number.*\n {2}at t:1:2\n/],
  ['ramulator-cpu', '0x3 5\n', /bubbles: "0x3" is not a number in base 10\n {2}at t:1:1\n/],
  ['ramulator-cpu', '0 5 6 7\n', /unexpected "7"\n {2}at t:1:7\n/],
  ['ramulator-cpu', '0 5\n1 5\n', /cycles of an unknown clock: give --clock MHZ\n {2}at t:2:1\n/],
  ['ramulator-cpu', '2000000000000000 5\n'.repeat(2), /begins beyond 2\^53 ps\n {2}at t:1:1\n/, { clock }],
  ['ramulator2', 'LD 0x10\nLOAD 0x20\n', /unknown operation "LOAD"\n {2}at t:2:1\n/],
  ['ramulator2', 'ST\n', /address: the end of the line is not a number.*\n {2}at t:1:3\n/],
  ['ramulator2', 'LD 1f\n', /address: "1f" is not a number in base 10\n {2}at t:1:4\n/],
  [
    'ramulator2-vector',
    'R 0,0,0,0,1024,0\n',
    /row 1024: the device has 1024, counted from 0\n {2}at t:1:11\n/,
    { memory: MEMORY },
  ],
  [
    'ramulator2-vector',
    'R 0,0,0,0,1\n',
    /the end of the line instead of ","\n {2}at t:1:12\n/,
    { memory: MEMORY },
  ],
  ['ramulator2-vector', 'R 0,0,0,0,1,1,1\n', /unexpected ","\n {2}at t:1:14\n/, { memory: MEMORY }],
  [
    'ramulator2-vector',
    'R 0,0,-1,0,1,1\n',
    /bankGroup: "-1" is not a number.*\n {2}at t:1:7\n/,
    { memory: MEMORY },
  ],
  ['ramulator2-vector', 'R 0,0,0,0,1,1\n', /coordinates of a memory/],
  [
    'dramsim3',
    '0x10 READ 5\n0x20 RAED 6\n',
    /unknown operation "RAED"\n {2}at t:2:6\n {2}expected ADDRESS READ/,
    { clock },
  ],
  ['dramsim3', '0x10 READ 5\n0x20 READ 4\n', /cycle 4 after cycle 5\n {2}at t:2:11\n/, { clock }],
  ['dramsim3', '0x10 READ\n', /cycle: the end of the line is not a number.*\n {2}at t:1:10\n/],
  ['dramsim3', '0x10 READ -1\n', /cycle: "-1" is not a number.*\n {2}at t:1:11\n/],
  ['dramsim3', '0x10 READ 1.5\n', /cycle: "1.5" is not a number.*\n {2}at t:1:11\n/],
  ['stl', '1: READ 0x0\n', /unknown operation "READ"\n {2}at t:1:4\n/, { clock }],
  ['stl', '1 read 0x0\n', /"read" instead of ":"\n {2}at t:1:3\n/, { clock }],
  ['stl', '1: (0) read 0x0\n', /an access of 0 bytes\n {2}at t:1:5\n/, { clock }],
  ['stl', '1: (4 read 0x0\n', /"read" instead of "\)"\n {2}at t:1:7\n/, { clock }],
  ['stl', '1: write 0x0 0xgg\n', /data: "0xgg" is not made of digits.*\n {2}at t:1:14\n/, { clock }],
  ['nvmain', 'NVMV2\n', /unknown version "NVMV2"\n {2}at t:1:1\n/],
  ['nvmain', 'NVMV1\n0 R 0x0 00 3\n', /thread: the end of the line is not a number.*\n {2}at t:2:13\n/],
  ['nvmain', '0 R 0x0 00 00 3\n', /unexpected "3"\n {2}at t:1:15\n/],
  ['nvmain', '0 X 0x0 00 3\n', /unknown operation "X"\n {2}at t:1:3\n/],
  ['scale-sim', '0, 5\n-3, 7\n', /cycle -3 after cycle 0\n {2}at t:2:1\n/],
  ['scale-sim', '0, 5, 6.5\n', /address: "6.5" is not a whole number.*\n {2}at t:1:7\n/],
  ['scale-sim', '0, -2\n', /address -2; -1 alone means no access\n {2}at t:1:4\n/],
  ['scale-sim', '0 5\n', /unexpected "5"\n {2}at t:1:3\n/],
  [
    'scale-sim',
    `0, ${2 ** 50}\n`,
    /in words of 64 bytes is not below 2\^51\n {2}at t:1:4\n/,
    { accessBytes: 64 },
  ],
  ['csv', 'arrival_ns,op,address,size,source\n', /unknown column "size"\n {2}at t:1:23\n/],
  [
    'csv',
    'arrival_ns,op,address,bytes,source\n1.2345,read,0,64,0\n',
    /arrival_ns: "1.2345" is not a number with at most three decimals\n {2}at t:2:1\n/,
  ],
  [
    'csv',
    'arrival_ns,op,address,bytes,source\n2,read,0,64,0\n1,read,0,64,0\n',
    /time 1 ns after 2 ns\n {2}at t:3:1\n/,
  ],
  [
    'csv',
    'arrival_ns,op,address,bytes,source\n2,fetch,0,64,0\n',
    /unknown operation "fetch"\n {2}at t:2:3\n/,
  ],
  ['csv', 'arrival_ns,op,address,bytes,source\n2,read,0,0,0\n', /an access of 0 bytes\n {2}at t:2:10\n/],
  [
    'csv',
    'arrival_ns,op,address,bytes,source\n2,read,0,64\n',
    /the end of the line instead of ","\n {2}at t:2:12\n/,
  ],
  [
    'csv',
    'arrival_ns,op,address,bytes,source\n9007199254740993,read,0,64,0\n',
    /not below 2\^51 thousandths\n {2}at t:2:1\n/,
  ],
];

const malformed = MALFORMED.map(([format, text, message, options = {}]) => ({
  format,
  text,
  message,
  options,
}));

describe('a malformed access trace', () => {
  it.each(malformed)('$format $text is refused at its place', ({ format, text, message, options }) => {
    const said = refusal(() => readTrace(text, { ...options, format }));
    expect(said).toMatch(message);
    expect(said.split('\n').length).toBeLessThanOrEqual(3);
  });

  it('of no known format is refused, with the formats there are', () => {
    expect(refusal(() => readTrace('# hello\n<xml/>\n'))).toMatch(
      /not an access trace of a known format: "<xml\/>"\n {2}at t:2:1\n {2}--format \(of convert: --from\) names it: sxt, csv/,
    );
    expect(refusal(() => readTrace(Uint8Array.of(0, 255, 10, 3)))).toMatch(
      /a binary file of another kind\n.*\n.*weights go to/,
    );
    expect(refusal(() => readTrace('# nothing\n\n'))).toMatch(/holds no access/);
    expect(refusal(() => readTrace(''))).toMatch(/holds no access/);
  });

  it('in gzip is refused when it is cut or damaged', () => {
    const packed = gzipSync(new TextEncoder().encode('0x40 R\n'.repeat(1000)));
    expect(refusal(() => readTrace(packed.subarray(0, packed.length - 9)))).toMatch(/gzip/);
    const spoiled = packed.slice();
    spoiled[packed.length - 6]! ^= 1;
    expect(refusal(() => readTrace(spoiled))).toMatch(/damaged or ends in the middle/);
  });

  it.runIf(FULL)('in gzip is refused when it expands beyond all measure', () => {
    // Empty lines of 16 kB.
    const member = gzipSync(new Uint8Array(2 ** 23).map((_, i) => (i % 2 ** 14 === 0 ? 10 : 32)));
    const bomb = new Uint8Array(10 * member.length);
    for (let i = 0; i < 10; i++) bomb.set(member, i * member.length);
    expect(refusal(() => readTrace(bomb, { format: 'ramulator' }))).toMatch(
      /expands to more than 500 times its size\n {2}at t\n {2}.*gunzip/,
    );
  });
});

describe('a limit of accesses', () => {
  const write = (bytes: number, format: AccessFormatName, limit: number) =>
    writeTrace([run(0x20, false, { bytes: 32 }), run(0x40, false, { bytes })], format, {
      ...{ accessBytes: 32, limit, memory: MEMORY },
    });

  it.each(['ramulator', 'ramulator2', 'stl', 'nvmain', 'scale-sim', 'gem5'] as const)(
    'is kept exactly by %s, and a run of 2^50 bytes refused before its first access',
    (format) => {
      expect(readTrace(write(96, format, 4).bytes, { format, accessBytes: 32 }).runs.length).toBeGreaterThan(
        0,
      );
      expect(refusal(() => write(97 + 31, format, 4))).toMatch(
        /^5 accesses with the run of 128 bytes at 0x40: the limit is 4\n {2}.*--limit$/,
      );
      expect(refusal(() => write(2 ** 50, format, 1e9))).toMatch(/^35,184,372,088,833 accesses/);
    },
  );

  it('leaves formats of runs their runs', () => {
    expect(readTrace(write(2 ** 50, 'csv', 2).bytes).runs[1]!.bytes).toBe(2 ** 50);
    expect(refusal(() => write(2 ** 50, 'csv', 1))).toMatch(/^2 accesses/);
    expect(readTrace(write(2 ** 50, 'sxt', 1).bytes).runs[1]!.bytes).toBe(2 ** 50);
  });
});

describe('a gem5 packet trace', () => {
  const runs = [
    run(0x1000, false, { arrival: 500, source: 3 }),
    run(0x2000, true, { arrival: 2 ** 45, bytes: 8 }),
  ];
  const { bytes } = writeTrace(runs, 'gem5');
  const header = (frequency: readonly number[]): number[] => [
    ...[0x67, 0x65, 0x6d, 0x35],
    ...[3 + frequency.length + 1, 0x0a, 1, 0x61, 0x18, ...frequency],
  ];
  const packet = (...fields: number[]): number[] => [fields.length, ...fields];
  const read = (content: readonly number[]) => readTrace(Uint8Array.from(content), { format: 'gem5' }).runs;

  it('comes back as written', () => {
    expect(readTrace(bytes).runs).toEqual(runs);
  });

  it('is read with names, flags and program counters, at its own tick frequency', () => {
    const full = packet(
      8,
      7,
      16,
      4,
      24,
      0x40,
      32,
      64,
      40,
      0x80,
      1,
      48,
      9,
      56,
      255,
      255,
      255,
      255,
      255,
      255,
      255,
      255,
      255,
      1,
    );
    expect(read([...header([0xe8, 7]), ...full])).toEqual([run(64, true, { arrival: 7e9, source: 9 })]);
    expect(read([...header([3]), ...packet(8, 1, 16, 1, 24, 0, 32, 64)])).toEqual([
      run(0, false, { arrival: 333_333_333_333 }),
    ]);
  });

  it('is refused, naming the byte, when cut short anywhere', () => {
    // Between two packets the file may end: no count is kept in it.
    const whole = new Set([bytes.length]);
    let at = 4;
    while (at < bytes.length) {
      at += 1 + bytes[at]!;
      whole.add(at);
    }
    for (let length = 1; length < bytes.length; length++) {
      if (whole.has(length)) continue;
      expect(
        refusal(() => readTrace(bytes.subarray(0, length), { format: 'gem5' })),
        `cut to ${length}`,
      ).toMatch(/\(byte \d+\)\n {2}at t\n/);
    }
  });

  it('is refused for anything but reads and writes that make sense', () => {
    const head = header([1]);
    const said = (content: readonly number[]): string => refusal(() => read(content));
    expect(said([...head, ...packet(8, 1, 16, 36, 24, 0, 32, 64)])).toMatch(
      /command 36, which gem5 does not have/,
    );
    expect(said([...head, ...packet(16, 1, 24, 0, 32, 64)])).toMatch(/without tick or command/);
    expect(said([...head, ...packet(8, 1, 16, 1, 24, 0)])).toMatch(/a packet of -1 bytes/);
    expect(said([...head, ...packet(8, 1, 16, 1, 24, 0, 32, 0)])).toMatch(/a packet of 0 bytes/);
    expect(
      said([...head, ...packet(8, 2, 16, 1, 24, 0, 32, 1), ...packet(8, 1, 16, 1, 24, 0, 32, 1)]),
    ).toMatch(/after a later one/);
    expect(
      said([...head, ...packet(8, 1, 16, 1, 24, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 32, 64)]),
    ).toMatch(/address 0xffffffffffffffff is not below 2\^51/);
    expect(said([...head, 0xff, 0xff, 0xff, 0x7f])).toMatch(/a message of 268435455 bytes/);
    expect(said([...head, ...packet(11)])).toMatch(/wire type 3/);
    expect(said([0x67, 0x65, 0x6d, 0x35, 3, 0x0a, 1, 0x61])).toMatch(/no tick frequency/);
    expect(said([1, 2, 3, 4])).toMatch(/not a gem5 trace/);
  });
});
