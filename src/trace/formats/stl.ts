import { dramsysFormat } from '../dramsys-format.ts';

/** DRAMSys's trace with cycles from the start of the trace. */
export const stl = dramsysFormat({ name: 'stl', relative: false });
