import type { ResolvedRules } from '../../src/hardware/resolved-timing.ts';

/** What JEDEC's standards have in common beside their constraints, for made-up timings. */
export const JEDEC_RULES: ResolvedRules = {
  commandCycles: {},
  firstData: { read: 0, write: 0 },
  autoPrecharge: undefined,
  closedBanks: { REFab: 'all', REFpb: 'own', SRE: 'all', PDE: 'none' },
  postponedRefreshes: 8,
  perBankRefreshInterval: undefined,
  banksPerREFpb: 1,
};
