import { accessBytesOf, alignedAddress } from '../access-format.ts';
import { createArrivals } from '../arrivals.ts';
import { asBytes, LF, SPACE } from '../ascii.ts';
import { textAccessFormat } from '../text-access-format.ts';

const READS = ['READ', 'read', 'P_MEM_RD', 'P_FETCH'];
const WRITES = ['WRITE', 'write', 'P_MEM_WR', 'BOFF'];
const OPERATIONS = asBytes(...READS, ...WRITES);

/** DRAMsim3's trace: address in base 16, operation, cycle. DRAMsim3 reads on an unknown operation; here it is an error. */
export const dramsim3 = textAccessFormat({
  name: 'dramsim3',
  signature: { line: /^(?:0[xX])?[0-9a-fA-F]+\s+[A-Za-z]\w*\s+\d+$/ },
  grammar: `ADDRESS ${[...READS, ...WRITES].join('|')} CYCLE, the address in base 16, as in "0x12340 READ 100"`,
  bareAddressField: 0,
  carries: { arrival: 'cycles', extent: 'units', source: false },
  reader(scanner, options, losses) {
    const accessBytes = accessBytesOf(options);
    const arrivals = createArrivals(scanner, options, losses);
    const { addressBase = 16 } = options;
    let address = 0;
    let operation = 0;
    let arrival = 0;
    const plain = (): boolean => {
      scanner.beginPlain();
      address = scanner.plainAddress(addressBase, SPACE);
      if (address < 0) return scanner.unplain();
      operation = scanner.plainWord(OPERATIONS, SPACE);
      if (operation < 0) return scanner.unplain();
      const cycle = scanner.plainDecimal(LF);
      if (cycle < 0) return scanner.unplain();
      arrival = arrivals.atPlainCycle(cycle);
      return arrival >= 0 || scanner.unplain();
    };
    return {
      next(run) {
        if (!plain()) {
          if (!scanner.nextLine()) return false;
          address = scanner.address('address');
          operation = scanner.oneOf(OPERATIONS, 'operation');
          arrival = arrivals.atCycle(scanner.decimal('cycle'));
          scanner.endLine();
        }
        run.write = operation >= READS.length;
        run.arrival = arrival;
        run.address = alignedAddress(address, accessBytes, losses);
        run.bytes = accessBytes;
        run.source = 0;
        return true;
      },
    };
  },
  lines: () => ({
    line: ({ address, write }, cycle) => `0x${address.toString(16)} ${write ? 'WRITE' : 'READ'} ${cycle}\n`,
  }),
});
