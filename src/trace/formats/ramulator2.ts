import { accessBytesOf, fillUnit } from '../access-format.ts';
import type { AccessRun } from '../access-run.ts';
import { asBytes, LF, SPACE } from '../ascii.ts';
import { joiningLines } from '../joining-lines.ts';
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
    const fill = (run: AccessRun, operation: number, address: number): boolean =>
      fillUnit(run, operation === STORE, address, accessBytes, losses);
    return joiningLines(
      (run) => {
        scanner.beginPlain();
        const operation = scanner.plainWord(OPERATIONS, SPACE);
        if (operation < 0) return scanner.unplain();
        const address = scanner.plainAddress(10, LF);
        return address < 0 ? scanner.unplain() : fill(run, operation, address);
      },
      (run) => {
        if (!scanner.nextLine()) return false;
        const operation = scanner.oneOf(OPERATIONS, 'operation');
        const address = scanner.decimalAddress('address');
        scanner.endLine();
        return fill(run, operation, address);
      },
    );
  },
  lines: () => ({ line: ({ address, write }) => `${write ? 'ST' : 'LD'} 0x${address.toString(16)}\n` }),
});
