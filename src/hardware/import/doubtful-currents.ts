import type { Draft } from './draft.ts';

/** Currents that public files give for parts other than the one they were measured on. */
interface KnownCurrents {
  readonly rail: string;
  /** mA, by current. */
  readonly currents: Readonly<Record<string, number>>;
  /** Whether the draft is of another part than the currents. */
  readonly isAnother: (draft: Draft) => boolean;
  readonly what: string;
}

/** Public files that give the currents of another part. */
const KNOWN: readonly KnownCurrents[] = [
  {
    rail: 'VDD',
    currents: { IDD0: 80, IDD2N: 34, IDD3N: 47, IDD4R: 243, IDD4W: 228, IDD5: 280, IDD6: 30 },
    isAnother: ({ standard }) => standard.commands.includes('REFpb'),
    what: 'the currents are those of a DDR4 x16 part (DRAMsim3, DDR4_8Gb_x16_2400.ini), not of this standard',
  },
  {
    rail: 'VDD2',
    currents: { IDD0: 45, IDD2N: 27, IDD3N: 30, IDD4R: 275, IDD4W: 210, IDD5: 90, IDD6: 0.5 },
    isAnother: ({ organisation }) => organisation.device_width?.text !== '32 bit',
    what: 'the currents are those of a 6 Gb x32 part (DRAMSys, MICRON_6Gb_LPDDR4-3200_32bit_A.json): half as many pins draw less',
  },
];

/** Adds a finding where the draft's currents are known to be those of another part. */
export function addCurrentDoubts(draft: Draft): void {
  for (const { rail: name, currents, isAnother, what } of KNOWN) {
    const rail = draft.rails.find((candidate) => candidate.name === name);
    if (rail === undefined || !isAnother(draft)) continue;
    const same = Object.entries(rail.currents).filter(([current]) => Object.hasOwn(currents, current));
    if (
      same.length === Object.keys(currents).length &&
      same.every(([current, { text }]) => Number.parseFloat(text) === currents[current])
    ) {
      const place = rail.currents.IDD0?.from[0]?.place;
      draft.findings.push({ kind: 'doubtful', what, ...(place === undefined ? {} : { place }) });
    }
  }
}
