import type { Standard } from '../hardware/standard.ts';
import { cell } from './format-page.ts';

/** What timing parameters mean, by JEDEC's names as the shipped standards use them. */
export const PARAMETER_MEANINGS: Readonly<Record<string, string>> = {
  tRCD: 'ACT to RD or WR of its row',
  tRCDWR: 'ACT to WR, where writes have a time of their own',
  tRP: 'PRE to ACT of the bank',
  tRPab: 'PREA to ACT',
  tRAS: 'ACT to PRE of the bank',
  tRC: 'ACT to ACT of the bank; `tRAS + tRP` where the source gives none',
  tRRD: 'ACT to ACT of another bank',
  tRRD_S: 'ACT to ACT, different bank groups',
  tRRD_L: 'ACT to ACT, same bank group',
  tFAW: 'window in which at most four ACT are sent',
  tCCD: 'column command to column command',
  tCCD_S: 'column command to column command, different bank groups',
  tCCD_L: 'column command to column command, same bank group',
  tCCD_L_WR: 'WR to WR, same bank group',
  tCCDR: 'RD to RD, different stack IDs',
  tRTP: 'RD to PRE',
  tRTP_S: 'RD to PRE, short',
  tRTP_L: 'RD to PRE, long',
  tWR: 'end of write data to PRE (write recovery)',
  tWTR: 'end of write data to RD',
  tWTR_S: 'end of write data to RD, different bank groups',
  tWTR_L: 'end of write data to RD, same bank group',
  RL: 'RD to its first data (CAS latency, CL), in cycles',
  WL: 'WR to its first data (CAS write latency, CWL), in cycles',
  tDQSCK: 'what read data are later than RL; 0 with a DLL',
  tREFI: 'mean interval of refresh commands',
  tRFCab: 'REFab to the next command (tRFC)',
  tRFCpb: 'REFpb to the next command of its bank',
  tXP: 'power-down exit to a command',
  tXPDLL:
    'slow power-down exit to a column command; no command and no energy depends on it; a part without a slow exit (DDR4) may give tXP',
  tXS: 'self-refresh exit to a command',
  tXSR: 'self-refresh exit to a command',
  tXSDLL: 'self-refresh exit to a column command, which needs the DLL (JEDEC: tXS and tDLLK)',
  tCKE: 'least time in power-down, and between exit and entry',
  tCKESR: 'least time in self-refresh',
  tSR: 'least time in self-refresh',
  tRTRS: 'switch from one rank to another on the data bus',
};

/** The timing parameters and currents that devices of each standard give: a table a standard. */
export function parameterTables(standards: readonly Standard[]): string[] {
  return [
    '## Timing parameters of each standard',
    '',
    'A device gives all parameters of its standard and no others. Parameters may be 0 but for tRCD, tRP, tRAS, tRC, tWR, tREFI,',
    'tRFCab and tRFCpb. ✦ marks those that grow as the supply falls. Where a parameter is measured in cycles, write `4 tCK`.',
    '',
    ...standards.flatMap((standard) => [
      `### ${standard.name}`,
      '',
      `${cell(standard.title)}. Currents that a rail can give: ${standard.currents.join(', ')}.`,
      '',
      '| parameter | meaning |',
      '|---|---|',
      ...standard.parameters.map(
        (name) =>
          `| \`${name}\`${standard.circuitDelays[name] === undefined ? '' : ' ✦'} | ${meaningIn(standard, name)} |`,
      ),
      '',
    ]),
  ];
}

/** What a parameter means; what the constraints say of it where the name is not a common one. */
function meaningIn({ constraints }: Standard, name: string): string {
  const known = PARAMETER_MEANINGS[name];
  if (known !== undefined) return known;
  const used = constraints.find(({ latency }) => new RegExp(`\\b${name}\\b`).test(latency));
  return used === undefined
    ? 'not used by a constraint'
    : `in \`${cell(used.latency)}\`: ${used.preceding.join(', ')} to ${used.following.join(', ')}, ${used.sibling ? 'another' : 'same'} ${used.level}`;
}
