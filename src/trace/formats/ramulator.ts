import { accessBytesOf, fillUnit } from '../access-format.ts';
import type { AccessRun } from '../access-run.ts';
import { asBytes, LF, SPACE } from '../ascii.ts';
import { joiningLines } from '../joining-lines.ts';
import { textAccessFormat } from '../text-access-format.ts';

const OPERATIONS = asBytes('R', 'W');
const READ = 0;
const WRITE = 1;

/** Ramulator 1's DRAM trace: an address in base 16, and R (the default) or W. No times; byte addresses. */
export const ramulator = textAccessFormat({
  name: 'ramulator',
  signature: { line: /^(?:0[xX])?[0-9a-fA-F]+(?:\s+[A-Za-z]+)?$/ },
  grammar: 'ADDRESS [R|W], the address in base 16, as in "0x12340 R"',
  bareAddressField: 0,
  carries: { arrival: 'nothing', extent: 'units', source: false },
  reader(scanner, options, losses) {
    const accessBytes = accessBytesOf(options);
    const { addressBase = 16 } = options;
    const fill = (run: AccessRun, operation: number, address: number): boolean =>
      fillUnit(run, operation === WRITE, address, accessBytes, losses);
    return joiningLines(
      (run) => {
        scanner.beginPlain();
        const address = scanner.plainAddress(addressBase, SPACE);
        if (address < 0) return scanner.unplain();
        const operation = scanner.plainWord(OPERATIONS, LF);
        return operation < 0 ? scanner.unplain() : fill(run, operation, address);
      },
      (run) => {
        if (!scanner.nextLine()) return false;
        const address = scanner.address('address');
        const operation = scanner.atLineEnd() ? READ : scanner.oneOf(OPERATIONS, 'operation');
        scanner.endLine();
        return fill(run, operation, address);
      },
    );
  },
  lines: () => ({
    line: ({ address, write }: AccessRun) => `0x${address.toString(16)} ${write ? 'W' : 'R'}\n`,
  }),
});
