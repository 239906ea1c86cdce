/** Supply currents by JEDEC's names (IDD5PB as LPDDR's data sheets write it); a standard lists those that it has. */
export const CURRENTS = [
  'IDD0',
  'IDD2N',
  'IDD2P0',
  'IDD2P1',
  'IDD3N',
  'IDD3P0',
  'IDD3P1',
  'IDD4R',
  'IDD4W',
  'IDD5',
  'IDD5PB',
  'IDD6',
] as const;

/** A device gives those that its source gives, and an energy term that lacks one refuses. */
export type CurrentName = (typeof CURRENTS)[number];
