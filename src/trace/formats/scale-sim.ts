import { InputError } from '../../errors/input-error.ts';
import type { AccessRun } from '../access-run.ts';
import { createArrivals } from '../arrivals.ts';
import { LONGEST_LINE } from '../field-scanner.ts';
import { textAccessFormat } from '../text-access-format.ts';

const COMMA = 44;
const NO_ACCESS = -1;
const WORD_BYTES = 1;
/** Longest text of one address with its comma. */
const ADDRESS_TEXT = 20;

/**
 * SCALE-Sim's traces: a cycle and the addresses of that cycle, in words; -1 is a lane without an access. A file is all
 * reads or all writes, and the options say which. Addresses that follow each other on a line become one run. SCALE-Sim
 * writes its DRAM traces as floats ("-205.0,4096.0") and lets them begin at a negative cycle, with prefetched data: the
 * first line is then taken as time 0.
 */
export const scaleSim = textAccessFormat({
  name: 'scale-sim',
  signature: { lineStart: /^-?\d+(?:\.0+)?\s*,/ },
  grammar: 'CYCLE, ADDRESS, ADDRESS, ... in base 10, as in "12, 4096, 4097"',
  carries: { arrival: 'cycles', extent: 'units', source: false },
  accessBytes: ({ accessBytes = WORD_BYTES }) => accessBytes,
  reader(scanner, options, losses) {
    const { accessBytes = WORD_BYTES, writes = false } = options;
    const arrivals = createArrivals(scanner, options, losses);
    let inLine = false;
    let origin: number | undefined;
    let arrival = 0;
    let ahead = -1;
    // Words of at most 12 digits are addresses below 2^51.
    const few = accessBytes <= 2048;
    /** Begins a line as programs write it; false, and nothing read, for any other, and for one that is wrong. */
    const plain = (): boolean => {
      scanner.beginPlain();
      const cycle = scanner.plainSigned();
      if (Number.isNaN(cycle)) return scanner.unplain();
      const zero = origin ?? Math.min(0, cycle);
      const time = arrivals.atPlainCycle(cycle - zero);
      if (time < 0) return scanner.unplain();
      origin = zero;
      arrival = time;
      return true;
    };
    /** The line's next address in bytes; -1 at its end. */
    const nextAddress = (): number => {
      while (few) {
        if (scanner.plainEnd()) {
          inLine = false;
          return -1;
        }
        const words = scanner.plainListed();
        if (words >= 0) return words * accessBytes;
        if (words !== NO_ACCESS) break;
      }
      while (scanner.accept(COMMA)) {
        if (scanner.atLineEnd()) break;
        const address = scanner.wordAddress('address', accessBytes);
        if (address === NO_ACCESS) continue;
        if (address < 0) throw scanner.fault(`address ${address}; -1 alone means no access`);
        return address;
      }
      scanner.endLine();
      inLine = false;
      return -1;
    };
    return {
      next(run) {
        while (ahead < 0) {
          if (!plain()) {
            if (!scanner.nextLine()) return false;
            const cycle = scanner.signedWhole('cycle');
            origin ??= Math.min(0, cycle);
            arrival = arrivals.atCycle(cycle - origin);
          }
          inLine = true;
          ahead = nextAddress();
        }
        run.address = ahead;
        run.bytes = accessBytes;
        run.write = writes;
        run.arrival = arrival;
        run.source = 0;
        ahead = -1;
        while (inLine) {
          ahead = nextAddress();
          if (ahead !== run.address + run.bytes) break;
          run.bytes += accessBytes;
          ahead = -1;
        }
        return true;
      },
    };
  },
  lines({ accessBytes = WORD_BYTES, writes = false }) {
    let text = '';
    let cycle = -1;
    const flush = (): string => {
      const line = text === '' ? '' : `${text}\n`;
      text = '';
      return line;
    };
    return {
      line(access: Readonly<AccessRun>, now) {
        if (access.write !== writes)
          throw new InputError(
            `a ${access.write ? 'write' : 'read'} at address 0x${access.address.toString(16)}: a SCALE-Sim file is all ${writes ? 'writes' : 'reads'}`,
            { remedy: writes ? 'leave out --writes' : 'convert to another format' },
          );
        const line = now === cycle && text.length < LONGEST_LINE - ADDRESS_TEXT ? '' : flush();
        if (text === '') text = String(now);
        cycle = now;
        text += `, ${access.address / accessBytes}`;
        return line;
      },
      end: flush,
    };
  },
});
