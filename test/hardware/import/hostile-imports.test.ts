import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors/input-error.ts';
import { uniformStream } from '../../../src/random/streams.ts';
import { randomCases } from '../../effort.ts';
import { GOLDEN_FILES, golden, importGolden, importText } from './golden-files.ts';

/** Words of libraries and of JavaScript, which are no user's. */
const FOREIGN = /Invalid (input|option|string|key)|Unrecognized|native code|\[object|undefined|NaN|imported:/;

async function refusalOf(text: string, file: string): Promise<InputError> {
  const error = await importText(text, file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  return error as InputError;
}

describe('files that cannot be imported are refused with the line', () => {
  it.each([
    ['x.xml', '<memspec>\n<memarchitecturespec>\n', /<memarchitecturespec> is not closed\n.*x\.xml:3/],
    [
      'x.xml',
      '<memspec>\n  <parameter id="a" />\n</memspec>',
      /<parameter> lacks its id or its value\n.*x\.xml:2:3/,
    ],
    ['x.xml', '<memspec>\n words </memspec>', /"words <\/memspec>" is no tag/],
    ['x.xml', '<svg></svg>', /<svg> is not a memory specification/],
    ['x.xml', '<memspec></memspec><memspec></memspec>', /expected one <memspec>/],
    ['x.xml', '<memspec></other>', /<\/other> closes what is not open/],
    ['x.xml', '<memspec><parameter id="a" value="&lt;"/></memspec>', /entities are not read/],
    ['x.xml', '<!DOCTYPE memspec [<!ENTITY a "b">]><memspec/>', /is no tag/],
    ['x.xml', '<memspec>\n</memspec>', /gives no memoryType/],
    [
      'x.xml',
      '<memspec>\n<parameter id="a" value="1"/>\n<parameter id="a" value="2"/></memspec>',
      /"a" is given twice, first in line 2\n.*x\.xml:3/,
    ],
    ['x.ini', '[timing]\ntCK\n', /"tCK" is no line of an INI file\n.*x\.ini:2/],
    ['x.ini', 'tCK = 1\n[timing]\n', /"tCK" stands before any section\n.*x\.ini:1/],
    ['x.ini', '[timing]\ntCK = 1\ntCK = 2\n', /"timing\.tCK" is given twice, first in line 2\n.*x\.ini:3/],
    ['x.ini', '[timing]\ntCK = 1\n', /gives no \[dram_structure\] protocol/],
    [
      'x.ini',
      '[dram_structure]\nprotocol = GDDR5\n',
      /protocol is "GDDR5": devices of this standard cannot be imported\n.*x\.ini:2.*\n.*ddr3, ddr4, ddr5, hbm2, lpddr3/,
    ],
    ['x.ini', '[dram_structure]\nprotocol = GDDR5X\n', /protocol is "GDDR5X"/],
    [
      'x.json',
      '{"memspec": {"memarchitecturespec": {}, "memoryType": "DDR99"}}',
      /memoryType is "DDR99".*\n.*x\.json:1/,
    ],
    ['x.json', '{"memspec": {"memarchitecturespec": {}}}', /gives no memoryType/],
    ['x.json', '{"memspec": {"memarchitecturespec": ', /not valid YAML|bracket/],
    ['x.json', '{}', /no memory specification that is known\n.*\n.*DRAMsim3 \.ini/],
    ['x.json', '', /no memory specification that is known/],
    ['x.yaml', 'a: 1\n', /no memory specification that is known/],
    ['x.yaml', 'MemorySystem:\n  DRAM:\n    org: { preset: X }\n', /gives no DRAM\.impl/],
    [
      'x.yaml',
      'name: x\norganisation: {}\ntiming: {}\n',
      /this is a device file already\n.*\n.*devices show x\.yaml/,
    ],
    ['x.bin', '\0\u0001\u0002', /./],
  ])('%s %j', async (file, text, says) => {
    expect((await refusalOf(text, file)).message).toMatch(says);
  });

  it.each([
    [
      'DDR4_8Gb_x8_2400.ini',
      'tRCD = 17',
      'tRCD = -17',
      /tRCD is "-17": expected a number of at least 0\n.*ini:15/,
    ],
    ['DDR4_8Gb_x8_2400.ini', 'tRCD = 17', 'tRCD = 0x11', /tRCD is "0x11": expected a number/],
    ['DDR4_8Gb_x8_2400.ini', 'tRCD = 17', 'tRCD = 1e999', /tRCD is "1e999"/],
    ['DDR4_8Gb_x8_2400.ini', 'tRCD = 17', 'tRCD =', /tRCD is "": expected a number/],
    [
      'DDR4_8Gb_x8_2400.ini',
      'tCK = 0.83',
      'tCK = 0',
      /clock is 0 MHz: expected 1 MHz to 20000 MHz\n.*ini:11/,
    ],
    ['DDR4_8Gb_x8_2400.ini', 'BL = 8', 'BL = 0', /BL is "0": expected a whole number of at least 1\n.*ini:8/],
    ['DDR4_8Gb_x8_2400.ini', 'BL = 8', 'BL = 16', /tCCD_S .* is shorter than a burst/],
    [
      'DDR4_8Gb_x8_2400.ini',
      'IDD3N = 43',
      'IDD3N = 430',
      /IDD3N 430 mA of VDD is larger than IDD0 48 mA.*\n.*ini:47:1\n.*or give it with --set/,
    ],
    [
      'DDR4_8Gb_x8_2400.ini',
      'tREFI = 9360',
      'tREFI = 100',
      /tREFI .* leaves no time between refreshes.*\n.*ini:21/,
    ],
    [
      'DDR4_8Gb_x8_2400.ini',
      'bus_width = 64',
      'bus_width = 12',
      /does not give ranks, devices_per_rank, .*bus_width 12 is no multiple of device_width 8\)\n.*ini:56/,
    ],
    [
      'LPDDR3_8Gb_x32_1600.ini',
      'tRRD_L = 8',
      'tRRD_L = 9',
      /does not give tRRD.*tRRD_S 8 and tRRD_L 9 differ/,
    ],
    [
      'MICRON_4Gb_DDR4-2400_8bit_A.json',
      '"nbrOfBankGroups": 4,',
      '',
      /does not give bank_groups, banks_per_group/,
    ],
    [
      'MICRON_4Gb_DDR4-2400_8bit_A.json',
      '"nbrOfBanks": 16',
      '"nbrOfBanks": 10',
      /nbrOfBanks 10 is no multiple of nbrOfBankGroups 4/,
    ],
    [
      'MICRON_4Gb_DDR4-2400_8bit_A.json',
      '"RefMode": 1',
      '"RefMode": 3',
      /RefMode is "3": expected 1, 2 or 4/,
    ],
    ['MICRON_4Gb_DDR4-2400_8bit_A.json', '"RCD": 16', '"RCD": [16]', /does not give tRCD/],
  ] as const)('%s with %j as %j', async (file, from, to, says) => {
    const error = await importGolden(file, [[from, to]]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(says);
  });
});

const CASES = randomCases(60);

describe('whatever a slip makes of a file', () => {
  it.each(GOLDEN_FILES)('%s is imported or refused in three lines', async (file) => {
    const random = uniformStream(1, file);
    const text = golden(file);
    let refused = 0;
    for (let i = 0; i < CASES; i++) {
      const at = Math.floor(random() * text.length);
      const length = 1 + Math.floor(random() * 12);
      const junk = ['', '"', '<', '}', ':', '-', '9', '\n', '=', '[', 'e99', '\t'][
        Math.floor(random() * 12)
      ]!;
      const spoiled = text.slice(0, at) + junk + text.slice(at + length);
      const outcome = await importText(spoiled, file).catch((thrown: unknown) => thrown);
      if (!(outcome instanceof Error)) continue;
      refused++;
      expect(outcome, spoiled).toBeInstanceOf(InputError);
      expect(outcome.message.split('\n').length).toBeLessThanOrEqual(3);
      expect(outcome.message).not.toMatch(FOREIGN);
    }
    // Of sixty more than five, of fewer as many in proportion.
    expect(12 * refused).toBeGreaterThan(CASES);
  });
});
