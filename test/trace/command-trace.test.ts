import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../src/bytes/byte-source.ts';
import type { Organisation } from '../../src/hardware/device.ts';
import type { DramCommand } from '../../src/hardware/dram-command.ts';
import { RANK_COMMANDS } from '../../src/hardware/dram-command.ts';
import { COMMANDS } from '../../src/hardware/standard.ts';
import { type CommandTraceFormat, TEXT_COMMAND_FORMATS } from '../../src/trace/command-trace-formats.ts';
import { readCommandTrace } from '../../src/trace/command-trace-reader.ts';
import { createCommandTraceWriter } from '../../src/trace/command-trace-writer.ts';
import { organisation } from '../dram/organisations.ts';

const device = organisation({ ranks: 2, bankGroups: 2, banksPerGroup: 4, rows: 1024 });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(text: string | Uint8Array, memory: Organisation = device, format?: CommandTraceFormat) {
  const source = bytesInMemory(typeof text === 'string' ? bytes(text) : text, 't');
  const trace = readCommandTrace(source, memory, format);
  return { format: trace.format, commands: [...trace.commands], end: trace.endCycle() };
}
const refusal = (text: string | Uint8Array, format?: CommandTraceFormat): string => {
  try {
    read(text, device, format);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

const plain = ({ line: _, ...command }: DramCommand): DramCommand => command;

describe('command traces', () => {
  it('of Ramulator 1 are read in its own words: no bank, or a negative one, behind commands to the rank', () => {
    const text =
      '1560,PREA\n1580,REF\n1700,ACT,3\n1715,RD,3\n1760,PRA,-1\n1800,REFPB,2\n1900,PD,-1\n1950,PDX,-5\n2000,SREF,-1\n2100,SREFX,-1\n2200,PDE,-1\n2300,SRE,-1\n2400,SRX,-1\n';
    const { format, commands } = read(text);
    expect(format).toBe('drampower4');
    expect(commands.map(({ cycle, command, bank }) => `${cycle} ${command} ${bank}`)).toEqual([
      '1560 PREA -1',
      '1580 REFab -1',
      '1700 ACT 3',
      '1715 RD 3',
      '1760 PREA -1',
      '1800 REFpb 2',
      '1900 PDE -1',
      '1950 PDX -1',
      '2000 SRE -1',
      '2100 SRX -1',
      '2200 PDE -1',
      '2300 SRE -1',
      '2400 SRX -1',
    ]);
    expect(refusal('1560,PREA\n1580,ACT\n')).toBe('2 fields instead of 3\n  at t:2:1\n  cycle,command,bank');
    expect(refusal('1560,PREA\n1580,ACT,-1\n')).toContain('bank "-1" is not a whole number');
  });

  it.each([
    ['drampower', '9,REFP2B,0,0,0,0,0', 'REFP2B', 'refresh of two banks at once (LPDDR5)'],
    ['drampower', '9,REFSB,0,0,0,0,0', 'REFSB', 'refresh of one bank in every bank group (DDR5)'],
    ['drampower', '9,PRESB,0,0,0,0,0', 'PRESB', 'precharge of one bank in every bank group (DDR5)'],
    ['drampower', '9,DSMEN,0,0,0,0,0', 'DSMEN', 'entry into deep sleep (LPDDR5)'],
    ['drampower', '9,DSMEX,0,0,0,0,0', 'DSMEX', 'exit from deep sleep (LPDDR5)'],
    ['drampower4', '9,REFSB,0', 'REFSB', 'refresh of one bank of a high-bandwidth memory'],
  ] as const)('of %s refuse what is not modelled by its name: %s', (format, line, name, what) => {
    expect(refusal(`${line}\n`, format)).toMatch(
      new RegExp(
        `^${name} is not modelled: ${what.replaceAll(/[()]/g, '\\$&')}\n  at t:1:3\n  .*energy are not known`,
      ),
    );
  });

  it('of Ramulator 2 refuse what is not modelled by its name', () => {
    const header = 'clock,command,Channel,Rank,BankGroup,Bank,Row,Column,type,source\n';
    expect(refusal(`${header}3,REFsb,0,0,0,0,-1,-1,2,-1\n`)).toContain(
      'REFsb is not modelled: refresh of one bank',
    );
  });

  it.each([
    ['drampower', '9,REFSB,1,1,6,0,0\n'],
    [
      'ramulator',
      'clock,command,Channel,Rank,BankGroup,Bank,Row,Column,type,source\n9,REFsb,0,1,1,2,-1,-1,2,-1\n',
    ],
  ] as const)(
    'of %s read REFsb as REFpb where that refreshes the same bank of each group',
    (format, text) => {
      const trace = readCommandTrace(bytesInMemory(bytes(text), 't'), device, format, true);
      expect([...trace.commands].map(plain)).toEqual([
        { cycle: 9, command: 'REFpb', rank: 1, bank: 6, row: 0, column: 0 },
      ]);
    },
  );

  it("count columns in bursts; DRAMPower's are columns of the device, of which a burst takes several", () => {
    let text = '';
    const writer = createCommandTraceWriter((piece) => (text += piece), 'drampower', device);
    const at = { rank: 0, bank: 1, row: 7, column: 0 };
    writer.append({ ...at, cycle: 0, command: 'ACT' });
    writer.append({ ...at, cycle: 20, command: 'RD', column: 7 });
    writer.end(50);
    expect(text.split('\n')[1]).toBe(`20,RD,0,0,1,7,56,${'0'.repeat(64)}`);
    expect(read(text).commands[1]).toMatchObject({ command: 'RD', column: 7 });
    // A column inside a burst belongs to that burst.
    expect(read('0,ACT,0,0,1,7,0\n20,RD,0,0,1,7,63\n').commands[1]).toMatchObject({ column: 7 });
  });

  it.each([
    ['drampower', '0,RD,0,0,0,0,64\n', 'column 64: the device has 64'],
    [
      'sparkxd',
      'cycle,command,rank,bank_group,bank,row,column\n0,RD,0,0,0,0,8\n',
      'column 8: the device has 8',
    ],
    [
      'ramulator',
      'clock,command,Channel,Rank,BankGroup,Bank,Row,Column,type,source\n0,RD,0,0,0,0,0,8,0,0\n',
      'column 8: the device has 8',
    ],
    ['vampire', '0,RD,0,8\n', 'column 8: the device has 8'],
  ] as const)('of %s have no column beyond the row', (format, text, message) => {
    expect(refusal(text, format)).toContain(message);
  });

  it("of VAMPIRE's own samples are found and read: an ACT without a row, the second line telling the format", () => {
    const data = '1'.repeat(128);
    expect(read(`1,ACT,2\n12,RDA,2,0,${data}\n`)).toMatchObject({
      format: 'vampire',
      commands: [
        { command: 'ACT', bank: 2, row: 0 },
        { command: 'RDA', bank: 2, column: 0 },
      ],
    });
    expect(read('1,PRE,2\n12,ACT,2,3\n').format).toBe('vampire');
    expect(read('1,ACT,2\n12,RD,2\n').format).toBe('drampower4');
  });

  it('come back from every format as they were written, plain or gzipped', () => {
    const commands = fc.array(
      fc.record({
        gap: fc.nat(50),
        command: fc.constantFrom(...COMMANDS.filter((name) => name !== 'SASEL')),
        rank: fc.nat(1),
        bank: fc.nat(7),
        row: fc.nat(1023),
        column: fc.nat(7),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(
        commands,
        fc.constantFrom(...TEXT_COMMAND_FORMATS.filter((name) => name !== 'vampire')),
        fc.boolean(),
        (given, format, gzip) => {
          let cycle = 0;
          const stream = given.map(({ gap, command, ...at }): DramCommand => {
            cycle += gap;
            const column = ['RD', 'RDA', 'WR', 'WRA'].includes(command);
            const full = format !== 'drampower4';
            return {
              cycle,
              command,
              rank: full ? at.rank : 0,
              bank: RANK_COMMANDS.has(command) ? -1 : at.bank,
              row: full && (column || command === 'ACT') ? at.row : 0,
              column: full && column ? at.column : 0,
            };
          });
          let text = '';
          const writer = createCommandTraceWriter((piece) => (text += piece), format, device);
          for (const command of stream) writer.append(command);
          writer.end(cycle + 7);
          const back = read(gzip ? gzipSync(bytes(text)) : text);
          expect(back.format).toBe(format);
          expect(back.commands.map(plain)).toEqual(stream);
          expect(back.end).toBe(format === 'ramulator' ? undefined : cycle + 7);
        },
      ),
      { seed: 7, numRuns: 120 },
    );
  });

  it('give a PRE the row that it closes, if it is one, and SASEL its row', () => {
    const header = 'cycle,command,rank,bank_group,bank,row,column\n';
    const lines =
      '0,ACT,0,0,1,9,0\n9,SASEL,0,0,1,9,0\n50,PRE,0,0,1,9,0\n60,PRE,0,0,1,-1,-1\n70,PRE,0,0,1,1024,0\n';
    const rows = (text: string) => read(text).commands.map(({ command, row }) => [command, row]);
    const expected = [
      ['ACT', 9],
      ['SASEL', 9],
      ['PRE', 9],
      ['PRE', 0],
      ['PRE', 0],
    ];
    expect(rows(header + lines)).toEqual(expected);
    expect(rows(lines)).toEqual(expected);
  });

  it("read DRAMPower 4's own words", () => {
    const { commands, format } = read(
      '0,ACT,3\n12,RDA,3\n40,PDN_S_PRE,0\n60,PUP_PRE,0\n80,SREN,0\n99,END,0\n',
    );
    expect(format).toBe('drampower4');
    expect(commands.map(({ command, bank, slowExit }) => [command, bank, slowExit])).toEqual([
      ['ACT', 3, undefined],
      ['RDA', 3, undefined],
      ['PDE', -1, true],
      ['PDX', -1, undefined],
      ['SRE', -1, undefined],
    ]);
  });

  it("read DRAMPower 5's test trace, spaces and data included", () => {
    const text =
      '0 ,ACT,0,0,0,0,0\n15,WR,0,0,0,0,0,0x0102030405060708\n20,RD,0,0,0,0,0,0102030405060708\n40,PRE,0,0,0,0,0\n45,END,0,0,0,0,0';
    const { commands, end } = read(text);
    expect(commands.map(({ cycle, command }) => `${cycle} ${command}`)).toEqual([
      '0 ACT',
      '15 WR',
      '20 RD',
      '40 PRE',
    ]);
    expect(end).toBe(45);
  });

  it("read what Ramulator's recorder writes, in whatever levels it has", () => {
    const text =
      'clock,command,Channel,Rank,Bank,Row,Column,type,source\n3,ACT,0,0,2,17,-1,0,0\n14,RD,0,0,2,17,5,0,0\n99,REFab,0,0,-1,-1,-1,2,-1\n';
    const { commands } = read(text, organisation({ banksPerGroup: 4, rows: 32 }));
    expect(commands.map(plain)).toEqual([
      { cycle: 3, command: 'ACT', rank: 0, bank: 2, row: 17, column: 0 },
      { cycle: 14, command: 'RD', rank: 0, bank: 2, row: 17, column: 5 },
      { cycle: 99, command: 'REFab', rank: 0, bank: -1, row: 0, column: 0 },
    ]);
  });

  it('of VAMPIRE come back as far as it has words: no refresh, no power-down, PREA as a PRE each', () => {
    let text = '';
    const writer = createCommandTraceWriter((piece) => (text += piece), 'vampire', device);
    const at = { rank: 0, bank: -1, row: 0, column: 0 };
    writer.append({ ...at, cycle: 1, command: 'ACT', bank: 2, row: 1023 });
    writer.append({ ...at, cycle: 3, command: 'ACT', bank: 7, row: 5 });
    writer.append({ ...at, cycle: 12, command: 'RD', bank: 2, row: 1023, column: 3 });
    writer.append({ ...at, cycle: 20, command: 'PREA' });
    writer.append({ ...at, cycle: 40, command: 'REFab' });
    writer.append({ ...at, cycle: 60, command: 'PDE' });
    writer.end(99);
    expect(text).toBe('1,ACT,2,1023\n3,ACT,7,5\n12,RD,2,3\n20,PRE,2\n20,PRE,7\n');
    const { format, commands } = read(text);
    expect(format).toBe('vampire');
    expect(commands.map(plain)).toEqual([
      { ...at, cycle: 1, command: 'ACT', bank: 2, row: 1023 },
      { ...at, cycle: 3, command: 'ACT', bank: 7, row: 5 },
      { ...at, cycle: 12, command: 'RD', bank: 2, row: 1023, column: 3 },
      { ...at, cycle: 20, command: 'PRE', bank: 2 },
      { ...at, cycle: 20, command: 'PRE', bank: 7 },
    ]);
    expect(read(`0,ACT,0,1\n5,WR,0,2,${'0f'.repeat(64)}\n`).commands).toHaveLength(2);
    expect(refusal('0,ACT,0,1\n5,WR,0,2,0f\n')).toContain('128 digits in base 16 (64 bytes)\n  at t:2:10');
    expect(refusal('0,ACT,0,1\n5,PRE,0,2\n')).toContain('4 fields instead of 3\n  at t:2:1');
    expect(refusal('0,ACT,0,1\n5,RD,0\n')).toContain('3 fields instead of 4 or 5\n  at t:2:1');
    expect(refusal('0,ACT,0,1\n5,REF,0\n')).toContain('unknown command "REF"\n  at t:2:3');
    expect(refusal('0,ACT,0,1024\n')).toContain('row 1024: the device has 1024');
    expect(() => writer.append({ ...at, cycle: 9, command: 'PRE', rank: 1, bank: 0 })).toThrow(/one rank/);
  });

  it('skip comments and blank lines and take CRLF', () => {
    expect(
      read('# made by hand\r\n\r\n0,ACT,3 # open\r\n  12,RD,3\r\n').commands.map(({ line }) => line),
    ).toEqual([3, 4]);
  });

  it('are refused at the place of the fault', () => {
    expect(refusal('')).toBe('the trace holds no command\n  at t');
    expect(refusal('hello world\n')).toMatch(/^not a command trace: "hello world"\n {2}at t:1:1/);
    expect(refusal('0,ACT,3\n5,RDX,3\n')).toBe('unknown command "RDX"\n  at t:2:3\n  did you mean PDX?');
    // Every object inherits a property of this name.
    expect(refusal('0,toString,3\n')).toMatch(/^unknown command "toString"\n {2}at t:1:3\n/);
    expect(refusal('0,ACT,3\n5,RD\n')).toBe('2 fields instead of 3\n  at t:2:1\n  cycle,command,bank');
    expect(refusal('5,ACT,3\n4,RD,3\n')).toBe('cycle 4 after cycle 5\n  at t:2:1');
    expect(refusal('-5,ACT,3\n', 'drampower4')).toContain(
      'cycle "-5" is not a whole number below 2^53\n  at t:1:1',
    );
    expect(refusal('99999999999999999999,ACT,3\n')).toContain('is not a whole number below 2^53');
    expect(refusal('0,ACT,8\n')).toBe('bank 8: the device has 8, counted from 0\n  at t:1:7');
    expect(refusal('0,ACT,3\n5,END,0\n9,PRE,3\n')).toBe('a line after END\n  at t:3:1');
    expect(refusal('0,ACT,2,0,0,0,0\n')).toContain('rank 2: the device has 2');
    expect(refusal('0,ACT,0,1,3,0,0\n')).toContain(
      'bank 3 of the rank lies in bank group 0, not 1\n  at t:1:11',
    );
    expect(refusal('0,ACT,0,0,3,1024,0\n')).toContain('row 1024: the device has 1024');
    expect(refusal('clock,command,Channel,Rank,Sid,Bank,Row,Column,type,source\n')).toContain(
      'level "Sid" is not modelled',
    );
    expect(refusal('0,ACT,3\n', 'sparkxd')).toContain('the header of our own command traces is missing');
    expect(refusal('0,ACT,3\n', 'ramulator')).toMatch(/header/);
    expect(refusal(Uint8Array.of(0xff, 0xfe, 0x00, 0x41))).toContain('not a text file');
    expect(refusal('0,ACT,3'.padEnd(200_000, ' '))).toContain('a line of more than 65536 characters');
    const gzip = gzipSync(bytes('0,ACT,3\n'.repeat(500)));
    expect(refusal(gzip.subarray(0, gzip.length - 12))).toContain(
      'the gzip file is damaged or ends in the middle',
    );
    const two = new Uint8Array([...gzip, ...gzipSync(bytes('5,RD,3\n'))]);
    expect(read(two).commands).toHaveLength(501);
    const broken = gzip.slice();
    broken.fill(0xff, 12, 20);
    expect(refusal(broken)).toMatch(/gzip/);
  });
});
