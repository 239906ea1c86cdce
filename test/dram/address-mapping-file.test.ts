import { describe, expect, it } from 'vitest';
import { createOrderedMapping } from '../../src/dram/address-mapping.ts';
import { readAddressMapping } from '../../src/dram/address-mapping-file.ts';
import type { Organisation } from '../../src/hardware/device.ts';
import { organisation } from './organisations.ts';

/** 8 banks, 16384 rows, 64 bursts a row of 64 bytes: Ramulator's DDR3 1 Gb x8 on a 64-bit channel. */
const ddr3 = organisation({
  banksPerGroup: 8,
  rows: 16384,
  columns: 512,
  rowsPerSubarray: 512,
  deviceWidth: 8,
  devicesPerRank: 8,
});
const decodeAll = (
  text: string,
  file: string,
  memory: Organisation,
  bursts: readonly number[],
): number[][] => {
  const mapping = readAddressMapping({ text, file }, memory);
  return bursts.map((burst) => {
    const out = new Int32Array(6);
    mapping.decode(burst, out);
    expect(mapping.encode(...([...out] as [number, number, number, number, number, number]))).toBe(burst);
    return [...out];
  });
};
const refusal = (text: string, memory: Organisation, file = 'm'): string => {
  try {
    readAddressMapping({ text, file }, memory);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('our own mapping files', () => {
  it('list bits of byte addresses, with ranges and XOR', () => {
    const text = `
name: permuted
bits:
  bank: [[12, 15], [13, 16], [14, 17]]
  row: 15-28
  column: 6-11
`;
    const at = (burst: number): number[] => [
      ...[0, 0, 0],
      ((burst >> 6) & 7) ^ ((burst >> 9) & 7),
      burst >> 9,
      burst & 63,
    ];
    const bursts = [0, 1, 63, 64, 511, 512, 1234567, 2 ** 23 - 1];
    expect(decodeAll(text, 'm.yaml', ddr3, bursts)).toEqual(bursts.map(at));
  });

  it('or name an order', () => {
    const mapping = readAddressMapping({ text: 'name: plain\norder: RoBaRaCoCh\n', file: 'm.yaml' }, ddr3);
    const same = createOrderedMapping(ddr3, 'row-bank-column');
    const a = new Int32Array(6);
    const b = new Int32Array(6);
    for (let burst = 0; burst < mapping.bursts; burst += 99_991) {
      mapping.decode(burst, a);
      same.decode(burst, b);
      expect(a).toEqual(b);
    }
  });

  it('are refused at the place of the fault', () => {
    const bits = (bank: string, row = '15-28') =>
      `name: x\nbits:\n  bank: ${bank}\n  row: ${row}\n  column: 6-11\n`;
    expect(refusal(bits('[12, 13, [14, 13]]', '15-27'), ddr3)).toContain(
      "row has 13 bits, but the device's 16384 need 14\n  at m:4:8",
    );
    expect(refusal(bits('[12, 13, 13]'), ddr3)).toBe(
      'the mapping is no bijection: bank bit 2 is always bank bit 1\n  at m:3:18\n  bit 8 of the burst address is used nowhere',
    );
    expect(refusal(bits('[5, 13, 14]'), ddr3)).toBe(
      'bank bit 0 takes address bit 5, which lies inside a burst of 64 bytes\n  at m:3:10\n  address bits of bursts begin at 6',
    );
    expect(refusal(bits('14-12'), ddr3)).toContain('bits 14-12 run downwards\n  at m:3:9\n  write 12-14');
    expect(refusal(bits('[a, 13, 14]'), ddr3)).toMatch(/m:3:/);
    expect(refusal('name: x\n', ddr3)).toContain('a mapping has either an order or bits');
    expect(refusal('name: x\norder: RoBaRaCoXx\n', ddr3)).toContain('unknown part "Xx"\n  at m:2:8');
    expect(refusal('name: x\nbitts: {}\n', ddr3)).toContain('did you mean bits?');
  });
});

describe("DRAMSys' mapping files", () => {
  const lpddr4 = organisation({
    banksPerGroup: 8,
    rows: 2 ** 17,
    columns: 1024,
    rowsPerSubarray: 512,
    deviceWidth: 16,
    burstLength: 16,
  });
  const list = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const json = (bank: unknown, more = {}): string =>
    JSON.stringify({
      addressmapping: {
        BANK_BIT: bank,
        BYTE_BIT: [0],
        COLUMN_BIT: [...list(1, 4), ...list(8, 13)],
        ROW_BIT: list(14, 30),
        ...more,
      },
    });
  const bursts = [0, 1, 7, 8, 511, 512, 2 ** 26 - 1];
  const at = (xor: boolean) => (burst: number) => [
    ...[0, 0, 0],
    (burst & 7) ^ (xor ? (burst >> 9) & 1 : 0),
    burst >> 9,
    (burst >> 3) & 63,
  ];

  it('are read with XOR as inner lists or as pairs', () => {
    expect(decodeAll(json([5, 6, 7]), 'm.json', lpddr4, bursts)).toEqual(bursts.map(at(false)));
    expect(decodeAll(json([[5, 14], 6, 7]), 'm.json', lpddr4, bursts)).toEqual(bursts.map(at(true)));
    const pairs = json([5, 6, 7], { XOR: [{ FIRST: 5, SECOND: 14 }] });
    expect(decodeAll(pairs, 'm.json', lpddr4, bursts)).toEqual(bursts.map(at(true)));
    const nested = JSON.stringify({ addressmapping: { CONGEN: JSON.parse(pairs).addressmapping } });
    expect(decodeAll(nested, 'm.json', lpddr4, bursts)).toEqual(bursts.map(at(true)));
  });

  it('are refused when bursts are not contiguous or fields do not fit', () => {
    expect(refusal(json([5, 6, 7], { BYTE_BIT: [9] }), lpddr4)).toContain(
      'BYTE_BIT and the lowest 4 of COLUMN_BIT must be the place in a burst of 32 bytes, address bits 0 to 4',
    );
    expect(refusal(json([5, 6]), lpddr4)).toContain("bank has 2 bits, but the device's 8 need 3");
    expect(refusal(json([5, 6, 6]), lpddr4)).toMatch(/bank bit 2 is always bank bit 1\n {2}at m:1:\d+/);
    expect(refusal('{"addressmapping": [1, 2', lpddr4)).toMatch(/not valid YAML/);
  });
});

describe("Ramulator 1's mapping files", () => {
  const text =
    '# Standard DDR3\nCo  5:0 =  5:0\nRo 31:0 = 40:9\n\nBa 0 = 6 13\nBa 1 = 7 14\r\nBa 2 = 8 15 # XOR\n';

  it('are read as Ramulator documents them, row bits beyond the device included', () => {
    const at = (burst: number) => [
      ...[0, 0, 0],
      ((burst >> 6) & 7) ^ ((burst >> 13) & 7),
      burst >> 9,
      burst & 63,
    ];
    const bursts = [0, 63, 64, 8192, 65535, 2 ** 23 - 1];
    expect(decodeAll(text, 'rows.map', ddr3, bursts)).toEqual(bursts.map(at));
  });

  it('are refused at the line of the fault', () => {
    const changed = (from: string, to: string): string => refusal(text.replace(from, to), ddr3);
    expect(changed('Ba 1 = 7 14', 'Ba 1 = 6 13')).toBe(
      'the mapping is no bijection: bank bit 1 is always bank bit 0\n  at m:6:1\n  bit 7 of the burst address is used nowhere',
    );
    expect(changed('Ba 1 = 7 14', '')).toContain('bank bit 1 is not assigned');
    expect(changed('Ba 1 = 7 14', 'Ba 0 = 7 14')).toContain('bank bit 0 is assigned twice\n  at m:6:1');
    expect(changed('Ba 1 = 7 14', 'Ba 1 = x')).toContain('expected address bits after "=": "Ba 1 = x"');
    expect(changed('Ba 1 = 7 14', 'Sa 1 = 7')).toContain('unknown field Sa');
    expect(changed('Ro 31:0 = 40:9', 'Ro 31:0 = 40:8')).toContain('ranges must be of the same length');
    expect(changed('Ro 31:0 = 40:9', 'Ro 14:0 = 22:8')).toContain('row bit 14 does not exist');
    expect(changed('Ro 31:0 = 40:9', 'Ro 31:0 = 9')).toContain('needs a range on both sides');
    expect(changed('Ba 2 = 8 15', 'anything')).toContain(
      'not a statement of a Ramulator mapping: "anything"\n  at m:7:1',
    );
  });
});
