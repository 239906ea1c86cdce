import type { MappingPolicyDefinition } from '../policy-definition.ts';
import { sparkxd } from './sparkxd.ts';

/** SparkXD's places, in which each word is rotated so that its weak cells hold bits that matter little (ReSpawn, ICCAD 2021). */
export const respawn = {
  name: 'respawn',
  summary: 'as sparkxd, each word rotated so that its weak cells hold its least significant bits',
  needsErrorRates: true,
  needsWeakCells: true,
  careful: true,
  bitLayout: 'rotated',
  fillings: sparkxd.fillings,
} as const satisfies MappingPolicyDefinition;
