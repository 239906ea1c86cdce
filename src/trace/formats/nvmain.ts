import { accessBytesOf, alignedAddress } from '../access-format.ts';
import type { AccessRun } from '../access-run.ts';
import { createArrivals } from '../arrivals.ts';
import { asBytes, LF, SPACE } from '../ascii.ts';
import { textAccessFormat } from '../text-access-format.ts';

const OPERATIONS = asBytes('R', 'W');
const WRITE = 1;
const VERSION = 'NVMV1';
const VERSIONS = asBytes(VERSION);
const LETTER_N = 78;
/** NVMain keeps the 64 bytes of a cache line, before and after a write. */
const ZEROS = '0'.repeat(2 * 64);

/**
 * NVMain's trace: cycle, R or W, address in base 16, data, (only after the header NVMV1) the old data, thread. NVMain
 * drops the first record of a file without the header, so the header is written.
 */
export const nvmain = textAccessFormat({
  name: 'nvmain',
  signature: { line: /^(?:NVMV1|\d+\s+\S+(?:\s+(?:0[xX])?[0-9a-fA-F]+){2,3}\s+\d+)$/ },
  grammar: 'CYCLE R|W ADDRESS DATA [OLD_DATA] THREAD, address and data in base 16',
  bareAddressField: 2,
  carries: { arrival: 'cycles', extent: 'units', source: true },
  reader(scanner, options, losses) {
    const accessBytes = accessBytesOf(options);
    const arrivals = createArrivals(scanner, options, losses);
    let first = true;
    let versioned = false;
    const { addressBase = 16 } = options;
    /** Fills the run from a line as programs write it; false, and nothing read, for any other, and for one that is wrong. */
    const plain = (run: AccessRun): boolean => {
      scanner.beginPlain();
      const cycle = scanner.plainDecimal(SPACE);
      if (cycle < 0) return scanner.unplain();
      const operation = scanner.plainWord(OPERATIONS, SPACE);
      if (operation < 0) return scanner.unplain();
      const address = scanner.plainAddress(addressBase, SPACE);
      if (address < 0 || !scanner.plainHexDigits(SPACE)) return scanner.unplain();
      if (versioned && !scanner.plainHexDigits(SPACE)) return scanner.unplain();
      run.source = scanner.plainDecimal(LF);
      if (run.source < 0) return scanner.unplain();
      run.arrival = arrivals.atPlainCycle(cycle);
      if (run.arrival < 0) return scanner.unplain();
      losses.data++;
      run.write = operation === WRITE;
      run.address = alignedAddress(address, accessBytes, losses);
      run.bytes = accessBytes;
      return true;
    };
    return {
      next(run) {
        if (!first && plain(run)) return true;
        if (!scanner.nextLine()) return false;
        if (first) {
          first = false;
          if (scanner.peek() === LETTER_N) {
            scanner.oneOf(VERSIONS, 'version');
            scanner.endLine();
            versioned = true;
            if (!scanner.nextLine()) return false;
          }
        }
        run.arrival = arrivals.atCycle(scanner.decimal('cycle'));
        run.write = scanner.oneOf(OPERATIONS, 'operation') === WRITE;
        const address = scanner.address('address');
        scanner.skipHexDigits('data');
        if (versioned) scanner.skipHexDigits('old data');
        run.source = scanner.decimal('thread');
        scanner.endLine();
        losses.data++;
        run.address = alignedAddress(address, accessBytes, losses);
        run.bytes = accessBytes;
        return true;
      },
    };
  },
  lines: () => ({
    header: `${VERSION}\n`,
    line: ({ address, write, source }, cycle) =>
      `${cycle} ${write ? 'W' : 'R'} 0x${address.toString(16)} ${ZEROS} ${ZEROS} ${source}\n`,
  }),
});
