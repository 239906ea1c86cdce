import { unmodelled } from './command-trace-format.ts';

/** DRAMPower's commands that no device here has, in both of its forms. */
export const UNMODELLED = {
  REFP2B: unmodelled('refresh of two banks at once (LPDDR5)'),
  REFDB: unmodelled('refresh of two banks at once (LPDDR6)'),
  PRESB: unmodelled('precharge of one bank in every bank group (DDR5)'),
  DSMEN: unmodelled('entry into deep sleep (LPDDR5)'),
  DSMEX: unmodelled('exit from deep sleep (LPDDR5)'),
};
