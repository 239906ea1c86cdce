import { JEDEC_NAMES, meaningsOf, SAME_BANK_REFRESH, unmodelled } from './command-trace-format.ts';

/** Levels of Ramulator's organisation that are modelled. */
export const RAMULATOR_LEVELS: readonly string[] = ['Channel', 'Rank', 'BankGroup', 'Bank', 'Row', 'Column'];

/** Ramulator 2.1's command names, which its text and its binary traces share. */
export const RAMULATOR_MEANINGS = meaningsOf({
  ...JEDEC_NAMES,
  // LPDDR5's two-step commands: the row opens with ACT1 as Ramulator times it; ACT2 and CAS complete a command.
  ACT1: 'ACT',
  ACT2: 'nothing',
  CAS_RD: 'nothing',
  CAS_WR: 'nothing',
  PREpb: 'PRE',
  PREab: 'PREA',
  REFab: 'REFab',
  REFpb: 'REFpb',
  PDE: 'PDE',
  PDX: 'PDX',
  SRE: 'SRE',
  SRX: 'SRX',
  // Not Ramulator's: written where subarrays are used apart.
  SASEL: 'SASEL',
  REFsb: SAME_BANK_REFRESH,
  PREsb: unmodelled('precharge of one bank in every bank group (DDR5)'),
  RFMab: unmodelled('refresh management of all banks'),
  RFMsb: unmodelled('refresh management of one bank in every bank group'),
  RFMpb: unmodelled('refresh management of one bank'),
  VRR: unmodelled('refresh of the victims of one row'),
});
