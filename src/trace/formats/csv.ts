import type { AccessRun } from '../access-run.ts';
import { LATE_REMEDY } from '../arrivals.ts';
import { asBytes, COMMA, LF } from '../ascii.ts';
import { noText } from '../field-scanner.ts';
import { joiningLines } from '../joining-lines.ts';
import { textAccessFormat } from '../text-access-format.ts';

const COLUMNS = ['arrival_ns', 'op', 'address', 'bytes', 'source'] as const;
const COLUMN_BYTES = COLUMNS.map((name) => asBytes(name));
const OPERATIONS = asBytes('read', 'write', 'R', 'W');
const isWrite = (operation: number): boolean => operation % 2 === 1;

const CSV_HEADER = COLUMNS.join(',');

/** Our own access trace for people: a header, then one run per line; the source may be empty. */
export const csv = textAccessFormat({
  name: 'csv',
  signature: { line: new RegExp(`^${CSV_HEADER.replaceAll(',', '\\s*,\\s*')}$`) },
  grammar: `the header ${CSV_HEADER}, then lines of it, as in "12.5,read,0x12340,64,0"`,
  carries: { arrival: 'picoseconds', extent: 'runs', source: true },
  reader(scanner, { lateTimes = false }, losses) {
    let headed = false;
    let before = 0;
    /** What stands before and behind the address; lines often share it, and its text alone says what it means. */
    const head = { ...noText(), arrival: 0, write: false };
    const tail = { ...noText(), size: 0, source: 0 };
    /** Fills the run from a line as programs write it; false, and nothing read, for any other, and for one that is wrong. */
    const plain = (run: AccessRun): boolean => {
      if (!headed) return false;
      scanner.beginPlain();
      const start = scanner.position;
      if (!scanner.plainKept(head)) {
        head.arrival = scanner.plainThousandths(COMMA);
        const operation = head.arrival < 0 ? -1 : scanner.plainWord(OPERATIONS, COMMA);
        scanner.keep(head, start, operation >= 0);
        if (operation < 0) return scanner.unplain();
        head.write = isWrite(operation);
      }
      if (head.arrival < before) return scanner.unplain();
      const address = scanner.plainAddress(10, COMMA);
      if (address < 0) return scanner.unplain();
      const rest = scanner.position;
      if (!scanner.plainKept(tail)) {
        tail.size = scanner.plainDecimal(COMMA);
        tail.source = tail.size <= 0 ? -1 : scanner.plainDecimal(LF);
        scanner.keep(tail, rest, tail.source >= 0);
        if (tail.source < 0) return scanner.unplain();
      }
      run.arrival = head.arrival;
      run.write = head.write;
      run.address = address;
      run.bytes = tail.size;
      run.source = tail.source;
      before = run.arrival;
      return true;
    };
    /** The header, before the first line; false at the end of the file. */
    const readHeader = (): boolean => {
      headed = true;
      if (!scanner.nextLine()) return false;
      COLUMN_BYTES.forEach((name, i) => {
        if (i > 0) scanner.expect(COMMA);
        scanner.oneOf(name, 'column');
      });
      scanner.endLine();
      return true;
    };
    const any = (run: AccessRun): boolean => {
      if (!headed) return readHeader() && (plain(run) || any(run));
      if (!scanner.nextLine()) return false;
      run.arrival = scanner.thousandths('arrival_ns');
      if (run.arrival < before) {
        if (!lateTimes)
          throw scanner.fault(`time ${run.arrival / 1000} ns after ${before / 1000} ns`, LATE_REMEDY);
        losses.lateTimes++;
        run.arrival = before;
      }
      before = run.arrival;
      scanner.expect(COMMA);
      run.write = isWrite(scanner.oneOf(OPERATIONS, 'operation'));
      scanner.expect(COMMA);
      run.address = scanner.decimalAddress('address');
      scanner.expect(COMMA);
      run.bytes = scanner.decimal('bytes');
      if (run.bytes === 0) throw scanner.fault('an access of 0 bytes');
      scanner.expect(COMMA);
      run.source = scanner.atLineEnd() ? 0 : scanner.decimal('source');
      scanner.endLine();
      return true;
    };
    return joiningLines(plain, any);
  },
  lines: () => ({
    header: `${CSV_HEADER}\n`,
    line: ({ arrival, write, address, bytes, source }) =>
      `${nanoseconds(arrival)},${write ? 'write' : 'read'},0x${address.toString(16)},${bytes},${source}\n`,
  }),
});

/** Picoseconds in nanoseconds, exactly. */
function nanoseconds(picoseconds: number): string {
  const rest = picoseconds % 1000;
  const whole = String((picoseconds - rest) / 1000);
  return rest === 0 ? whole : `${whole}.${String(rest).padStart(3, '0').replace(/0+$/, '')}`;
}
