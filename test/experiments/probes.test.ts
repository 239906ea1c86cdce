import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCheck } from '../../src/experiments/check.ts';
import type { CheckInput } from '../../src/settings/jobs/check.ts';

const FOLDER = fileURLToPath(new URL('../goldens/probes/', import.meta.url));

/** A rule that a probe breaks: its name, the command and its cycle, and how many cycles too soon it comes. */
type Broken = readonly [rule: string, command: string, cycle: number, missing: number];

/** Device and first broken rules of each probe, as test/goldens/probes/README.md says; none for a legal one. */
const PROBES: Readonly<Record<string, readonly [device: string, ...broken: Broken[]]>> = {
  'b-lpddr5-refpb-act4': ['lpddr5-6400', ['tpbR2act', 'ACT', 14, 2]],
  'c-lpddr5-wr-rd21': ['lpddr5-6400', ['WL + tCCD_L + tWTR_L', 'RD', 51, 2]],
  'd-lpddr5-refpb-refpb72': ['lpddr5-6400'],
  'e-ddr4-pre-in-refresh': [
    'ddr4-2400-8gb',
    ['tRFCab', 'PRE', 20, 10 + 420 - 20],
    ['tRFCab', 'PREA', 30, 10 + 420 - 30],
  ],
  'f-ddr4-sre-in-refresh': ['ddr4-2400-8gb', ['tRFCab', 'SRE', 20, 10 + 420 - 20]],
  'g-lpddr5-refpb-8-a-trefi': ['lpddr5-6400'],
  'h-ddr4-same-cycle': ['ddr4-2400-8gb', ['one command a cycle', 'ACT', 10, 1], ['tRRD_S', 'ACT', 10, 4]],
  'i-ddr4-rda-prea': ['ddr4-2400-8gb', ['tRCD', 'RDA', 16, 1], ['tRAS', 'PREA', 28, 11]],
  'j-ddr4-rda-act': ['ddr4-2400-8gb', ['tRCD', 'RDA', 16, 1], ['max(tRC, tRAS + tRP)', 'ACT', 44, 12]],
  'k-ddr4-rda-refab': ['ddr4-2400-8gb', ['tRCD', 'RDA', 16, 1], ['max(tRC, tRAS + tRP)', 'REFab', 44, 12]],
  'l-ddr4-pde-mid-precharge': ['ddr4-2400-8gb', ['tRCD', 'RDA', 16, 1], ['RL + BL/2 + 1', 'PDE', 37, 1]],
};

const check = (probe: string, device: string) =>
  runCheck({ commands: `${FOLDER}${probe}.csv`, device } satisfies CheckInput);

describe('check judges each probe as its README says', () => {
  it.each(Object.entries(PROBES))('%s', async (probe, [device, ...broken]) => {
    const { violations, first } = await check(probe, device);
    expect(
      first.map(({ rule, command, missing }) => [rule, command.command, command.cycle, missing]),
    ).toEqual(broken);
    expect(violations).toBe(broken.length);
  });

  it('a-lpddr4-refpb-bank0-only: the refresh of every other bank is due, each time it is', async () => {
    const { violations, byRule, first } = await check('a-lpddr4-refpb-bank0-only', 'lpddr4-3200-8gb');
    // 320 x 780 cycles hold 39 whole tREFI of 6246; nine may pass, then one refresh is missing in each, and in the last part.
    expect(byRule).toEqual({ 'refresh of bank 1 within 9 x tREFI': 39 - 9 + 1 });
    expect(violations).toBe(31);
    expect(first[0]).toMatchObject({ level: 'bank', command: { cycle: 56_940 }, missing: 56_940 - 9 * 6246 });
  });

  it('none is left out', async () => {
    const files = (await readdir(FOLDER))
      .filter((name) => name.endsWith('.csv'))
      .map((name) => name.slice(0, -4));
    expect(files.sort()).toEqual(['a-lpddr4-refpb-bank0-only', ...Object.keys(PROBES)].sort());
  });
});
