import { accessBytesOf, alignedAddress } from '../access-format.ts';
import { asBytes, LF, SPACE } from '../ascii.ts';
import { textAccessFormat } from '../text-access-format.ts';

const OPERATIONS = asBytes('LD', 'ST');
const STORE = 1;

/** Ramulator 2's load/store trace: LD or ST and an address, in base 10, or in base 16 after 0x. No times. */
export const ramulator2 = textAccessFormat({
  name: 'ramulator2',
  signature: { lineStart: /^(?:LD|ST)\s/ },
  grammar: 'LD|ST ADDRESS, as in "LD 0x12340"',
  carries: { arrival: 'nothing', extent: 'units', source: false },
  reader(scanner, options, losses) {
    const accessBytes = accessBytesOf(options);
    let operation = 0;
    let address = 0;
    const plain = (): boolean => {
      scanner.beginPlain();
      operation = scanner.plainWord(OPERATIONS, SPACE);
      if (operation < 0) return scanner.unplain();
      address = scanner.plainAddress(10, LF);
      return address >= 0 || scanner.unplain();
    };
    return {
      next(run) {
        if (!plain()) {
          if (!scanner.nextLine()) return false;
          operation = scanner.oneOf(OPERATIONS, 'operation');
          address = scanner.decimalAddress('address');
          scanner.endLine();
        }
        run.write = operation === STORE;
        run.address = alignedAddress(address, accessBytes, losses);
        run.bytes = accessBytes;
        run.arrival = 0;
        run.source = 0;
        return true;
      },
    };
  },
  lines: () => ({ line: ({ address, write }) => `${write ? 'ST' : 'LD'} 0x${address.toString(16)}\n` }),
});
