import { COMMANDS, type CommandName } from '../hardware/standard.ts';

/**
 * Command traces of the field: our own CSV; DRAMPower from 5 on and 3/4; the text form of Ramulator 2.1's
 * CmdTraceRecorder; VAMPIRE's text form. docs/command-traces.md describes them.
 */
export const TEXT_COMMAND_FORMATS = ['sparkxd', 'drampower', 'drampower4', 'ramulator', 'vampire'] as const;
export type TextCommandFormat = (typeof TEXT_COMMAND_FORMATS)[number];

/** What is read: these, and the binary file that Ramulator 2.1 writes for its visualiser. */
export const COMMAND_TRACE_FORMATS = [...TEXT_COMMAND_FORMATS, 'ram2bin'] as const;
export type CommandTraceFormat = (typeof COMMAND_TRACE_FORMATS)[number];

/** Levels of Ramulator's organisation that are modelled. */
export const RAMULATOR_LEVELS: readonly string[] = ['Channel', 'Rank', 'BankGroup', 'Bank', 'Row', 'Column'];

/** What a format's command names mean: a command, the end of the trace, or nothing that occupies the DRAM. */
export type Meaning = CommandName | 'end' | 'nothing';

export const OWN_HEADER = 'cycle,command,rank,bank_group,bank,row,column';

const COMMON = { ACT: 'ACT', PRE: 'PRE', PREA: 'PREA', RD: 'RD', RDA: 'RDA', WR: 'WR', WRA: 'WRA' } as const;

export const MEANINGS: Readonly<Record<TextCommandFormat, Readonly<Record<string, Meaning>>>> = {
  sparkxd: { ...Object.fromEntries(COMMANDS.map((name) => [name, name])), END: 'end' },
  drampower: {
    ...COMMON,
    REFA: 'REFab',
    REFB: 'REFpb',
    PDEA: 'PDE',
    PDEP: 'PDE',
    PDXA: 'PDX',
    PDXP: 'PDX',
    SREFEN: 'SRE',
    SREFEX: 'SRX',
    NOP: 'nothing',
    END: 'end',
  },
  drampower4: {
    ...COMMON,
    REF: 'REFab',
    REFB: 'REFpb',
    PDN_F_ACT: 'PDE',
    PDN_F_PRE: 'PDE',
    PDN_S_ACT: 'PDE',
    PDN_S_PRE: 'PDE',
    PUP_ACT: 'PDX',
    PUP_PRE: 'PDX',
    SREN: 'SRE',
    SREX: 'SRX',
    NOP: 'nothing',
    END: 'end',
  },
  // LPDDR5's two-step commands: the row opens with ACT1 as Ramulator times it; ACT2 and CAS complete a command.
  ramulator: {
    ...COMMON,
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
  },
  vampire: { ACT: 'ACT', PRE: 'PRE', RD: 'RD', RDA: 'RDA', WR: 'WR', WRA: 'WRA' },
};

/** Formats whose lines name no rank: their traces are of one. */
export const ONE_RANK_FORMATS: ReadonlySet<TextCommandFormat> = new Set(['drampower4', 'vampire'] as const);

/** Commands to the whole rank: they name no bank. */
export const RANK_COMMANDS: ReadonlySet<CommandName> = new Set([
  'PREA',
  'REFab',
  'PDE',
  'PDX',
  'SRE',
  'SRX',
] as const);
