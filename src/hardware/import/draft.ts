import type { Place } from '../../errors/input-error.ts';
import type { CurrentName } from '../currents.ts';
import type { Standard } from '../standard.ts';
import type { FileValue } from './file-values.ts';

/** What the reader of a file says about it beside the numbers. */
export type FindingKind = 'missing' | 'contradictory' | 'doubtful' | 'not used';
export interface Finding {
  readonly kind: FindingKind;
  readonly what: string;
  readonly place?: Place;
}

/** One number of the device file to be written. */
export interface DraftNumber {
  /** As the device file has it: "16 tCK", "60.75 mA", "1024". */
  readonly text: string;
  /** The values of the imported file that it is made of; none for what the file does not give. */
  readonly from: readonly FileValue[];
  /** A key of the draft's sources, where it is not the imported file itself. */
  readonly source?: string;
  /** The time over which a current is an average, where the device file must say so. */
  readonly averageOver?: string;
  /** A doubt or a derivation. */
  readonly note?: string;
}

export const ORGANISATION_KEYS = [
  'channels',
  'ranks',
  'bank_groups',
  'banks_per_group',
  'rows',
  'columns',
  'rows_per_subarray',
  'device_width',
  'devices_per_rank',
  'burst_length',
  'data_rate',
] as const;
export type OrganisationKey = (typeof ORGANISATION_KEYS)[number];

export interface DraftRail {
  readonly name: string;
  readonly nominal: DraftNumber;
  /** Whether the supply of a sweep scales the rail's voltage. */
  readonly scaled: boolean;
  readonly currents: Partial<Record<CurrentName, DraftNumber>>;
}

/** A device file as far as the imported file gives it; `completeDraft` adds what can be stated of the rest. */
export interface Draft {
  name: string;
  /** What the imported file is: "DRAMsim3 configuration". */
  readonly title: string;
  readonly file: string;
  readonly standard: Standard;
  readonly organisation: Partial<Record<OrganisationKey, DraftNumber>>;
  clock?: DraftNumber;
  readonly timing: Record<string, DraftNumber>;
  rails: DraftRail[];
  supply: Partial<Record<'nominal' | 'min' | 'max', DraftNumber>>;
  /** Why there are no currents. */
  energyUnknown?: string;
  /** By key, what each source is; the imported file is "file". */
  readonly sources: Record<string, string>;
  readonly findings: Finding[];
}

/** A number that the imported file gives. */
export const given = (text: string, from: FileValue | readonly FileValue[], note?: string): DraftNumber => ({
  text,
  from: 'path' in from ? [from] : from,
  ...(note === undefined ? {} : { note }),
});

/** A number that the file does not give, with why it is written. */
export const assumed = (text: string, note: string): DraftNumber => ({
  text,
  from: [],
  source: 'assumed',
  note,
});

export const createDraft = (
  of: Pick<Draft, 'name' | 'title' | 'file' | 'standard'>,
  sources: Readonly<Record<string, string>> = {},
): Draft => ({
  ...of,
  organisation: {},
  timing: {},
  rails: [],
  supply: {},
  sources: { ...sources },
  findings: [],
});

/** A clock of so many ns a cycle in MHz, to whole kilohertz: clocks of this program are counted in them. */
export const clockOfPeriod = (ns: number): number => Number((1000 / ns).toFixed(3));

/** The time over which an IDD5PB is taken as an average, since no format says so: data sheets and DRAMPower 6 have it thus. */
export const IDD5PB_AVERAGE = 'tREFI/8';
