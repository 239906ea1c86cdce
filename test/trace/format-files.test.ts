import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../src/bytes/byte-source.ts';
import { bytesPerBurst } from '../../src/hardware/device.ts';
import type { DramCommand } from '../../src/hardware/dram-command.ts';
import { noLosses } from '../../src/trace/access-format.ts';
import { ACCESS_FORMAT_LIST, ACCESS_FORMATS } from '../../src/trace/access-formats.ts';
import {
  BINARY_COMMAND_FORMATS,
  COMMAND_TRACE_FORMATS,
  LINE_COMMAND_FORMATS,
  ONE_RANK_FORMATS,
} from '../../src/trace/command-trace-formats.ts';
import { readCommandTrace } from '../../src/trace/command-trace-reader.ts';
import { createCommandTraceWriter } from '../../src/trace/command-trace-writer.ts';
import { detectAccessFormat } from '../../src/trace/detect-access-format.ts';
import { joined, MEMORY, readTrace, writeTrace } from './access-texts.ts';

const formatFiles = (folder: string): string[] =>
  readdirSync(fileURLToPath(new URL(`../../src/trace/${folder}`, import.meta.url))).map((file) =>
    file.replace(/\.ts$/, ''),
  );

/** What the file of a format exports. */
async function exportsOf(folder: string, name: string): Promise<unknown[]> {
  const module: Record<string, unknown> = await import(`../../src/trace/${folder}/${name}.ts`);
  return Object.values(module);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the files of the access-trace formats', () => {
  it('are all in the list, and the list has no other format', () => {
    expect(formatFiles('formats').sort()).toEqual([...ACCESS_FORMATS].sort());
  });

  it.each(ACCESS_FORMAT_LIST)('$name exports its object and nothing else', async (format) => {
    expect(await exportsOf('formats', format.name)).toEqual([format]);
  });

  it('are named in messages in an order that does not change', () => {
    expect(ACCESS_FORMATS.join()).toBe(
      'sxt,csv,ramulator,ramulator-cpu,ramulator2,ramulator2-vector,dramsim3,stl,rstl,gem5,nvmain,scale-sim',
    );
  });
});

describe('what an access-trace format writes', () => {
  const unit = bytesPerBurst(MEMORY.organisation);
  const options = { clock: 800, accessBytes: unit, memory: MEMORY };

  it.each(ACCESS_FORMAT_LIST)('is found to be $name, and read back as $name carries it', (format) => {
    const { name, carries } = format;
    const timed = carries.arrival !== 'nothing';
    const runs = [0, 3, 3, 40].map((cycle, i) => ({
      address: (7 * i + (i % 2)) * unit,
      bytes: unit,
      write: false,
      arrival: timed ? cycle * 1250 : 0,
      source: carries.source ? i : 0,
    }));
    const { bytes, losses } = writeTrace(runs, name, options);
    expect(losses).toEqual(noLosses());
    const file = `trace.${name}`;
    expect(detectAccessFormat(bytes, file)).toBe(name);
    const read = readTrace(bytes, options, file);
    expect(read.format).toBe(name);
    expect(joined(read.runs)).toEqual(joined(runs));
    expect({ ...read.losses, data: 0 }).toEqual(noLosses());
  });

  it('keeps the metadata in those formats, and only in those, that have a place for it', () => {
    for (const { name, carries, createWriter, open } of ACCESS_FORMAT_LIST) {
      const pieces: Uint8Array[] = [];
      createWriter((piece) => pieces.push(piece), options, noLosses(), { network: 'n400' }).end();
      const written = bytesInMemory(new Uint8Array(Buffer.concat(pieces)), 't');
      if (pieces.length === 0) expect([name, carries.metadata]).toEqual([name, false]);
      else
        expect([name, open(written, options, noLosses()).metadata]).toEqual([
          name,
          carries.metadata ? { network: 'n400' } : {},
        ]);
    }
  });
});

describe('a first line that has the form of two formats', () => {
  const found = (line: string, file = 't'): string => detectAccessFormat(encode(`${line}\n`), file);

  it('is of the one that describes the whole line', () => {
    expect(found('1 :x 3 4 5')).toBe('nvmain');
    expect(found('1 :x 3 4 5', 't.rstl')).toBe('nvmain');
    expect(found('1 ,x 3 4 5')).toBe('nvmain');
    expect(found('1 :x 3 4')).toBe('stl');
    expect(found('1 ,x 3 4')).toBe('scale-sim');
  });

  it("is of the one that the file's name tells", () => {
    for (const file of ['t', 't.stl', 'rstl', 't.rstl.txt', 't.stl.gz'])
      expect(found('31: read 0x40', file)).toBe('stl');
    for (const file of ['t.rstl', 't.rstl.gz']) expect(found('31: read 0x40', file)).toBe('rstl');
    expect(found('0x40 R', 't.rstl')).toBe('ramulator');
  });
});

describe('the files of the command-trace formats', () => {
  it('are all in the list, and the list has no other format', () => {
    expect(formatFiles('command-formats').sort()).toEqual([...COMMAND_TRACE_FORMATS].sort());
  });

  it.each([...LINE_COMMAND_FORMATS, ...BINARY_COMMAND_FORMATS])(
    '$name exports its object and nothing else',
    async (format) => {
      expect(await exportsOf('command-formats', format.name)).toEqual([format]);
    },
  );

  it('are named in messages in an order that does not change', () => {
    expect(COMMAND_TRACE_FORMATS.join()).toBe('sparkxd,drampower,drampower4,ramulator,vampire,ram2bin');
    expect([...ONE_RANK_FORMATS]).toEqual(['drampower4', 'vampire']);
  });
});

describe('what a command-trace format writes', () => {
  const at = { rank: 0, row: 0, column: 0 };
  const commands: readonly DramCommand[] = [
    { ...at, cycle: 3, command: 'ACT', bank: 6, row: 17 },
    { ...at, cycle: 14, command: 'RD', bank: 6, row: 17, column: 5 },
    { ...at, cycle: 30, command: 'PRE', bank: 6 },
  ];

  it.each(LINE_COMMAND_FORMATS)('is found to be $name and read back', ({ name }) => {
    let text = '';
    const writer = createCommandTraceWriter((piece) => (text += piece), name, MEMORY.organisation);
    for (const command of commands) writer.append(command);
    writer.end(50);
    const { format, commands: read } = readCommandTrace(
      bytesInMemory(encode(text), 't'),
      MEMORY.organisation,
    );
    expect(format).toBe(name);
    const expected =
      name === 'drampower4' ? commands.map((each) => ({ ...each, row: 0, column: 0 })) : commands;
    expect([...read].map(({ line: _, ...command }) => command)).toEqual(expected);
  });
});
