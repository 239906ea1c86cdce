import { COORDINATES } from '../../dram/address.ts';
import { InputError } from '../../errors/input-error.ts';
import { burstsPerRow, bytesPerBurst } from '../../hardware/device.ts';
import type { AccessTraceOptions, AddressSpace } from '../access-format.ts';
import { asBytes } from '../ascii.ts';
import { textAccessFormat } from '../text-access-format.ts';

const OPERATIONS = asBytes('R', 'W');
const WRITE = 1;
const COMMA = 44;
const BANK_GROUP = COORDINATES.indexOf('bankGroup');

/**
 * Ramulator 2's read/write trace: R or W and an address vector in the order of the memory's levels (channel, rank, bank
 * group where there are several, bank, row, column; the column counts bursts). Needs the memory.
 */
export const ramulator2Vector = textAccessFormat({
  name: 'ramulator2-vector',
  signature: { lineStart: /^[RW]\s+\d+\s*,/ },
  grammar: 'R|W CHANNEL,RANK,[BANK_GROUP,]BANK,ROW,COLUMN, as in "R 0,0,3,120,16"',
  carries: { arrival: 'nothing', extent: 'units', source: false },
  accessBytes: (options) => bytesPerBurst(memoryOf(options).organisation),
  reader(scanner, options) {
    const { organisation, mapping } = memoryOf(options);
    const levels = levelsOf({ organisation, mapping });
    const sizes = [
      organisation.channels,
      organisation.ranks,
      organisation.bankGroups,
      organisation.banksPerGroup,
      organisation.rows,
      burstsPerRow(organisation),
    ];
    const bytes = bytesPerBurst(organisation);
    const at = new Int32Array(COORDINATES.length);
    return {
      next(run) {
        if (!scanner.nextLine()) return false;
        run.write = scanner.oneOf(OPERATIONS, 'operation') === WRITE;
        for (let i = 0; i < levels.length; i++) {
          if (i > 0) scanner.expect(COMMA);
          const level = levels[i]!;
          const value = scanner.decimal(COORDINATES[level]!);
          if (value >= sizes[level]!)
            throw scanner.fault(
              `${COORDINATES[level]} ${value}: the device has ${sizes[level]}, counted from 0`,
            );
          at[level] = value;
        }
        scanner.endLine();
        run.address = mapping.encode(at[0]!, at[1]!, at[2]!, at[3]!, at[4]!, at[5]!) * bytes;
        run.bytes = bytes;
        run.arrival = 0;
        run.source = 0;
        return true;
      },
    };
  },
  lines(options) {
    const memory = memoryOf(options);
    const levels = levelsOf(memory);
    const bytes = bytesPerBurst(memory.organisation);
    const at = new Int32Array(COORDINATES.length);
    return {
      line({ address, write }) {
        const burst = address / bytes;
        if (burst >= memory.mapping.bursts)
          throw new InputError(`address 0x${address.toString(16)} lies beyond the device`, {
            remedy: 'give a larger --device',
          });
        memory.mapping.decode(burst, at);
        return `${write ? 'W' : 'R'} ${levels.map((level) => at[level]).join(',')}\n`;
      },
    };
  },
});

function memoryOf({ memory }: AccessTraceOptions): AddressSpace {
  if (memory) return memory;
  throw new InputError('address vectors are the coordinates of a memory', {
    remedy: 'give it: --device NAME, --address-mapping NAME',
  });
}

/** Positions among the coordinates of the levels that a vector names. */
const levelsOf = ({ organisation }: AddressSpace): number[] =>
  [...COORDINATES.keys()].filter((level) => level !== BANK_GROUP || organisation.bankGroups > 1);
