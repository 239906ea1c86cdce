import { InputError } from '../../errors/input-error.ts';
import { accessBytesOf, alignedAddress } from '../access-format.ts';
import { createArrivals } from '../arrivals.ts';
import { LF, SPACE } from '../ascii.ts';
import { textAccessFormat } from '../text-access-format.ts';

/**
 * Ramulator 1's CPU trace: the number of instructions without a memory access before a read, the address of the read, and
 * the address of a write-back that goes with it. An access trace has no processor, so each instruction takes one cycle of
 * the given clock. The trace is read once, whereas Ramulator starts again at its end.
 */
export const ramulatorCpu = textAccessFormat({
  name: 'ramulator-cpu',
  signature: { line: /^\d+(?:\s+(?:0[xX][0-9a-fA-F]+|\d+)){1,2}$/ },
  grammar: 'BUBBLES READ_ADDRESS [WRITEBACK_ADDRESS], in base 10 or 0x, as in "3 0x12340 0x56780"',
  carries: { arrival: 'cycles', extent: 'units', source: false },
  reader(scanner, options, losses) {
    const accessBytes = accessBytesOf(options);
    const arrivals = createArrivals(scanner, options, losses);
    let cycle = 0;
    let arrival = 0;
    let writeBack = -1;
    const aligned = (address: number): number => alignedAddress(address, accessBytes, losses);
    let read = 0;
    /** Takes a line as programs write it; false, and nothing read, for any other, and for one that is wrong. */
    const plain = (): boolean => {
      scanner.beginPlain();
      const bubbles = scanner.plainDecimal(SPACE);
      if (bubbles < 0) return scanner.unplain();
      const address = scanner.plainAddressDigits(10);
      if (address < 0) return scanner.unplain();
      const writes = scanner.plainByte(SPACE);
      const second = writes ? scanner.plainAddress(10, LF) : -1;
      if (writes ? second < 0 : !scanner.plainEnd()) return scanner.unplain();
      const time = arrivals.atPlainCycle(cycle + bubbles);
      if (time < 0) return scanner.unplain();
      cycle += bubbles;
      arrival = time;
      read = aligned(address);
      if (writes) writeBack = aligned(second);
      return true;
    };
    return {
      next(run) {
        run.bytes = accessBytes;
        run.source = 0;
        if (writeBack >= 0) {
          run.address = writeBack;
          run.write = true;
          run.arrival = arrival;
          writeBack = -1;
          return true;
        }
        if (!plain()) {
          if (!scanner.nextLine()) return false;
          cycle += scanner.decimal('bubbles');
          arrival = arrivals.atCycle(cycle);
          read = aligned(scanner.decimalAddress('read address'));
          if (!scanner.atLineEnd()) writeBack = aligned(scanner.decimalAddress('write-back address'));
          scanner.endLine();
        }
        run.address = read;
        run.write = false;
        run.arrival = arrival;
        return true;
      },
    };
  },
  lines() {
    let before = 0;
    let read: string | undefined;
    let readCycle = 0;
    const flush = (): string => {
      const line = read === undefined ? '' : `${read}\n`;
      read = undefined;
      return line;
    };
    return {
      line({ address, write }, cycle) {
        const text = `0x${address.toString(16)}`;
        if (write) {
          if (read === undefined || readCycle !== cycle)
            throw new InputError(
              `a write at address ${text} does not go with a read, as every write of a CPU trace must`,
              { remedy: 'convert to another format' },
            );
          read += ` ${text}`;
          return flush();
        }
        const line = flush();
        read = `${cycle - before} ${text}`;
        readCycle = cycle;
        before = cycle;
        return line;
      },
      end: flush,
    };
  },
});
