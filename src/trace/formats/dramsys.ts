import { InputError } from '../../errors/input-error.ts';
import { alignedAddress, DEFAULT_ACCESS_BYTES, type TextAccessFormat } from '../access-format.ts';
import { createArrivals } from '../arrivals.ts';
import { asBytes } from '../field-scanner.ts';

const OPERATIONS = asBytes('read', 'write');
const WRITE = 1;
const COLON = 58;
const OPEN = 40;
const CLOSE = 41;
/** DRAMSys reads the cycle field as 32 bits. */
const LAST_CYCLE = 2 ** 32 - 1;

/** DRAMSys's trace with cycles from the start of the trace. */
export const stl: TextAccessFormat = dramsys(false);
/** DRAMSys's relative trace: cycles since the line before. */
export const rstl: TextAccessFormat = dramsys(true);

/** `.stl` and `.rstl` differ in what their cycles count from, which a file does not say but by its name. */
function dramsys(relative: boolean): TextAccessFormat {
  return {
    grammar: 'CYCLE: [(BYTES)] read|write 0xADDRESS [0xDATA], as in "100: (64) read 0x12340"',
    carries: { arrival: 'cycles', extent: 'parts', source: false },
    accessBytes: ({ accessBytes = DEFAULT_ACCESS_BYTES }) => accessBytes,
    reader(scanner, options, losses) {
      const { accessBytes = DEFAULT_ACCESS_BYTES } = options;
      const arrivals = createArrivals(scanner, options);
      let before = 0;
      return {
        next(run) {
          if (!scanner.nextLine()) return false;
          const cycle = scanner.decimal('cycle');
          before = relative ? before + cycle : cycle;
          run.arrival = arrivals.atCycle(before);
          scanner.expect(COLON);
          let bytes = 0;
          if (scanner.accept(OPEN)) {
            bytes = scanner.decimal('bytes');
            if (bytes === 0) throw scanner.fault('an access of 0 bytes');
            scanner.expect(CLOSE);
          }
          run.write = scanner.oneOf(OPERATIONS, 'operation') === WRITE;
          const address = scanner.hexadecimal('address');
          if (!scanner.atLineEnd()) {
            scanner.skipHexDigits('data');
            losses.data++;
          }
          scanner.endLine();
          if (bytes === 0) {
            run.address = alignedAddress(address, accessBytes, losses);
            run.bytes = accessBytes;
          } else {
            run.address = address;
            run.bytes = bytes;
          }
          run.source = 0;
          return true;
        },
      };
    },
    lines() {
      let before = 0;
      return {
        line({ address, bytes, write }, cycle) {
          const field = relative ? cycle - before : cycle;
          if (field > LAST_CYCLE)
            throw new InputError(`cycle ${field} does not fit into the 32 bits that DRAMSys gives it`, {
              remedy: 'convert to rstl, whose cycles count from line to line',
            });
          before = cycle;
          return `${field}: (${bytes}) ${write ? 'write' : 'read'} 0x${address.toString(16)}\n`;
        },
      };
    },
  };
}
