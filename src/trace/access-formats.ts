import type { AccessFormat } from './access-format.ts';
import { formatNames } from './format-names.ts';
import { csv } from './formats/csv.ts';
import { dramsim3 } from './formats/dramsim3.ts';
import { gem5 } from './formats/gem5.ts';
import { nvmain } from './formats/nvmain.ts';
import { ramulator } from './formats/ramulator.ts';
import { ramulatorCpu } from './formats/ramulator-cpu.ts';
import { ramulator2 } from './formats/ramulator2.ts';
import { ramulator2Vector } from './formats/ramulator2-vector.ts';
import { rstl } from './formats/rstl.ts';
import { scaleSim } from './formats/scale-sim.ts';
import { stl } from './formats/stl.ts';
import { sxt } from './formats/sxt.ts';

/** Access traces of the field (docs/access-traces.md), in the order in which help texts and messages name them. */
export const ACCESS_FORMAT_LIST = [
  sxt,
  csv,
  ramulator,
  ramulatorCpu,
  ramulator2,
  ramulator2Vector,
  dramsim3,
  stl,
  rstl,
  gem5,
  nvmain,
  scaleSim,
] as const;

export const ACCESS_FORMATS = formatNames(ACCESS_FORMAT_LIST);
export type AccessFormatName = (typeof ACCESS_FORMATS)[number];

/** The format of a name. */
export const accessFormat = (name: AccessFormatName): AccessFormat<AccessFormatName> =>
  ACCESS_FORMAT_LIST.find((format) => format.name === name)!;
