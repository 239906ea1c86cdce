import { InputError } from '../errors/input-error.ts';
import { type AccessFormat, accessBytesOf, alignedAddress } from './access-format.ts';
import type { AccessRun } from './access-run.ts';
import { createArrivals } from './arrivals.ts';
import { asBytes, LF } from './ascii.ts';
import type { FieldScanner } from './field-scanner.ts';
import { textAccessFormat } from './text-access-format.ts';

const OPERATIONS = asBytes('read', 'write');
const WRITE = 1;
const COLON = 58;
const OPEN = 40;
const CLOSE = 41;
/** DRAMSys reads the cycle field as 32 bits. */
const LAST_CYCLE = 2 ** 32 - 1;

/** The operation behind blanks of a kind, and before more of them; -1 for anything else. */
function plainOperation(scanner: FieldScanner, blank: number): number {
  if (blank < 0) return -1;
  const operation = scanner.plainWord(OPERATIONS, blank);
  if (operation >= 0) scanner.plainBlanks();
  return operation;
}

interface DramsysFormat<Name extends string> {
  readonly name: Name;
  /** Whether cycles count from the line before, rather than from the start of the trace. */
  readonly relative: boolean;
  /** The file names that mean this format; without it, all others do. */
  readonly fileName?: RegExp;
}

/** DRAMSys's two traces have the same lines; they differ in what their cycles count from. */
export function dramsysFormat<Name extends string>(format: DramsysFormat<Name>): AccessFormat<Name> {
  const { name, relative, fileName } = format;
  return textAccessFormat({
    name,
    signature: { lineStart: /^\d+\s*:/, ...(fileName ? { fileName } : {}) },
    grammar: 'CYCLE: [(BYTES)] read|write 0xADDRESS [0xDATA], as in "100: (64) read 0x12340"',
    carries: { arrival: 'cycles', extent: 'parts', source: false },
    reader(scanner, options, losses) {
      const accessBytes = accessBytesOf(options);
      const { addressBase = 16 } = options;
      const arrivals = createArrivals(scanner, options, losses);
      let before = 0;
      /** Fills the run from a line as programs write it; false, and nothing read, for any other, and for one that is wrong. */
      const plain = (run: AccessRun): boolean => {
        scanner.beginPlain();
        const field = scanner.plainDecimal(COLON);
        if (field < 0) return scanner.unplain();
        let blank = scanner.plainBlanks();
        run.bytes = accessBytes;
        const sized = scanner.plainByte(OPEN);
        if (sized) {
          run.bytes = scanner.plainDecimal(CLOSE);
          if (run.bytes <= 0) return scanner.unplain();
          blank = scanner.plainBlanks();
        }
        const operation = plainOperation(scanner, blank);
        if (operation < 0) return scanner.unplain();
        const address = scanner.plainAddress(addressBase, LF);
        if (address < 0) return scanner.unplain();
        const cycle = relative ? before + field : field;
        run.arrival = arrivals.atPlainCycle(cycle);
        if (run.arrival < 0) return scanner.unplain();
        before = cycle;
        run.write = operation === WRITE;
        run.address = sized ? address : alignedAddress(address, accessBytes, losses);
        run.source = 0;
        return true;
      };
      return {
        next(run) {
          if (plain(run)) return true;
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
          const address = scanner.address('address');
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
  });
}
