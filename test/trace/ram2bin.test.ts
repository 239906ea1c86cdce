import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../src/bytes/byte-source.ts';
import { burstsPerRow } from '../../src/hardware/device.ts';
import type { DramCommand } from '../../src/hardware/dram-command.ts';
import { readCommandTrace } from '../../src/trace/command-trace-reader.ts';
import { createCommandTraceWriter } from '../../src/trace/command-trace-writer.ts';
import { organisation } from '../dram/organisations.ts';
import { type Entry, ram2bin } from './ram2bin-file.ts';

const device = organisation({ ranks: 2, bankGroups: 2, banksPerGroup: 4, rows: 1024 });
const read = (bytes: Uint8Array) => readCommandTrace(bytesInMemory(bytes, 't'), device);
const plain = ({ line: _, ...command }: DramCommand): DramCommand => command;
const refusal = (bytes: Uint8Array): string => {
  try {
    return `accepted ${[...read(bytes).commands].length}`;
  } catch (error) {
    return (error as Error).message;
  }
};

const ACT: Entry = [3, 0, [0, 1, 1, 2, 17, -1]];
const READ: Entry = [14, 3, [0, 1, 1, 2, 17, 5]];

describe('a RAM2BIN trace', () => {
  it('is read, plain or gzipped, with what the recorder leaves open as -1', () => {
    const bytes = ram2bin([
      ACT,
      [14, 8, READ[2]],
      READ,
      [40, 2, [0, 1, -1, -1, -1, -1]],
      [60, 7, [0, 0, -1, -1, -1, -1]],
    ]);
    for (const content of [bytes, gzipSync(bytes)]) {
      const { format, commands, endCycle } = read(content);
      expect(format).toBe('ram2bin');
      expect([...commands]).toEqual([
        { cycle: 3, command: 'ACT', rank: 1, bank: 6, row: 17, column: 0, line: 1 },
        { cycle: 14, command: 'RD', rank: 1, bank: 6, row: 17, column: 5, line: 3 },
        { cycle: 40, command: 'PREA', rank: 1, bank: -1, row: 0, column: 0, line: 4 },
        { cycle: 60, command: 'REFab', rank: 0, bank: -1, row: 0, column: 0, line: 5 },
      ]);
      expect(endCycle()).toBeUndefined();
    }
    expect([...read(ram2bin([ACT, READ], { version: [1, 0] })).commands]).toHaveLength(2);
    expect([...read(ram2bin([])).commands]).toEqual([]);
  });

  it("says what Ramulator's text form says of the same commands", () => {
    const entry = fc.record({
      step: fc.nat(2 ** 40),
      id: fc.nat(7),
      rank: fc.nat(1),
      group: fc.nat(1),
      bank: fc.nat(3),
      row: fc.nat(1023),
      column: fc.nat(burstsPerRow(device) - 1),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (list) => {
        let clock = 0;
        let text = '';
        const writer = createCommandTraceWriter((piece) => (text += piece), 'ramulator', device);
        const names = ['ACT', 'PRE', 'PREA', 'RD', 'WR', 'RDA', 'WRA', 'REFab'] as const;
        const entries = list.map(({ step, id, rank, group, bank, row, column }): Entry => {
          clock += step;
          const whole = id === 2 || id === 7;
          const at = { bank: whole ? -1 : group * 4 + bank, row: id === 1 || whole ? 0 : row };
          writer.append({
            cycle: clock,
            command: names[id]!,
            rank,
            ...at,
            column: whole || id < 3 ? 0 : column,
          });
          return [clock, id, whole ? [0, rank, -1, -1, -1, -1] : [0, rank, group, bank, row, column]];
        });
        writer.end(clock);
        const inText = readCommandTrace(bytesInMemory(new TextEncoder().encode(text), 't'), device);
        expect([...read(ram2bin(entries)).commands].map(plain)).toEqual([...inText.commands].map(plain));
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it('is refused where it is damaged, with the byte or the command', () => {
    const good = ram2bin([ACT, READ]);
    const changed = (offset: number, value: number): Uint8Array => {
      const bytes = good.slice();
      bytes[offset] = value;
      return bytes;
    };
    expect(refusal(good)).toBe('accepted 2');
    for (let length = 8; length < good.length; length++)
      expect(refusal(good.subarray(0, length)), `${length} bytes`).toMatch(/^truncated: .*\n {2}at t\n/);
    expect(refusal(Uint8Array.from([...good, 0]))).toMatch(/^\d+ bytes instead of \d+ for 2 commands/);
    expect(refusal(changed(8, 2))).toMatch(/^RAM2BIN 2\.1\n/);
    expect(refusal(changed(9, 2))).toMatch(/^RAM2BIN 1\.2\n/);
    expect(refusal(changed(10, 1))).toContain('flags that are not 0 (byte 10)');
    expect(refusal(changed(39, 255))).toMatch(/^truncated: \d+ bytes instead of \d{20,}/);
    expect(refusal(changed(40, 64))).toContain('columns from byte 64, inside the tables');
    expect(refusal(ram2bin([[3, 9, ACT[2]]]))).toBe('unknown command 9 (command 1)\n  at t');
    expect(refusal(ram2bin([[3, 0, ACT[2]]], { commands: ['RFMxy'] }))).toContain(
      'unknown command "RFMxy" (command 1)',
    );
    expect(refusal(ram2bin([ACT, [2, 3, READ[2]]]))).toBe('cycle 2 after cycle 3 (command 2)\n  at t');
    expect(refusal(ram2bin([[-1, 0, ACT[2]]]))).toContain('cycle -1 after cycle 0 (command 1)');
    expect(refusal(ram2bin([[3, 0, [0, 2, 0, 0, 0, 0]]]))).toContain(
      'Rank 2: the device has 2, counted from 0 (command 1)',
    );
    expect(refusal(ram2bin([[3, 0, [0, 0, 0, -1, 0, 0]]]))).toContain('Bank -1: the device has 4');
    const levels = ['Channel', 'Rank', 'Sid', 'Bank', 'Row', 'Column'];
    expect(refusal(ram2bin([ACT], { levels }))).toContain('level "Sid" is not modelled');
    expect(refusal(ram2bin([ACT], { levels: ['Rank'] }))).toContain('there is no level "Bank"');
  });
});
