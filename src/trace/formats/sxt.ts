import type { AccessFormat } from '../access-format.ts';
import { SXT_MAGIC } from '../sxt-format.ts';
import { openSxt } from '../sxt-reader.ts';
import { createSxtWriter } from '../sxt-writer.ts';

/** Our own binary access trace: compact, exact and checked by checksums (docs/trace-format.md). */
export const sxt: AccessFormat<'sxt'> = {
  name: 'sxt',
  signature: { magic: SXT_MAGIC },
  carries: { arrival: 'picoseconds', extent: 'runs', source: true, metadata: true },
  assumedBytes: () => undefined,
  open: (source) => openSxt(source),
  createWriter: (put, _options, _losses, metadata, memoryMap) =>
    createSxtWriter(put, metadata, { join: false, memoryMap }),
};
