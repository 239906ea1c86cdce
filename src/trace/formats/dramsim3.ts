import { accessBytesOf, alignedAddress } from '../access-format.ts';
import { createArrivals } from '../arrivals.ts';
import { asBytes } from '../field-scanner.ts';
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
    return {
      next(run) {
        if (!scanner.nextLine()) return false;
        const address = scanner.address('address');
        run.write = scanner.oneOf(OPERATIONS, 'operation') >= READS.length;
        run.arrival = arrivals.atCycle(scanner.decimal('cycle'));
        scanner.endLine();
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
