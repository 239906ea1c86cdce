import { describe, expect, it } from 'vitest';
import { loadDevice } from '../../../src/hardware/load-device.ts';
import { resolveTiming } from '../../../src/hardware/resolve-timing.ts';
import { FULL } from '../../effort.ts';
import { shippedModels, withModel } from '../../shipped-models.ts';
import { GOLDEN_FILES, type GoldenFile, golden, importGolden, importText, said } from './golden-files.ts';

const cyclesOf = async (device: Awaited<ReturnType<typeof loadDevice>>) =>
  Object.fromEntries(
    // No time is 0 cycles, with whatever sign.
    Object.entries((await resolveTiming(device, device.supply.nominal, 'nominal')).parameters).map(
      ([name, cycles]) => [name, cycles + 0],
    ),
  );

describe.each(GOLDEN_FILES)('%s', (file) => {
  it('becomes a device file that loads as the same device, with an origin of each number', async () => {
    const { device, yaml } = await importGolden(file);
    const again = await loadDevice('mine', withModel('dram', 'mine', yaml));
    expect(again.timing).toEqual(device.timing);
    expect(again.rails.map(({ currents }) => currents)).toEqual(device.rails.map(({ currents }) => currents));
    const lines = golden(file).split('\n');
    for (const { path, source, note = '' } of again.provenance) {
      if (!source.includes(file)) {
        // What the file does not give says whence it comes.
        expect(`${path}: ${note}`).toMatch(/: .{3,}|data_rate/);
        continue;
      }
      // Every other number names a key, which stands in the line that it names.
      const named = [...note.matchAll(/(\S+) in line (\d+)/g)];
      expect(named.length, `${path}: ${note}`).toBeGreaterThan(0);
      for (const [, key, line] of named)
        expect(lines[Number(line) - 1]!.toLowerCase()).toContain(key!.toLowerCase());
    }
  });
});

describe('a memory specification made from a shipped device comes back as that device', () => {
  it.each([
    ['drampower6-ddr4-2400-4gb.json', 'ddr4-2400-4gb'],
    ['drampower6-lpddr4-3200-8gb.json', 'lpddr4-3200-8gb'],
    ['MICRON_4Gb_LPDDR3-1600_32bit_A.xml', 'lpddr3-1600-4gb'],
  ] as const)('%s', async (file, name) => {
    const [{ device }, shipped] = await Promise.all([importGolden(file), loadDevice(name, shippedModels)]);
    // The LPDDR3 file has one precharge time; the shipped device takes the other from gem5.
    const { tRPab: _, ...cycles } = await cyclesOf(device);
    expect(await cyclesOf(shipped)).toMatchObject(cycles);
    expect(device.clock).toBe(shipped.clock);
    expect(device.organisation).toEqual(shipped.organisation);
    const rails = shipped.rails.filter(({ name: rail }) => rail !== 'VDDQ');
    expect(
      device.rails.map(({ name: rail, nominal, scaled, currents }) => [rail, nominal, scaled, currents]),
    ).toEqual(rails.map(({ name: rail, nominal, scaled, currents }) => [rail, nominal, scaled, currents]));
  });

  it('DDR4_8Gb_x8_2400.ini has the cycles and VDD currents of ddr4-2400-8gb, eight devices, DRAMsim3 first data', async () => {
    const { device } = await importGolden('DDR4_8Gb_x8_2400.ini');
    const shipped = await loadDevice('ddr4-2400-8gb', shippedModels);
    const [ours, theirs] = [await cyclesOf(device), await cyclesOf(shipped)];
    // DRAMsim3 has none of the three.
    for (const name of device.standard.parameters)
      if (!['tDQSCK', 'tXPDLL', 'tXSDLL'].includes(name))
        expect([name, ours[name]]).toEqual([name, theirs[name]]);
    expect(ours['tDQSCK']).toBe(0);
    expect(device.organisation).toEqual({ ...shipped.organisation, devicesPerRank: 8 });
    expect(device.rails[0]!.currents).toEqual(shipped.rails[0]!.currents);
    expect(device.rails).toHaveLength(1);
  });
});

describe('Ramulator 2', () => {
  const file = 'ramulator2-ddr4-2400.yaml';

  it('gives the numbers of its presets', async () => {
    const { device } = await importGolden(file);
    expect(await cyclesOf(device)).toMatchObject({
      ...{ RL: 16, WL: 12, tRCD: 16, tRP: 16, tRAS: 39, tRC: 55, tRTP: 9, tWR: 18, BL: 8, tDQSCK: 0 },
      ...{ tCCD_S: 4, tCCD_L: 6, tRRD_S: 4, tRRD_L: 6, tWTR_S: 3, tWTR_L: 9, tFAW: 26, tRTRS: 2 },
      // 360 ns and 7800 ns at 833 ps, by Ramulator's rounding.
      ...{ tRFCab: 433, tREFI: 9364 },
    });
    expect(device.organisation).toMatchObject({ ranks: 2, rows: 65536, devicesPerRank: 8, bankGroups: 4 });
    expect(device.energyUnknown).toMatch(/no currents/);
  });

  it('takes what the section gives itself before the presets: cycles, ns, counts', async () => {
    const { device } = await importGolden(file, [
      ['preset: DDR4_2400R', 'preset: DDR4_2400R\n      nRCD: 20\n      tRFC: 350\n      tRP: 14.16'],
      ['rank: 2', 'rank: 1\n      channel_width: 16'],
    ]);
    expect(await cyclesOf(device)).toMatchObject({ tRCD: 20, tRFCab: 421, tRP: 17 });
    expect(device.organisation).toMatchObject({ ranks: 1, devicesPerRank: 2 });
  });

  it('needs no preset where everything is given', async () => {
    const times =
      'nBL: 4, nCL: 16, nRCD: 16, nRP: 16, nRAS: 39, nRC: 55, nWR: 18, nRTP: 9, nCWL: 12, nCCDS: 4, nCCDL: 6, nRRDS: 4, nRRDL: 6, nWTRS: 3, nWTRL: 9, nFAW: 26, nRFC: 420, nREFI: 9360, nCS: 2';
    const org = 'dq: 8, channel: 1, rank: 1, bankgroup: 4, bank: 4, row: 65536, column: 1024, density: 4096';
    const text = `DRAM:\n  impl: DDR4\n  org: { ${org} }\n  timing: { rate: 2400, ${times} }\n`;
    const imported = await importText(text, 'own.yaml');
    expect(await cyclesOf(imported.device)).toMatchObject({ tRFCab: 420, tFAW: 26, BL: 8 });
    expect(said(imported, 'contradictory')).toEqual([
      'density 4096 Mb, but bank groups x banks x rows x columns x dq are 8192 Mb (line 3)',
    ]);
    await expect(importText(text.replace('rate: 2400, ', ''), 'own.yaml')).rejects.toThrow(
      /does not give clock, which .*\n.*own\.yaml:3.*\n.*--set clock=\.\.\./,
    );
  });

  it.each([
    ['impl: DDR4', 'impl: GDDR6', /impl is "GDDR6".*\n.*yaml:10:11\n.*known: ddr3, ddr4/],
    [
      'DDR4_8Gb_x8',
      'DDR4_8Gb_x9',
      /"DDR4_8Gb_x9" is no organisation preset.*\n.*yaml:12:15\n.*did you mean DDR4_8Gb_x4/,
    ],
    ['DDR4_2400R', 'DDR4_2400', /"DDR4_2400" is no timing preset.*\n.*yaml:16:15\n.*did you mean/],
    ['rank: 2', 'rank: two', /rank is "two": expected a number/],
  ])('refuses %s -> %s', async (from, to, says) => {
    await expect(importGolden(file, [[from, to]])).rejects.toThrow(says);
  });
});

describe('every preset', async () => {
  const { loadPresets } = await import('../../../src/hardware/import/load-presets.ts');
  const tables = await Promise.all(
    (await shippedModels.list('presets')).map((name) => loadPresets(name, shippedModels)),
  );
  it.each(tables)('of $name fills its density, and every speed becomes a device', async (presets) => {
    for (const { density, dq, bankgroup = 1, bank, row, column } of Object.values(presets.organisations))
      expect((dq * bankgroup * bank * row * column) / 2 ** 20).toBe(density);
    const [organisation] = Object.keys(presets.organisations);
    const speeds = Object.keys(presets.speeds);
    for (const speed of FULL ? speeds : [speeds[0]!, speeds.at(-1)!]) {
      const text = `DRAM:\n  impl: ${presets.implementation}\n  org: { preset: ${organisation} }\n  timing: { preset: ${speed} }\n`;
      const { device } = await importText(text, 'x.yaml');
      expect(device.timing['tRC']).toBeGreaterThan(device.timing['tRAS']!);
    }
  });
});

describe('what is missing, contradictory or doubtful is listed', () => {
  it.each<[GoldenFile, [string, string][], string, RegExp]>([
    [
      'MICRON_4Gb_LPDDR3-1600_32bit_A.xml',
      [],
      'contradictory',
      /tRC 60 ns is shorter than tRAS \+ tRP = 63\.75 ns/,
    ],
    [
      'MICRON_4Gb_LPDDR3-1600_32bit_A.xml',
      [],
      'missing',
      /^tRTRS: written as 2 tCK, of lpddr3-1600-4gb: only several ranks/,
    ],
    ['MICRON_4Gb_LPDDR3-1600_32bit_A.xml', [], 'missing', /^tRPab: .* written as tRP/],
    ['MICRON_4Gb_LPDDR3-1600_32bit_A.xml', [], 'missing', /^supply\.min/],
    ['MICRON_4Gb_LPDDR3-1600_32bit_A.xml', [], 'missing', /^rows_per_subarray: .* 512/],
    [
      'MICRON_4Gb_LPDDR3-1600_32bit_A.xml',
      [['"16384"', '"32768"']],
      'contradictory',
      /says 4096 Mb, .* are 8192 Mb \(line 10\)/,
    ],
    [
      'MICRON_4Gb_LPDDR3-1600_32bit_A.xml',
      [['"width" type="uint" value="32"', '"width" type="uint" value="16"']],
      'contradictory',
      /says x32, the file 16 data pins \(line 6\)/,
    ],
    [
      'MICRON_4Gb_LPDDR3-1600_32bit_A.xml',
      [['"800"', '"933"']],
      'contradictory',
      /the name says 1600, .* give 1866 million .* \(line 15\)/,
    ],
    [
      'MICRON_4Gb_LPDDR3-1600_32bit_A.xml',
      [['id="RL" type="uint" value="12"', 'id="RL" type="uint" value="14"']],
      'contradictory',
      /RL 14 is not CL \+ AL = 12: RL is taken \(line 18\)/,
    ],
    [
      'MICRON_4Gb_DDR4-2400_8bit_A.json',
      [],
      'contradictory',
      /IDD2P0 17 mA of VPP is larger than IDD2N 0 mA.* \(line 36\)/,
    ],
    ['MICRON_4Gb_DDR4-2400_8bit_A.json', [], 'doubtful', /2400\.96 million transfers a second, not 2400/],
    ['MICRON_4Gb_DDR4-2400_8bit_A.json', [], 'not used', /^memtimingspec: RFC2, RFC4, /],
    [
      'MICRON_4Gb_DDR4-2400_8bit_A.json',
      [['"maxBurstLength": 8', '"maxBurstLength": 4']],
      'contradictory',
      /maxBurstLength 4 and burstLength 8/,
    ],
    [
      'MICRON_4Gb_DDR4-2400_8bit_A.json',
      [['"tCK"', '"clkMhz": 1600, "tCK"']],
      'contradictory',
      /clkMhz 1600 and tCK/,
    ],
    [
      'MICRON_4Gb_DDR4-2400_8bit_A.json',
      [['"AL": 0', '"future": 1, "AL": 0']],
      'not used',
      /^memtimingspec: future, /,
    ],
    [
      'MICRON_4Gb_DDR4-2400_8bit_A.json',
      [['"RCD": 16', '"RCD": 16.5']],
      'doubtful',
      /^tRCD 16\.5 tCK is no whole number of cycles: rounded up .*\(line \d+\)/,
    ],
    [
      'ramulator2-ddr4-2400.yaml',
      [['preset: DDR4_2400R', 'preset: DDR4_2400R\n      nREFI: 9360.5']],
      'doubtful',
      /^tREFI 9360\.5 tCK is no whole number of cycles: rounded down/,
    ],
    ['drampower6-lpddr4-3200-8gb.json', [], 'doubtful', /those of a 6 Gb x32 part/],
    ['drampower6-lpddr4-3200-8gb.json', [], 'doubtful', /^idd5pb2: taken as the average/],
    [
      'drampower6-lpddr4-3200-8gb.json',
      [['"REFIpb": 780', '"REFIpb": 390']],
      'contradictory',
      /REFI \/ REFIpb is 16\.\d+ with 8 banks/,
    ],
    ['DDR4_8Gb_x8_2400.ini', [], 'missing', /^tDQSCK: .* as DRAMsim3 reckons/],
    ['DDR4_8Gb_x8_2400.ini', [], 'not used', /^IPP0 3\.0: .* no voltage of VPP \(line 43\)/],
    [
      'DDR4_8Gb_x8_2400.ini',
      [['= 8192', '= 9000']],
      'contradictory',
      /channel_size 9000 MB is not whole ranks of 8192 MB: 1 rank is taken/,
    ],
    [
      'DDR4_8Gb_x8_2400.ini',
      [['tREFI = 9360', 'tREFI = 7800']],
      'doubtful',
      /tREFI 7800 is taken as cycles.*ns were meant/,
    ],
    [
      'LPDDR3_8Gb_x32_1600.ini',
      [],
      'contradictory',
      /REFI 3120: DRAMsim3 reads tREFI .* 7800 cycles; 3120 is taken \(line 22\)/,
    ],
  ])('%s %j %s', async (file, edits, kind, says) => {
    const found = said(await importGolden(file, edits), kind);
    expect(
      found.filter((line) => says.test(line)),
      found.join('\n'),
    ).toHaveLength(1);
  });

  it('and stands in the device file, all but what is not used', async () => {
    const { yaml, findings } = await importGolden('LPDDR3_8Gb_x32_1600.ini');
    const comments = yaml.split('\n').filter((line) => line.startsWith('# '));
    expect(comments).toHaveLength(findings.filter(({ kind }) => kind !== 'not used').length);
    expect(comments.join('\n')).toContain('# contradictory: REFI 3120: DRAMsim3 reads tREFI');
  });
});

describe('units and modes of a memory specification', () => {
  const json = 'MICRON_4Gb_DDR4-2400_8bit_A.json';

  it('takes mA with clkMhz, as the first JSON and the XML have them', async () => {
    const text = golden(json)
      .replace('"tCK": 833e-12', '"clkMhz": 1200')
      .replace(/(\d)e-3/g, '$1');
    const { device } = await importText(text, json);
    expect(device.clock).toBe(1200);
    expect(device.rails[0]!.currents).toMatchObject({ IDD0: 60.75, IDD4R: 184.5, IDD5: 118 });
  });

  it.each([
    [
      'mA in a file of A',
      golden(json).replace(/(\d)e-3/g, '$1'),
      /idd4r is 184\.5: no such current can be meant in A.*\n.*json:24/,
    ],
    [
      'A in a file of mA',
      golden(json).replace('"tCK": 833e-12', '"clkMhz": 1200'),
      /idd4r is 0\.1845: no such current can be meant in mA/,
    ],
    [
      'tCK in ns',
      golden(json).replace('833e-12', '0.833'),
      /tCK is "0.833": no clock period in seconds\n.*json:84/,
    ],
  ])('refuses %s', async (_, text, says) => {
    await expect(importText(text, json)).rejects.toThrow(says);
  });

  it('takes the refresh of the refresh mode, and its current', async () => {
    const { device } = await importGolden(json, [
      ['"RefMode": 1', '"RefMode": 2'],
      ['"RFC2": 0', '"RFC2": 192'],
      ['"idd5F2": 0.0', '"idd5F2": 100e-3'],
    ]);
    expect(await cyclesOf(device)).toMatchObject({ tREFI: 2340, tRFCab: 192 });
    expect(device.rails[0]!.currents.IDD5).toBe(100);
  });

  it('knows the second rail of the XML by its voltage', async () => {
    const file = 'MICRON_4Gb_LPDDR3-1600_32bit_A.xml';
    const rails = async (vdd: string) =>
      (
        await importGolden(file, [
          ['id="vdd" type="double" value="1.8"', `id="vdd" type="double" value="${vdd}"`],
        ])
      ).device.rails.map(({ name, scaled }) => `${name}${scaled ? '*' : ''}`);
    expect(await rails('1.8')).toEqual(['VDD1', 'VDD2*']);
    expect(await rails('1.1')).toEqual(['VDD*', 'VPP']);
  });

  it('takes currents that are all 0 as unknown', async () => {
    const text = golden(json).replace(/("i[dp][dp]\w+": )[\d.e-]+/g, '$10');
    const imported = await importText(text, json);
    expect(imported.device.rails).toEqual([]);
    expect(imported.device.energyUnknown).toMatch(/every current .* is 0/);
  });
});

describe('numbers given with --set', () => {
  it('take the place of the file, or of what it lacks', async () => {
    const edits = [['tRTP = 9\n', '']] as const;
    await expect(importGolden('DDR4_8Gb_x8_2400.ini', edits)).rejects.toThrow(
      /does not give tRTP, which a device of ddr4 needs\n.*ini\n.*--set tRTP=\.\.\./,
    );
    const { device } = await importGolden('DDR4_8Gb_x8_2400.ini', edits, [
      ...([
        ['tRTP', '7.5ns'],
        ['clock', '1200 MHz'],
        ['VDD.IDD5', '250mA'],
        ['ranks', '2'],
      ] as const),
      ...([['supply.min', '1.14 V']] as const),
    ]);
    expect(device.timing['tRTP']).toBe(7.5);
    expect([device.clock, device.organisation.ranks, device.supply.min]).toEqual([1200, 2, 1.14]);
    expect(device.provenance.find(({ path }) => path === 'timing.tRTP')!.source).toMatch(/by the user/);
  });

  it.each([
    ['tRTPX', '9tCK', /--set: "tRTPX" is no number of such a device\n.*did you mean tRTP/],
    ['tRCD', '9 mA', /timing\.tRCD: .*\n.*ini\n.*it was given with --set/],
    ['tCCD_S', '2tCK', /tCCD_S .* is shorter than a burst.*\n.*ini\n.*it was given with --set/],
  ])('%s=%s is refused', async (name, text, says) => {
    await expect(importGolden('DDR4_8Gb_x8_2400.ini', [], [[name, text]])).rejects.toThrow(says);
  });

  it('of several ranks needs tRTRS, which then matters', async () => {
    const two = [['id="nbrOfRanks" type="uint" value="1"', 'id="nbrOfRanks" type="uint" value="2"']] as const;
    await expect(importGolden('MICRON_4Gb_LPDDR3-1600_32bit_A.xml', two)).rejects.toThrow(
      /does not give tRTRS/,
    );
    const { device } = await importGolden('MICRON_4Gb_LPDDR3-1600_32bit_A.xml', two, [['tRTRS', '2tCK']]);
    expect(device.timing['tRTRS']).toBe(2.5);
  });
});
