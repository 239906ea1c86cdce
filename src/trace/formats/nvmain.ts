import { accessBytesOf, alignedAddress } from '../access-format.ts';
import { createArrivals } from '../arrivals.ts';
import { asBytes } from '../ascii.ts';
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
    return {
      next(run) {
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
