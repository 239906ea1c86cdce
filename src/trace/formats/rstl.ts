import { dramsysFormat } from '../dramsys-format.ts';

/** DRAMSys's relative trace: cycles since the line before. As for DRAMSys, only the file name tells it from `stl`. */
export const rstl = dramsysFormat({ name: 'rstl', relative: true, fileName: /\.rstl(\.gz)?$/ });
