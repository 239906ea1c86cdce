import type { AccessFormatName, TextAccessFormat } from './access-format.ts';
import { csv } from './formats/csv.ts';
import { dramsim3 } from './formats/dramsim3.ts';
import { rstl, stl } from './formats/dramsys.ts';
import { nvmain } from './formats/nvmain.ts';
import { ramulator } from './formats/ramulator.ts';
import { ramulatorCpu } from './formats/ramulator-cpu.ts';
import { ramulator2 } from './formats/ramulator2.ts';
import { ramulator2Vector } from './formats/ramulator2-vector.ts';
import { scaleSim } from './formats/scale-sim.ts';

/** Access traces of text lines; the others are binary. */
export type TextFormatName = Exclude<AccessFormatName, 'sxt' | 'gem5'>;

export const TEXT_FORMATS: Readonly<Record<TextFormatName, TextAccessFormat>> = {
  csv,
  ramulator,
  'ramulator-cpu': ramulatorCpu,
  ramulator2,
  'ramulator2-vector': ramulator2Vector,
  dramsim3,
  stl,
  rstl,
  nvmain,
  'scale-sim': scaleSim,
};
